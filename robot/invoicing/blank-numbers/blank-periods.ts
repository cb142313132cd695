import { asUse, type LedgerEntry } from "../ledger/entry.ts";
import { comparePeriods, periodOfDay } from "../values/period.ts";
import type { Ubn } from "../values/ubn.ts";
import { type Anomaly, type AnomalyLimits, watchLedger } from "./odd/anomalies.ts";
import { type Allocation, type BlankReport, tallyBlanks } from "./blank.ts";

/** Tallies of several periods that are fed from one ledger. */
export type PeriodTallies = {
  readonly add: (entry: LedgerEntry) => void;
  /** One report a period, in the order of time. */
  readonly reports: () => BlankReport[];
  /** What a person would have to look at before the numbers of the report are sent. */
  readonly anomalies: (report: BlankReport, limits: AnomalyLimits) => Anomaly[];
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
    .map(([period, own]) => ({
      ...tallyBlanks(period, own),
      watch: watchLedger(period, companyOf(own), own),
    }));
  return {
    add(entry) {
      const meant = tallies.length === 1 ? tallies[0] : holderOf(tallies, entry);
      meant?.add(entry);
      const use = asUse(entry);
      if (use !== null) meant?.watch.add(use);
    },
    reports: () => tallies.map((tally) => tally.report()),
    anomalies: (report, limits) =>
      tallies.find(({ period }) => period === report.period)?.watch.anomalies(report, limits) ?? [],
  };
}

function holderOf<Tally extends Pick<ReturnType<typeof tallyBlanks>, "holds" | "period">>(
  tallies: readonly Tally[],
  entry: LedgerEntry,
): Tally | undefined {
  const holding = tallies.filter((tally) => tally.holds(entry));
  const candidates = holding.length > 0 ? holding : tallies;
  const period = entry.day === undefined ? entry.period : periodOfDay(entry.day);
  return candidates.find((tally) => tally.period === period) ?? candidates[0];
}

/** Whose numbers they are: the head office, or the first that is named, and everybody else. */
function companyOf(allocations: readonly Allocation[]): { readonly ubn: Ubn; readonly branches: readonly Ubn[] } {
  const [first] = allocations;
  if (first === undefined) throw new Error("a period has allocations");
  const head = allocations.find(({ headUbn }) => headUbn !== undefined)?.headUbn ?? first.ubn;
  return { ubn: head, branches: Array.from(new Set(allocations.map(({ ubn }) => ubn))).filter((ubn) => ubn !== head) };
}
