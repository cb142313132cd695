import { DIGITS } from "./split.ts";

/** What the readings agree on, position by position. */
export interface Verdict {
  /** Five digits, or "" when no reading had five. */
  readonly text: string;
  /** 0..1: at the weakest position, the votes for the winner less those for the runner-up, as a share of all readings. */
  readonly margin: number;
}

/** Five digits and nothing else. Anything different, a collapsed double digit above all, has no vote. */
export function isFiveDigits(reading: string): boolean {
  return new RegExp(`^[0-9]{${DIGITS}}$`).test(reading);
}

/**
 * Counts the readings. Those without exactly five digits win nothing, but they stay in the total: silence is doubt.
 * Tesseract's own confidence is no use here (it is sure of wrong digits too), so the margin is the confidence.
 */
export function vote(readings: readonly string[]): Verdict {
  const valid = readings.filter(isFiveDigits);
  if (valid.length === 0) return { text: "", margin: 0 };
  let text = "";
  let margin = 1;
  for (let position = 0; position < DIGITS; position += 1) {
    const counts = new Map<string, number>();
    for (const reading of valid) {
      const digit = reading.charAt(position);
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
    text += first?.[0] ?? "";
    margin = Math.min(margin, ((first?.[1] ?? 0) - (second?.[1] ?? 0)) / readings.length);
  }
  return { text, margin };
}
