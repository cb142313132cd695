import type { Day } from "../values/day.ts";
import type { Use } from "./ledger.ts";
import { type OddFinding, type OddNotebook, bookOf, oddNotebook } from "./odd.ts";
import { type Period, formatPeriod, periodEnd, periodOfDay, periodStart } from "../values/period.ts";
import { DomainError } from "../problems/problems.ts";
import { findIn, mergeRuns } from "../values/runs.ts";
import {
  type Category,
  type NumberRun,
  compareRuns,
  formatRun,
  numberOf,
  numberValue,
  overlaps,
  runSize,
} from "../values/track.ts";
import type { Ubn } from "../values/ubn.ts";

/** Numbers that a business may use in a period, as the track file says; `headUbn` where a head office passed them to a branch. */
export type Allocation = NumberRun & {
  readonly ubn: Ubn;
  readonly category: Category;
  readonly period: Period;
  readonly headUbn?: Ubn | undefined;
};

/** Allocated numbers that were not used: one row of the report to the portal. */
export type BlankRun = Allocation;

export type BlankReport = {
  readonly period: Period;
  /** The fewest runs that hold exactly the unused numbers; ordered by UBN, category, track and number. */
  readonly blanks: readonly BlankRun[];
  readonly findings: readonly OddFinding[];
  /** How many more rows or numbers were odd, beyond what is kept of one kind. */
  readonly omitted: number;
  /** Counts of numbers. */
  readonly totals: { readonly allocated: number; readonly used: number; readonly blank: number };
};

/** Adds up uses, one at a time, in any order. */
export type BlankTally = {
  readonly period: Period;
  readonly add: (use: Use) => void;
  readonly report: () => BlankReport;
  /** Whether the number was allocated in this period. */
  readonly holds: (number: Pick<Use, "track" | "number">) => boolean;
};

/** Allocated numbers without a break, and where their marks lie in the tally's arrays. */
type Segment = Allocation & { readonly first: number; readonly size: number; readonly offset: number };

/** What is known of a number, as bits: one number may be issued, voided and on a list. */
const MARKS = { issued: 1, voided: 2, listed: 4 } as const satisfies Record<Use["how"], number>;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Starts a tally of one period. Memory is three bytes an allocated number, however many invoices follow.
 * @throws DomainError `period-other` for an allocation of another period, `runs-overlap` where a number was allocated to two
 *   businesses or categories: whatever were computed from that would be wrong
 */
export function tallyBlanks(period: Period, allocations: readonly Allocation[]): BlankTally {
  const segments = segmentsOf(period, allocations);
  const size = segments.reduce((sum, segment) => sum + segment.size, 0);
  const marks = new Uint8Array(size);
  // Days since 1970 fit into 16 bits until 2149; 0 is "not known".
  const days = new Uint16Array(size);
  const sellers = new Set(segments.map((segment) => segment.ubn));
  const tracks = findIn(segments);
  const odd = oddNotebook();
  const [start, end] = [periodStart(period), periodEnd(period)];
  const marksOf = ({ offset, size: own }: Segment): Uint8Array => marks.subarray(offset, offset + own);

  function add(use: Use): void {
    const { ubn, track, number, day, how, file, line } = use;
    const segment = tracks.holding(track, number);
    const inPeriod = day === undefined || (day >= start && day <= end);
    if (segment === undefined) {
      noteStranger(use, inPeriod, sellers, odd);
      return;
    }
    const value = numberValue(number);
    const at = { ubn: segment.ubn, track, first: value, file, line };
    if (ubn !== undefined && ubn !== segment.ubn) {
      odd.note("other-seller", `${track}${bookOf(value)}${ubn}`, { ...at, ubn, detail: ubn });
    }
    if (!inPeriod) odd.note("outside-period", `${track}${bookOf(value)}`, { ...at, detail: day });
    const index = segment.offset + value - segment.first;
    const before = marks[index] ?? 0;
    // 開立 and later 作廢 are two rows of one invoice; two of the same kind are not.
    if ((before & MARKS[how]) !== 0) odd.note("used-twice", `${track}${bookOf(value)}`, at);
    marks[index] = before | MARKS[how];
    if (day !== undefined && (how !== "voided" || days[index] === 0)) days[index] = dayNumber(day);
  }

  function report(): BlankReport {
    const all = oddNotebook();
    const later = usedLater(segments, (segment) => marksOf(segment).some((mark) => mark !== 0));
    const blanks = segments.flatMap((segment, index) => {
      noteDisorder(segment, marksOf(segment), days.subarray(segment.offset, segment.offset + segment.size), all);
      return blanksIn(segment, marksOf(segment), later[index] ?? false, all);
    });
    const blank = blanks.reduce((sum, run) => sum + runSize(run), 0);
    const noted = [odd.read(), all.read()];
    return {
      period,
      blanks,
      findings: noted.flatMap(({ findings }) => findings).toSorted(bySeverity),
      omitted: noted.reduce((sum, { omitted }) => sum + omitted, 0),
      totals: { allocated: size, used: size - blank, blank },
    };
  }

  return { period, add, report, holds: ({ track, number }) => tracks.holding(track, number) !== undefined };
}

/** Computes the blank numbers of a period from everything that was used. @throws DomainError as {@link tallyBlanks} */
export async function computeBlanks(
  period: Period,
  allocations: readonly Allocation[],
  uses: AsyncIterable<Use> | Iterable<Use>,
): Promise<BlankReport> {
  const tally = tallyBlanks(period, allocations);
  for await (const use of uses) tally.add(use);
  return tally.report();
}

function bySeverity(a: OddFinding, b: OddFinding): number {
  return Number(a.severity === "warning") - Number(b.severity === "warning");
}

/** Adjoining rows of a track file become one segment: only so is the number of blank runs the smallest possible. */
function segmentsOf(period: Period, allocations: readonly Allocation[]): Segment[] {
  const groups = Map.groupBy(allocations, ownerKey);
  const segments: Segment[] = [];
  let offset = 0;
  for (const [, group] of Array.from(groups).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const one of group) {
      if (one.period !== period) {
        throw new DomainError("period-other", `${formatRun(one)} (${one.period})`, {
          zh: formatPeriod(period, "zh"),
          en: period,
        });
      }
    }
    const [owner] = group;
    if (owner === undefined) continue;
    for (const run of mergeRuns(group)) {
      const size = runSize(run);
      segments.push({ ...owner, ...run, first: numberValue(run.begin), size, offset });
      offset += size;
    }
  }
  refuseOverlap(segments);
  return segments;
}

function ownerKey({ ubn, headUbn, category, track }: Allocation): string {
  return [ubn, headUbn ?? "", category, track].join();
}

function refuseOverlap(segments: readonly Segment[]): void {
  const sorted = segments.toSorted(compareRuns);
  for (const [index, segment] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || !overlaps(segment, next)) continue;
    throw new DomainError("runs-overlap", `${segment.ubn} ${formatRun(segment)} / ${next.ubn} ${formatRun(next)}`);
  }
}

function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayText(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

/** A number that is in no allocation: of another period, of a business we were not asked about, or truly a mistake. */
function noteStranger(use: Use, inPeriod: boolean, sellers: ReadonlySet<Ubn>, odd: OddNotebook): void {
  const value = numberValue(use.number);
  const at = { ubn: use.ubn, track: use.track, first: value, file: use.file, line: use.line };
  if (!inPeriod && use.day !== undefined) {
    const other = periodOfDay(use.day);
    odd.note("other-period", other, { ...at, detail: { zh: formatPeriod(other, "zh"), en: other } });
  } else if (use.ubn !== undefined && !sellers.has(use.ubn)) {
    odd.note("unknown-seller", use.ubn, { ...at, detail: use.ubn });
  } else {
    odd.note("not-allocated", `${use.ubn ?? ""}${use.track}${bookOf(value)}`, at);
  }
}

/** Within a book numbers are given out in order, so a later number with an earlier date means something went wrong. */
function noteDisorder(segment: Segment, marks: Uint8Array, days: Uint16Array, odd: OddNotebook): void {
  let latest = { value: 0, day: 0, book: -1 };
  for (const [index, day] of days.entries()) {
    if (marks[index] === 0 || day === 0) continue;
    const value = segment.first + index;
    const book = bookOf(value);
    if (book === latest.book && day < latest.day) {
      const [before, after] = [numberOf(latest.value), numberOf(value)];
      const detail = {
        zh: `${before} 是 ${dayText(latest.day)}，${after} 是 ${dayText(day)}`,
        en: `${before} is of ${dayText(latest.day)}, ${after} of ${dayText(day)}`,
      };
      odd.note("out-of-order", `${segment.track}${book}`, {
        ubn: segment.ubn,
        track: segment.track,
        first: value,
        detail,
      });
    }
    if (book !== latest.book || day > latest.day) latest = { value, day, book };
  }
}

/** Of each segment, whether its owner used a number of the same track in a segment behind it. */
function usedLater(segments: readonly Segment[], isUsed: (segment: Segment) => boolean): boolean[] {
  const later: boolean[] = [];
  let behind = { key: "", used: false };
  for (const segment of segments.toReversed()) {
    const key = ownerKey(segment);
    later.push(behind.key === key && behind.used);
    behind = { key, used: isUsed(segment) || (behind.key === key && behind.used) };
  }
  return later.toReversed();
}

/** The longest stretches without a use; each one that is followed by a use is noted. */
function blanksIn(segment: Segment, marks: Uint8Array, later: boolean, odd: OddNotebook): BlankRun[] {
  const { track, ubn, headUbn, category, period, first } = segment;
  const blanks: BlankRun[] = [];
  let from = marks.indexOf(0);
  while (from >= 0) {
    let to = from;
    while (to + 1 < marks.length && marks[to + 1] === 0) to += 1;
    const [begin, end] = [first + from, first + to];
    blanks.push({ track, ubn, headUbn, category, period, begin: numberOf(begin), end: numberOf(end) });
    const followed = to + 1 < marks.length;
    if (followed || later) {
      const sameBook = followed && bookOf(end + 1) === bookOf(end);
      const at = { ubn, track, first: begin, last: end, count: end - begin + 1 };
      odd.note(sameBook ? "gap-in-book" : "used-after-blank", `${track}${bookOf(end)}`, at);
    }
    from = marks.indexOf(0, to + 1);
  }
  return blanks;
}
