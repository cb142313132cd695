import { columnName } from "../reading/table.ts";
import { LEDGER_FIELDS, type LedgerColumns, type LedgerField } from "./teaching.ts";

const OWN = "this program's own table";
const PORTAL = "the portal's list of a business's invoices (BTB411W)";
const CARRIER_CSV = "the portal's CSV of a carrier's invoices";
const SHOPS = "order lists of shops and value-added centres";
const POS = "points of sale and accounting packages";
const MEDIA = "營業稅媒體申報檔 as a table";
const API = "names of fields in exports of programs";

/** Columns that are known besides those a person may name: they only help to recognise a layout. */
export type HelperField = "begin" | "count" | "amount" | "place" | "taxType" | "formatCode" | "period";

/**
 * Names of columns with what they hold and where each was seen. Of several that are present, the one with the lowest rank is it; two
 * of the same rank could both be it, so a person is asked. Names are compared without blanks, width, case, asterisks and what stands
 * in brackets behind them.
 */
export const COLUMN_NAMES: readonly {
  readonly field: LedgerField | HelperField;
  readonly rank: number;
  readonly names: readonly string[];
  readonly seen: string;
}[] = [
  { field: "number", rank: 1, names: ["發票號碼"], seen: `${OWN}, ${PORTAL}, ${CARRIER_CSV}` },
  {
    field: "number",
    rank: 1,
    names: [
      "發票編號",
      "統一發票號碼",
      "電子發票號碼",
      "發票字軌號碼",
      "發票字軌及號碼",
      "字軌號碼",
      "發票號",
      "統一發票字軌號碼",
      "統一發票字軌及號碼",
      "統一發票編號",
    ],
    seen: `${SHOPS}, ${POS}, ${MEDIA}`,
  },
  {
    field: "number",
    rank: 1,
    names: ["InvoiceNumber", "InvoiceNo", "InvoiceNo.", "Invoice_No", "Invoice_Number"],
    seen: API,
  },
  {
    field: "number",
    rank: 2,
    names: ["原發票號碼", "原開立發票號碼"],
    seen: "lists of allowances, which name the invoice they are of",
  },
  {
    field: "track",
    rank: 1,
    names: ["字軌", "發票字軌", "發票字軌名稱", "字軌名稱", "統一發票字軌", "字軌別", "InvoiceTrack", "Track"],
    seen: `${POS}, ${MEDIA}`,
  },
  {
    field: "begin",
    rank: 1,
    names: [
      "發票起號",
      "起號",
      "發票(起)號碼",
      "發票起始號碼",
      "起始號碼",
      "開始號碼",
      "發票號碼起",
      "發票號碼(起)",
      "起始發票號碼",
    ],
    seen: `${POS}, ${MEDIA}`,
  },
  {
    field: "end",
    rank: 1,
    names: [
      "發票迄號",
      "發票訖號",
      "迄號",
      "訖號",
      "發票(迄)號碼",
      "發票(訖)號碼",
      "發票迄止號碼",
      "發票結束號碼",
      "結束號碼",
      "截止號碼",
      "終止號碼",
      "發票號碼迄",
      "發票號碼(迄)",
      "發票號碼訖",
      "發票號碼(訖)",
      "結束發票號碼",
    ],
    seen: POS,
  },
  { field: "count", rank: 1, names: ["張數", "發票張數", "份數", "彙總張數", "彙加張數"], seen: POS },
  { field: "date", rank: 1, names: ["發票日期"], seen: `${OWN}, ${PORTAL}, ${CARRIER_CSV}` },
  {
    field: "date",
    rank: 1,
    names: ["發票開立日期", "開立日期", "發票開立日", "開立日", "統一發票日期", "發票日", "開立日期時間"],
    seen: SHOPS,
  },
  { field: "date", rank: 2, names: ["發票時間", "開立時間", "發票開立時間", "發票日期時間"], seen: SHOPS },
  { field: "date", rank: 3, names: ["日期", "交易日期", "銷售日期"], seen: POS },
  {
    field: "date",
    rank: 3,
    names: ["InvoiceDate", "Invoice_Date", "InvoiceDateTime", "IssuedAt", "IssueDate", "Date"],
    seen: API,
  },
  { field: "status", rank: 1, names: ["狀態"], seen: OWN },
  { field: "status", rank: 1, names: ["發票狀態"], seen: `${PORTAL}, ${CARRIER_CSV}, ${SHOPS}` },
  {
    field: "status",
    rank: 1,
    names: ["開立狀態", "發票開立狀態", "發票狀況", "發票使用狀態", "使用狀態"],
    seen: SHOPS,
  },
  { field: "status", rank: 1, names: ["InvoiceStatus", "Invoice_Status", "Status"], seen: API },
  { field: "seller", rank: 1, names: ["賣方統編"], seen: OWN },
  { field: "seller", rank: 1, names: ["賣方統一編號"], seen: `${PORTAL}, ${CARRIER_CSV}` },
  {
    field: "seller",
    rank: 1,
    names: [
      "賣方營業人統編",
      "賣方營業人統一編號",
      "賣方營業人",
      "銷售人統一編號",
      "銷售人統編",
      "賣方公司統編",
      "開立人統編",
    ],
    seen: `${SHOPS}, ${MEDIA}`,
  },
  {
    field: "seller",
    rank: 2,
    names: ["營業人統編", "營業人統一編號", "公司統編", "公司統一編號", "門市統編", "分公司統編", "店家統編"],
    seen: POS,
  },
  { field: "seller", rank: 3, names: ["SellerId", "Seller_Id", "SellerIdentifier", "SellerBan", "Seller"], seen: API },
  {
    field: "amount",
    rank: 1,
    names: ["總計", "總金額", "發票金額", "發票總金額", "發票總額", "含稅金額", "含稅總額"],
    seen: `${PORTAL}, ${SHOPS}, ${POS}`,
  },
  { field: "amount", rank: 2, names: ["金額", "銷售額", "銷售額合計", "銷售金額", "未稅金額"], seen: POS },
  {
    field: "place",
    rank: 1,
    names: [
      "機台",
      "機台號碼",
      "機台編號",
      "機號",
      "發票機",
      "收銀機",
      "收銀機號",
      "收銀機號碼",
      "POS機號",
      "POS",
      "載具機號",
    ],
    seen: POS,
  },
  {
    field: "place",
    rank: 2,
    names: [
      "門市",
      "門市名稱",
      "門市代號",
      "門市編號",
      "分店",
      "分店名稱",
      "店別",
      "店號",
      "店名",
      "店櫃",
      "據點",
      "分公司",
      "商店名稱",
    ],
    seen: `${SHOPS}, ${POS}`,
  },
  {
    field: "period",
    rank: 1,
    names: ["資料所屬年月", "資料年月", "所屬年月", "發票年月", "發票期別", "期別", "字軌期別", "申報年月"],
    seen: `${MEDIA}, ${POS}`,
  },
  { field: "taxType", rank: 1, names: ["課稅別", "稅別"], seen: `${MEDIA}, ${PORTAL}` },
  { field: "formatCode", rank: 1, names: ["格式代號", "格式"], seen: `${MEDIA}, ${PORTAL}` },
];

/** The digits' column beside a column of tracks; alone they would be no invoice number. */
const DIGITS_BESIDE_TRACK = new Set([
  "號碼",
  "發票號碼",
  "發票編號",
  "發票號",
  "統一發票號碼",
  "字號",
  "NUMBER",
  "INVOICENUMBER",
  "INVOICENO",
]);

/** Columns by which a table of items is recognised: goods, counts and prices of single lines. */
const ITEM_NAMES =
  /品名|品項|商品|貨品|產品|項目|項次|品號|料號|數量|購買數|件數|單價|小計|規格|摘要|明細|內容|餐點|行號|DESCRIPTION|QUANTITY|QTY|UNITPRICE|ITEM|PRODUCT|SKU/;

/** A name without what does not matter. */
export function plainColumnName(cell: string): string {
  const plain = columnName(cell)
    .replaceAll(/[\u200b-\u200d\u2060\ufeff:]/g, "")
    .toUpperCase();
  return plain;
}

function withoutBrackets(name: string): string {
  return name.replace(/[([【][^)\]】]{0,100}[)\]】]$/, "");
}

const BY_NAME: ReadonlyMap<string, { readonly field: LedgerField | HelperField; readonly rank: number }> = new Map(
  COLUMN_NAMES.flatMap(({ field, rank, names }) =>
    names.map((name) => [plainColumnName(name), { field, rank }] as const),
  ),
);

function known(cell: string): { readonly field: LedgerField | HelperField; readonly rank: number } | undefined {
  const name = plainColumnName(cell);
  return BY_NAME.get(name) ?? BY_NAME.get(withoutBrackets(name));
}

/** The columns of a header row. */
export type Header = {
  /** Names as printed. */
  readonly cells: readonly string[];
  /** 0-based. */
  readonly at: { readonly [Field in LedgerField | HelperField]?: number };
  /** Several columns could be it: their names. */
  readonly ambiguous: readonly { readonly field: LedgerField; readonly names: readonly string[] }[];
  /** Columns that a person named and that are not there. */
  readonly missing: readonly { readonly field: LedgerField; readonly name: string }[];
  readonly perItem: boolean;
};

/**
 * Takes a row as the header of a ledger, or not: it names the number (or the track and its digits, or the beginning of a range) and at
 * least one more column, or it is that name alone.
 */
export function readHeader(cells: readonly string[], taught: LedgerColumns): Header | null {
  const filled = cells.filter((cell) => cell.trim() !== "").length;
  const at: { [Field in LedgerField | HelperField]?: number } = {};
  const ambiguous: Header["ambiguous"][number][] = [];
  const missing: Header["missing"][number][] = [];
  const found = new Map<LedgerField | HelperField, { rank: number; columns: number[] }>();
  let names = 0;
  for (const [index, cell] of cells.entries()) {
    const field = known(cell);
    if (field === undefined) continue;
    names += 1;
    const best = found.get(field.field);
    if (best === undefined || field.rank < best.rank) found.set(field.field, { rank: field.rank, columns: [index] });
    else if (field.rank === best.rank) best.columns.push(index);
  }
  for (const [field, { columns }] of found) {
    if (isTaught(field, taught)) continue;
    const [first] = columns;
    if (first !== undefined) at[field] = first;
    if (columns.length > 1 && isLedgerField(field)) ambiguous.push({ field, names: toldApart(cells, columns) });
  }
  for (const field of LEDGER_FIELDS) {
    const name = taught[field];
    if (name === undefined || name === null) continue;
    const columns = columnsOf(cells, name);
    const [first] = columns;
    if (first === undefined) missing.push({ field, name });
    else {
      at[field] = first;
      names += 1;
      // Two tables side by side: a name does not say which of them.
      if (columns.length > 1) ambiguous.push({ field, names: toldApart(cells, columns) });
    }
  }
  if (at.track !== undefined && taught.number === undefined) {
    const beside = cells.flatMap((cell, index) =>
      DIGITS_BESIDE_TRACK.has(withoutBrackets(plainColumnName(cell))) ? [index] : [],
    );
    if (at.number === undefined && beside[0] !== undefined) at.number = beside[0];
  }
  // The beginning of a range is the number of its row.
  if (at.begin !== undefined && taught.number === undefined) {
    if (at.number === undefined) at.number = at.begin;
    else if (at.end !== undefined) {
      ambiguous.push({ field: "number", names: [at.number, at.begin].map((column) => cells[column]?.trim() ?? "") });
    }
  }
  if (at.number === undefined) return null;
  if (filled > 1 && names < 2) {
    // A lone known name among strangers is a header only if nothing in the row is a value.
    if (cells.some((cell) => /[0-9]/.test(cell))) return null;
  }
  const perItem = cells.some(
    (cell, index) => ITEM_NAMES.test(plainColumnName(cell)) && !Object.values(at).includes(index),
  );
  return { cells, at, ambiguous, missing, perItem };
}

/** Columns that say how far a range has been used: such a row is a book with some of its numbers left, and no use of all of them. */
const HOW_FAR =
  /剩|可用|可取用|目前(?:使用)?(?:號|字軌)|現用|使用至|使用到|用[至到]|已用|已使用[號張數]|已開立?[張數]|未用[號張數]|未使用[號張數]|下一?[張號筆]|最後使用|最後開立/;

/** Whether the rows are of tracks, as 字軌管理 exports them, and not of what was issued: ranges without a date, and how far each was used. */
export function isOfTracks({ cells, at }: Header): boolean {
  return at.end !== undefined && at.date === undefined && cells.some((cell) => HOW_FAR.test(plainColumnName(cell)));
}

/** Whether the row could be a header although it does not name what is needed: what is missing can be said then. */
export function namesColumns(cells: readonly string[]): boolean {
  return (
    cells.filter((cell) => known(cell) !== undefined || DIGITS_BESIDE_TRACK.has(plainColumnName(cell))).length >= 2
  );
}

function isLedgerField(field: string): field is LedgerField {
  return LEDGER_FIELDS.some((one) => one === field);
}

/** What a person said about a column outweighs its usual names, also that there is none. */
function isTaught(field: LedgerField | HelperField, taught: LedgerColumns): boolean {
  return isLedgerField(field) && taught[field] !== undefined;
}

/** Columns by their names, or by their positions where a name stands there twice. */
function toldApart(cells: readonly string[], columns: readonly number[]): string[] {
  const names = columns.map((column) => cells[column]?.trim() ?? "");
  const isPlain = new Set(names.map(plainColumnName)).size === names.length;
  return isPlain ? names : columns.map((column) => `#${column + 1}`);
}

/**
 * Columns that could be the number as well as the one that was taken for it.
 * @param titles rows above, of which one names the columns where a person named them by their positions
 */
export function rivalsOfNumber({ cells, at }: Header, titles: readonly (readonly string[])[]): ReadonlySet<number> {
  const rivals = [cells, ...titles.filter(namesColumns)].flatMap((names) =>
    names.flatMap((cell, index) => {
      const field = known(cell);
      return index !== at.number && field?.field === "number" && field.rank === 1 ? [index] : [];
    }),
  );
  return new Set(rivals);
}

/** `#3` is the third column, everything else a name; -1 where there is none. */
export function columnOf(cells: readonly string[], name: string): number {
  return columnsOf(cells, name)[0] ?? -1;
}

function columnsOf(cells: readonly string[], name: string): number[] {
  const [, position] = /^#([1-9][0-9]?)$/.exec(name.trim()) ?? [];
  if (position !== undefined) return Number(position) <= cells.length ? [Number(position) - 1] : [];
  const wanted = plainColumnName(name);
  return cells.flatMap((cell, index) => (plainColumnName(cell) === wanted ? [index] : []));
}
