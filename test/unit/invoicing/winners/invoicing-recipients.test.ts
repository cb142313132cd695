import { describe, expect, test } from "vitest";
import { encodeText } from "../../../../robot/invoicing/reading/encoding.ts";
import { checkFile } from "../../../../robot/invoicing/file-recognition.ts";
import { addressProof, readRecipients } from "../../../../robot/invoicing/winners/recipients.ts";

const HEADER = "發票號碼,收件人名稱,郵遞區號,縣市,鄉鎮市區,地址";
const LINE = "KK-12351156,林小明,100,臺北市,中正區,重慶南路一段 122 號";
const bytes = (...lines: readonly string[]): Uint8Array => encodeText(`${lines.join("\r\n")}\r\n`, "utf-8");

describe("a list of recipients of winning invoices", () => {
  test("is read in any order of its columns and in Big5 as well", () => {
    const [recipient] = readRecipients(bytes(HEADER, LINE)).recipients;
    expect(recipient).toEqual({
      line: 2,
      invoice: "KK12351156",
      name: "林小明",
      zip: "100",
      county: "臺北市",
      town: "中正區",
      street: "重慶南路一段 122 號",
    });
    const turned = [HEADER, LINE].map((line) => line.split(",").toReversed().join(","));
    expect(readRecipients(encodeText(`${turned.join("\r\n")}\r\n`, "big5")).recipients).toEqual([recipient]);
  });

  test.for([
    ["a part that is empty", "KK12351156,,100,臺北市,中正區,重慶南路", "收件人名稱", "recipient-empty"],
    ["a postal code with a letter", "KK12351156,林小明,10O,臺北市,中正區,重慶南路", "郵遞區號", "zip-invalid"],
    ["no invoice number", "12351156,林小明,100,臺北市,中正區,重慶南路", "發票號碼", "invoice-number-invalid"],
  ] as const)("with %s names line and column, and that row is nobody's", ([, line, column, code]) => {
    const { recipients, faults } = readRecipients(bytes(HEADER, LINE, line));
    expect(faults).toMatchObject([{ line: 3, column, code }]);
    expect(recipients).toHaveLength(1);
  });

  test("names an invoice that is to go to two", () => {
    const { faults } = readRecipients(bytes(HEADER, LINE, LINE.replace("林小明", "王大同")));
    expect(faults).toMatchObject([{ line: 3, column: "發票號碼", code: "recipient-twice" }]);
  });

  test("names each column that is missing", () => {
    const { faults } = readRecipients(bytes("發票號碼,收件人名稱,郵遞區號", "KK12351156,林小明,100"));
    expect(faults.map(({ column }) => column)).toEqual(["縣市", "鄉鎮市區", "地址"]);
  });

  test("is known by its header, and not taken for a ledger of invoices", async () => {
    const content = bytes(HEADER, LINE);
    const checked = await checkFile({ name: "名單.csv", read: () => once(content) });
    expect(checked).toMatchObject({ kind: "recipients", rows: 1, faults: [] });
  });
});

test("臺 and 台 are one place, any other difference another address", () => {
  const here = { name: "林小明", zip: "100", county: "臺北市", town: "中正區", street: "重慶南路一段 122 號" };
  expect(addressProof({ ...here, county: "台北市" })).toBe(addressProof(here));
  expect(addressProof({ ...here, street: "重慶南路一段 12 號" })).not.toBe(addressProof(here));
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
