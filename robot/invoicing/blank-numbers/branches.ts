import type { Allocation } from "./blank.ts";
import { DomainError } from "../problems/problems.ts";
import { findIn, mergeRanges, subtractRanges, without } from "../values/ranges.ts";
import { type NumberRange, compareRanges, formatRange, overlaps } from "../values/track.ts";
import type { Ubn } from "../values/ubn.ts";

/** Numbers that a head office passed on to one of its branches (what E0401 reports). */
export type BranchRange = NumberRange & { readonly branchUbn: Ubn };

/**
 * Splits a head office's allocations among its branches: what was passed on becomes the branch's, with the head office named; the rest
 * stays the head office's own. A run may reach over adjoining rows of the track file.
 * @throws DomainError `not-allocated` for a run that holds numbers not allocated to the head office, `runs-overlap` for a number passed on twice
 */
export function passToBranches(allocations: readonly Allocation[], passed: readonly BranchRange[]): Allocation[] {
  const sorted = passed.toSorted(compareRanges);
  for (const [index, run] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && overlaps(run, next)) {
      throw new DomainError("runs-overlap", `${formatRange(run)} / ${formatRange(next)}`);
    }
  }
  const allocated = findIn(mergeRanges(allocations));
  for (const run of sorted) {
    if (without(run, allocated.overlapping(run)).length > 0) throw new DomainError("not-allocated", formatRange(run));
  }
  const given = findIn(sorted);
  return allocations.flatMap((own) => {
    const { ubn, category, period, headUbn = ubn } = own;
    const here = given.overlapping(own).map(({ branchUbn, ...run }) => ({ ...cut(run, own), ubn: branchUbn }));
    return [
      ...subtractRanges([own], here).map((run) => ({ ...own, ...run })),
      ...here.map((run) => ({ ...run, category, period, headUbn })),
    ];
  });
}

/** The part of a run that lies in another one; they overlap. */
function cut(run: NumberRange, within: NumberRange): NumberRange {
  const begin = run.begin < within.begin ? within.begin : run.begin;
  const end = run.end > within.end ? within.end : run.end;
  return { track: run.track, begin, end };
}
