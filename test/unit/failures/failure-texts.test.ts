import { describe, expect, test } from "vitest";
import { afterDone, failureCodes, failureData, failureIn } from "../../../robot/failures/failure.ts";

/** What people are told of a failure, in both languages. */

test.for(failureCodes())("%s says what is wrong and what to do, and not only to look elsewhere", (code) => {
  for (const language of ["zh", "en"] as const) {
    const { message, next } = failureData(code, {}, language);
    expect([message, next].every((text) => text.trim().length > 3)).toBe(true);
    // A remedy that sends to another command for the remedy is none.
    expect(next).not.toMatch(/doctor/i);
  }
});

describe("what was done before a failure", () => {
  const failure = failureData("page-changed", { wanted: "匯入字軌", seen: "沒有這個表單" });
  const done = (count: number) => Array.from({ length: count }, (_, index) => `「第 ${index + 1} 件」`);

  test("stands first, with what is missing now and until when", () => {
    const told = afterDone(failure, { done: done(1), missing: "2 段空白號碼", until: "2027-01-10" });
    expect(told.message).toBe(
      `已經做了：「第 1 件」。平台上現在缺：2 段空白號碼，最晚 2027-01-10 前要補上。之後：${failure.message}`,
    );
    expect(told).toMatchObject({ done: ["「第 1 件」"], missing: "2 段空白號碼", until: "2027-01-10" });
    expect(failureIn(told, "en").message).toBe(
      "Already done: 「第 1 件」. Missing at the portal now: 2 段空白號碼, to be made up for by 2027-01-10. Then: " +
        failureData("page-changed", { wanted: "匯入字軌", seen: "沒有這個表單" }, "en").message,
    );
    expect(failureIn(told, "zh")).toBe(told);
  });

  test("is told of many as the first few and how many there are, and of none not at all", () => {
    expect(afterDone(failure, { done: done(7) }).message).toMatch(
      /^已經做了：「第 1 件」.*「第 5 件」…共 7 項。之後：/,
    );
    expect(failureIn(afterDone(failure, { done: done(7) }), "en").message).toMatch(
      /^Already done: .*「第 5 件」 … 7 in all\. Then: /,
    );
    expect(afterDone(failure, { done: [], missing: "什麼都沒做" })).toBe(failure);
  });
});
