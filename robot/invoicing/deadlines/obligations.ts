import type { Words } from "../problems/problems.ts";
import { type Day, addDays, daysBetween } from "../values/day.ts";
import { type Deadline, type Duty, deadlinesOf } from "./deadlines.ts";
import { formatPeriod, type Period, nextPeriod, periodEnd, periodOfDay, previousPeriod } from "../values/period.ts";

/**
 * What has to be done for a company once a period: a column of the overview. The flow that does it names it (`duty`); what else settles it, the
 * flows say themselves (`settles`).
 */
export interface Obligation {
  readonly id: string;
  readonly title: Words;
  /** Of what is due in 11512, tracks are those of the `next` period, 11602; blank numbers are those of the `same`. */
  readonly about: "same" | "next";
  /** Calendar dates of Asia/Taipei, both included; `by` is null where nothing is late. No weekend and no holiday moves them. */
  readonly days: (period: Period, options: AllocationDay) => { readonly from: Day; readonly by: Day | null };
  /** Once its days are over the platform has done it by itself: nothing is late. */
  readonly lapses?: true;
  /** It may be another party's, by the company's `blanksReportedBy`. */
  readonly mayBeOthers?: true;
  /** What a mail says while it is not done and its last day is near; left out where nobody is reminded. */
  readonly reminder?: (about: Period, by: Day, left: string) => string;
}

/** Day of the even month on which the platform allocates by itself, where it is not the usual one. */
type AllocationDay = { readonly allocationDay?: number };

/** One column of the overview. */
export interface ObligationOfPeriod {
  readonly id: string;
  /** What people call it. */
  readonly title: Words;
  /** The flow that does it. */
  readonly flow: string;
  /** The period whose numbers it is about. */
  readonly about: Period;
  readonly from: Day;
  readonly by: Day | null;
  readonly movesOnHoliday: boolean;
  readonly lapses: boolean;
  readonly mayBeOthers: boolean;
  readonly reminder: NonNullable<Obligation["reminder"]> | null;
}

/** A flow, as far as it is about obligations. */
export interface Doer {
  readonly name: string;
  readonly duty: Obligation | null;
}

const dayAfter = (period: Period): Day => addDays(periodEnd(period), 1);

function deadline(period: Period, duty: Duty, options: AllocationDay = {}): Deadline | undefined {
  return deadlinesOf(period, options).find((one) => one.duty === duty);
}

const allocated = (period: Period, options: AllocationDay): Day =>
  deadline(period, "allocation", options)?.by ?? periodEnd(period);

/** The tracks of the next period are taken before the platform allocates by itself. */
export const TAKE_TRACKS: Obligation = {
  id: "take",
  title: { zh: "取號", en: "take tracks" },
  about: "next",
  days: (period, options) => ({ from: dayAfter(previousPeriod(period)), by: allocated(period, options) }),
  lapses: true,
};

export const DOWNLOAD_TRACKS: Obligation = {
  id: "download",
  title: { zh: "下載", en: "download" },
  about: "next",
  days: (period, options) => ({ from: allocated(period, options), by: periodEnd(period) }),
};

/** Within ten days after the period; no holiday moves that. */
export const REPORT_BLANKS: Obligation = {
  id: "blanks",
  title: { zh: "空白號碼", en: "blank numbers" },
  about: "same",
  days: (period) => ({ from: dayAfter(period), by: deadline(period, "blank-numbers")?.by ?? null }),
  mayBeOthers: true,
  reminder: (about, by, left) =>
    `${formatPeriod(about, "zh")}的空白未使用號碼最晚 ${by} 要上傳（${left}，遇假日不順延）；這裡還沒有上傳成功的紀錄。`,
};

export const VERIFY_BLANKS: Obligation = {
  id: "verify",
  title: { zh: "驗證", en: "verify" },
  about: "same",
  days: REPORT_BLANKS.days,
};

/** From the 28th, and before the winners have to be told. */
export const FETCH_WINNERS: Obligation = {
  id: "winning",
  title: { zh: "中獎清冊", en: "list of winners" },
  about: "same",
  days: (period) => ({
    from: deadline(period, "winning-list")?.from ?? dayAfter(period),
    by: deadline(period, "winners-notified")?.by ?? null,
  }),
};

/** What is to be done for one period, in the order of the flows that do it. */
export function obligationsOf(
  period: Period,
  flows: readonly Doer[],
  options: AllocationDay = {},
): ObligationOfPeriod[] {
  return flows.flatMap(({ name, duty }) => {
    if (duty === null) return [];
    const { id, title, lapses = false, mayBeOthers = false, reminder = null } = duty;
    const about = duty.about === "next" ? nextPeriod(period) : period;
    const days = duty.days(period, options);
    return [{ id, title, flow: name, about, ...days, movesOnHoliday: false, lapses, mayBeOthers, reminder }];
  });
}

/**
 * What falls into the two months that a day lies in: the last period's blank numbers and winning list, and the tracks of the next
 * period. That is what a person who comes to work on that day has to think of.
 */
export function obligationsAt(day: Day, flows: readonly Doer[], options: AllocationDay = {}): ObligationOfPeriod[] {
  const running = periodOfDay(day);
  const of = (about: Obligation["about"]): Doer[] => flows.filter(({ duty }) => duty?.about === about);
  return [
    ...obligationsOf(previousPeriod(running), of("same"), options),
    ...obligationsOf(running, of("next"), options),
  ];
}

/** What runs say of one obligation of one company. */
export interface RunFacts {
  /** Taipei's day on which a run had done it, or found it done; null while none has. */
  readonly doneOn: Day | null;
  /** The newest run about it, if that is newer than `doneOn`. */
  readonly latest: "queued" | "running" | "waiting" | "needs-person" | "failed" | "unknown" | null;
}

/** How an obligation stands. The first five want a person's eyes, in this order. */
export const OBLIGATION_STATUSES = [
  "unknown",
  "person",
  "overdue",
  "failed",
  "due",
  "running",
  "waiting",
  "queued",
  "open",
  "later",
  "other",
  "passed",
  "done",
] as const;
export type ObligationStatus = (typeof OBLIGATION_STATUSES)[number];

export interface ObligationState {
  readonly status: ObligationStatus;
  /** Days until and with the last one; negative when it is over; null where there is none, or nothing is left to do. */
  readonly daysLeft: number | null;
  readonly doneOn: Day | null;
}

/** So many days before its last day an obligation that nobody has begun is `due`. */
const SOON_DAYS = 5;

/**
 * How one obligation of one company stands on a day.
 * @param reportedByOther whether someone else reports the company's blank numbers
 */
export function stateOf(
  obligation: ObligationOfPeriod,
  facts: RunFacts,
  today: Day,
  reportedByOther: boolean,
): ObligationState {
  const left = obligation.by === null ? null : daysBetween(today, obligation.by);
  const at = (status: ObligationStatus, daysLeft: number | null = left): ObligationState => ({
    status,
    daysLeft,
    doneOn: facts.doneOn,
  });
  switch (facts.latest) {
    case "needs-person":
      return at("person");
    case "unknown":
      return at("unknown");
    case "queued":
    case "running":
    case "waiting":
      return at(facts.latest);
    case "failed":
      // Nothing is lost where it had been done before, as with a second download.
      if (facts.doneOn === null) return at("failed");
      break;
    case null:
      break;
  }
  if (facts.doneOn !== null) return at("done", null);
  if (obligation.mayBeOthers && reportedByOther) return at("other", null);
  if (today < obligation.from) return at("later");
  if (left === null) return at("open");
  // Anyone who did not ask gets what the platform allocates by itself.
  if (left < 0) return obligation.lapses ? at("passed", null) : at("overdue");
  return left <= SOON_DAYS ? at("due") : at("open");
}
