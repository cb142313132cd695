import { expect, test } from "vitest";
import {
  isNearlyNumber,
  numbersIn,
  readEnd,
  readNumbers,
  readTrackAndDigits,
} from "../../../robot/invoicing/ledger/numbers.ts";

const invalid = expect.objectContaining({ code: "invoice-number-invalid" });

test("a track and digits in two columns are one number only where they agree", () => {
  const one = { track: "AB", begin: "00000001", end: "00000001" };
  expect(readTrackAndDigits("AB", "00000001", false)).toEqual(one);
  expect(readTrackAndDigits("ab", "1", true)).toEqual(one);
  expect(readTrackAndDigits("AB", "AB00000001", false)).toEqual(one);
  expect(readTrackAndDigits("", "AB00000001", false)).toEqual(one);
  // Zeros that a text lacks are a mistake, and so is any other track than the one that is named.
  for (const [track, digits] of [
    ["AB", "1"],
    ["CD", "AB00000001"],
    ["A", "00000001"],
    ["", "00000001"],
    ["A1", "00000001"],
  ] as const)
    expect(() => readTrackAndDigits(track, digits, false)).toThrow(invalid);
});

test("what is no number is refused, and a range ends with one number of its track behind its beginning", () => {
  for (const text of ["", "AB", "AB0000001", "AB000000011", "00000001", "備註"])
    expect(() => readNumbers(text)).toThrow(invalid);
  const begin = readNumbers("AB00000010");
  expect(readEnd(begin, "", false)).toEqual(begin);
  expect(readEnd(begin, "00000019", false)).toEqual({ ...begin, end: "00000019" });
  expect(readEnd(begin, "19", true)).toEqual({ ...begin, end: "00000019" });
  expect(readEnd(begin, "AB00000019", false)).toEqual({ ...begin, end: "00000019" });
  const reversed = expect.objectContaining({ code: "run-reversed" });
  for (const end of ["00000009", "AC00000019"]) expect(() => readEnd(begin, end, false)).toThrow(reversed);
  expect(() => readEnd(begin, "AB00000011-AB00000019", false)).toThrow(invalid);
  // Zeros that a text lacks were never there.
  expect(() => readEnd(begin, "19", false)).toThrow(invalid);
});

test("what cannot be seen is no part of a number, and a number in which something went wrong is never passed over", () => {
  const one = { track: "AB", begin: "00000001", end: "00000001" };
  expect(readNumbers("AB\u200b0000\ufeff0001")).toEqual(one);
  expect(numbersIn("補開 AB\u200b00000001、ab-00000002")).toEqual(["AB00000001", "AB00000002"]);
  for (const text of ["AB0000\uFFFD001", "AB0000000", "1.2E+08", "#REF!", "AB00000001=2"])
    expect([text, isNearlyNumber(text)]).toEqual([text, true]);
  for (const text of ["合計", "AB", "共 12 張", ""]) expect([text, isNearlyNumber(text)]).toEqual([text, false]);
});
