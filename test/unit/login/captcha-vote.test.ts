import { array, assert, property, stringMatching } from "fast-check";
import { expect, test } from "vitest";
import { spell } from "../../../robot/login/captcha/spell.ts";
import { vote } from "../../../robot/login/captcha/vote.ts";

test("ballots without exactly five digits win nothing, and their weight is missing from the margin", () => {
  const ballots = ["2037", "20037", "200371", "", "2003７"].map((text) => ({ text, weight: 1 }));
  expect(vote(ballots, 5)).toEqual({ text: "20037", margin: 0.2 });
  expect(vote([{ text: "2037", weight: 1 }], 1)).toEqual({ text: "", margin: 0 });
  expect(vote([], 1)).toEqual({ text: "", margin: 0 });
});

test("each position is decided by itself, and the weakest one makes the margin", () => {
  const ballots = [
    { text: "12345", weight: 2 },
    { text: "12395", weight: 1 },
    { text: "72345", weight: 1 },
  ];
  expect(vote(ballots, 4)).toEqual({ text: "12345", margin: 0.5 });
});

test("the margin is a share, and only agreement of every voice makes it whole", () => {
  const digits = stringMatching(/^[0-9]{5}$/);
  assert(
    property(array(digits, { minLength: 1, maxLength: 6 }), (texts) => {
      const { margin } = vote(
        texts.map((text) => ({ text, weight: 1 })),
        texts.length,
      );
      expect(margin).toBeGreaterThanOrEqual(0);
      expect(margin === 1).toBe(new Set(texts).size === 1);
    }),
  );
});

/** Columns that are sure: "-" is nothing new, a digit is that digit. */
function columns(pattern: string): Float32Array[] {
  return Array.from(pattern, (symbol) => {
    const column = new Float32Array(11).fill(0.001);
    column[symbol === "-" ? 0 : Number(symbol) + 1] = 0.99;
    return column;
  });
}

test("a digit that lasts is one digit; the same digit after a gap is another one", () => {
  expect(spell(columns("-11-1--223-3--"))[0]?.text).toBe("11233");
  expect(spell(columns("77-7-7-777-7"))[0]?.text).toBe("77777");
});

test("columns that show four or six digits leave next to no probability for any five", () => {
  const sum = (pattern: string) => spell(columns(pattern)).reduce((total, { probability }) => total + probability, 0);
  expect(sum("-1-2-3-4-5-")).toBeGreaterThan(0.8);
  expect(sum("-1-2-3-4-")).toBeLessThan(0.1);
  expect(sum("-1111--2-33-4-")).toBeLessThan(0.1);
  expect(sum("-1-2-3-4-5-6-")).toBeLessThan(0.1);
});
