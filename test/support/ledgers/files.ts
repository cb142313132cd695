import { writeXlsx } from "hucre/xlsx";
import iconv from "iconv-lite";
import type { Dice } from "./dice.ts";
import { drawDate, drawWord } from "./spelling.ts";
import { type Grid, type GridRow, type Mutation, type TableLayout, HALF, drawTable } from "./tables.ts";
import { type TrueRow, nameOf } from "./truth.ts";

/** A ledger as a file, with how many rows it has and, where it was spoiled, at which line. */
export type DrawnFile = {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly victim: number | null;
  readonly what: string;
};

export const LAYOUTS = ["invoice", "item", "split", "range", "portal", "media"] as const;
export type DrawnLayout = (typeof LAYOUTS)[number];
const CONTAINERS = ["text", "text", "text", "html", "workbook"] as const;

/** Mutations that a layout or container can have. */
function possible(mutation: Mutation | null, layout: DrawnLayout, container: string): Mutation | null {
  if (mutation === null) return null;
  if (layout === "media") return mutation === "word" || mutation === "number" ? mutation : "number";
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
  const grid = layout === "portal" ? portal(dice, rows, mutation) : table(dice, rows, layout, mutation);
  if (container === "html") return { ...html(dice, grid), what };
  if (container === "workbook") return { ...(await workbook(dice, grid)), what };
  return { ...text(dice, grid), what };
}

function table(dice: Dice, rows: readonly TrueRow[], layout: TableLayout, mutation: Mutation | null): Grid {
  return drawTable(dice, rows, layout, mutation);
}

/** The portal's list: M rows and D rows, with commas in the buyer's name that nothing quotes. */
function portal(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Grid {
  const grid: GridRow[] = [
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
  return { rows: grid, delimiter: ",", broken: false };
}

/** Records of 81 bytes. Cancelled numbers are not in such files: their invoices are. */
function media(dice: Dice, rows: readonly TrueRow[], mutation: Mutation | null): Omit<DrawnFile, "what"> {
  const records: string[] = [];
  const own = rows.filter(({ said }) => said !== "cancelled");
  const victim = mutation === null ? -1 : dice.below(Math.max(1, own.length));
  for (const [index, row] of own.entries()) {
    const format = row.said === "allowance" ? "33" : dice.one(["31", "32", "35"]);
    const taxType = { issued: dice.one(["1", "2", "3"]), voided: "F", allowance: "1", blank: "D", cancelled: "1" }[
      row.said
    ];
    const number = index === victim && mutation === "number" ? `${nameOf(row).slice(0, -1)} ` : nameOf(row);
    const tax = index === victim && mutation === "word" ? "X" : taxType;
    // A single number as a range that ends where it begins, or without an end.
    const isRange = row.said === "blank" && dice.percent(50);
    const end = isRange ? nameOf(row).slice(2) : dice.one(["", "24681353"]);
    const buyer = row.said === "blank" && !isRange ? "" : end;
    records.push(
      `${format}123456789${String(index + 1).padStart(7, "0")}11510${buyer.padEnd(8)}12345675${number}${"0".repeat(12)}${tax}${"0".repeat(10)}${" ".repeat(7)}${isRange ? "A" : " "} `,
    );
  }
  const newline = dice.one(["\r\n", "\n", ""]);
  const text = records.length === 0 ? "" : `${records.join(newline)}${newline}`;
  // A spoiled allowance with an unknown tax type says all the same whose invoice it is of.
  const spoiled = own[victim];
  const isHarmless = spoiled?.said === "allowance" && mutation === "word";
  return {
    bytes: Buffer.from(text, "latin1"),
    rows: records.length,
    victim: victim < 0 || isHarmless ? null : victim + 1,
  };
}

function text(dice: Dice, { rows, delimiter, broken }: Grid): Omit<DrawnFile, "what"> {
  const newline = dice.one(["\r\n", "\n"]);
  const encoding = dice.one(["utf8", "utf8", "bom", "big5", "utf16"] as const);
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

function encoded(whole: string, encoding: "utf8" | "bom" | "big5" | "utf16"): Uint8Array {
  if (encoding === "utf16") return iconv.encode(whole.replaceAll(HALF, "\uFFFD"), "utf16le", { addBOM: true });
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
  const stringMode = dice.one(["shared", "inline"] as const);
  const bytes = await writeXlsx({ sheets: [...first, { name: "明細", rows: cells }], stringMode });
  const victim = rows.findIndex(({ isVictim }) => isVictim === true);
  return { bytes, rows: rows.length + (first.length > 0 ? 2 : 0), victim: victim < 0 ? null : victim + 1 };
}
