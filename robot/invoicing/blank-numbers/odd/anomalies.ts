import type { Words } from "../../problems/problems.ts";
import { type Day, daysBetween } from "../../values/day.ts";
import { comparePeriods, formatPeriod, type Period, periodEnd, periodStart } from "../../values/period.ts";
import { findIn } from "../../values/ranges.ts";
import { formatRange, type NumberRange, numberOf, numberValue, rangeSize } from "../../values/track.ts";
import type { Ubn } from "../../values/ubn.ts";
import type { BlankReport, BlankRange } from "../blank.ts";
import { MOST_PLACES, silentPlaces, silentTracks, strangers } from "./nothing-came.ts";
import type { FindingCode } from "./findings.ts";

/**
 * What is odd about blank numbers that could still be right: each a sentence with its figures, for a person to look at before they
 * are sent. What can't be right is an error of the report and stops.
 */
export type Anomaly = { readonly code: AnomalyCode; readonly text: Words };

export type AnomalyCode =
  | "all-blank"
  | "none-used"
  | "far-more"
  | "far-from-last"
  | "after-blank"
  | "ends-early"
  | "begins-late"
  | "other-seller"
  | "other-period"
  | "overlapping-files"
  | "nothing-of-branch"
  | "nothing-of-track"
  | "place-ends-early"
  | "not-plainly-used";

/** From when on something is odd. */
export interface AnomalyLimits {
  /** How many times as many blank numbers as usual are far more, and how many more they must be at the least. */
  readonly moreThanUsual: { readonly times: number; readonly numbers: number };
  /** Numbers between the first blank one and the last used one of a track. */
  readonly distance: number;
  /** Days of the period without an invoice at its beginning or end. */
  readonly days: number;
}

/** What was reported of an earlier period. */
export type EarlierPeriod = {
  readonly period: Period;
  readonly blank: number;
  /** Null where it is no longer known what was allocated. */
  readonly allocated: number | null;
};

/** The odd places that earlier periods show; none where there are no earlier periods. */
export function comparedWithEarlier(
  now: { readonly blank: number; readonly allocated: number },
  earlier: readonly EarlierPeriod[],
  { moreThanUsual }: Pick<AnomalyLimits, "moreThanUsual">,
): Anomaly[] {
  const known = earlier.toSorted((a, b) => comparePeriods(b.period, a.period));
  const [newest] = known;
  if (newest === undefined) return [];
  const before = {
    zh: known
      .map(({ period, blank, allocated }) => `${formatPeriod(period, "zh")} ${blank}${ofZh(allocated)} 號`)
      .join("、"),
    en: known.map(({ period, blank, allocated }) => `${period}: ${blank}${ofEn(allocated)}`).join(", "),
  };
  const usedBefore = known.filter(({ blank, allocated }) => allocated !== null && blank < allocated);
  if (now.blank === now.allocated && usedBefore.length > 0) {
    return [
      {
        code: "all-blank",
        text: {
          zh: `這一期 ${now.allocated} 號全部空白，一張都沒有開；以前不是這樣（${before.zh}）。請確認明細沒有拿錯、沒有漏匯。`,
          en: `All ${now.allocated} numbers of the period are blank, which earlier periods were not (${before.en}). See that nothing is missing.`,
        },
      },
    ];
  }
  const usual = median(known.map(({ blank }) => blank));
  if (now.blank <= usual * moreThanUsual.times || now.blank - usual < moreThanUsual.numbers) return [];
  return [
    {
      code: "far-more",
      text: {
        zh: `空白 ${now.blank} 號，比平常的 ${usual} 號多很多（${before.zh}）。請確認明細沒有漏掉一段。`,
        en: `${now.blank} blank numbers are far more than the usual ${usual} (${before.en}). See that no part of the ledger is missing.`,
      },
    },
  ];
}

function ofZh(allocated: number | null): string {
  return allocated === null ? "" : `／${allocated}`;
}

function ofEn(allocated: number | null): string {
  return allocated === null ? "" : ` of ${allocated}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? upper) + upper) / 2);
}

/** What a row of a ledger has to say for this: whatever proves that a number was used. */
export interface WatchedUse extends Pick<NumberRange, "track"> {
  readonly number: NumberRange["begin"];
  readonly day: Day | undefined;
  readonly ubn: Ubn | undefined;
  /** The machine or shop. */
  readonly place?: string;
  readonly file: string;
}

type Span = { first: number; last: number };

/** Watches the uses of one period pass by, in memory that does not grow with their number. */
export interface LedgerWatch {
  add(use: WatchedUse): void;
  /** @param report what was computed of the same uses */
  anomalies(report: BlankReport, limits: AnomalyLimits): Anomaly[];
}

/**
 * @param company with the branches for which it reports too
 * @param allocations what they may use in the period, and where that is known, who of them
 */
export function watchLedger(
  period: Period,
  company: { readonly ubn: Ubn; readonly branches: readonly Ubn[] },
  allocations: readonly (NumberRange & { readonly ubn?: Ubn })[],
): LedgerWatch {
  const owners = new Set(allocations.flatMap((one) => one.ubn ?? []));
  const owned = owners.size > 1 ? findIn(allocations) : null;
  const ownersSeen = new Set<Ubn>();
  const [start, end] = [periodStart(period), periodEnd(period)];
  const sellers = new Set<Ubn>();
  const spans = new Map<string, Map<string, Span>>();
  const tracks = new Set(allocations.map(({ track }) => track));
  const lastUsed = new Map<string, number>();
  /** The last day of each machine or shop. */
  const lastOf = new Map<string, Day>();
  let [firstDay, lastDay]: (Day | undefined)[] = [];
  return {
    add({ track, number, day, ubn, place, file }) {
      if (ubn !== undefined) sellers.add(ubn);
      if (!tracks.has(track)) return;
      const owner = owned?.holding(track, number)?.ubn;
      if (owner !== undefined) ownersSeen.add(owner);
      const value = numberValue(number);
      const ofFile = spans.get(file) ?? new Map<string, Span>();
      spans.set(file, ofFile);
      const span = ofFile.get(track);
      if (span === undefined) ofFile.set(track, { first: value, last: value });
      else [span.first, span.last] = [Math.min(span.first, value), Math.max(span.last, value)];
      lastUsed.set(track, Math.max(lastUsed.get(track) ?? 0, value));
      if (day === undefined || day < start || day > end) return;
      if (place !== undefined && (lastOf.has(place) || lastOf.size < MOST_PLACES)) {
        const last = lastOf.get(place);
        if (last === undefined || day > last) lastOf.set(place, day);
      }
      if (firstDay === undefined || day < firstDay) firstDay = day;
      if (lastDay === undefined || day > lastDay) lastDay = day;
    },
    anomalies: (report, limits) => [
      ...noneUsed(report, lastUsed),
      ...edges(period, firstDay, lastDay, report, limits),
      ...distances(report.blanks, lastUsed, limits),
      ...told(report),
      ...strangers(
        sellers,
        company,
        ownersSeen.size === 0 ? [] : Array.from(owners).filter((one) => !ownersSeen.has(one)),
      ),
      ...overlaps(spans),
      ...silentTracks(tracks, lastUsed),
      ...(report.totals.blank === 0 ? [] : silentPlaces(lastOf, lastDay, limits)),
    ],
  };
}

/** A ledger of which not one number counts: a wrong file, an export without rows, or a period without a sale. */
function noneUsed({ totals }: BlankReport, lastUsed: ReadonlyMap<string, number>): Anomaly[] {
  if (totals.blank === 0 || lastUsed.size > 0) return [];
  return [
    {
      code: "none-used",
      text: {
        zh: `明細裡沒有用到這一期配到的任何一號，${totals.allocated} 號都會報成空白。請確認這一期真的一張都沒有開，不是拿錯檔案或匯出時沒有資料。`,
        en: `The ledger uses none of the numbers of the period: all ${totals.allocated} would be reported as blank. See that nothing was issued, and that it is the right file.`,
      },
    },
  ];
}

/** A ledger that ends before the period does, or begins after it, while numbers are left. */
function edges(
  period: Period,
  first: Day | undefined,
  last: Day | undefined,
  { totals }: BlankReport,
  { days }: AnomalyLimits,
): Anomaly[] {
  if (totals.blank === 0 || first === undefined || last === undefined) return [];
  const [start, end] = [periodStart(period), periodEnd(period)];
  const [late, early] = [daysBetween(start, first), daysBetween(last, end)];
  return [
    ...(early >= days
      ? [
          {
            code: "ends-early",
            text: {
              zh: `明細最後一張發票是 ${last}，離期末（${end}）還有 ${early} 天。請確認之後真的沒有開發票，明細不是太早匯出的。`,
              en: `The last invoice of the ledger is of ${last}, ${early} days before the period ends (${end}). See that it was not exported too early.`,
            },
          } as const,
        ]
      : []),
    ...(late >= days
      ? [
          {
            code: "begins-late",
            text: {
              zh: `明細第一張發票是 ${first}，期初（${start}）已過 ${late} 天。請確認之前真的沒有開發票，明細沒有漏掉前面。`,
              en: `The first invoice of the ledger is of ${first}, ${late} days after the period began (${start}). See that its beginning is not missing.`,
            },
          } as const,
        ]
      : []),
  ];
}

/** The last used number of a track lies far behind its first blank one. */
function distances(
  blanks: readonly BlankRange[],
  lastUsed: ReadonlyMap<string, number>,
  limits: AnomalyLimits,
): Anomaly[] {
  const firsts = new Map<string, number>();
  for (const { track, begin } of blanks) {
    firsts.set(track, Math.min(firsts.get(track) ?? Number.POSITIVE_INFINITY, numberValue(begin)));
  }
  return Array.from(firsts).flatMap(([track, first]) => {
    const last = lastUsed.get(track) ?? 0;
    if (last - first <= limits.distance) return [];
    const [blank, used] = [`${track}${numberOf(first)}`, `${track}${numberOf(last)}`];
    return [
      {
        code: "far-from-last",
        text: {
          zh: `第一個空白號碼是 ${blank}，最後用到的卻是 ${used}，相差 ${last - first} 號。請確認中間的號碼真的沒有開。`,
          en: `The first blank number is ${blank}, the last used one ${used}, ${last - first} numbers behind it. See that those between were not issued.`,
        },
      } as const,
    ];
  });
}

const TOLD: { readonly [code in FindingCode]?: AnomalyCode } = {
  "gap-in-book": "after-blank",
  "used-after-blank": "after-blank",
  "other-period": "other-period",
  "unknown-seller": "other-seller",
  "cancelled-only": "not-plainly-used",
  "blank-but-used": "not-plainly-used",
  "blank-with-amount": "not-plainly-used",
  "item-only": "not-plainly-used",
  "named-elsewhere": "not-plainly-used",
};
/** More sentences of one kind than a person ticks one by one; the last one says how many more there are. */
const MAX_LISTED = 5;

/** What the computation itself found odd. */
function told({ findings }: BlankReport): Anomaly[] {
  return Array.from(
    Map.groupBy(
      findings.filter(({ severity }) => severity === "warning"),
      (finding) => TOLD[finding.code],
    ),
  ).flatMap(([code, all]) => {
    if (code === undefined) return [];
    const rest = all.slice(MAX_LISTED);
    const numbers = rest.reduce((sum, { count }) => sum + count, 0);
    return [
      ...all.slice(0, MAX_LISTED).map(({ text }): Anomaly => ({ code, text })),
      ...(rest.length === 0
        ? []
        : [
            {
              code,
              text: {
                zh: `同樣的情形另有 ${rest.length} 處，共 ${numbers} 號，都在檢查報告裡。`,
                en: `There are ${rest.length} more places of this kind, ${numbers} numbers in all; the report has them.`,
              },
            },
          ]),
    ];
  });
}

/** Two ledgers whose numbers of one track reach into each other. */
function overlaps(spans: ReadonlyMap<string, ReadonlyMap<string, Span>>): Anomaly[] {
  const files = Array.from(spans);
  return files.flatMap(([file, own], index) =>
    files.slice(index + 1).flatMap(([other, others]) =>
      Array.from(own).flatMap(([track, span]) => {
        const against = others.get(track);
        if (against === undefined || span.first > against.last || against.first > span.last) return [];
        const [a, b] = [spanText(track, span), spanText(track, against)];
        return [
          {
            code: "overlapping-files",
            text: {
              zh: `兩份明細的號碼重疊：${file} 有 ${a}，${other} 有 ${b}。請確認同一段號碼沒有由兩個系統開立。`,
              en: `Two ledgers overlap: ${file} has ${a}, ${other} has ${b}. See that no range is used by two systems.`,
            },
          } as const,
        ];
      }),
    ),
  );
}

function spanText(track: string, { first, last }: Span): string {
  return `${track}${numberOf(first)}–${numberOf(last)}`;
}

/** The blank numbers as lines for people, each with how many they are. */
export function formatBlanks(blanks: readonly (NumberRange & { readonly ubn: Ubn })[]): string[] {
  return blanks.map((run) => `${run.ubn}　${formatRange(run)}（${rangeSize(run)} 號）`);
}
