import { describe, expect, test } from "vitest";
import {
  barcodeIn,
  isCertificateNumber,
  isMobileBarcode,
  parseMobilePhone,
} from "../../../robot/invoicing/values/carrier.ts";
import { readCarrierList } from "../../../robot/invoicing/carriers/carrier-list.ts";
import { checkFile } from "../../../robot/invoicing/file-recognition.ts";
import { joinWithLedger, readMissingUploads } from "../../../robot/invoicing/blank-numbers/missing-uploads.ts";
import { readLedger } from "../../../robot/invoicing/ledger/read-ledger.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEADER = "連結,載具類別,手機號碼,手機條碼\r\n";
const LINK = "https://box.example.tw/card/1";

describe("identifiers of carriers", () => {
  test.for([
    ["/ABC.123", true],
    ["/AB+-.9Z", true],
    ["/abc1234", false],
    ["ABC.1234", false],
    ["/ABC12345", false],
    ["/ABC 123", false],
  ] as const)("a mobile barcode is a slash and seven of its letters: %s", ([text, is]) => {
    expect(isMobileBarcode(text)).toBe(is);
  });

  test("a certificate's number is two letters and 14 digits", () => {
    expect(isCertificateNumber("AB12345678901234")).toBe(true);
    expect(isCertificateNumber("AB1234567890123")).toBe(false);
  });

  test("a phone number may be written with dashes, and is refused without its leading zero", () => {
    expect(parseMobilePhone("0912-345-678")).toBe("0912345678");
    expect(() => parseMobilePhone("912345678")).toThrow("手機號碼");
  });

  test("a barcode is found in a sentence, and none where two stand or it is part of something longer", () => {
    expect(barcodeIn("手機條碼：/ABC.123，請確認")).toBe("/ABC.123");
    expect(barcodeIn("/ABC.123 /ABC.124")).toBeNull();
    expect(barcodeIn("https://x.tw/ABC.1234/ABCDEFG8")).toBeNull();
  });
});

describe("a list of carriers", () => {
  test("is known by its header, whatever is wrong in it, and told line by line", async () => {
    const check = (text: string) =>
      checkFile({
        name: "歸戶.csv",
        async *read() {
          yield bytes(text);
        },
      });
    const row = `${LINK},手機條碼,0912345678,/ABC.123\r\n`;
    expect(await check(`${HEADER}${row}`)).toMatchObject({ kind: "carrier-list", rows: 1, faults: [] });
    expect(await check(`${HEADER}${row}x,手機條碼,0812345678,/ABC.123\r\n`)).toMatchObject({
      kind: "carrier-list",
      rows: 1,
      faults: [
        { code: "link-invalid", line: 3 },
        { code: "phone-invalid", line: 3 },
      ],
    });
    expect((await check(`連結,載具類別,驗證碼\r\n${LINK},手機條碼,1234\r\n`)).faults).toMatchObject([
      { code: "secret-in-file", line: 1 },
    ]);
  });

  test("names them by link or by member id, and each once", () => {
    const text = `連結,會員編號,載具類別,手機號碼,手機條碼\r\n${LINK},,手機條碼,0912345678,/ABC.123\r\n,a b,自然人憑證,,\r\n${LINK},,手機條碼,0912345678,/ABC.123\r\n`;
    const { carriers, faults } = readCarrierList(bytes(text), "https://box.example.tw/m/{member}");
    expect(faults).toEqual([]);
    expect(carriers).toEqual([
      { line: 2, link: LINK, to: "mobile", phone: "0912345678", barcode: "/ABC.123" },
      { line: 3, link: "https://box.example.tw/m/a%20b", to: "certificate" },
    ]);
  });

  test.for([
    [`${HEADER}${LINK},手機條碼,912345678,/ABC.123\r\n`, "excel-zeros-lost", 2],
    [`${HEADER}${LINK},手機條碼,0912345678,/abc.123\r\n`, "barcode-invalid", 2],
    [`${HEADER}javascript:alert(1),手機條碼,0912345678,/ABC.123\r\n`, "link-invalid", 2],
    [`${HEADER},手機條碼,0912345678,/ABC.123\r\n`, "carrier-link-missing", 2],
    [`${HEADER}${LINK},悠遊卡,0912345678,/ABC.123\r\n`, "carrier-kind-unknown", 2],
    [`${HEADER}${LINK},手機條碼,0912345678,/ABC.123\r\n${LINK},手機條碼,0912345678,/ABC.124\r\n`, "carrier-twice", 3],
    ["連結,載具類別,手機號碼,手機條碼,驗證碼\r\n", "secret-in-file", 1],
    ["載具類別,手機號碼,手機條碼\r\n", "column-missing", 1],
  ] as const)("tells what is wrong with its line (%#)", ([text, code, line]) => {
    expect(readCarrierList(bytes(text), null).faults).toMatchObject([{ code, line }]);
  });
});

describe("the portal's list of invoices that it lacks", () => {
  test("is read whatever its columns, and joined with the ledger number by number", async () => {
    const list = "清冊\r\n項次,字軌,號碼,原因\r\n1,AB,00000001,尚未上傳\r\n2,AB,00000009,逾期\r\n合計,,2,\r\n";
    const { rows, unread } = readMissingUploads(bytes(list));
    expect(rows.map(({ track, number, line }) => [track + number, line])).toEqual([
      ["AB00000001", 3],
      ["AB00000009", 4],
    ]);
    expect(rows[0]?.cells).toMatchObject({ 原因: "尚未上傳" });
    expect(unread).toEqual([5]);
    const ledger = "發票號碼,發票日期,狀態\r\nAB00000001,2026/09/05,作廢\r\n";
    const faults: string[] = [];
    const uses = readLedger(
      { name: "明細", read: () => once(bytes(ledger)) },
      { onFault: ({ message }) => faults.push(message) },
    );
    const joined = await joinWithLedger(rows, uses);
    expect(joined.map(({ known }) => known)).toEqual([{ how: "voided", day: "2026-09-05", line: 2 }, null]);
    expect(faults).toEqual([]);
  });
});

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
