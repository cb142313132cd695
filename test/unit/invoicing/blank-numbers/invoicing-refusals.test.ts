import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { explainFailures, readFailureDetails } from "../../../../robot/invoicing/blank-numbers/failure-details.ts";
import { checkFile } from "../../../../robot/invoicing/file-recognition.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { refusalOf, saysPartly } from "../../../../robot/invoicing/blank-numbers/refusals.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { parseInvoiceNumber, parseTrack } from "../../../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../../../robot/invoicing/values/ubn.ts";

const CODES = [
  "E0102",
  "E0107",
  "E0139",
  "E0201",
  "E0208",
  ...Array.from({ length: 16 }, (_, index) => `E06${String(index + 1).padStart(2, "0")}`),
];

describe("what the portal says against blank numbers", () => {
  test.each(CODES)("%s has a meaning and a remedy of its own in both languages", (code) => {
    const refusal = refusalOf(`00001,12345675,11510,AB,00000000,00000049,07,${code}`);
    expect(refusal?.code).toBe(code);
    for (const { zh, en } of [refusal?.meaning, refusal?.remedy].flatMap((words) => words ?? [])) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[^\p{Script=Han}]+$/u);
    }
    const others = CODES.filter((one) => one !== code).map((one) => refusalOf(one)?.remedy.zh);
    expect(others).not.toContain(refusal?.remedy.zh);
    expect(refusal?.isPartial).toBe(code === "E0615");
  });

  test.each([
    ["發票迄號必須大於或等於起號", "run-reversed"],
    ["迄號不可小於起號", "run-reversed"],
    ["起號不得大於迄號", "run-reversed"],
    ["發票訖號小於發票起號", "run-reversed"],
    ["結束號碼須大於開始號碼", "run-reversed"],
    ["起迄號順序錯誤", "run-reversed"],
    ["空白發票新增失敗，請確認是否有輸入相同區間", "runs-overlap"],
    ["空白發票號碼區間重複", "runs-overlap"],
    ["資料重覆", "runs-overlap"],
    ["發票區間跟其他資料重疊", "runs-overlap"],
    ["此區間已存在", "already-listed"],
    ["該號碼已上傳", "already-listed"],
    ["發票號碼未配號", "not-allocated"],
    ["查無此字軌", "not-allocated"],
    ["字軌不存在", "not-allocated"],
    ["非本期發票", "period-other"],
    ["發票期別格式錯誤", "period-odd-month"],
    ["空白字軌長度不得超過2碼", "track-invalid"],
    ["空白發票起號長度必為8碼", "number-invalid"],
    ["空白發票迄號長度必為8碼", "number-invalid"],
    ["統編格式錯誤須為8碼數字", "ubn-invalid"],
    ["發票類別錯誤", "category-invalid"],
    ["部分成功", "E0615"],
    ["Partially done", "E0615"],
  ])("「%s」 is %s", (words, code) => {
    expect(refusalOf(words)?.code).toBe(code);
  });

  test("words that nobody knows stay without an explanation", () => {
    expect(refusalOf("系統忙線中")).toBeNull();
    expect(saysPartly("已完成")).toBe(false);
    expect(saysPartly("部份完成")).toBe(true);
  });

  test("a centre's details: end before begin is exchanged, the same run twice is deleted once", async () => {
    const bytes = await readFile(new URL("../../../fixtures/cases/c19-details.csv", import.meta.url));
    const failures = explainFailures(readFailureDetails(bytes), []);
    expect(failures.map(({ refusal }) => refusal?.code)).toEqual(["run-reversed", "runs-overlap"]);
    expect(failures[0]?.remedy).toContain("對調");
    expect(failures[1]?.remedy).toContain("刪除一列");
  });

  test("a file of refused rows is told as that, each row with what to do; an order list that says why an invoice failed is a ledger", async () => {
    const bytes = await readFile(new URL("../../../fixtures/cases/c19-details.csv", import.meta.url));
    const details = await checkFile(fileOfBytes("details.csv", bytes));
    expect(details).toMatchObject({ kind: "failure-details", rows: 2, faults: [] });
    expect(details.warnings.map(({ line, value, remedy }) => [line, value, remedy])).toEqual([
      [2, expect.stringContaining("迄號必須"), expect.stringContaining("對調")],
      [3, expect.stringContaining("相同區間"), expect.stringContaining("刪除一列")],
    ]);
    const orders = "發票起號,發票日期,發票狀態,錯誤訊息\nAB00000001,2026/09/01,已開立,\n";
    expect(await checkFile(fileOfBytes("orders.csv", Buffer.from(orders)))).toMatchObject({
      kind: "ledger",
      faults: [],
    });
  });

  test("codes without a header, one a line, are all told, and a row of ours is found beside them", () => {
    const row = {
      ubn: parseUbn("12345675"),
      period: parsePeriod("11510"),
      category: "07" as const,
      track: parseTrack("AB"),
      begin: parseInvoiceNumber("00000000"),
      end: parseInvoiceNumber("00000049"),
      line: 1,
    };
    const text = "E0615,部分成功\r\nE0612,AB 00000000-00000049\r\n";
    const failures = explainFailures(readFailureDetails(Buffer.from(text)), [row]);
    expect(failures.map(({ refusal, row: meant }) => [refusal?.code, meant?.line])).toEqual([
      ["E0615", undefined],
      ["E0612", 1],
    ]);
    expect(failures[1]?.reason).toContain("和平台上已有的區間重疊");
  });
});
