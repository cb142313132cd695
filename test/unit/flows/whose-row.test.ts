import { describe, expect, test } from "vitest";
import { allocationRows, rowTaken } from "../../../flows/shared/allocation.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { parseUbn } from "../../../robot/invoicing/values/ubn.ts";
import type { AllocationRow } from "../../../selectors/pages.ts";

const OURS = parseUbn("12345675");

function row(ubn: string, booksTaken: number): AllocationRow {
  const period = parsePeriod("11512");
  return {
    ubn,
    period,
    category: "07",
    booksTaken,
    booksAdded: 0,
    booksAllocated: 0,
    state: "not-yet",
    stateText: "否",
  };
}

describe("a row of the list of allocations", () => {
  test("of another company is not ours, though it has the same books", () => {
    expect(allocationRows([row("10000011", 6), row(OURS, 4)], { ubn: OURS })).toEqual([row(OURS, 4)]);
    expect(allocationRows([row("10000011", 6)], { ubn: OURS })).toEqual([]);
  });

  test("that does not say whose it is is ours: such a list shows no others", () => {
    expect(allocationRows([row("", 6)], { ubn: OURS })).toHaveLength(1);
  });

  test("is told apart from another one of the period by its books, and a person is asked where they do not tell", () => {
    expect(rowTaken([], 6)).toBeNull();
    expect(rowTaken([row(OURS, 4)], 6)).toEqual(row(OURS, 4));
    expect(rowTaken([row(OURS, 4), row(OURS, 6)], 6)).toEqual(row(OURS, 6));
    for (const rows of [
      [row(OURS, 6), row(OURS, 6)],
      [row(OURS, 4), row(OURS, 5)],
    ]) {
      expect(() => rowTaken(rows, 6)).toThrow(expect.objectContaining({ code: "person-needed" }));
    }
  });
});
