import { expect, test } from "vitest";
import { manyWinners } from "../../support/winning/many.ts";

test("a hundred thousand winners are written as CSV and workbook in memory that does not grow with their number", async () => {
  const many = await manyWinners(100_000, "write");
  expect(many).toMatchObject({ faults: 0, lines: 100_001 });
  expect(many.peakMegabytes).toBeLessThan(400);
});
