import { type Allocation, type BlankReport, tallyBlanks } from "./blank.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import { comparePeriods, periodOfDay } from "../values/period.ts";

/** Tallies of several periods that are fed from one ledger. */
export type PeriodTallies = {
  readonly add: (entry: LedgerEntry) => void;
  /** One report a period, in the order of time. */
  readonly reports: () => BlankReport[];
};

/**
 * Starts a tally for each period of the allocations. An entry goes to the period that holds its number; letters of a track come back
 * after some years, so where several do, and where none does, its date decides.
 * @throws DomainError `runs-overlap` as `tallyBlanks`
 */
export function tallyPeriods(allocations: readonly Allocation[]): PeriodTallies {
  const byPeriod = Array.from(Map.groupBy(allocations, (one) => one.period));
  const tallies = byPeriod
    .toSorted(([a], [b]) => comparePeriods(a, b))
    .map(([period, own]) => tallyBlanks(period, own));
  const [only] = tallies;
  if (tallies.length === 1 && only !== undefined) return { add: only.add, reports: () => [only.report()] };
  return {
    add(entry) {
      const holding = tallies.filter((tally) => tally.holds(entry));
      const candidates = holding.length > 0 ? holding : tallies;
      const period = entry.day && periodOfDay(entry.day);
      const meant = candidates.find((tally) => tally.period === period) ?? candidates[0];
      meant?.add(entry);
    },
    reports: () => tallies.map((tally) => tally.report()),
  };
}
