import { DomainError } from "../problems/problems.ts";

declare const dayBrand: unique symbol;

/** A calendar date in Asia/Taipei, written `YYYY-MM-DD` (CE). Days compare correctly as strings. */
export type Day = string & { readonly [dayBrand]: true };

/** Taiwan has had no daylight saving time since 1979, so its offset is a constant. */
const TAIPEI_OFFSET_MS = 8 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const ROC_EPOCH = 1911;

function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * The date of CE year, month 1–12 and day of the month.
 * @throws DomainError `date-invalid` for a date that does not exist
 */
export function dayOf(year: number, month: number, date: number): Day {
  const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
  if (!isDay(text)) throw new DomainError("date-invalid", text);
  return text;
}

/** The calendar date in Taipei at an instant. */
export function taipeiDay(instant: Date): Day {
  const there = new Date(instant.getTime() + TAIPEI_OFFSET_MS);
  return dayOf(there.getUTCFullYear(), there.getUTCMonth() + 1, there.getUTCDate());
}

/** The date `days` later (earlier when negative). */
export function addDays(day: Day, days: number): Day {
  const moved = new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
  return dayOf(moved.getUTCFullYear(), moved.getUTCMonth() + 1, moved.getUTCDate());
}

/** Years an invoice can be of (ROC 89–199); others are typing mistakes or another calendar. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2110;

/** Year, month and day; a time of day behind it is ignored, as ledgers print both in one column. */
const SPELLINGS = [
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s].*)?$/,
  /^(\d{2,3})[-/.](\d{1,2})[-/.](\d{1,2})(?:\s.*)?$/,
  /^(\d{4})(\d{2})(\d{2})$/,
  /^(\d{3})(\d{2})(\d{2})$/,
  /^(\d{2,4})年(\d{1,2})月(\d{1,2})日$/,
];

/**
 * Reads a date as ledgers print it: `2026/11/03`, `2026-11-03 14:05`, `20261103`, `115/11/03`, `1151103`, `115年11月3日`.
 * Four digits of a year are CE, two or three are ROC.
 * @throws DomainError `date-invalid` also for a year no electronic invoice can be of
 */
export function parseDay(text: string): Day {
  const plain = text.normalize("NFKC").trim();
  for (const spelling of SPELLINGS) {
    const [, year, month, date] = spelling.exec(plain) ?? [];
    if (year === undefined || month === undefined || date === undefined) continue;
    const ce = year.length === 4 ? Number(year) : Number(year) + ROC_EPOCH;
    if (ce < FIRST_YEAR || ce > LAST_YEAR) break;
    return dayOf(ce, Number(month), Number(date));
  }
  throw new DomainError("date-invalid", text);
}
