import { describe, expect, test } from "vitest";
import { unlisting } from "../flows/notice-list.ts";

describe("刪除 of an address from the portal's list", () => {
  const { judge, compare } = unlisting("left@office.test", ["own@office.test"]);
  const before = { addresses: ["Own@office.test", "left@office.test"] };

  test("is proved by a list that shows who stays, and by no other", () => {
    expect(compare(before, { addresses: ["Own@office.test"] })).toBe("happened");
    expect(compare(before, before)).toBe("absent");
    // A list that has not filled yet, and the help desk's address on the page around it.
    expect(compare(before, { addresses: [] })).toBe("absent");
    expect(compare(before, { addresses: ["help@portal.test"] })).toBe("absent");
  });

  test("is not taken for done where the list has not filled yet", () => {
    expect(judge(before, false)).toEqual({ go: true });
    expect(judge({ addresses: ["own@office.test"] }, false)).toHaveProperty("already");
    expect(judge({ addresses: [] }, false)).toMatchObject({ refuse: "portal-slow" });
  });
});
