import { mergeRuns, subtractRuns } from "./runs.ts";

import type { Period } from "./period.ts";
import { formatRun, type NumberRun } from "./track.ts";
import type { Ubn } from "./ubn.ts";

/** Numbers of one business: head office or branch. */
export type OwnedRun = NumberRun & { readonly ubn: Ubn };

/** What differs between what was wanted and what is listed, number by number, in the fewest runs. */
export type ListDifference = { readonly missing: readonly OwnedRun[]; readonly extra: readonly OwnedRun[] };

/**
 * Compares blank numbers with the portal's list, both ways. The portal may split or join runs; the numbers count, and whose they are.
 * The category needs no comparing: a number of a period is allocated in one category only.
 */
export function compareWithList(wanted: readonly OwnedRun[], listed: readonly OwnedRun[]): ListDifference {
  return { missing: without(wanted, listed), extra: without(listed, wanted) };
}

/**
 * Rows of the list as fields of a form, for comparing what is ticked with what shall be: in the order of their numbers, whatever the
 * page's order is. `{"第 1 筆": "12345675 11510 AB 00000050–00000099"}`
 */
export function fieldsOfRows(rows: readonly (OwnedRun & { readonly period: Period })[]): {
  readonly [label: string]: string;
} {
  const texts = rows.map((row) => `${row.ubn} ${row.period} ${formatRun(row)}`).sort();
  return Object.fromEntries(texts.map((text, index) => [`第 ${index + 1} 筆`, text]));
}

/** The numbers of `runs` that are not in `others`, owner by owner. */
function without(runs: readonly OwnedRun[], others: readonly OwnedRun[]): OwnedRun[] {
  return [...new Set(runs.map(({ ubn }) => ubn))].flatMap((ubn) => {
    const own = (run: OwnedRun): boolean => run.ubn === ubn;
    return subtractRuns(mergeRuns(runs.filter(own)), others.filter(own)).map((run) => ({ ...run, ubn }));
  });
}
