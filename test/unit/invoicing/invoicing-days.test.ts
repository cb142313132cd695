import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, dayOf, parseDay, taipeiDay } from "../../../robot/invoicing/values/day.ts";
import { deadlinesOf, newestWinningPeriod, takeablePeriods } from "../../../robot/invoicing/deadlines/deadlines.ts";
import {
  type PeriodFormat,
  comparePeriods,
  formatPeriod,
  isPeriod,
  nextPeriod,
  parsePeriod,
  periodEnd,
  periodOf,
  periodStart,
  periodsOfYear,
  previousPeriod,
} from "../../../robot/invoicing/values/period.ts";
import { DomainError } from "../../../robot/invoicing/problems/problems.ts";
import { readOrRefusal, refusal } from "./invoicing-support.ts";

const period = fc
  .record({ year: fc.integer({ min: 89, max: 199 }), pair: fc.integer({ min: 1, max: 6 }) })
  .map(({ year, pair }) => parsePeriod(`${String(year).padStart(3, "0")}${String(pair * 2).padStart(2, "0")}`));

const FORMATS: readonly PeriodFormat[] = ["code", "oddCode", "roc", "rocTight", "ceLabel", "zh"];

describe("period", () => {
  test.each([
    "11512",
    "11511",
    "2026-11",
    "2026-12",
    "202612",
    "202611",
    "115/11",
    "115/11 ~ 115/12",
    "115/11~115/12",
    "115/11～115/12",
    "１１５／１１～１１５／１２",
    "2026/11~2026/12",
    "2026/11 ~ 2026/12",
    "2026年11-12期",
    "２０２６年１１－１２期",
    "2026年11-12月期",
    "115年11-12月",
    "115年 11-12月",
    "115年11月-12月",
    "115年11月12月",
    "115年11~12月",
    "115年12月",
    "115 11~12",
    "115 / 11~12",
    " 11512 ",
    "1151112",
    "20261112",
    "11511-11512",
    "11511~11512",
    "11511－11512",
    "11511-12",
    "202611-202612",
    "202611~12",
    "115/11-12",
    "115/11-115/12",
    "115/1112",
    "115.11-12",
    "115.11~115.12",
    "2026/11-2026/12",
    "2026-11~2026-12",
    "民國115年11-12月",
    "民國 115 年 11-12 月",
    "中華民國115年11、12月份",
    "西元2026年11-12期",
    "115年11,12月",
    "115年11月至12月",
    "115年11月份至12月份",
    "民國115年11月至民國115年12月",
    "115年11月~115年12月",
    "115年1112期",
    "115年11-12月份",
    "115年11-12月期",
    "115年度11-12月",
    "115年第6期",
    "115年度第6期",
    "115第6期",
    "民國115年第六期",
    "2026年第6期",
    "１１５年第６期",
    "一一五年十一、十二月份",
    "中華民國一一五年十一至十二月",
    "一百一十五年十一、十二月",
    "二〇二六年十一-十二月",
    "115/11/01~115/12/31",
    "1151101-1151231",
    "2026-11-01 ~ 2026-12-31",
    "115年11月1日至115年12月31日",
  ])("reads %s as November and December 2026", (spelling) => {
    expect(parsePeriod(spelling)).toBe("11512");
  });

  test.each([
    ["109/09 ~ 109/10", "10910"],
    ["110/11 ~ 110/12", "11012"],
    ["2026年09-10期", "11510"],
    ["103年 11-12月", "10312"],
    ["103/11~103/12", "10312"],
    ["103/03~103/04", "10304"],
    ["11005", "11006"],
    ["11001", "11002"],
    ["113 01~02", "11302"],
    ["110年5月6月", "11006"],
    ["99/11~99/12", "09912"],
    ["1150910", "11510"],
    ["1150102", "11502"],
    ["民國115年9-10月", "11510"],
    ["115年9-10月", "11510"],
    ["11509-11510", "11510"],
    ["115年第5期", "11510"],
    ["115/09~115/10", "11510"],
    ["2026/09-2026/10", "11510"],
    ["2026年09-10期", "11510"],
    ["一一五年九、十月份", "11510"],
    ["99年第1期", "09902"],
  ])("reads %s, which the portal's papers print, as %s", (spelling, code) => {
    expect(parsePeriod(spelling)).toBe(code);
  });

  test.each([
    "",
    "115",
    "11500",
    "11513",
    "202613",
    "115/02~115/03",
    "115年02-03月",
    "115/11~116/12",
    "115/11~2026/12",
    "115/12~115/11",
    "115/11~115/11",
    "115/09~115/12",
    "2026-11-12",
    "2026/11/12",
    "115年112月",
    "1151 2",
    "1512",
    "02612",
    "188812",
    "12345675",
    "11512,11602",
    "109 / 09~10 ~ 109 / 09~10",
    "1150911",
    "1151011",
    "20260911",
    "11509-11511",
    "11512-11601",
    "115年第0期",
    "115年第7期",
    "115年第十期",
    "115.10",
    "115.1",
    "115/09/02~115/10/31",
    "115/09/01~115/10/30",
    "115/09/01~116/10/31",
    "二月三月",
    "民國",
  ])("refuses %j instead of guessing", (text) => {
    const error = refusal(() => parsePeriod(text));
    expect(error.code).toBe("period-invalid");
    expect(error.seen).toBe(text);
  });

  test("every format of every period reads back as the same period", () => {
    fc.assert(
      fc.property(period, fc.constantFrom(...FORMATS), (p, format) => {
        expect(parsePeriod(formatPeriod(p, format))).toBe(p);
      }),
    );
  });

  test("every text is either read as a canonical period or refused with a DomainError", () => {
    const noise = fc.stringMatching(/^[0-9年月期/~ -]{0,14}$/);
    fc.assert(
      fc.property(noise, (text) => {
        const outcome = readOrRefusal(() => parsePeriod(text));
        expect(outcome instanceof DomainError || isPeriod(outcome)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("is written the way each reader wants it", () => {
    const p = parsePeriod("11504");
    expect(FORMATS.map((format) => formatPeriod(p, format))).toEqual([
      "11504",
      "11503",
      "115/03 ~ 115/04",
      "115/03~115/04",
      "2026年03-04期",
      "115年03-04月",
    ]);
  });

  test("next and previous undo each other, and order follows the calendar", () => {
    const inner = period.filter((p) => p > "08902" && p < "19912");
    fc.assert(
      fc.property(inner, (p) => {
        expect(previousPeriod(nextPeriod(p))).toBe(p);
        expect(comparePeriods(p, nextPeriod(p))).toBeLessThan(0);
        expect(addDays(periodEnd(p), 1)).toBe(periodStart(nextPeriod(p)));
      }),
    );
  });

  test("a year has six periods, whichever calendar names it", () => {
    expect(periodsOfYear(115)).toEqual(["11502", "11504", "11506", "11508", "11510", "11512"]);
    expect(periodsOfYear(2026)).toEqual(periodsOfYear(115));
  });

  test("belongs to the day in Taipei, not to the day in UTC", () => {
    expect(periodOf(new Date("2026-12-31T15:59:59Z"))).toBe("11512");
    expect(periodOf(new Date("2026-12-31T16:00:00Z"))).toBe("11602");
    expect(takeablePeriods(new Date("2026-12-31T16:00:00Z"))).toEqual(["11602", "11604"]);
  });

  test("ends on the last day of February in a leap year", () => {
    expect(periodEnd(parsePeriod("11302"))).toBe("2024-02-29");
    expect(periodEnd(parsePeriod("11402"))).toBe("2025-02-28");
  });
});

describe("day", () => {
  test.each([
    "2026/11/03",
    "2026-11-3",
    "20261103",
    "115/11/03",
    "1151103",
    "115年11月3日",
    "2026/11/03 14:05:33",
    "2026-11-03T14:05",
    "中華民國115年11月3日",
    "ROC 115/11/03",
    "2026-11-03 23:05 (UTC+8)",
    "2026-11-03T23:05:00 Asia/Taipei",
    "2026-11-03 00:05 台北標準時間",
  ])("reads %s", (text) => {
    expect(parseDay(text)).toBe("2026-11-03");
  });

  test.each(["2026/02/30", "11/03/2026", "2026/13/01", "", "昨天"])("refuses %j", (text) => {
    expect(refusal(() => parseDay(text)).code).toBe("date-invalid");
  });

  test("at an instant is the date on a calendar in Taipei", () => {
    expect(taipeiDay(new Date("2026-11-03T16:00:00Z"))).toBe("2026-11-04");
    expect(dayOf(2026, 11, 4)).toBe("2026-11-04");
  });
});

describe("deadlines", () => {
  test("of 115/11-12 are the dates of the law, and only the VAT return moves on a holiday", () => {
    const dates = Object.fromEntries(
      deadlinesOf(parsePeriod("11512")).map((d) => [d.duty, [d.from, d.by, d.movesOnHoliday]]),
    );
    expect(dates).toEqual({
      allocation: ["2026-12-18", "2026-12-18", false],
      "reminder-mail": ["2027-01-07", "2027-01-07", false],
      "blank-numbers": ["2027-01-01", "2027-01-10", false],
      "vat-return": ["2027-01-01", "2027-01-15", true],
      "winning-delivery": [undefined, "2027-01-24", false],
      draw: ["2027-01-25", "2027-01-25", false],
      "winning-list": ["2027-01-28", undefined, false],
      "winners-notified": ["2027-01-26", "2027-02-04", false],
    });
  });

  test("follow the configured day of allocation", () => {
    const [allocation] = deadlinesOf(parsePeriod("11506"), { allocationDay: 20 });
    expect(allocation?.by).toBe("2026-06-20");
  });

  test.each([
    ["2027-01-27", "11510"],
    ["2027-01-28", "11512"],
    ["2027-02-28", "11512"],
    ["2027-03-27", "11512"],
    ["2027-03-28", "11602"],
  ])("on %s the newest list of winners is that of %s", (day, period) => {
    expect(newestWinningPeriod(parseDay(day))).toBe(period);
  });
});
