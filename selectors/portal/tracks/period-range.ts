import type { Locator, Page } from "playwright";
import { type Period, periodMonths } from "../../../robot/invoicing/values/period.ts";
import { selectOption } from "../../dom/forms/select-box.ts";
import { locateAll, tryLocate, namedSpec, controlReadAt } from "../../dom/locator-spec.ts";
import { PageError } from "../../dom/page-error.ts";
import { PERIODS, readPeriod } from "../period-text.ts";

const parts = {
  from: namedSpec("tracks.from", "choice", "發票期別（起）", {
    pattern: /(期別|期間|年月).*(起|開始|from)|(起|開始).*(期別|期間|年月)|^(from|startperiod|periodfrom|fromperiod)$/,
  }),
  to: namedSpec("tracks.to", "choice", "發票期別（迄）", {
    pattern: /(期別|期間|年月).*([迄訖止]|結束)|([迄訖止]|結束).*(期別|期間|年月)|^(to|endperiod|periodto|toperiod)$/,
  }),
  periods: namedSpec("tracks.periods", "choice", "發票期別（起迄）", { offers: PERIODS }),
  years: namedSpec("tracks.years", "choice", "發票期別的年", { offers: /^[\s\d年民國]+$/ }),
  months: namedSpec("tracks.months", "choice", "發票期別的月", { offers: /^(?=[^]*\d\s*[~～-]\s*\d)[\s\d~～月-]+$/ }),
} as const;

/** A field of the form that searches. */
export const searchedBy = parts.periods;

/** Chooses from which period to which is searched. */
export type ChooseRange = (from: Period, to: Period) => Promise<void>;

/**
 * What the page offers to search by: a select box for each end, or for the year and the months of each end. Where nothing names
 * them they are told by their order, like a person would. Null while neither is there.
 */
export async function periodRange(page: Page): Promise<ChooseRange | null> {
  const from = await tryLocate(page, parts.from, 0);
  const to = await tryLocate(page, parts.to, 0);
  if (from && to) return ends(from, to);
  const [first, second, ...others] = await locateAll(page, parts.periods);
  if (first && second && others.length === 0) return ends(first, second);
  // One choice for both ends can only search for one period.
  if (first && !second && findsPeriods(first)) return (from, to) => one(first, from, to);
  const [fromYear, toYear, ...otherYears] = await locateAll(page, parts.years);
  const [fromMonths, toMonths, ...otherMonths] = await locateAll(page, parts.months);
  if (!fromYear || !toYear || !fromMonths || !toMonths || otherYears.length + otherMonths.length > 0) return null;
  return async (from, to) => {
    await chooseParts(fromYear, fromMonths, "發票期別（起）", from);
    await chooseParts(toYear, toMonths, "發票期別（迄）", to);
  };
}

function findsPeriods(box: Locator): boolean {
  const { value = "", options = null } = controlReadAt(box) ?? {};
  return [value, ...(options ?? []).map(({ text }) => text)].some((text) => PERIODS.test(text));
}

async function one(box: Locator, from: Period, to: Period): Promise<void> {
  if (from !== to) throw new PageError("page-changed", "發票期別的起、迄兩個選單", "只有一個期別選單");
  await selectOption(box, "發票期別", (text) => readPeriod(text) === from, "not-in-window");
}

function ends(first: Locator, second: Locator): ChooseRange {
  return async (from, to) => {
    await selectOption(first, parts.from.name, (text) => readPeriod(text) === from, "not-in-window");
    await selectOption(second, parts.to.name, (text) => readPeriod(text) === to, "not-in-window");
  };
}

/** The year is of the Republic, or has four digits; the months are a pair. */
async function chooseParts(yearBox: Locator, monthsBox: Locator, name: string, period: Period): Promise<void> {
  const { rocYear, year, first, last } = periodMonths(period);
  const isYear = (text: string): boolean => [rocYear, year].includes(numbers(text)[0] ?? 0);
  await selectOption(yearBox, `${name}的年`, isYear, "not-in-window");
  await selectOption(monthsBox, `${name}的月`, (text) => numbers(text).join() === [first, last].join());
}

function numbers(text: string): number[] {
  return Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));
}
