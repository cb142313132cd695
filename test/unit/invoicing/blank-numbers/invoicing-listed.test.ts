import { array, assert as assertProperty, constantFrom, integer, nat, property, record } from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { compareWithList, type OwnedRange } from "../../../../robot/invoicing/blank-numbers/portal-list.ts";
import { sampleDifferences } from "../../../../robot/invoicing/blank-numbers/sample.ts";
import { numberOf, numberValue, parseTrack } from "../../../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../../../robot/invoicing/values/ubn.ts";

const UBNS = [parseUbn("12345675"), parseUbn("24681353")] as const;
const TRACKS = [parseTrack("AB"), parseTrack("ZZ")] as const;

const run = record({
  ubn: constantFrom(...UBNS),
  track: constantFrom(...TRACKS),
  from: nat({ max: 60 }),
  size: integer({ min: 1, max: 20 }),
}).map(
  ({ ubn, track, from, size }): OwnedRange => ({ ubn, track, begin: numberOf(from), end: numberOf(from + size - 1) }),
);

function numbers(runs: readonly OwnedRange[]): Set<string> {
  return new Set(
    runs.flatMap(({ ubn, track, begin, end }) =>
      Array.from(
        { length: numberValue(end) - numberValue(begin) + 1 },
        (_, n) => `${ubn} ${track} ${numberValue(begin) + n}`,
      ),
    ),
  );
}

test("what is missing and what is too much is told number by number, however the list splits its runs", () => {
  assertProperty(
    property(array(run, { maxLength: 8 }), array(run, { maxLength: 8 }), (wanted, listed) => {
      const { missing, extra } = compareWithList(wanted, listed);
      expect(numbers(missing)).toEqual(numbers(wanted).difference(numbers(listed)));
      expect(numbers(extra)).toEqual(numbers(listed).difference(numbers(wanted)));
    }),
  );
});

describe("the portal's sample", () => {
  const HEADINGS = "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別";
  const CASES: readonly (readonly [what: string, bytes: Uint8Array, says: readonly RegExp[]])[] = [
    ["as configured", Buffer.from(`${HEADINGS}\r\n00001,12345675,11508,AB,00000000,00000049,07\r\n`), []],
    [
      "with lines of explanation before the headings",
      Buffer.from(`空白未使用發票號碼上傳檔範例\r\n${HEADINGS}\r\n`),
      [],
    ],
    ["in another order", Buffer.from("統一編號,發票類別,所屬年月,字軌,起號,迄號\r\n"), [/欄位不同/]],
    ["with a column nobody knows", Buffer.from(`${HEADINGS},備註甲\r\n`), [/不認得的欄位「備註甲」/, /欄位不同/]],
    ["in Big5", iconv.encode(`${HEADINGS}\r\n`, "big5"), [/編碼不同.*Big5/]],
    ["without headings", Buffer.from("00001,12345675,11508,AB,00000000,00000049,07\r\n"), [/找不到欄位名稱/]],
  ];
  test.for(CASES)("%s", ([, bytes, says]) => {
    const told = sampleDifferences(bytes);
    expect(told).toHaveLength(says.length);
    for (const [index, words] of says.entries()) expect(told[index]).toMatch(words);
  });
});
