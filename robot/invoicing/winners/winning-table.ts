import { stringify } from "csv-stringify/sync";
import { writeSheet } from "../reading/xlsx.ts";
import type { Winner } from "./winner.ts";

type Column = { readonly name: string; readonly width: number; readonly text: (winner: Winner) => string };

/** Names of the columns whose cells are amounts and may be added up; all others are text, so that no zero is lost. */
const AMOUNTS: readonly string[] = ["金額", "中獎獎金"];

const COLUMNS: readonly Column[] = [
  { name: "行號", width: 7, text: ({ line }) => String(line) },
  { name: "期別", width: 8, text: ({ fields }) => fields.period },
  { name: "發票號碼", width: 13, text: ({ fields }) => fields.invoice },
  { name: "發票日期", width: 12, text: ({ fields }) => fields.day },
  { name: "發票時間", width: 10, text: ({ fields }) => fields.time },
  { name: "金額", width: 10, text: ({ fields }) => fields.total },
  { name: "隨機碼", width: 8, text: ({ fields }) => fields.randomNumber },
  { name: "獎別代號", width: 9, text: ({ prize }) => prize.code },
  { name: "獎項", width: 20, text: ({ prize }) => prize.name },
  { name: "中獎獎金", width: 12, text: ({ prize }) => (prize.amount === null ? "" : String(prize.amount)) },
  { name: "已匯款", width: 8, text: ({ fields }) => fields.paid },
  { name: "會員識別", width: 24, text: ({ fields }) => fields.member },
  { name: "載具類別", width: 10, text: ({ fields }) => fields.carrierType },
  { name: "載具名稱", width: 16, text: ({ fields }) => fields.carrierName },
  { name: "載具明碼", width: 24, text: ({ fields }) => fields.carrierClear },
  { name: "載具隱碼", width: 24, text: ({ fields }) => fields.carrierHidden },
  { name: "買方統編", width: 11, text: ({ fields }) => fields.buyerUbn },
  { name: "賣方統編", width: 11, text: ({ fields }) => fields.sellerUbn },
  { name: "賣方名稱", width: 24, text: ({ fields }) => fields.sellerName },
  { name: "賣方地址", width: 36, text: ({ fields }) => fields.sellerAddress },
  { name: "總公司統編", width: 11, text: ({ fields }) => fields.headUbn },
  { name: "資料類型", width: 9, text: ({ fields }) => fields.dataType },
  { name: "例外", width: 6, text: ({ fields }) => fields.exception },
  { name: "列印格式", width: 9, text: ({ fields }) => fields.printFormat },
  { name: "UID", width: 26, text: ({ fields }) => fields.uid },
  { name: "備註", width: 60, text: ({ note }) => note },
];

/** How many lines are written at once. */
const BATCH = 500;

/**
 * The winners as CSV for Excel and other programs: UTF-8 with BOM, CRLF, a header. A value that a spreadsheet would take for a
 * formula begins with an apostrophe, since member names come from strangers.
 */
export async function* winnersCsv(winners: AsyncIterable<Winner>): AsyncGenerator<Uint8Array> {
  const write = (rows: readonly (readonly string[])[]): Uint8Array =>
    new TextEncoder().encode(
      stringify(
        rows.map((row) => [...row]),
        { record_delimiter: "\r\n", escape_formulas: true },
      ),
    );
  yield new TextEncoder().encode("\uFEFF");
  yield write([COLUMNS.map(({ name }) => name)]);
  let batch: string[][] = [];
  for await (const winner of winners) {
    batch.push(COLUMNS.map(({ text }) => text(winner)));
    if (batch.length < BATCH) continue;
    yield write(batch);
    batch = [];
  }
  if (batch.length > 0) yield write(batch);
}

/** The winners as a workbook: everything is text, as it stands in the list, but for the amounts. The same winners make the same bytes. */
export function winnersXlsx(winners: AsyncIterable<Winner>): AsyncIterable<Uint8Array> {
  const columns = COLUMNS.map(({ name, width }) => ({
    header: name,
    width,
    format: AMOUNTS.includes(name) ? "#,##0" : "@",
  }));
  return writeSheet("中獎清冊", columns, rowsOf(winners));
}

async function* rowsOf(winners: AsyncIterable<Winner>): AsyncGenerator<(string | number)[]> {
  for await (const winner of winners) {
    yield COLUMNS.map(({ name, text }) => {
      const value = text(winner);
      return AMOUNTS.includes(name) && /^\d{1,15}$/.test(value) ? Number(value) : value;
    });
  }
}
