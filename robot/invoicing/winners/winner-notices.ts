import { stringify } from "csv-stringify/sync";

/** One winner in the table of who was told. */
export type NoticeRow = {
  readonly invoice: string;
  readonly prize: string;
  /** TWD, as text; empty where it is not known. */
  readonly amount: string;
  /** How, or why not, in words. */
  readonly way: string;
  readonly address: string;
  readonly name: string;
  /** UTC, ISO 8601; empty where nothing was sent. */
  readonly at: string;
  readonly words: string;
};

const COLUMNS = ["發票號碼", "獎項", "中獎獎金", "通知方式", "電子郵件", "姓名", "時間（台北）", "說明"];
const TAIPEI_MS = 8 * 60 * 60 * 1000;

/** The table as CSV for Excel: UTF-8 with BOM, CRLF; a value that a spreadsheet would compute begins with an apostrophe. */
export function writeNotices(rows: readonly NoticeRow[]): Uint8Array {
  const cells = rows.map(({ invoice, prize, amount, way, address, name, at, words }) => [
    invoice,
    prize,
    amount,
    way,
    address,
    name,
    at === "" ? "" : new Date(Date.parse(at) + TAIPEI_MS).toISOString().slice(0, 16).replace("T", " "),
    words,
  ]);
  const text = stringify([COLUMNS, ...cells], { record_delimiter: "\r\n", escape_formulas: true });
  return new TextEncoder().encode(`\uFEFF${text}`);
}
