import { createHash } from "node:crypto";

/** Refused attempts within the window after which no more are looked at. */
const MOST = 5;
const WINDOW_MS = 15 * 60_000;

/** Pairs of address and name that are remembered; of more, the oldest are forgotten, so that no stranger can fill the memory. */
const MOST_REMEMBERED = 10_000;

/** Who tries: the name as it was typed, and the network address that it came from. */
export interface Attempt {
  readonly name: string;
  readonly address: string;
}

/**
 * Slows down anyone who guesses passwords. It is counted for each name from each address: anyone who guesses locks themselves out, and nobody
 * who comes from elsewhere or has another name. The count is this process's own: there is one console for one port, and a restart needs
 * a person at the machine.
 */
export class SignInAttempts {
  /** When, in milliseconds, the refused attempts of the window were made, oldest first. */
  readonly #refused = new Map<string, readonly number[]>();

  /**
   * Counts an attempt before it is looked at, so that many at the same moment count as well.
   * @param at milliseconds
   * @returns seconds to wait, or null where the attempt may be made
   */
  begin(attempt: Attempt, at: number): number | null {
    const key = keyOf(attempt);
    const recent = (this.#refused.get(key) ?? []).filter((one) => one > at - WINDOW_MS);
    const [first] = recent;
    const blocked = recent.length >= MOST && first !== undefined;
    this.#refused.delete(key);
    this.#refused.set(key, blocked ? recent : [...recent, at]);
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= MOST_REMEMBERED) break;
      this.#refused.delete(oldest);
    }
    return blocked ? Math.ceil((first + WINDOW_MS - at) / 1_000) : null;
  }

  /** It was the right one: what was mistyped before is forgotten. */
  succeeded(attempt: Attempt): void {
    this.#refused.delete(keyOf(attempt));
  }
}

/** A hash, so that what was typed takes no more room however long it is, and is not kept: it may be a password in the wrong field. */
function keyOf({ name, address }: Attempt): string {
  return createHash("sha256").update(`${address}\n${name}`).digest("base64url");
}
