import type { Locator, Page } from "playwright";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { selectOption } from "../../dom/forms/select-box.ts";
import { locateAll, tryLocate, namedSpec, controlReadAt } from "../../dom/locator-spec.ts";
import { PageError } from "../../dom/page-error.ts";
import { choosePair, isYearOf, monthPairs, periodFieldAt } from "../period-field.ts";
import { PERIODS } from "../period-text.ts";

const parts = {
  from: namedSpec("tracks.from", "choice", "發票期別（起）", {
    pattern:
      /(期別|期間|年月|月份).*(起|開始|from)|(起|開始).*(期別|期間|年月|月份)|^(from|startperiod|periodfrom|fromperiod|startmonth)$/,
  }),
  to: namedSpec("tracks.to", "choice", "發票期別（迄）", {
    pattern:
      /(期別|期間|年月|月份).*([迄訖止]|結束)|([迄訖止]|結束).*(期別|期間|年月|月份)|^(to|endperiod|periodto|toperiod|endmonth)$/,
  }),
  periods: namedSpec("tracks.periods", "choice", "發票期別（起迄）", { offers: PERIODS }),
  years: namedSpec("tracks.years", "choice", "發票期別的年", { offers: /^[\s\d年民國]+$/ }),
} as const;

/** A field of the form that searches. */
export const searchedBy = parts.periods;

/** Where a list is searched from and to. */
export const searchEnds = [parts.from, parts.to];

/** Chooses from which period to which is searched. */
export type ChooseRange = (from: Period, to: Period) => Promise<void>;

/**
 * What the page offers to search by: a select box for each end, or for the year and the months of each end. Where nothing names
 * them they are told by their order, like a person would. Null while neither is there.
 */
export async function periodRange(page: Page): Promise<ChooseRange | null> {
  const from = await tryLocate(page, parts.from, 0);
  const to = await tryLocate(page, parts.to, 0);
  if (from && to) return ends(page, from, to);
  const [first, second, ...others] = await locateAll(page, parts.periods);
  if (first && second && others.length === 0) return ends(page, first, second);
  // One choice for both ends can only search for one period.
  if (first && !second && findsPeriods(first)) return (from, to) => one(page, first, from, to);
  const [fromYear, toYear, ...otherYears] = await locateAll(page, parts.years);
  const [fromMonths, toMonths, ...otherMonths] = await locateAll(page, monthPairs);
  if (!fromYear || !toYear || !fromMonths || !toMonths || otherYears.length + otherMonths.length > 0) return null;
  return async (from, to) => {
    await selectOption(fromYear, "發票期別（起）的年", isYearOf(from), "not-in-window");
    await choosePair(fromMonths, from);
    await selectOption(toYear, "發票期別（迄）的年", isYearOf(to), "not-in-window");
    await choosePair(toMonths, to);
  };
}

function findsPeriods(box: Locator): boolean {
  const { value = "", options = null } = controlReadAt(box) ?? {};
  return [value, ...(options ?? []).map(({ text }) => text)].some((text) => PERIODS.test(text));
}

async function one(page: Page, box: Locator, from: Period, to: Period): Promise<void> {
  if (from !== to) throw new PageError("page-changed", "發票期別的起、迄兩個選單", "只有一個期別選單");
  await (await periodFieldAt(page, box)).choose(from);
}

function ends(page: Page, first: Locator, second: Locator): ChooseRange {
  return async (from, to) => {
    await (await periodFieldAt(page, first)).choose(from, "first");
    await (await periodFieldAt(page, second)).choose(to, "last");
  };
}
