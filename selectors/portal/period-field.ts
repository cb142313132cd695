import type { Locator, Page } from "playwright";
import { type Period, periodMonths } from "../../robot/invoicing/values/period.ts";
import { optionTexts, selectAmong, selectedText, selectOption } from "../dom/forms/select-box.ts";
import { logInteraction } from "../dom/interaction-log.ts";
import { controlReadAt, locate, locateAll, type LocatorSpec, namedSpec, tryLocate } from "../dom/locator-spec.ts";
import { calendarOf, isCalendar, type WhichMonth } from "./period-calendar.ts";
import { normalPeriod, offeredPeriods, periodsIn, readPeriod } from "./period-text.ts";

/**
 * Where a period is chosen: from one list of periods; from one of years, or a field to type the year in, with one of pairs of months beside it;
 * or in a calendar of such pairs.
 */
export interface PeriodField {
  /** The controls that it is made of. */
  readonly controls: readonly Locator[];
  offered(): Promise<Period[]>;
  /**
   * @param month which of its two, where months are chosen one by one
   * @throws PageError `not-in-window` where the period is not offered
   */
  choose(period: Period, month?: WhichMonth): Promise<void>;
  /** The code of the period that is chosen; what is shown where that is none. */
  chosen(): Promise<string>;
}

const YEARS_ONLY = /^(民國|西元)?\s*\d{2,4}\s*年?(度)?$/;

export const monthPairs = namedSpec("period.months", "choice", "發票期別的月", {
  offers: /^(?=[^]*\d\s*[~～-]\s*\d)[\s\d~～月-]+$/,
});

/**
 * @param near of several, the one in the form of this field: in the smallest part of the page that has that field and a period in it
 * @throws PageError `page-changed` where there is none, or no single one
 */
export async function locatePeriod(page: Page, wanted: LocatorSpec, near?: LocatorSpec): Promise<PeriodField> {
  return periodFieldAt(page, await locate(page, wanted, besideField(near)));
}

/** What is there at this moment; null where there is none. */
export async function tryLocatePeriod(
  page: Page,
  wanted: LocatorSpec,
  near?: LocatorSpec,
): Promise<PeriodField | null> {
  const box = await tryLocate(page, wanted, 0, besideField(near));
  return box === null ? null : periodFieldAt(page, box);
}

function besideField(near: LocatorSpec | undefined): { near?: LocatorSpec } {
  return near === undefined ? {} : { near };
}

/** The field of which this is the one control, or the first. */
export async function periodFieldAt(page: Page, box: Locator): Promise<PeriodField> {
  const read = controlReadAt(box);
  const texts = (read?.options ?? []).map(({ text }) => text).filter((text) => /\d/.test(text));
  const isTyped = read?.kind === "text" && !read.readOnly;
  if (!isTyped && (texts.length === 0 || !texts.every((text) => YEARS_ONLY.test(text)))) return asList(page, box);
  const months = (await locateAll(page, monthPairs)).find(
    (one) => (controlReadAt(one)?.order ?? 0) > (read?.order ?? 0),
  );
  if (months === undefined) return asList(page, box);
  return isTyped ? asTypedYear(box, months) : asTwoLists(box, months);
}

function asList(page: Page, box: Locator): PeriodField {
  return {
    controls: [box],
    async offered() {
      const texts = await optionTexts(box);
      if (isCalendar(texts)) return calendarOf(page, box).offered();
      return offeredPeriods(texts);
    },
    async choose(period, month = "last") {
      const texts = await optionTexts(logInteraction(box));
      if (isCalendar(texts)) return calendarOf(page, box).choose(period, month);
      offeredPeriods(texts);
      await selectAmong(box, texts, "發票期別", (text) => readPeriod(text) === period, "not-in-window");
    },
    chosen: async () => normalPeriod(await selectedText(box)),
  };
}

function asTwoLists(years: Locator, months: Locator): PeriodField {
  return {
    controls: [years, months],
    async offered() {
      const pairs = await optionTexts(months);
      return periodsIn((await optionTexts(years)).flatMap((year) => pairs.map((pair) => inOne(year, pair))));
    },
    async choose(period) {
      await selectOption(years, "發票期別的年", isYearOf(period), "not-in-window");
      await choosePair(months, period);
    },
    chosen: async () => normalPeriod(inOne(await selectedText(years), await selectedText(months))),
  };
}

function asTypedYear(year: Locator, months: Locator): PeriodField {
  return {
    controls: [year, months],
    async offered() {
      const [typed = 0] = numbers(await year.inputValue());
      // Nobody knows which years the portal takes, but it is one of these that is asked for.
      const years = [typed - 1, typed, typed + 1].map(String);
      const pairs = await optionTexts(months);
      return periodsIn(years.flatMap((one) => pairs.map((pair) => inOne(one, pair))));
    },
    async choose(period) {
      const { rocYear, year: commonEra } = periodMonths(period);
      // The year is written as it stands there.
      const isCommonEra = /\d{4}/.test(await year.inputValue());
      await logInteraction(year).fill(String(isCommonEra ? commonEra : rocYear));
      await choosePair(months, period);
    },
    chosen: async () => normalPeriod(inOne(await year.inputValue(), await selectedText(months))),
  };
}

export function isYearOf(period: Period): (text: string) => boolean {
  const { rocYear, year } = periodMonths(period);
  return (text) => [rocYear, year].includes(numbers(text)[0] ?? 0);
}

export async function choosePair(months: Locator, period: Period): Promise<void> {
  const { first, last } = periodMonths(period);
  await selectOption(months, "發票期別的月", (text) => numbers(text).join() === [first, last].join(), "not-in-window");
}

function inOne(year: string, pair: string): string {
  return `${numbers(year)[0] ?? ""}年${numbers(pair).join("-")}月`;
}

function numbers(text: string): number[] {
  return Array.from(text.matchAll(/\d+/g), ([digits]) => Number(digits));
}
