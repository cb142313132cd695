import { writeXlsx } from "hucre/xlsx";
import iconv from "iconv-lite";
import type { Dice } from "./dice.ts";
import { drawDate, drawWord } from "./spelling.ts";
import { type Grid, type GridRow, type Mutation, HALF, drawTable } from "./tables.ts";
import { FOREIGN, type TrueRow, nameOf } from "./truth.ts";

/** A ledger as a file, with how many rows it has and, where it was spoiled, at which line. */
export type DrawnFile = {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly victim: number | null;
  readonly what: string;
};

export const LAYOUTS = ["invoice", "item", "split", "range", "portal", "media", "media-table", "list"] as const;
export type DrawnLayout = (typeof LAYOUTS)[number];
const CONTAINERS = ["text", "text", "text", "html", "workbook"] as const;

/** Mutations that a layout or container can have. */
function possible(mutation: Mutation | null, layout: DrawnLayout, container: string): Mutation | null {
  if (mutation === null) return null;
  if (layout === "list") return "number";
  if (layout === "media" || layout === "media-table")
    return mutation === "word" || mutation === "number" ? mutation : "number";
  if (layout === "portal")
    return mutation === "word" || mutation === "number" || mutation === "empty-status" ? mutation : "word";
  if (container !== "text" && ["byte", "quote", "quote-pair"].includes(mutation)) return "word";
  if (layout === "item" && (mutation === "empty-status" || mutation === "quote-pair")) return "word";
  return mutation;
}

export async function drawFile(
  dice: Dice,
  rows: readonly TrueRow[],
  layout: DrawnLayout,
  wanted: Mutation | null,
): Promise<DrawnFile> {
  const container = dice.one(CONTAINERS);
  const mutation = possible(wanted, layout, container);
  const what = `${layout} in ${container}, ${mutation ?? "whole"}`;
  if (layout === "media") return { ...media(dice, rows, mutation), what };
  const grid = drawGrid(dice, rows, layout, mutation);
  if (container === "html") return { ...html(dice, grid), what };
  if (container === "workbook") return { ...(await workbook(dice, grid)), what };
  return { ...text(dice, grid), what };
}

function drawGrid(
  dice: Dice,
  rows: readonly TrueRow[],
  layout: Exclude<DrawnLayout, "media">,
  mutation: Mutation | null,
): Grid {
  if (layout === "portal") return portal(dice, rows, mutation);
  if (layout === "media-table") return mediaTable(dice, rows, mutation);
  return layout === "list" ? list(dice, rows, mutation) : drawTable(dice, rows, layout, mutation);
}

/** A bare list says only what was used, and of no day. */
function list(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Grid {
  const used = new Set(
    rows.filter(({ said, day }) => said !== "blank" && said !== "allowance" && day >= 0).map(nameOf),
  );
  // Of an invoice that only its allowance is told of, nothing else says that it was used.
  for (const row of rows) if (row.said === "allowance" && row.track !== FOREIGN) used.add(nameOf(row));
  const numbers = Array.from(used);
  const victim = mutation === null || numbers.length === 0 ? -1 : dice.below(numbers.length);
  const title = dice.percent(30) ? [{ cells: ["作廢及開立的號碼"] }] : [];
  return {
    rows: [
      ...title,
      { cells: ["發票號碼"] },
      ...numbers.map((number, index) =>
        index === victim ? { cells: [number.slice(0, -1)], isVictim: true } : { cells: [number] },
      ),
    ],
    delimiter: ",",
    broken: false,
  };
}

/** Records of 媒體申報檔 as a table, by the official names of its fields. */
function mediaTable(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Grid {
  const { records, victim } = mediaRecords(dice, rows, mutation);
  const isSplit = dice.percent(40);
  const names = [
    "格式代號",
    "資料所屬年月",
    "買受人統一編號",
    "銷售人統一編號",
    ...(isSplit ? ["統一發票字軌", "統一發票號碼"] : ["統一發票字軌號碼"]),
    "銷售金額",
    "課稅別",
    "彙加註記",
  ];
  const inWords = dice.percent(50);
  const cells = records.map(({ format, period, buyer, number, tax, summary }) => [
    format,
    period,
    buyer,
    "12345675",
    ...(isSplit ? [number.slice(0, 2), number.slice(2)] : [number]),
    "100",
    inWords ? (TAX_WORDS[tax] ?? tax) : tax,
    summary,
  ]);
  return {
    rows: [{ cells: names }, ...cells.map((one, index) => ({ cells: one, isVictim: index === victim }))],
    delimiter: ",",
    broken: false,
  };
}
const TAX_WORDS: Readonly<Record<string, string>> = { "1": "應稅", "2": "零稅率", "3": "免稅", F: "作廢", D: "空白" };

/** The portal's list: M rows and D rows, with commas in the buyer's name that nothing quotes. */
function portal(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Grid {
  const title = dice.percent(30) ? [{ cells: ["查詢期間：115/09/01~115/10/31"] }] : [];
  const grid: GridRow[] = [
    ...title,
    {
      cells: "M,發票狀態,發票號碼,格式代號,發票日期,買方統一編號,買方名稱,賣方統一編號,賣方名稱,總計,總備註".split(","),
    },
    { cells: "D,發票號碼,品名,數量,單價,金額".split(",") },
  ];
  const victim = mutation === null ? -1 : dice.below(Math.max(1, rows.length));
  for (const [index, row] of rows.entries()) {
    let [word, number] = [drawWord(dice, row.said), nameOf(row)];
    if (index === victim && mutation === "word") word = "已結案";
    if (index === victim && mutation === "empty-status") word = "";
    if (index === victim && mutation === "number") number = number.slice(0, -1);
    const buyer = dice.one(["消費者", "Acme", "Acme\u0001 Inc.", `半個字${HALF}`]);
    grid.push({
      cells: ["M", word, number, "35", drawDate(dice, row), "0000000000", buyer, "12345675", "晨光小舖", "105", ""],
      isVictim: index === victim,
    });
    if (row.said === "issued" || row.said === "voided") {
      for (let more = dice.below(3); more > 0; more -= 1)
        grid.push({ cells: ["D", nameOf(row), "咖啡", "1", "100", "100"] });
    }
  }
  if (dice.percent(30)) grid.push({ cells: ["合計", String(rows.length)] });
  return { rows: grid, delimiter: ",", broken: false };
}

type MediaRecord = {
  readonly format: string;
  readonly period: string;
  readonly buyer: string;
  readonly number: string;
  readonly tax: string;
  readonly summary: string;
};

/** Cancelled numbers are not in such files: their invoices are. Neighbours may stand as one record, with the last number as the buyer. */
function mediaRecords(
  dice: Dice,
  rows: readonly TrueRow[],
  mutation: Mutation | null,
): { readonly records: readonly MediaRecord[]; readonly victim: number } {
  const runs: { readonly first: TrueRow; readonly last: TrueRow }[] = [];
  for (const row of rows.filter(({ said }) => said !== "cancelled")) {
    const before = runs.at(-1);
    const continues =
      before !== undefined &&
      row.said !== "allowance" &&
      before.last.track === row.track &&
      before.last.said === row.said &&
      before.last.number + 1 === row.number &&
      dice.percent(50);
    if (continues) runs[runs.length - 1] = { ...before, last: row };
    else runs.push({ first: row, last: row });
  }
  const victim = mutation === null ? -1 : dice.below(Math.max(1, runs.length));
  const records = runs.map(({ first, last }, index) => {
    const isRange = first !== last || (first.said === "blank" && dice.percent(50));
    const tax = { issued: dice.one(["1", "2", "3"]), voided: "F", allowance: "1", blank: "D", cancelled: "1" };
    return {
      format: first.said === "allowance" ? "33" : dice.one(["31", "32", "35"]),
      // Of two months either is written.
      period: first.day < 0 ? "11508" : dice.one(["11509", "11510"]),
      buyer: isRange ? nameOf(last).slice(2) : first.said === "blank" ? "" : dice.one(["", "24681353"]),
      number: index === victim && mutation === "number" ? `${nameOf(first).slice(0, -1)} ` : nameOf(first),
      tax: index === victim && mutation === "word" ? "X" : tax[first.said],
      // A blank range needs no mark.
      summary: isRange && (first.said !== "blank" || dice.percent(50)) ? "A" : "",
    };
  });
  // A spoiled allowance with an unknown tax type says all the same whose invoice it is of.
  const isHarmless = runs[victim]?.first.said === "allowance" && mutation === "word";
  return { records, victim: runs.length === 0 || isHarmless ? -1 : victim };
}

/** Records of 81 bytes. */
function media(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Omit<DrawnFile, "what"> {
  const { records, victim } = mediaRecords(dice, rows, mutation);
  const lines = records.map(
    ({ format, period, buyer, number, tax, summary }, index) =>
      `${format}123456789${String(index + 1).padStart(7, "0")}${period}${buyer.padEnd(8)}12345675${number}${"0".repeat(12)}${tax}${"0".repeat(10)}${" ".repeat(7)}${summary.padEnd(1)} `,
  );
  const newline = dice.one(["\r\n", "\n", ""]);
  const end = dice.percent(10) ? "\u001a" : "";
  const text = lines.length === 0 ? "" : `${lines.join(newline)}${newline}${end}`;
  return { bytes: Buffer.from(text, "latin1"), rows: lines.length, victim: victim < 0 ? null : victim + 1 };
}

function text(dice: Dice, { rows, delimiter, broken }: Grid): Omit<DrawnFile, "what"> {
  const newline = dice.one(["\r\n", "\n"]);
  const encoding = dice.one(["utf8", "utf8", "bom", "big5", "utf16", "utf16be"] as const);
  let line = 0;
  let victim: number | null = null;
  const lines: string[] = [];
  for (const { cells, isVictim } of rows) {
    // What is missing its partner is looked for from the last whole row on, so an empty line would be named.
    if (!broken && dice.percent(3)) {
      lines.push("");
      line += 1;
    }
    line += 1;
    // Nothing else is quoted where a quotation mark is missing, so that what it takes in is the rest of the file.
    const written = cells.map((cell) => quoted(dice, cell, delimiter, broken));
    while (dice.percent(5)) written.push("");
    // A row that spans several lines is known by its last one.
    line += written.join("").split("\n").length - 1;
    if (isVictim === true) victim = line;
    lines.push(written.join(delimiter).replaceAll("\u0001", ","));
  }
  const whole = `${lines.join(newline)}${dice.percent(80) ? newline : ""}`;
  return { bytes: encoded(whole, encoding), rows: rows.length, victim };
}

function quoted(dice: Dice, cell: string, delimiter: string, broken: boolean): string {
  if (broken) return cell.replaceAll(delimiter, "").replaceAll("\n", "");
  const needs = cell.includes(delimiter) || cell.includes("\n") || cell.startsWith('"');
  return needs || (cell !== "" && !cell.includes("\u0001") && dice.percent(5)) ? `"${cell}"` : cell;
}

function encoded(whole: string, encoding: "utf8" | "bom" | "big5" | "utf16" | "utf16be"): Uint8Array {
  if (encoding === "utf16" || encoding === "utf16be") {
    const order = encoding === "utf16" ? "utf16le" : "utf16be";
    return iconv.encode(whole.replaceAll(HALF, "\uFFFD"), order, { addBOM: true });
  }
  if (encoding === "big5") {
    const bytes = iconv.encode(whole.replaceAll("\u00a0", " "), "cp950");
    // A pair that no code page has, whose second byte is a letter's.
    return replaced(bytes, iconv.encode(HALF, "cp950"), [0xfa, 0x40]);
  }
  const bytes = Buffer.from(encoding === "bom" ? `\uFEFF${whole}` : whole);
  return replaced(bytes, Buffer.from(HALF), [0xe5, 0x8f]);
}

function replaced(bytes: Buffer, mark: Buffer, by: readonly number[]): Uint8Array {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, from)) {
    pieces.push(bytes.subarray(from, at), Buffer.from(by));
    from = at + mark.length;
  }
  return Buffer.concat([...pieces, bytes.subarray(from)]);
}

function html(dice: Dice, { rows }: Grid): Omit<DrawnFile, "what"> {
  const cell = dice.one(["td", "TD"]);
  const escaped = (text: string): string =>
    text
      .replaceAll("\u0001", ",")
      .replaceAll(HALF, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll("\u00a0", "&nbsp;");
  const lines = rows.map(
    ({ cells }) => `<tr>${cells.map((one) => `<${cell}>${escaped(one)}</${cell}>`).join("")}</tr>`,
  );
  const page = `<html><head><meta charset="x"><style>td{mso-number-format:"\\@"}</style></head><body><table border=1>${lines.join("\n")}</table></body></html>`;
  const victim = rows.findIndex(({ isVictim }) => isVictim === true);
  const bytes = dice.percent(50) ? iconv.encode(page.replaceAll("\u00a0", " "), "cp950") : Buffer.from(page);
  return { bytes, rows: rows.length, victim: victim < 0 ? null : victim + 1 };
}

async function workbook(dice: Dice, { rows }: Grid): Promise<Omit<DrawnFile, "what">> {
  const asNumbers = dice.percent(50);
  const cells = rows.map(({ cells: texts }) =>
    texts.map((text) => {
      const plain = text.replaceAll("\u0001", ",").replaceAll(HALF, "");
      // Digits of the number's own column lose their zeros when a sheet keeps them as a number.
      return asNumbers && /^[0-9]{8}$/.test(plain) && !plain.startsWith("2026") ? Number(plain) : plain;
    }),
  );
  const first = dice.percent(30) ? [{ name: "說明", rows: [["本檔由系統匯出"], ["請勿修改"]] }] : [];
  const sheets = inSheets(dice, rows, cells);
  const stringMode = dice.one(["shared", "inline"] as const);
  const bytes = await writeXlsx({
    sheets: [...first, ...sheets.map(({ rows: of, name }) => ({ name, rows: of }))],
    stringMode,
  });
  const victim = rows.findIndex(({ isVictim }) => isVictim === true);
  const [one, two] = sheets;
  const repeated = two === undefined ? 0 : 1;
  const isInSecond = one !== undefined && victim >= one.rows.length;
  const line = isInSecond ? victim - one.rows.length + 1 + repeated : victim + 1;
  return {
    bytes,
    rows: rows.length + repeated + (first.length > 0 ? 2 : 0),
    victim: victim < 0 ? null : line,
  };
}

type Cells = (string | number)[];

/** A sheet a month, the names of the columns above each; where titles, several headers or a spoiled one make that less plain, one sheet. */
function inSheets(
  dice: Dice,
  rows: readonly GridRow[],
  cells: readonly Cells[],
): { readonly name: string; readonly rows: Cells[] }[] {
  const [header] = cells;
  const names = rows[0]?.cells ?? [];
  const date = names.indexOf("發票日期");
  const isPlain = date >= 0 && names[0] !== "M" && rows[0]?.isVictim !== true && rows.length > 3;
  const middle = 2 + dice.below(Math.max(1, rows.length - 2));
  // Further lines of an invoice stay on its sheet: they may have nothing but goods.
  const isOwn = (rows[middle]?.cells[date] ?? "") !== "";
  if (!isPlain || !isOwn || header === undefined || dice.percent(50)) return [{ name: "明細", rows: [...cells] }];
  return [
    { name: "9月", rows: cells.slice(0, middle) },
    { name: "10月", rows: [header, ...cells.slice(middle)] },
  ];
}
