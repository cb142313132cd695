import { type CellReader, cellReader } from "../reading/cells.ts";
import { parseDay } from "../values/day.ts";
import { parsePeriod } from "../values/period.ts";
import { prizeByWords } from "../values/prize.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { fileRows } from "../reading/row-stream.ts";
import { type FileSource, type FileRow, atLeast, columnName } from "../reading/table.ts";
import { splitInvoiceNumber } from "../values/track.ts";
import { NO_FIELDS, type Remark, type Winner, type WinnerFields, unreadWinner } from "./winner.ts";
import { parseAmount } from "./winning-record.ts";

/**
 * The columns of a value-added platform's list, and those of the tables that are written here, with the fields they fill. 獎項 and 中獎獎金
 * together say the prize.
 */
const COLUMNS = {
  字軌期別: "period",
  發票號碼: "invoice",
  發票日期: "day",
  金額: "total",
  隨機碼: "randomNumber",
  統一編號: "sellerUbn",
  會員識別: "member",
  載具類別: "carrierType",
  載具名稱: "carrierName",
  載具明碼: "carrierClear",
  載具隱碼: "carrierHidden",
  買方統編: "buyerUbn",
  已匯款: "paid",
} as const satisfies Readonly<Record<string, keyof WinnerFields>>;

const PRIZE_COLUMNS = ["獎項", "中獎獎金"] as const;

/** What the tables that are written here call the same columns. */
const ALIASES: Readonly<Record<string, keyof typeof COLUMNS>> = { 期別: "字軌期別", 賣方統編: "統一編號" };

/** Before a value that a spreadsheet would compute, an apostrophe is put when a table is written. */
const PROTECTED = /^'(?=[=+\-@\t\r＝＋－＠])/;

type ColumnName = keyof typeof COLUMNS | (typeof PRIZE_COLUMNS)[number];
const NAMES: readonly string[] = [...Object.keys(COLUMNS), ...PRIZE_COLUMNS];

type Layout = { readonly places: ReadonlyMap<string, number>; readonly header: readonly string[] };

/**
 * Reads the CSV that value-added platforms give for download: columns by their names, in any order, with any others kept in the note.
 * @throws whatever the source throws
 */
export async function* readWinningCsv(
  file: FileSource,
  { onFault, onRemark = () => undefined }: { onFault: (fault: Fault) => void; onRemark?: (remark: Remark) => void },
): AsyncGenerator<Winner> {
  let layout: Layout | undefined;
  try {
    for await (const row of fileRows(file.read(), { onBroken: onFault })) {
      if (layout === undefined) {
        layout = layoutOf(row, onFault);
        continue;
      }
      yield readRow(row, layout, onFault, onRemark);
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    onFault(fault(error.code, { value: error.seen }, error.wanted));
    return;
  }
  if (layout === undefined) onFault(fault("empty-file", {}));
}

function layoutOf(row: FileRow, onFault: (fault: Fault) => void): Layout {
  const header = row.cells.map(columnName).map((name) => ALIASES[name] ?? name);
  const places = new Map(header.map((name, index) => [name, index]));
  const needed: readonly ColumnName[] = ["字軌期別", "發票號碼"];
  for (const name of needed) {
    if (!places.has(name)) {
      onFault(fault("column-missing", { line: row.line, column: name, value: row.cells.join(",") }, name));
    }
  }
  return { places, header };
}

function readRow(
  row: FileRow,
  layout: Layout,
  onFault: (fault: Fault) => void,
  onRemark: (remark: Remark) => void,
): Winner {
  const { line, cells } = row;
  if (cells.length < layout.header.length) {
    const value = cells.join(",");
    onFault(fault("columns-wrong", { line, value }, atLeast(layout.header.length)));
    return unreadWinner(line, value);
  }
  const reader = cellReader(row, (name: ColumnName) => layout.places.get(name));
  const text = (name: ColumnName): string => (cells[layout.places.get(name) ?? -1] ?? "").replace(PROTECTED, "");
  reader.cell("字軌期別", "other", parsePeriod);
  reader.cell("發票號碼", "other", splitInvoiceNumber);
  if (text("發票日期") !== "") reader.cell("發票日期", "date", parseDay);
  const { prize, remark } = prizeOf(reader, text("獎項"), text("中獎獎金"));
  if (remark !== undefined) onRemark({ line, column: "獎項", text: remark });
  for (const one of reader.faults) onFault(one);
  const fields: WinnerFields = {
    ...NO_FIELDS,
    period: text("字軌期別"),
    invoice: text("發票號碼"),
    day: text("發票日期"),
    total: text("金額"),
    randomNumber: text("隨機碼"),
    sellerUbn: text("統一編號"),
    member: text("會員識別"),
    carrierType: text("載具類別"),
    carrierName: text("載具名稱"),
    carrierClear: text("載具明碼"),
    carrierHidden: text("載具隱碼"),
    buyerUbn: text("買方統編"),
    paid: text("已匯款"),
  };
  const note = [
    ...reader.faults.map((one) => `${one.column}：${one.message}`),
    ...(remark === undefined ? [] : [remark.zh]),
    ...othersOf(row, layout),
  ].join(" ");
  return { line, fields, prize, note, whole: reader.faults.length === 0 };
}

/** Some platforms put the prize's name into the column of its money, and leave the other one empty. */
function prizeOf(reader: CellReader<ColumnName>, words: string, money: string): ReturnType<typeof prizeByWords> {
  if (money === "") return prizeByWords(words, null);
  if (!/^[\d,.\s]+$/.test(money)) return prizeByWords(words === "" ? money : words, null);
  return prizeByWords(words, reader.cell("中獎獎金", "other", parseAmount) ?? null);
}

function othersOf({ cells }: FileRow, { header }: Layout): string[] {
  const known = (name: string | undefined): boolean => name !== undefined && NAMES.includes(name);
  return cells.flatMap((cell, index) =>
    known(header[index]) || cell === "" ? [] : [`${header[index] ?? ""}=${cell}`],
  );
}
