import type { ColumnScores } from "./network.ts";
import { DIGITS } from "./split.ts";

/** A text that the columns may spell, with its probability over all ways to spell it. */
export interface Spelling {
  readonly text: string;
  readonly probability: number;
}

/** Beginnings that are followed at the same time. */
const BREADTH = 24;

interface Beginning {
  /** The probability that the last column was "nothing new", and that it still was the last digit. */
  apart: number;
  touching: number;
}

/**
 * The likeliest five-digit texts, best first. A digit may last for several columns; only "nothing new" in between makes
 * the same digit count twice (connectionist temporal classification, searched by prefixes).
 */
export function spell(columns: ColumnScores): Spelling[] {
  let beginnings = new Map<string, Beginning>([["", { apart: 1, touching: 0 }]]);
  for (const column of columns) {
    const next = new Map<string, Beginning>();
    const nextOf = (text: string): Beginning => {
      const found = next.get(text) ?? { apart: 0, touching: 0 };
      next.set(text, found);
      return found;
    };
    for (const [text, { apart, touching }] of beginnings) {
      const same = nextOf(text);
      same.apart += (apart + touching) * (column[0] ?? 0);
      const last = text.at(-1);
      if (last !== undefined) same.touching += touching * (column[Number(last) + 1] ?? 0);
      if (text.length === DIGITS) continue;
      for (let digit = 0; digit <= 9; digit += 1) {
        const before = String(digit) === last ? apart : apart + touching;
        nextOf(text + digit).touching += before * (column[digit + 1] ?? 0);
      }
    }
    const kept = [...next].sort((a, b) => b[1].apart + b[1].touching - a[1].apart - a[1].touching).slice(0, BREADTH);
    beginnings = new Map(kept);
  }
  return [...beginnings]
    .filter(([text]) => text.length === DIGITS)
    .map(([text, { apart, touching }]) => ({ text, probability: apart + touching }));
}

/** The columns in whose middle a digit stands, from left to right, as far as the columns are clear about it. */
export function digitColumns(columns: ColumnScores): number[] {
  const middles: number[] = [];
  let first = 0;
  let current = 0;
  for (let x = 0; x <= columns.length; x += 1) {
    const column = columns[x];
    const likeliest = column === undefined ? 0 : column.indexOf(Math.max(...column));
    if (likeliest === current) continue;
    if (current > 0) middles.push((first + x - 1) / 2);
    first = x;
    current = likeliest;
  }
  return middles;
}
