import { type Day, addDays, dayOf, taipeiDay } from "./day.ts";
import { DomainError } from "../problems/problems.ts";

declare const periodBrand: unique symbol;

/** 期別: two months, written as `YYYMM` with the ROC year and the even month (`11512` is November and December 2026). */
export type Period = string & { readonly [periodBrand]: true };

/**
 * How a period is written for each reader:
 * `code` 11512 (files, MIG) · `oddCode` 11511 (some invoice printers) · `roc` `115/11 ~ 115/12` (classic screens, track file) ·
 * `rocTight` `115/11~115/12` (classic select boxes) · `ceLabel` `2026年11-12期` (current screens) · `zh` `115年11-12月` (people).
 */
export type PeriodFormat = "code" | "oddCode" | "roc" | "rocTight" | "ceLabel" | "zh";

const ROC_EPOCH = 1911;
/** Electronic invoices began in 2000 (ROC 89); an earlier or absurdly late year is a typing mistake or another kind of number. */
const FIRST_ROC_YEAR = 89;
const LAST_ROC_YEAR = 199;

/** Whether the text is the canonical code: ROC year in three digits, even month. */
export function isPeriod(text: string): text is Period {
  const [, year, month] = /^(\d{3})(02|04|06|08|10|12)$/.exec(text) ?? [];
  return year !== undefined && month !== undefined && isRocYear(Number(year));
}

function isRocYear(year: number): boolean {
  return year >= FIRST_ROC_YEAR && year <= LAST_ROC_YEAR;
}

/** One month, written as code or as year and month. A dot is no separator here: a spreadsheet turns 115.10 into 115.1. */
const ONE_MONTH = [/^(\d{3}|\d{4})(\d{2})$/, /^(\d{2,4})[-/](\d{1,2})$/, /^(\d{2,4})年度?(\d{1,2})月份?$/];

/**
 * One year and a pair of months. There is no spelling with the same separator twice: `2026-11-12` and `2026/11/12` are days.
 * `113 01~02` is what an accounting package prints; `110年5月6月` is how the manual of a hand-held printer explains its code; `1150910` is how
 * the ministry's own lists write a period.
 */
const ONE_YEAR_TWO_MONTHS = [
  /^(\d{3}|\d{4})(\d{2})(\d{2})$/,
  /^(\d{3}|\d{4})(\d{2})[-~](\d{2})$/,
  /^(\d{2,4})[/.](\d{1,2})[-~、](\d{1,2})(?:月|期|月份|月期)?$/,
  /^(\d{2,4})-(\d{1,2})[~、](\d{1,2})(?:月|期|月份|月期)?$/,
  /^(\d{2,4})[/-](\d{2})(\d{2})$/,
  /^(\d{2,4}) (\d{1,2})[-~、](\d{1,2})(?:月|期|月份|月期)?$/,
  /^(\d{2,4})年度?(\d{1,2})(?:月份?[-~、./]?|[-~、./])(\d{1,2})(?:月份?期?|期)$/,
  /^(\d{2,4})年度?(\d{1,2})月?[-~、](\d{1,2})$/,
  /^(\d{2,4})年度?(\d{2})(\d{2})(?:月份?期?|期)$/,
];

/** Both ends written in full. */
const TWO_YEARS_TWO_MONTHS = [
  /^(\d{3}|\d{4})(\d{2})[-~](\d{3}|\d{4})(\d{2})$/,
  /^(\d{2,4})[/.](\d{1,2})[-~](\d{2,4})[/.](\d{1,2})$/,
  /^(\d{2,4})-(\d{1,2})~(\d{2,4})-(\d{1,2})$/,
  /^(\d{2,4})年(\d{1,2})月份?[-~](\d{2,4})年(\d{1,2})月份?期?$/,
];

/** Each sixth of a year has a number: `115年第5期` is September and October. */
const ORDINAL = /^(\d{2,4})(?:年度?|[-/])?第(\d)期$/;

/** From the first day of a period to its last one. */
const TWO_DAYS = [
  /^(\d{3}|\d{4})(\d{2})(\d{2})[-~](\d{3}|\d{4})(\d{2})(\d{2})$/,
  /^(\d{2,4})[/.](\d{1,2})[/.](\d{1,2})[-~](\d{2,4})[/.](\d{1,2})[/.](\d{1,2})$/,
  /^(\d{2,4})-(\d{1,2})-(\d{1,2})~(\d{2,4})-(\d{1,2})-(\d{1,2})$/,
  /^(\d{2,4})年(\d{1,2})月(\d{1,2})日[-~](\d{2,4})年(\d{1,2})月(\d{1,2})日$/,
];

/**
 * Reads a period in every spelling known from the portal, its files, invoice printers, accounting packages and printed forms (`11510`,
 * `1150910`, `11509-11510`, `115/09~115/10`, `2026年09-10期`, `民國115年9-10月`, `115年第5期`, `一一五年九、十月份`); four digits of a year are
 * CE, fewer are ROC; an odd month alone names the pair it begins. Full-width characters and spaces do not matter.
 * @throws DomainError `period-invalid` also for a pair of months that is no period (02-03), mixed years or impossible months
 */
export function parsePeriod(text: string): Period {
  const plain = plainText(text);
  for (const spelling of ONE_MONTH) {
    const [, year, month] = spelling.exec(plain) ?? [];
    if (year !== undefined && month !== undefined) return fromMonth(text, year, Number(month));
  }
  for (const spelling of ONE_YEAR_TWO_MONTHS) {
    const [, year, first, last] = spelling.exec(plain) ?? [];
    if (year !== undefined && first !== undefined && last !== undefined) return fromPair(text, year, first, last);
  }
  for (const spelling of TWO_YEARS_TWO_MONTHS) {
    const [, year, first, otherYear, last] = spelling.exec(plain) ?? [];
    if (year !== undefined && first !== undefined && last !== undefined && year === otherYear) {
      return fromPair(text, year, first, last);
    }
  }
  const [, year, ordinal] = ORDINAL.exec(plain) ?? [];
  if (year !== undefined && ordinal !== undefined) return fromMonth(text, year, Number(ordinal) * 2);
  for (const spelling of TWO_DAYS) {
    const [, from, first, firstDay, to, last, lastDay] = spelling.exec(plain) ?? [];
    if (from === undefined || first === undefined || last === undefined || from !== to) continue;
    const period = fromPair(text, from, first, last);
    const isWhole = Number(firstDay) === 1 && Number(lastDay) === Number(periodEnd(period).slice(8));
    if (isWhole) return period;
  }
  throw new DomainError("period-invalid", text);
}

/** Width, dashes and blanks as one; a space between digits is kept, as it is the only separator in `113 01~02`. */
function plainText(text: string): string {
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[〜∼–—−－‐‑]/g, (dash) => (dash === "〜" || dash === "∼" ? "~" : "-"))
    .replaceAll(/(?<=[\d月日份一二三四五六七八九十])\s*[至到]\s*(?=[\d一二三四五六七八九十民西])/g, "~")
    .replaceAll(/[，,・‧]/g, "、")
    .replaceAll(/(?<!\d)\s+|\s+(?!\d)/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/(^|~|-)(?:中華民國|民國|西元|ROC|R\.O\.C\.)(?=.)/g, "$1");
  return /[〇零○一二三四五六七八九十百]/.test(plain) ? inDigits(plain) : plain;
}

const NUMERALS = "〇一二三四五六七八九";

/** Numbers in Chinese numerals, digit by digit (一一五) or in words (一百一十五, 十二), as printed forms write years and months. */
function inDigits(text: string): string {
  return text.replaceAll(/[〇零○一二三四五六七八九十百]+/g, (written) => {
    const numerals = written.replaceAll(/[零○]/g, "〇");
    if (!/[十百]/.test(numerals)) return Array.from(numerals, (one) => NUMERALS.indexOf(one)).join("");
    const [, hundreds, tens, ones] =
      /^(?:([一二三四五六七八九])百)?〇?(?:([一二三四五六七八九]?)十)?([一二三四五六七八九]?)$/.exec(numerals) ?? [];
    if (ones === undefined) return written;
    const digit = (numeral: string | undefined, alone: number): number =>
      numeral === undefined ? 0 : numeral === "" ? alone : NUMERALS.indexOf(numeral);
    return String(digit(hundreds, 0) * 100 + digit(tens, 1) * 10 + digit(ones, 0));
  });
}

/**
 * Reads the canonical code and nothing else, for the files that the ministry's machines read.
 * @throws DomainError `period-invalid`, or `period-odd-month` for the odd-month code that other systems do want
 */
export function parsePeriodCode(text: string): Period {
  if (isPeriod(text)) return text;
  if (/^\d{3}(01|03|05|07|09|11)$/.test(text)) throw new DomainError("period-odd-month", text, parsePeriod(text));
  throw new DomainError("period-invalid", text, {
    zh: "民國年加雙數月，共 5 碼，例如 11512",
    en: "ROC year and even month, 5 digits, such as 11512",
  });
}

function fromPair(text: string, year: string, first: string, last: string): Period {
  if (Number(first) % 2 !== 1 || Number(last) !== Number(first) + 1) throw new DomainError("period-invalid", text);
  return fromMonth(text, year, Number(last));
}

function fromMonth(text: string, year: string, month: number): Period {
  const roc = year.length === 4 ? Number(year) - ROC_EPOCH : Number(year);
  if (month < 1 || month > 12 || !isRocYear(roc)) throw new DomainError("period-invalid", text);
  return compose(roc, month);
}

function compose(rocYear: number, month: number): Period {
  const even = month + (month % 2);
  const code = `${String(rocYear).padStart(3, "0")}${String(even).padStart(2, "0")}`;
  if (!isPeriod(code)) throw new DomainError("period-invalid", code);
  return code;
}

/** Years and months of a period, as numbers for arithmetic and display only. */
export function periodMonths(period: Period): { rocYear: number; year: number; first: number; last: number } {
  const rocYear = Number(period.slice(0, 3));
  const last = Number(period.slice(3));
  return { rocYear, year: rocYear + ROC_EPOCH, first: last - 1, last };
}

/** The period that a calendar date (Asia/Taipei) lies in. */
export function periodOfDay(day: Day): Period {
  return compose(Number(day.slice(0, 4)) - ROC_EPOCH, Number(day.slice(5, 7)));
}

/** The period that an instant lies in by the calendar of Asia/Taipei. */
export function periodOf(instant: Date): Period {
  return periodOfDay(taipeiDay(instant));
}

export function nextPeriod(period: Period): Period {
  const { rocYear, last } = periodMonths(period);
  return last === 12 ? compose(rocYear + 1, 2) : compose(rocYear, last + 2);
}

export function previousPeriod(period: Period): Period {
  const { rocYear, last } = periodMonths(period);
  return last === 2 ? compose(rocYear - 1, 12) : compose(rocYear, last - 2);
}

/** The six periods of a year, in order. A year of four digits is CE, a smaller one ROC: 2026 and 115 are the same year. */
export function periodsOfYear(year: number): Period[] {
  const roc = year > ROC_EPOCH ? year - ROC_EPOCH : year;
  return [2, 4, 6, 8, 10, 12].map((month) => compose(roc, month));
}

/** First calendar date of the period, Asia/Taipei. */
export function periodStart(period: Period): Day {
  const { year, first } = periodMonths(period);
  return dayOf(year, first, 1);
}

/** Last calendar date of the period, Asia/Taipei. */
export function periodEnd(period: Period): Day {
  return addDays(periodStart(nextPeriod(period)), -1);
}

/** Writes a period for one kind of reader; see {@link PeriodFormat}. */
export function formatPeriod(period: Period, format: PeriodFormat): string {
  const { rocYear, year, first, last } = periodMonths(period);
  const [odd, even] = [String(first).padStart(2, "0"), String(last).padStart(2, "0")];
  const roc = String(rocYear).padStart(3, "0");
  const written: Readonly<Record<PeriodFormat, string>> = {
    code: period,
    oddCode: `${roc}${odd}`,
    roc: `${roc}/${odd} ~ ${roc}/${even}`,
    rocTight: `${roc}/${odd}~${roc}/${even}`,
    ceLabel: `${year}年${odd}-${even}期`,
    zh: `${rocYear}年${odd}-${even}月`,
  };
  return written[format];
}

/** Negative when `a` is the earlier period, 0 when they are the same. */
export function comparePeriods(a: Period, b: Period): number {
  return Number(a) - Number(b);
}
