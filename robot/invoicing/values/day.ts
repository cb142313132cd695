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

/** What may stand behind a date: a time of day (24 hours, or 上午, 下午, AM, PM), with or without the zone it is in. */
const TIME =
  "(?:[T\\s]\\s*(?:(?:上午|下午|[AaPp]\\.?[Mm]\\.?)\\s*)?(\\d{1,2})[:時](\\d{1,2})(?:[:分](\\d{1,2})(?:[.,]\\d+)?秒?|分)?\\s*(?:上午|下午|[AaPp]\\.?[Mm]\\.?)?\\s*(Z|UTC|GMT|(?:UTC|GMT)?[+-]\\d{1,2}(?::?\\d{2})?)?)?";

const SPELLINGS = [
  new RegExp(`^(?:西元)?(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${TIME}$`),
  new RegExp(`^(?:民國)?(\\d{2,3})[-/.](\\d{1,2})[-/.](\\d{1,2})${TIME}$`),
  new RegExp(`^(\\d{4})(\\d{2})(\\d{2})(?:(?=\\d{6}$)(\\d{2})(\\d{2})(\\d{2})|${TIME})$`),
  new RegExp(`^(\\d{3})(\\d{2})(\\d{2})${TIME}$`),
  new RegExp(`^(?:民國|西元)?(\\d{2,4})年(\\d{1,2})月(\\d{1,2})日${TIME}$`),
];

/**
 * Reads a date as ledgers print it: `2026/11/03`, `2026-11-03 14:05`, `20261103`, `115/11/03`, `115.11.03`, `1151103`,
 * `民國115年11月3日`, `2026/11/3 上午 10:00:00`. Four digits of a year are CE, two or three are ROC. A time of day without a zone is
 * Taipei's; with one, the day is that of the same instant in Taipei: `2026-08-31T16:30:00Z` is 1 September.
 * @throws DomainError `date-invalid` also for a year no electronic invoice can be of
 */
export function parseDay(text: string): Day {
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[\s\u00a0]+/g, " ")
    .trim();
  const plainer = plain
    .replace(/^(?:中華民國|ROC|R\.O\.C\.) ?/i, "民國")
    // A zone that is Taipei's says no more than none.
    .replace(/ ?(?:\((?:UTC|GMT)\+0?8(?::?00)?\)|Asia\/Taipei|(?:台北|臺北|台灣|臺灣)(?:標準)?時間)$/i, "")
    .replace(/^[^年]*年.*日/, (date) => date.replaceAll(" ", ""))
    .replace(/ ?\((?:週|星期)?[日一二三四五六]\)| ?(?:週|星期)[日一二三四五六]/, "");
  for (const spelling of SPELLINGS) {
    const match = spelling.exec(plainer);
    if (match === null) continue;
    const [year, month, date] = match.slice(1, 4);
    if (year === undefined || month === undefined || date === undefined) continue;
    const ce = year.length === 4 ? Number(year) : Number(year) + ROC_EPOCH;
    if (ce < FIRST_YEAR || ce > LAST_YEAR) break;
    const day = dayOf(ce, Number(month), Number(date));
    const zone = match.slice(4).find((part) => part !== undefined && /^(?:Z|UTC|GMT|[+-])/.test(part));
    return zone === undefined ? day : inTaipei(day, plainer, zone);
  }
  throw new DomainError("date-invalid", text);
}

/** The day in Taipei of a time that is printed with the zone it is in. */
function inTaipei(day: Day, text: string, zone: string): Day {
  const [, hours = "0", minutes = "0", seconds = "0"] = /(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?/.exec(text) ?? [];
  const isAfternoon = /下午|p\.?m/i.test(text);
  const hour = (Number(hours) % 12) + (isAfternoon ? 12 : 0);
  const clock = /上午|下午|[ap]\.?m/i.test(text) ? hour : Number(hours);
  const [, sign, ahead = "0", more = "0"] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  const offset = (Number(ahead) * 60 + Number(more)) * (sign === "-" ? -1 : 1);
  if (clock > 23 || Number(minutes) > 59 || Number(seconds) > 60 || Math.abs(offset) > 14 * 60) {
    throw new DomainError("date-invalid", text);
  }
  const local = Date.parse(`${day}T00:00:00Z`) + ((clock * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return taipeiDay(new Date(local - offset * 60_000));
}

/** Days from one day to another, negative when the other is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
