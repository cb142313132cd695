/** Refused sign-ins within the window after which no more are looked at: of one name, and of all together. */
const MOST_OF_ONE = 5;
const MOST_OF_ALL = 30;
const WINDOW_MS = 15 * 60_000;

/**
 * Slows down whoever guesses passwords or links. The count is this process's own: there is one console for one port, and a
 * restart needs somebody at the machine.
 */
export class SignInAttempts {
  readonly #refused: { readonly name: string; readonly at: number }[] = [];

  /**
   * Counts an attempt before it is looked at, so that many at the same moment count as well.
   * @param at milliseconds
   * @returns seconds to wait, or null where the attempt may be made
   */
  begin(name: string, at: number): number | null {
    while ((this.#refused[0]?.at ?? at) <= at - WINDOW_MS) this.#refused.shift();
    const own = this.#refused.filter((one) => one.name === name);
    const blocking = this.#refused.length >= MOST_OF_ALL ? this.#refused[0] : own.length >= MOST_OF_ONE ? own[0] : null;
    if (blocking) return Math.ceil((blocking.at + WINDOW_MS - at) / 1_000);
    this.#refused.push({ name, at });
    return null;
  }

  /** It was the right one: what was mistyped before is forgotten. */
  succeeded(name: string): void {
    for (let index = this.#refused.length - 1; index >= 0; index--) {
      if (this.#refused[index]?.name === name) this.#refused.splice(index, 1);
    }
  }
}
