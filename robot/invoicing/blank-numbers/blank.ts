import type { Day } from "../values/day.ts";
import type { LedgerEntry, Says } from "../ledger/entry.ts";
import { type Finding, type FindingCollector, bookOf, findingCollector } from "./odd/findings.ts";
import { type Period, formatPeriod, periodOfDay } from "../values/period.ts";
import { DomainError, type Words } from "../problems/problems.ts";
import { findIn, mergeRanges } from "../values/ranges.ts";
import {
  type Category,
  type NumberRange,
  compareRanges,
  formatRange,
  numberOf,
  numberValue,
  overlaps,
  rangeSize,
} from "../values/track.ts";
import type { Ubn } from "../values/ubn.ts";

/** Numbers that a business may use in a period, as the track file says; `headUbn` where a head office passed them to a branch. */
export type Allocation = NumberRange & {
  readonly ubn: Ubn;
  readonly category: Category;
  readonly period: Period;
  readonly headUbn?: Ubn | undefined;
};

/** Allocated numbers that were not used: one row of the report to the portal. */
export type BlankRange = Allocation;

export type BlankReport = {
  readonly period: Period;
  /** The fewest runs that hold exactly the unused numbers; ordered by UBN, category, track and number. */
  readonly blanks: readonly BlankRange[];
  readonly findings: readonly Finding[];
  /** How many more rows or numbers were odd, beyond what is kept of one kind. */
  readonly omitted: number;
  /**
   * How many rows about allowances (折讓) were left aside because their numbers were not allocated in this period: an allowance of this
   * period is often of an invoice of an earlier one.
   */
  readonly allowancesElsewhere: number;
  /** Counts of numbers. */
  readonly totals: { readonly allocated: number; readonly used: number; readonly blank: number };
};

/** Adds up what ledgers say of numbers, one entry at a time, in any order. */
export type BlankTally = {
  readonly period: Period;
  readonly add: (entry: LedgerEntry) => void;
  readonly report: () => BlankReport;
  /** Whether the number was allocated in this period. */
  readonly holds: (number: Pick<LedgerEntry, "track" | "number">) => boolean;
};

/** Allocated numbers without a break, and where their marks lie in the tally's arrays. */
type Segment = Allocation & { readonly first: number; readonly size: number; readonly offset: number };

/** What is known of a number, as bits: one number may be issued, voided and on a list. */
const MARKS = {
  issued: 1,
  voided: 2,
  listed: 4,
  cancelled: 8,
  allowance: 16,
  item: 32,
  mentioned: 64,
  blank: 128,
  named: 256,
} as const satisfies Record<Says, number>;
/** Marks that leave no doubt. A number that is only cancelled (註銷), itemised or mentioned is not blank either, and is told. */
const SURE = MARKS.issued | MARKS.voided | MARKS.listed | MARKS.allowance;
/** All but `blank` and `named`. */
const GIVEN_OUT = 127;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Counters of a byte stop here. */
const MOST_COUNTED = 255;
/** How many repeated numbers are remembered with their place. */
const MOST_PLACES = 20_000;

type Place = { readonly file: string; readonly line: number; readonly otherFile: string | undefined };

/**
 * Starts a tally of one period. Memory is seven bytes an allocated number, however many invoices follow.
 * @throws DomainError `period-other` for an allocation of another period, `runs-overlap` where a number was allocated to two
 *   businesses or categories: whatever were computed from that would be wrong
 */
export function tallyBlanks(period: Period, allocations: readonly Allocation[]): BlankTally {
  const segments = segmentsOf(period, allocations);
  const size = segments.reduce((sum, segment) => sum + segment.size, 0);
  const marks = new Uint16Array(size);
  // Days since 1970 fit into 16 bits until 2149; 0 is "not known".
  const days = new Uint16Array(size);
  /** Which ledger named the number first, counted from 1. */
  const origins = new Uint8Array(size);
  const files: string[] = [];
  const repeats = new Uint8Array(size);
  const cancels = new Uint8Array(size);
  /** Where numbers were repeated, by their index. */
  const places = new Map<number, Place>();
  let allowancesElsewhere = 0;
  const sellers = new Set(segments.map((segment) => segment.ubn));
  const tracks = findIn(segments);
  const odd = findingCollector();
  const marksOf = ({ offset, size: own }: Segment): Uint16Array => marks.subarray(offset, offset + own);

  function add(entry: LedgerEntry): void {
    const { ubn, track, number, day, how, file, line } = entry;
    const dated = day === undefined ? entry.period : periodOfDay(day);
    const segment = tracks.holding(track, number);
    const isAside = how === "allowance" || how === "blank" || how === "mentioned" || how === "named";
    const inPeriod = isAside || dated === undefined || dated === period;
    if (segment === undefined) {
      if (how === "allowance") allowancesElsewhere += 1;
      else if (!isAside) noteStranger(entry, inPeriod ? undefined : dated, sellers, odd);
      return;
    }
    const value = numberValue(number);
    const at = { ubn: segment.ubn, track, first: value, file, line };
    if (ubn !== undefined && ubn !== segment.ubn) {
      odd.note("other-seller", `${track}${bookOf(value)}${ubn}`, { ...at, ubn, detail: ubn });
    }
    if (!inPeriod) odd.note("outside-period", `${track}${bookOf(value)}`, { ...at, detail: day ?? inWords(dated) });
    if (how === "blank" && entry.isPriced === true) odd.note("blank-with-amount", `${track}${bookOf(value)}`, at);
    const index = segment.offset + value - segment.first;
    const before = marks[index] ?? 0;
    const origin = originOf(file);
    // 開立 and later 作廢 are two rows of one invoice; two of the same kind are not, unless they are its items.
    if ((before & MARKS[how]) !== 0 && !REPEATABLE.has(how) && !isItemOf(entry, index, origin)) {
      repeats[index] = Math.min((repeats[index] ?? 0) + 1, MOST_COUNTED);
      if (places.size < MOST_PLACES) {
        const first = origins[index] ?? 0;
        places.set(index, { file, line, otherFile: first === origin ? undefined : files[first - 1] });
      }
    }
    if (how === "cancelled") cancels[index] = Math.min((cancels[index] ?? 0) + 1, MOST_COUNTED);
    if (!isAside && origins[index] === 0) origins[index] = origin;
    marks[index] = before | MARKS[how];
    if (day !== undefined && !isAside && (how === "issued" || days[index] === 0)) days[index] = dayNumber(day);
  }

  /** Whether the entry is a further line of the invoice that has this number already: they agree in file, kind and date. */
  function isItemOf({ perItem, day }: LedgerEntry, index: number, origin: number): boolean {
    return perItem === true && origins[index] === origin && (day === undefined || days[index] === dayNumber(day));
  }

  /** Ledgers beyond the 255th count as one: only who overlaps with whom is less exact then. */
  function originOf(file: string): number {
    const known = files.lastIndexOf(file);
    if (known >= 0) return Math.min(known + 1, MOST_COUNTED);
    files.push(file);
    return Math.min(files.length, MOST_COUNTED);
  }

  function report(): BlankReport {
    const all = findingCollector();
    const given = (mark: number): boolean => (mark & GIVEN_OUT) !== 0;
    const later = usedLater(segments, (segment) => marksOf(segment).some(given));
    const blanks = segments.flatMap((segment, index) => {
      const own = marksOf(segment);
      noteDoubtful(segment, own, all);
      noteRepeats(segment, all);
      const used = Uint8Array.from(own, (mark) => (given(mark) ? 1 : 0));
      noteDisorder(segment, used, days.subarray(segment.offset, segment.offset + segment.size), all);
      return blanksIn(segment, used, later[index] ?? false, all);
    });
    const blank = blanks.reduce((sum, run) => sum + rangeSize(run), 0);
    const noted = [odd.read(), all.read()];
    return {
      period,
      blanks,
      findings: noted.flatMap(({ findings }) => findings).toSorted(bySeverity),
      omitted: noted.reduce((sum, { omitted }) => sum + omitted, 0),
      allowancesElsewhere,
      totals: { allocated: size, used: size - blank, blank },
    };
  }

  /** Numbers that stand there more than once and were not given back (註銷) in between. */
  function noteRepeats(segment: Segment, all: FindingCollector): void {
    for (let index = segment.offset; index < segment.offset + segment.size; index += 1) {
      if ((repeats[index] ?? 0) <= (cancels[index] ?? 0)) continue;
      const value = segment.first + index - segment.offset;
      const { file = "", line = 0, otherFile } = places.get(index) ?? {};
      const at = { ubn: segment.ubn, track: segment.track, first: value, file, line };
      if (otherFile === undefined) all.note("used-twice", `${segment.track}${bookOf(value)}`, at);
      else {
        const detail = { zh: `「${otherFile}」和「${file}」`, en: `"${otherFile}" and "${file}"` };
        all.note("used-twice", `${segment.track}${bookOf(value)}|${otherFile}|${file}`, { ...at, detail });
      }
    }
  }

  return { period, add, report, holds: ({ track, number }) => tracks.holding(track, number) !== undefined };
}

/** Kinds of rows of which an invoice may have several. */
const REPEATABLE: ReadonlySet<Says> = new Set(["cancelled", "allowance", "item", "mentioned", "named", "blank"]);

/**
 * Numbers of which the ledger does not say plainly whether they were used. None of them counts as blank, but for those that only a cell
 * of another invoice's row names.
 */
function noteDoubtful({ ubn, track, first }: Segment, marks: Uint16Array, odd: FindingCollector): void {
  for (const [index, all] of marks.entries()) {
    if (all === MARKS.named)
      odd.note("named-elsewhere", `${track}${bookOf(first + index)}`, { ubn, track, first: first + index });
    const mark = all & ~MARKS.named;
    if (mark === 0 || mark === MARKS.blank) continue;
    const value = first + index;
    const at = { ubn, track, first: value };
    const key = `${track}${bookOf(value)}`;
    if ((mark & MARKS.blank) !== 0 && (mark & GIVEN_OUT) !== MARKS.mentioned) odd.note("blank-but-used", key, at);
    if ((mark & SURE) !== 0) continue;
    if ((mark & MARKS.cancelled) !== 0) odd.note("cancelled-only", key, at);
    else if ((mark & MARKS.item) !== 0) odd.note("item-only", key, at);
    else odd.note("mentioned-only", key, at);
  }
}

/** Computes the blank numbers of a period from everything that ledgers say. @throws DomainError as {@link tallyBlanks} */
export async function computeBlanks(
  period: Period,
  allocations: readonly Allocation[],
  entries: AsyncIterable<LedgerEntry> | Iterable<LedgerEntry>,
): Promise<BlankReport> {
  const tally = tallyBlanks(period, allocations);
  for await (const entry of entries) tally.add(entry);
  return tally.report();
}

function bySeverity(a: Finding, b: Finding): number {
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
        throw new DomainError("period-other", `${formatRange(one)} (${one.period})`, {
          zh: formatPeriod(period, "zh"),
          en: period,
        });
      }
    }
    const [owner] = group;
    if (owner === undefined) continue;
    for (const run of mergeRanges(group)) {
      const size = rangeSize(run);
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
  const sorted = segments.toSorted(compareRanges);
  for (const [index, segment] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next === undefined || !overlaps(segment, next)) continue;
    throw new DomainError("runs-overlap", `${segment.ubn} ${formatRange(segment)} / ${next.ubn} ${formatRange(next)}`);
  }
}

function dayNumber(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

function dayText(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10);
}

function inWords(period: Period | undefined): Words {
  return period === undefined ? { zh: "", en: "" } : { zh: formatPeriod(period, "zh"), en: period };
}

/** A number that is in no allocation: of another period, of a business we were not asked about, or truly a mistake. */
function noteStranger(
  use: LedgerEntry,
  other: Period | undefined,
  sellers: ReadonlySet<Ubn>,
  odd: FindingCollector,
): void {
  const value = numberValue(use.number);
  const at = { ubn: use.ubn, track: use.track, first: value, file: use.file, line: use.line };
  if (other !== undefined) {
    odd.note("other-period", other, { ...at, detail: inWords(other) });
  } else if (use.ubn !== undefined && !sellers.has(use.ubn)) {
    odd.note("unknown-seller", use.ubn, { ...at, detail: use.ubn });
  } else {
    odd.note("not-allocated", `${use.ubn ?? ""}${use.track}${bookOf(value)}`, at);
  }
}

/** Within a book numbers are given out in order, so a later number with an earlier date means something went wrong. */
function noteDisorder(segment: Segment, marks: Uint8Array, days: Uint16Array, odd: FindingCollector): void {
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
function blanksIn(segment: Segment, marks: Uint8Array, later: boolean, odd: FindingCollector): BlankRange[] {
  const { track, ubn, headUbn, category, period, first } = segment;
  const blanks: BlankRange[] = [];
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
