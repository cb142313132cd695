import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type NumberRange,
  booksIn,
  numberOf,
  overlaps,
  parseCategory,
  parseInvoiceNumber,
  parseRange,
  parseTrack,
  rangeSize,
  splitInvoiceNumber,
} from "../../../robot/invoicing/values/track.ts";
import { mergeRanges, subtractRanges } from "../../../robot/invoicing/values/ranges.ts";
import { isUbn, parseUbn } from "../../../robot/invoicing/values/ubn.ts";
import { refusal } from "./invoicing-support.ts";

describe("UBN", () => {
  test.each(["12345675", "01234569", "98765433", "12345774"])("accepts %s, whose check digit is right", (text) => {
    expect(parseUbn(text)).toBe(text);
  });

  test.each(["12345678", "1234567", "１２３４５６７５", " 12345675", "12345675\n", ""])("refuses %j", (text) => {
    expect(isUbn(text)).toBe(false);
    expect(refusal(() => parseUbn(text)).code).toBe("ubn-invalid");
  });

  test("an error says what was wanted, what was seen and what to do", () => {
    const { message } = refusal(() => parseUbn("1234567"));
    expect(message).toBe(
      "統一編號不正確。應該是：8 碼數字且檢查碼正確的統一編號；看到的是「1234567」。請核對營業登記上的統一編號。",
    );
  });
});

const smallRun = fc
  .record({ track: fc.constantFrom("AA", "AB"), begin: fc.nat(120), size: fc.integer({ min: 1, max: 30 }) })
  .map(({ track, begin, size }) => parseRange(track, numberOf(begin), numberOf(begin + size - 1)));

function members(runs: readonly NumberRange[]): Set<string> {
  return new Set(
    runs.flatMap((run) =>
      Array.from({ length: rangeSize(run) }, (_, i) => `${run.track}${numberOf(Number(run.begin) + i)}`),
    ),
  );
}

describe("track and number", () => {
  test.each(["7", "07", "一般稅額計算", "一般稅額計 算", "07:一般稅額計算", "７"])("category %s is 07", (text) => {
    expect(parseCategory(text)).toBe("07");
  });

  test.each(["8", "08", "特種稅額計算"])("category %s is 08", (text) => {
    expect(parseCategory(text)).toBe("08");
  });

  test.each(["", "9", "78", "007", "三聯式發票", "07:特種稅額計算"])("category %j is refused", (text) => {
    expect(refusal(() => parseCategory(text)).code).toBe("category-invalid");
  });

  test("only two capital letters are a track, only eight digits a number", () => {
    for (const text of ["ab", "A", "ABC", "Ａｂ", "A1", ""])
      expect(refusal(() => parseTrack(text)).code).toBe("track-invalid");
    for (const text of ["1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", ""]) {
      expect(refusal(() => parseInvoiceNumber(text)).code).toBe("number-invalid");
    }
  });

  test("leading zeros survive arithmetic", () => {
    const run = parseRange("AB", "00000050", "00000099");
    expect(booksIn(run)).toBe(1);
    expect(numberOf(50)).toBe("00000050");
    expect(splitInvoiceNumber("AB00000001")).toEqual({ track: "AB", number: "00000001" });
  });

  test("the portal's own example is fifty books", () => {
    expect(booksIn(parseRange("NQ", "42519550", "42522049"))).toBe(50);
  });

  test.each([
    ["00000001", "00000050"],
    ["00000000", "00000050"],
    ["00000010", "00000049"],
  ])("%s-%s is not whole books", (begin, end) => {
    expect(refusal(() => booksIn(parseRange("AB", begin, end))).code).toBe("run-not-books");
  });

  test("merging keeps exactly the same numbers in separate, ordered runs", () => {
    fc.assert(
      fc.property(fc.array(smallRun, { maxLength: 12 }), (runs) => {
        const merged = mergeRanges(runs);
        expect(members(merged)).toEqual(members(runs));
        for (const [index, one] of merged.entries()) {
          const next = merged[index + 1];
          if (next === undefined) continue;
          expect(overlaps(one, next)).toBe(false);
          expect(one.track < next.track || Number(next.begin) > Number(one.end) + 1).toBe(true);
        }
      }),
    );
  });

  test("taking runs out of runs leaves exactly the other numbers", () => {
    fc.assert(
      fc.property(fc.array(smallRun, { maxLength: 10 }), fc.array(smallRun, { maxLength: 10 }), (a, b) => {
        const removed = members(b);
        const wanted = new Set(Array.from(members(a)).filter((number) => !removed.has(number)));
        expect(members(subtractRanges(a, b))).toEqual(wanted);
      }),
    );
  });
});
