import { expect, test } from "vitest";
import { grown, withTable } from "../../bench/runner/compare.ts";
import { spreadOf } from "../../bench/runner/measure.ts";

test("what has grown by more than a fifth is named with both ratios, and nothing else", () => {
  const committed = { start: spreadOf([10, 11, 12]), verify: spreadOf([3]), blank: spreadOf([2]) };
  const now = new Map([
    ["start", spreadOf([14, 13.3, 15])],
    ["verify", spreadOf([3.5])],
    ["blank", spreadOf([1])],
    ["new", spreadOf([99])],
  ]);
  expect(grown(now, committed)).toEqual(["start: 11 has become 14 (13.3–15), 27 % more"]);
});

test("the table stands between its marks, and what stands around it is left as it is", () => {
  const page = "before\n<!-- ratios: made by npm run bench -- --write -->\nold\n<!-- /ratios -->\nafter\n";
  const row = { name: "verify", what: "verifying", beside: "hashing", spread: spreadOf([3, 1, 2]) };
  const written = withTable(page, [row]);
  expect(written).toMatch(
    /^before\n<!-- ratios.*\| `verify` \| verifying \| hashing \| 2 \| 1–3 \| 3 \|.*<!-- \/ratios -->\nafter\n$/s,
  );
  expect(written).not.toContain("old");
  expect(withTable(written, [row])).toBe(written);
  expect(() => withTable("without", [row])).toThrow("has no");
});
