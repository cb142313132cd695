/**
 * Lets the same thing be written down only so often, since strangers can make it happen as often as they like: what was left out is
 * counted, and reported with the next that is written.
 */
export class Seldom {
  readonly #most: number;
  readonly #windowMs: number;
  #began = -Infinity;
  #written = 0;
  #leftOut = 0;

  /** @param most how often within `windowMs` milliseconds */
  constructor(most: number, windowMs: number) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** How many were left out since the last that was written; null where this one is to be left out as well. */
  next(at: number = performance.now()): number | null {
    if (at - this.#began >= this.#windowMs) {
      this.#began = at;
      this.#written = 0;
    }
    if (this.#written >= this.#most) {
      this.#leftOut++;
      return null;
    }
    this.#written++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
