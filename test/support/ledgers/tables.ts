import type { Dice } from "./dice.ts";
import { drawDate, drawNumber, drawWord, fullWidth } from "./spelling.ts";
import { type TrueRow, nameOf } from "./truth.ts";

/** What is done to one row, or to the header, so that the ledger can't be understood any more. */
export const MUTATIONS = [
  "word",
  "empty-status",
  "number",
  "status-column",
  "number-column",
  "byte",
  "quote",
  // A quotation mark lost its partner, and the next row has one that closes it.
  "quote-pair",
] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** Stands for bytes that are no character, until the file is written. */
export const HALF = "◆";

export type GridRow = { readonly cells: string[]; readonly isVictim?: boolean };
export type Grid = { readonly rows: GridRow[]; readonly delimiter: string; readonly broken: boolean };

export type TableLayout = "invoice" | "item" | "split" | "range";
type Column = "number" | "track" | "end" | "date" | "status" | "seller" | "buyer" | "amount" | "goods" | "count";

const NAMES: Readonly<Record<Column, readonly string[]>> = {
  number: ["發票號碼", "發票編號", "* 發票號碼", "統一發票號碼"],
  track: ["字軌", "發票字軌"],
  end: ["發票迄號", "迄號", "發票訖號"],
  date: ["發票日期", "開立日期", "發票開立日期"],
  status: ["狀態", "發票狀態", "開立狀態"],
  seller: ["賣方統編", "賣方統一編號", "賣方營業人統編"],
  buyer: ["買方名稱", "客戶"],
  amount: ["金額", "銷售額"],
  goods: ["品名"],
  count: ["數量"],
};

/** Rows of the truth as a table: columns in any order, titles, totals, footers and repeated headers around them. */
export function drawTable(dice: Dice, rows: readonly TrueRow[], layout: TableLayout, mutation: Mutation | null): Grid {
  const columns = columnsOf(dice, layout, mutation);
  const delimiter = dice.one([",", ",", "\t", ";"]);
  const grid: GridRow[] = [];
  const names = columns.map((column) => nameOfColumn(dice, column, layout));
  const spoiled = { status: "status-column", number: "number-column" } as const;
  for (const [column, one] of [
    ["status", spoiled.status],
    [layout === "range" ? "number" : "number", spoiled.number],
  ] as const) {
    if (mutation === one) names[columns.indexOf(column)] = "甲乙丙";
  }
  const headerIsVictim = mutation === "status-column" || mutation === "number-column";
  const pad = (text: string): string[] => [text, ...columns.slice(1).map(() => "")];
  for (const title of ["晨光小舖股份有限公司", "銷項發票明細表", "期間：115/09/01~115/10/31"].slice(0, dice.below(4))) {
    grid.push({ cells: dice.percent(50) ? [title] : pad(title) });
  }
  grid.push({ cells: names, isVictim: headerIsVictim });
  const drawn = entriesOf(dice, rows, layout, columns);
  const victim = mutation === null || headerIsVictim ? -1 : dice.below(Math.max(1, drawn.length - 1));
  for (const [index, entry] of drawn.entries()) {
    const cells = columns.map((column) => cellOf(dice, column, entry, layout));
    if (index === victim && mutation !== null) spoil(dice, cells, columns, mutation);
    if (mutation === "quote-pair" && (index === victim || index === victim + 1)) {
      cells[columns.indexOf("buyer")] = index === victim ? '"晨光' : '小舖"';
    }
    grid.push({ cells, isVictim: index === victim });
    if (index > 0 && index % 17 === 0 && dice.percent(40)) {
      grid.push({ cells: pad(dice.one(["小計", "本頁小計", "第 2 頁", "備註：九月"])) });
      if (dice.percent(50) && !headerIsVictim) grid.push({ cells: [...names] });
    }
  }
  if (dice.percent(50)) grid.push({ cells: [...pad("合計").slice(0, -1), "12345"] });
  if (dice.percent(30)) grid.push({ cells: pad("※ 列印日期：115/11/05") });
  return { rows: grid, delimiter, broken: mutation === "quote" || mutation === "quote-pair" };
}

function columnsOf(dice: Dice, layout: TableLayout, mutation: Mutation | null): Column[] {
  const columns: Column[] = ["number", "date", "status"];
  if (layout === "split") columns.push("track");
  if (layout === "range") columns.push("end");
  if (layout === "item") columns.push("goods", "count");
  for (const extra of ["seller", "buyer", "amount"] as const)
    if (dice.percent(60) || (extra === "buyer" && mutation === "quote-pair")) columns.push(extra);
  return dice.shuffled(columns);
}

function nameOfColumn(dice: Dice, column: Column, layout: TableLayout): string {
  if (column !== "number") return dice.one(NAMES[column]);
  if (layout === "split") return dice.one(["號碼", "發票號碼"]);
  return dice.one(layout === "range" ? ["發票起號", "起號"] : NAMES.number);
}

type Drawn = {
  readonly row: TrueRow;
  readonly last: number;
  readonly goods: string;
  readonly isFurther: boolean;
  /** An allowance as an invoice of less than nothing. */
  readonly isNegative: boolean;
  readonly date: string;
};

/** Several rows of an invoice in a table of items, one for several invoices in a table of ranges. */
function entriesOf(dice: Dice, rows: readonly TrueRow[], layout: TableLayout, columns: readonly Column[]): Drawn[] {
  const drawn: Drawn[] = [];
  for (const row of rows) {
    const before = drawn.at(-1);
    const continues =
      layout === "range" &&
      before !== undefined &&
      before.row.track === row.track &&
      before.row.said === row.said &&
      before.last + 1 === row.number &&
      dice.percent(70);
    if (continues) drawn[drawn.length - 1] = { ...before, last: row.number };
    else {
      const isNegative = row.said === "allowance" && columns.includes("amount") && dice.percent(30);
      const one = { row, last: row.number, goods: "咖啡", isFurther: false, isNegative, date: drawDate(dice, row) };
      drawn.push(one);
      if (layout === "item" && row.said !== "blank") {
        for (let more = dice.below(3); more > 0; more -= 1)
          drawn.push({ ...one, goods: "蛋糕", isFurther: dice.percent(30) });
      }
    }
  }
  return drawn;
}

function cellOf(
  dice: Dice,
  column: Column,
  { row, last, goods, isFurther, isNegative, date }: Drawn,
  layout: TableLayout,
): string {
  const digits = String(row.number).padStart(8, "0");
  const isBlank = row.said === "blank";
  switch (column) {
    case "number":
      if (layout === "split") return dice.percent(20) ? fullWidth(digits) : digits;
      return isFurther && dice.percent(50) ? nameOf(row) : isFurther ? "" : drawNumber(dice, row);
    case "track":
      return dice.percent(20) ? row.track.toLowerCase() : row.track;
    case "end":
      return nameOf({ ...row, number: last }).slice(dice.percent(50) ? 2 : 0);
    case "date":
      return isFurther || (isBlank && dice.percent(70)) ? "" : date;
    case "status":
      return isFurther ? "" : isNegative ? "開立" : wordOf(dice, row);
    case "seller":
      return isFurther || (isBlank && dice.percent(70)) ? "" : "12345675";
    case "buyer":
      return dice.one([
        "",
        "王小明",
        `晨光小舖股份有限公${HALF}`,
        "Acme Inc",
        "甲公司（台北）",
        "晨光\n小舖",
        "Acme, Inc.\n二樓",
      ]);
    case "amount":
      return isNegative
        ? dice.one(["-105", "(1,050)", "△105"])
        : isBlank
          ? dice.one(["0", ""])
          : dice.one(["105", "1,050", ""]);
    case "goods":
      return goods;
    case "count":
      return String(1 + dice.below(3));
    default:
      return column satisfies never;
  }
}

/** Rows of one invoice agree in their status, as a system prints the same word for it each time. */
function wordOf(dice: Dice, row: TrueRow): string {
  const known = words.get(row) ?? drawWord(dice, row.said);
  words.set(row, known);
  return known;
}
const words = new WeakMap<TrueRow, string>();

function spoil(dice: Dice, cells: string[], columns: readonly Column[], mutation: Mutation): void {
  const number = columns.indexOf("number");
  const status = columns.indexOf("status");
  const digits = (cells[number] ?? "").normalize("NFKC").replaceAll(/[^A-Za-z0-9]/g, "") || "AB00000001";
  if (mutation === "word") cells[status] = dice.one(["已結案", "取消", "V", "開立失敗", "待開立"]);
  if (mutation === "empty-status") cells[status] = "";
  if (mutation === "number") {
    cells[number] = dice.one([digits.slice(0, -1), `${digits.slice(0, -1)}O`, "5.01E+07", "########", `${digits}1`]);
  }
  if (mutation === "byte")
    cells[dice.percent(50) ? number : status] = dice.one([`${digits.slice(0, -1)}${HALF}`, `${HALF}立`]);
  if (mutation === "quote") cells[status] = `"${cells[status] ?? ""}`;
  // A spoiled row has its own cells, whatever those of the row before are.
  const date = columns.indexOf("date");
  if (cells[date] === "") cells[date] = "2026/09/01";
  if (cells[number] === "") cells[number] = "AB00000001";
}
