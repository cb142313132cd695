import { type Day, addDays, dayOf } from "../values/day.ts";
import {
  type Period,
  nextPeriod,
  periodMonths,
  periodOf,
  periodOfDay,
  periodStart,
  previousPeriod,
} from "../values/period.ts";

/** What has to be done, or happens by itself, for one period. */
export type Duty =
  | "allocation"
  | "reminder-mail"
  | "blank-numbers"
  | "vat-return"
  | "winning-delivery"
  | "draw"
  | "winning-list"
  | "winners-notified";

/** Calendar dates of Asia/Taipei, both included. `from` is missing where there is only a last day. */
export type Deadline = {
  readonly duty: Duty;
  readonly title: string;
  readonly from?: Day;
  readonly by?: Day;
  /** Whether a weekend or holiday moves it to the next working day. Only the VAT return does. */
  readonly movesOnHoliday: boolean;
};

/** Day of the even month on which the platform allocates the next period by itself; older texts say 20. */
export const DEFAULT_ALLOCATION_DAY = 18;

/**
 * The dates of one period, in order of time. For 11512: allocation of 11602 on 2026-12-18, blank numbers 2027-01-01 to 2027-01-10
 * although that is a Sunday, and so on (電子發票實施作業要點; the law on blank numbers knows no extension for holidays).
 * @throws DomainError `date-invalid` when `allocationDay` is no day of the month
 */
export function deadlinesOf(period: Period, options: { allocationDay?: number } = {}): Deadline[] {
  const { year, last } = periodMonths(period);
  const dayAfter = (dayOfMonth: number): Day => dayInMonthAfter(period, dayOfMonth);
  const told = winnersToldWithin(period);
  const draw = dayAfter(DRAW_DAY);
  const fixed = { movesOnHoliday: false };
  const allocation = dayOf(year, last, options.allocationDay ?? DEFAULT_ALLOCATION_DAY);
  return [
    { duty: "allocation", title: "平台自動配下期字軌", from: allocation, by: allocation, ...fixed },
    { duty: "reminder-mail", title: "平台寄發「尚有電子發票未上傳」", from: dayAfter(7), by: dayAfter(7), ...fixed },
    { duty: "blank-numbers", title: "上傳空白未使用發票號碼", from: dayAfter(1), by: dayAfter(10), ...fixed },
    { duty: "vat-return", title: "申報營業稅", from: dayAfter(1), by: dayAfter(15), movesOnHoliday: true },
    { duty: "winning-delivery", title: "在 BTB007W 開啟中獎清冊接收（E0504）", by: dayAfter(24), ...fixed },
    { duty: "draw", title: "統一發票開獎", from: draw, by: draw, ...fixed },
    { duty: "winning-list", title: "可下載中獎清冊", from: winningListFrom(period), ...fixed },
    { duty: "winners-notified", title: "通知中獎人", ...told, ...fixed },
  ];
}

const DRAW_DAY = 25;
const LIST_DAY = 28;
const DAYS_TO_TELL = 10;

/** A day of the odd month that follows the period. */
function dayInMonthAfter(period: Period, dayOfMonth: number): Day {
  return addDays(periodStart(nextPeriod(period)), dayOfMonth - 1);
}

/** The first day on which a period's list of winners can be downloaded: the 28th of the odd month after it. */
export function winningListFrom(period: Period): Day {
  return dayInMonthAfter(period, LIST_DAY);
}

/** In which days the winners of a period have to be told: ten days, from the day after the draw; no holiday moves the last one. */
export function winnersToldWithin(period: Period): { readonly from: Day; readonly by: Day } {
  const draw = dayInMonthAfter(period, DRAW_DAY);
  return { from: addDays(draw, 1), by: addDays(draw, DAYS_TO_TELL) };
}

/** The newest period whose list of winners is out on a day. */
export function newestWinningPeriod(day: Day): Period {
  let period = previousPeriod(periodOfDay(day));
  while (winningListFrom(period) > day) period = previousPeriod(period);
  return period;
}

/** The two periods 期配 lets a business take at an instant: the running one and the next. */
export function takeablePeriods(now: Date): readonly [Period, Period] {
  const running = periodOf(now);
  return [running, nextPeriod(running)];
}
