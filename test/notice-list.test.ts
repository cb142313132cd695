import { describe, expect, test } from "vitest";
import { unlisting } from "../flows/notice-list.ts";

describe("刪除 of an address from the portal's list", () => {
  const act = unlisting("left@office.test", ["own@office.test"]);
  const before = { addresses: ["Own@office.test", "left@office.test"] };

  test("is proved by a list that shows who stays, and by no other", () => {
    expect(act.compare(before, { addresses: ["Own@office.test"] })).toBe("happened");
    expect(act.compare(before, before)).toBe("absent");
    // A list that has not filled yet, and the help desk's address on the page around it.
    expect(act.compare(before, { addresses: [] })).toBe("absent");
    expect(act.compare(before, { addresses: ["help@portal.test"] })).toBe("absent");
  });

  test("is not taken for done where the list has not filled yet", () => {
    expect(act.judge(before, false)).toEqual({ go: true });
    expect(act.judge({ addresses: ["own@office.test"] }, false)).toHaveProperty("already");
    expect(act.judge({ addresses: [] }, false)).toMatchObject({ refuse: "portal-slow" });
  });
});
