import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { configSchema } from "../../../robot/config/schema.ts";
import { plainName } from "../../../robot/config/fields/plain-name.ts";
import { writeCarrierResults } from "../../../robot/invoicing/carriers/carrier-list.ts";

describe("names that people read", () => {
  test.each(["一二三商行", "Café Ünïcode 股份有限公司", "王小明 (台北)", "a".repeat(100), "👍店"])(
    "%s is one",
    (name) => {
      expect(plainName().safeParse(name).success).toBe(true);
    },
  );

  test.each([
    ["a control character", "甲\u0000商行"],
    ["a new line", "甲商行\n乙商行"],
    ["a carriage return", "甲\r商行"],
    ["an escape", "\u001b[31m甲"],
    ["a direction mark", "甲\u202e行商"],
    ["an isolate", "甲\u2066行商"],
    ["a blank of no width", "甲\u200b商行"],
    ["100,000 characters", "甲".repeat(100_000)],
    ["nothing", ""],
  ])("%s is refused", (_what, name) => {
    expect(plainName().safeParse(name).success).toBe(false);
    const companies = [{ name, ubn: "12345675" }];
    expect(configSchema.safeParse({ portal: { address: "http://127.0.0.1:9" }, companies }).success).toBe(false);
  });
});

test("what strangers wrote is no formula in the results of binding", () => {
  const bytes = writeCarrierResults([{ link: "=1+1", outcome: "done", boundAt: "", reason: "@SUM(A1)" }]);
  const rows: unknown = parse(Buffer.from(bytes), { bom: true });
  expect(rows).toEqual([
    ["連結", "結果", "歸戶時間", "原因"],
    ["'=1+1", "done", "", "'@SUM(A1)"],
  ]);
});
