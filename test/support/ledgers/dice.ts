/** Chance that can be repeated: the same seed gives the same drawing. */
export type Dice = {
  /** A whole number from 0 up to and without `below`. */
  readonly below: (below: number) => number;
  readonly one: <Value>(of: readonly Value[]) => Value;
  /** True that many times in a hundred. */
  readonly percent: (chance: number) => boolean;
  readonly shuffled: <Value>(values: readonly Value[]) => Value[];
};

export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    one(of) {
      const value = of[below(of.length)];
      if (value === undefined) throw new Error("nothing to choose from");
      return value;
    },
    percent: (chance) => next() * 100 < chance,
    shuffled(values) {
      const left = [...values];
      const drawn: typeof left = [];
      while (left.length > 0) drawn.push(...left.splice(below(left.length), 1));
      return drawn;
    },
  };
}
