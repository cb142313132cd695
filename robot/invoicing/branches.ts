import type { Allocation } from "./blank.ts";
import { DomainError } from "./problems.ts";
import { subtractRuns } from "./runs.ts";
import { type NumberRun, covers, formatRun, overlaps } from "./track.ts";
import type { Ubn } from "./ubn.ts";

/** Numbers that a head office passed on to one of its branches (what E0401 reports). */
export type BranchRun = NumberRun & { readonly branchUbn: Ubn };

/**
 * Splits a head office's allocations among its branches: what was passed on becomes the branch's, with the head office named; the rest
 * stays the head office's own.
 * @throws DomainError `not-allocated` for a run that lies in no allocation of the head office, `runs-overlap` for a number passed on twice
 */
export function passToBranches(allocations: readonly Allocation[], passed: readonly BranchRun[]): Allocation[] {
  for (const [index, run] of passed.entries()) {
    if (!allocations.some((one) => covers(one, run))) throw new DomainError("not-allocated", formatRun(run));
    const twice = passed.slice(index + 1).find((other) => overlaps(run, other));
    if (twice !== undefined) throw new DomainError("runs-overlap", `${formatRun(run)}、${formatRun(twice)}`);
  }
  return allocations.flatMap((own) => {
    const here = passed.filter((run) => covers(own, run));
    const { ubn, category, period } = own;
    const shared = { category, period };
    return [
      ...subtractRuns([own], here).map((run) => ({ ...run, ...shared, ubn })),
      ...here.map(({ track, begin, end, branchUbn }) => ({
        track,
        begin,
        end,
        ...shared,
        ubn: branchUbn,
        headUbn: own.headUbn ?? ubn,
      })),
    ];
  });
}
