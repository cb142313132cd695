import { type Day, addDays } from "../values/day.ts";
import { type Deadline, type Duty, deadlinesOf } from "./deadlines.ts";
import { type Period, nextPeriod, periodEnd, periodOfDay, previousPeriod } from "../values/period.ts";

/** What the robot sees to for a company in the course of one period, in the order of a table's columns. */
export type Chore = "take" | "download" | "blanks" | "verify" | "winning";

/** One column of the overview. */
export interface ChoreOfPeriod {
  readonly chore: Chore;
  /** What people call it. */
  readonly title: string;
  /** The flow that does it. */
  readonly flow: string;
  /** The period whose numbers it is about: of what is due in 11512, tracks are those of 11602. */
  readonly about: Period;
  /** Calendar dates of Asia/Taipei, both included; `by` is missing where nothing is late. */
  readonly from: Day;
  readonly by: Day | null;
  /** None of them is moved by a weekend or a holiday. */
  readonly movesOnHoliday: boolean;
}

/**
 * What is to be done for one period: the tracks of the next one before the platform allocates by itself, the period's own blank
 * numbers within ten days after it (no holiday moves that), its winning list from the 28th.
 * @param options.allocationDay day of the even month on which the platform allocates by itself
 */
export function choresOf(period: Period, options: { allocationDay?: number } = {}): ChoreOfPeriod[] {
  const deadlines = new Map(deadlinesOf(period, options).map((one) => [one.duty, one]));
  const of = (duty: Duty): Deadline | undefined => deadlines.get(duty);
  const next = nextPeriod(period);
  const allocated = of("allocation")?.by ?? periodEnd(period);
  const over = addDays(periodEnd(period), 1);
  const blanksBy = of("blank-numbers")?.by ?? null;
  const fixed = { movesOnHoliday: false };
  return [
    {
      chore: "take",
      title: "取號",
      flow: "take-tracks",
      about: next,
      from: addDays(periodEnd(previousPeriod(period)), 1),
      by: allocated,
      ...fixed,
    },
    {
      chore: "download",
      title: "下載",
      flow: "download-tracks",
      about: next,
      from: allocated,
      by: periodEnd(period),
      ...fixed,
    },
    {
      chore: "blanks",
      title: "空白號碼",
      flow: "upload-blank-numbers",
      about: period,
      from: over,
      by: blanksBy,
      ...fixed,
    },
    { chore: "verify", title: "驗證", flow: "verify-blank-numbers", about: period, from: over, by: blanksBy, ...fixed },
    {
      chore: "winning",
      title: "中獎清冊",
      flow: "fetch-winning-list",
      about: period,
      from: of("winning-list")?.from ?? over,
      by: of("winners-notified")?.by ?? null,
      ...fixed,
    },
  ];
}

/**
 * What falls into the two months that a day lies in: the last period's blank numbers and winning list, and the tracks of the next
 * period. That is what a person who comes to work on that day has to think of.
 */
export function choresAt(day: Day, options: { allocationDay?: number } = {}): ChoreOfPeriod[] {
  const running = periodOfDay(day);
  const isTracks = ({ chore }: ChoreOfPeriod): boolean => chore === "take" || chore === "download";
  return [
    ...choresOf(previousPeriod(running), options).filter((one) => !isTracks(one)),
    ...choresOf(running, options).filter(isTracks),
  ];
}

/** What runs say of one chore of one company. */
export interface RunFacts {
  /** Taipei's day on which a run had done it, or found it done; null while none has. */
  readonly doneOn: Day | null;
  /** The newest run about it, if that is newer than `doneOn`. */
  readonly latest: "queued" | "running" | "waiting" | "needs-person" | "failed" | "unknown" | null;
}

/** How a chore stands. The first five want somebody's eyes, in this order. */
export const STANDINGS = [
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
export type Standing = (typeof STANDINGS)[number];

export interface ChoreState {
  readonly standing: Standing;
  /** Days until and with the last one; negative when it is over; null where there is none, or nothing is left to do. */
  readonly daysLeft: number | null;
  readonly doneOn: Day | null;
}

/** So many days before its last day a chore that nobody has begun is `due`. */
const SOON_DAYS = 5;

/**
 * How one chore of one company stands on a day.
 * @param reportedByOther whether somebody else reports the company's blank numbers
 */
export function stateOf(chore: ChoreOfPeriod, facts: RunFacts, today: Day, reportedByOther: boolean): ChoreState {
  const left = chore.by === null ? null : daysBetween(today, chore.by);
  const at = (standing: Standing, daysLeft: number | null = left): ChoreState => ({
    standing,
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
  if (chore.chore === "blanks" && reportedByOther) return at("other", null);
  if (today < chore.from) return at("later");
  if (left === null) return at("open");
  // Whoever did not ask gets what the platform allocates by itself.
  if (left < 0) return chore.chore === "take" ? at("passed", null) : at("overdue");
  return left <= SOON_DAYS ? at("due") : at("open");
}

/** Days from one to another, negative when the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** Which chores a flow's success does as well: an upload proves number by number what verifying would look at. */
export const DONE_BY: { readonly [chore in Chore]: readonly string[] } = {
  take: ["take-tracks", "download-tracks"],
  download: ["take-tracks", "download-tracks"],
  blanks: ["upload-blank-numbers", "correct-blank-numbers"],
  verify: ["verify-blank-numbers", "upload-blank-numbers", "correct-blank-numbers"],
  winning: ["fetch-winning-list"],
};
