import { DIGITS } from "./split.ts";

/** One voice: a reading and how much it counts. A reading without exactly five digits counts for nobody. */
export interface Ballot {
  readonly text: string;
  readonly weight: number;
}

/** What the ballots agree on, position by position. */
export interface VoteResult {
  /** Five digits, or "" when no ballot had five. */
  readonly text: string;
  /** 0..1: at the weakest position, the weight for the winner less that for the runner-up, as a share of the whole. */
  readonly margin: number;
}

/** Five digits and nothing else. A collapsed double digit shows as a reading of four. */
function isFiveDigits(reading: string): boolean {
  return new RegExp(`^[0-9]{${DIGITS}}$`).test(reading);
}

/**
 * Counts the ballots. `whole` is the weight there would be if every voice had been sure: silence is doubt, so what was
 * not cast, or cast for something else than five digits, lowers the margin.
 */
export function vote(ballots: readonly Ballot[], whole: number): VoteResult {
  const valid = ballots.filter((ballot) => isFiveDigits(ballot.text));
  if (valid.length === 0) return { text: "", margin: 0 };
  let text = "";
  let margin = 1;
  for (let position = 0; position < DIGITS; position += 1) {
    const weights = new Map<string, number>();
    for (const ballot of valid) {
      const digit = ballot.text.charAt(position);
      weights.set(digit, (weights.get(digit) ?? 0) + ballot.weight);
    }
    const [first, second] = [...weights].sort((a, b) => b[1] - a[1]);
    text += first?.[0] ?? "";
    margin = Math.min(margin, ((first?.[1] ?? 0) - (second?.[1] ?? 0)) / whole);
  }
  return { text, margin };
}
