import { mergeRanges, subtractRanges } from "../values/ranges.ts";

import type { NumberRange } from "../values/track.ts";
import type { Ubn } from "../values/ubn.ts";

/** Numbers of one business: head office or branch. */
export type OwnedRange = NumberRange & { readonly ubn: Ubn };

/** What differs between what was wanted and what is listed, number by number, in the fewest runs. */
export type ListDifference = { readonly missing: readonly OwnedRange[]; readonly extra: readonly OwnedRange[] };

/**
 * Compares blank numbers with the portal's list, both ways. The portal may split or join runs; the numbers count, and whose they are.
 * The category needs no comparing: a number of a period is allocated in one category only.
 */
export function compareWithList(wanted: readonly OwnedRange[], listed: readonly OwnedRange[]): ListDifference {
  return { missing: without(wanted, listed), extra: without(listed, wanted) };
}

/** The numbers of `runs` that are not in `others`, owner by owner. */
function without(runs: readonly OwnedRange[], others: readonly OwnedRange[]): OwnedRange[] {
  return [...new Set(runs.map(({ ubn }) => ubn))].flatMap((ubn) => {
    const own = (run: OwnedRange): boolean => run.ubn === ubn;
    return subtractRanges(mergeRanges(runs.filter(own)), others.filter(own)).map((run) => ({ ...run, ubn }));
  });
}
