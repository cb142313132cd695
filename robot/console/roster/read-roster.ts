import { binaryKind, columnName, type FileRow, readTable } from "../../invoicing/reading/table.ts";
import { cellText, sheetNames, sheetRows } from "../../invoicing/reading/xlsx.ts";
import type { Fault } from "../../invoicing/problems/problems.ts";
import { type ColumnKey, ROSTER_COLUMNS, type RosterCells } from "./columns.ts";

/** What can't be taken, where it stands, and what to write instead. */
export interface RosterFault {
  /** 1-based, as a spreadsheet counts; null for the list as a whole. */
  readonly line: number | null;
  /** The column's title; null for the row as a whole. */
  readonly column: string | null;
  readonly seen: string;
  readonly remedy: string;
}

export interface RosterRow {
  readonly line: number;
  readonly cells: RosterCells;
}

export interface Roster {
  readonly rows: readonly RosterRow[];
  /** Titles of columns that are none of the roster's: they are shown and not taken. */
  readonly ignored: readonly string[];
  readonly faults: readonly RosterFault[];
}

/** A roster out of a file: CSV of any encoding that files here have, or the only sheet of a workbook. */
export async function readRosterFile(bytes: Uint8Array): Promise<Roster> {
  if (binaryKind(bytes)?.seen.startsWith("PK") !== true) {
    const table = readTable(bytes);
    const [fault] = table.faults;
    if (fault) return refusedFor(fault);
    return rosterOf(table.rows);
  }
  try {
    const sheets = await sheetNames(bytes);
    const [only, ...others] = sheets;
    if (only === undefined || others.length > 0) {
      return refused(null, `活頁簿有 ${sheets.length} 個工作表`, "只留名冊那一個工作表再匯入");
    }
    const rows: FileRow[] = [];
    for await (const { index, values } of sheetRows(bytes, only)) {
      rows.push({ line: index + 1, cells: values.map(cellText) });
    }
    return rosterOf(rows);
  } catch (error) {
    return refused(
      null,
      error instanceof Error ? error.message : String(error),
      "檔案壞了；請用 Excel 開啟後另存再匯入",
    );
  }
}

/** A roster as it is pasted from a spreadsheet: a line for each row, cells apart by tabs; or CSV. */
export function readRosterText(text: string): Roster {
  const table = readTable(new TextEncoder().encode(text), { delimiter: text.includes("\t") ? "\t" : "," });
  const [fault] = table.faults;
  if (fault) return refusedFor(fault);
  return rosterOf(table.rows);
}

/** @returns the text that `readRosterText` reads as the same roster */
export function pasted(rows: readonly RosterRow[]): string {
  const keys = ROSTER_COLUMNS.filter(({ key }) => rows.some(({ cells }) => cells[key] !== undefined));
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return [keys.map(({ title }) => title), ...rows.map(({ cells }) => keys.map(({ key }) => quoted(cells[key] ?? "")))]
    .map((line) => line.join("\t"))
    .join("\n");
}

function refusedFor({ line, message, remedy }: Fault): Roster {
  return refused(line === 0 ? null : line, message, remedy);
}

function refused(line: number | null, seen: string, remedy: string): Roster {
  return { rows: [], ignored: [], faults: [{ line, column: null, seen, remedy }] };
}

function rosterOf(table: readonly FileRow[]): Roster {
  const [head, ...body] = table;
  const titles = (head?.cells ?? []).map(columnName);
  const places = new Map<ColumnKey, number>();
  const faults: RosterFault[] = [];
  const known = new Set<number>();
  for (const { key, title, also } of ROSTER_COLUMNS) {
    const at = titles.flatMap((cell, place) => ([title, ...also].includes(cell) ? [place] : []));
    for (const place of at) known.add(place);
    const [first, second] = at;
    if (first !== undefined) places.set(key, first);
    if (second !== undefined) {
      const seen = `第 ${(first ?? 0) + 1} 欄和第 ${second + 1} 欄都是「${title}」`;
      faults.push({ line: head?.line ?? 1, column: title, seen, remedy: "只留一欄" });
    }
  }
  const missing = ROSTER_COLUMNS.slice(0, 2).filter(({ key }) => !places.has(key));
  if (missing.length > 0) {
    const remedy = `第一列是欄位名稱，要有${missing.map(({ title }) => `「${title}」`).join("和")}`;
    return refused(head?.line ?? 1, titles.filter(Boolean).join("、") || "沒有欄位名稱", remedy);
  }
  const rows: RosterRow[] = [];
  for (const { line, cells } of body) {
    if (cells.every((cell) => cell.trim() === "")) continue;
    if (cells.length > titles.length) {
      const seen = `有 ${cells.length} 格，欄位名稱只有 ${titles.length} 個`;
      faults.push({ line, column: null, seen, remedy: "格子裡有逗號時，整格要用雙引號括起來" });
      continue;
    }
    const read = [...places].map(([key, place]) => [key, plain(cells[place] ?? "")] as const);
    faults.push(...faultsOf(line, read));
    rows.push({ line, cells: Object.fromEntries(read) });
  }
  if (rows.length === 0 && faults.length === 0) {
    faults.push({ line: null, column: null, seen: "欄位名稱下面沒有公司", remedy: "每家公司一列，填好再匯入" });
  }
  return { rows, ignored: titles.filter((title, place) => title !== "" && !known.has(place)), faults };
}

function faultsOf(line: number, read: readonly (readonly [ColumnKey, string])[]): RosterFault[] {
  const cells = new Map(read);
  const alone =
    (cells.get("reportedOn") ?? "") !== "" && cells.get("reportedBy") === ""
      ? [
          {
            line,
            column: "上傳日",
            seen: cells.get("reportedOn") ?? "",
            remedy: "填了上傳日，也要填「空白號碼由誰上傳」",
          },
        ]
      : [];
  return [
    ...read.flatMap(([key, text]): RosterFault[] => {
      const column = ROSTER_COLUMNS.find((one) => one.key === key);
      const title = column?.title ?? key;
      if (text === "") {
        const needed = key === "name" || key === "ubn";
        return needed ? [{ line, column: title, seen: "是空的", remedy: "每一列都要填" }] : [];
      }
      const remedy = column?.refuse(text) ?? null;
      return remedy === null ? [] : [{ line, column: title, seen: text, remedy }];
    }),
    ...alone,
  ];
}

/** What `escape_formulas` put before a value. */
function plain(text: string): string {
  return text.trim().replace(/^'(?=[=+\-@])/, "");
}
