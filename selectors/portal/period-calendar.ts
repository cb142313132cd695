import type { Locator, Page } from "playwright";
import { comparePeriods, type Period } from "../../robot/invoicing/values/period.ts";
import { click } from "../dom/click.ts";
import { type DrawnOption, openDrawn, selectedText } from "../dom/forms/select-box.ts";
import { PageError } from "../dom/page-error.ts";
import { TIMING } from "../dom/timing.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { readPeriod } from "./period-text.ts";

/** A pair of months of a year that stands elsewhere. */
const MONTHS_ONLY = /^\d{1,2}\s*月?\s*[-~～–、至]\s*\d{1,2}\s*月$/;
/** One of twelve. */
const MONTH_ONLY = /^(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月$/;
const YEAR_ONLY = /^(民國|西元)?\s*(\d{2,4})\s*年(度)?$/;
const EARLIER = /^[‹«<◀◄←]+$|^(上|前)一?年/;
const LATER = /^[›»>▶►→]+$|^(下|後|次)一?年/;
/** Which month of a period stands for it, in a calendar of single months. */
export type WhichMonth = "first" | "last";

/** How many years a calendar is turned at the most. */
const MOST_TURNS = 3;

interface Pair {
  readonly period: Period;
  readonly option: DrawnOption;
}

interface Shown {
  readonly year: number;
  readonly pairs: readonly Pair[];
  readonly earlier: DrawnOption | undefined;
  readonly later: DrawnOption | undefined;
}

/** What is drawn is a calendar: pairs of months, or all twelve of them. */
export function isCalendar(texts: readonly string[]): boolean {
  const words = texts.map((text) => text.trim());
  return words.some((text) => MONTHS_ONLY.test(text)) || words.filter((text) => MONTH_ONLY.test(text)).length === 12;
}

/** A calendar that shows the months of one year, in pairs or one by one, and can be turned to another. */
export function calendarOf(
  page: Page,
  box: Locator,
): { offered(): Promise<Period[]>; choose(period: Period, month: WhichMonth): Promise<void> } {
  return {
    async offered() {
      const drawn = await openDrawn(box);
      const found: Pair[] = [];
      try {
        let shown = read(await drawn.look());
        // What is to come is to the right of what is shown first, and what has been to the left.
        for (const side of ["later", "earlier"] as const)
          for (let turn = 0; turn < MOST_TURNS && shown !== null; turn++) {
            found.push(...shown.pairs);
            shown = await turned(page, drawn.look, shown, side);
          }
      } finally {
        await drawn.close();
      }
      return [...new Set(offeredOf(found).map(({ period }) => period))].toSorted(comparePeriods);
    },
    async choose(period, month) {
      const drawn = await openDrawn(box);
      const seen: Pair[] = [];
      let shown = read(await drawn.look());
      for (let turn = 0; turn < MOST_TURNS && shown !== null; turn++) {
        seen.push(...shown.pairs);
        const cells = offeredOf(seen).filter((one) => one.period === period);
        const cell = month === "first" ? cells[0] : cells.at(-1);
        if (cell !== undefined) {
          await click(cell.option.place);
          return assertChosen(page, box, period);
        }
        const other = Number(period.slice(0, 3)) - rocOf(shown.year);
        if (other === 0) break;
        shown = await turned(page, drawn.look, shown, other > 0 ? "later" : "earlier");
      }
      await drawn.close();
      const offered = offeredOf(seen)
        .map((one) => one.option.text)
        .join("、");
      throw new PageError("not-in-window", `「發票期別」日曆裡的 ${period} 期`, `可選的是：${offered || "沒有"}`);
    },
  };
}

/** Where some can be pressed, the others are not offered. */
function offeredOf(pairs: readonly Pair[]): readonly Pair[] {
  const pressable = pairs.filter(({ option }) => option.isPressable);
  return pressable.length > 0 ? pressable : pairs;
}

async function assertChosen(page: Page, box: Locator, period: Period): Promise<void> {
  let shown = "";
  const isChosen = await waitUntil(page, TIMING.choice, async () => {
    shown = await selectedText(box);
    return readPeriod(shown) === period ? true : null;
  });
  if (!isChosen) throw new PageError("page-changed", "「發票期別」選好的值", `讀回來是「${shown}」`);
}

function turned(
  page: Page,
  look: () => Promise<readonly DrawnOption[]>,
  shown: Shown,
  side: "earlier" | "later",
): Promise<Shown | null> {
  const arrow = shown[side];
  if (arrow === undefined || !arrow.isPressable) return Promise.resolve(null);
  return click(arrow.place).then(() =>
    waitUntil(page, TIMING.choice, async () => {
      const now = read(await look());
      return now === null || now.year === shown.year ? null : now;
    }),
  );
}

function read(options: readonly DrawnOption[]): Shown | null {
  const year = options.map(({ text }) => YEAR_ONLY.exec(text)?.[2]).find((one) => one !== undefined);
  if (year === undefined) return null;
  const pairs = options
    .filter(({ text }) => MONTHS_ONLY.test(text.trim()) || MONTH_ONLY.test(text.trim()))
    .flatMap((option): Pair[] => {
      const period = readPeriod(`${year}年${option.text}`);
      return period === null ? [] : [{ period, option }];
    });
  return {
    year: Number(year),
    pairs,
    earlier: options.find(({ text }) => EARLIER.test(text)),
    later: options.find(({ text }) => LATER.test(text)),
  };
}

function rocOf(year: number): number {
  return year > 1911 ? year - 1911 : year;
}
