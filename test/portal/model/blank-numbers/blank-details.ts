import iconv from "iconv-lite";
import { z } from "zod";
import { type BlankFileStyle, columnNames, type LineFault } from "./blank-file.ts";

/**
 * Layouts of 失敗明細, whose real one nobody knows. `columns`: a header, the line's number, its columns, the message; UTF-8, CRLF.
 * `message-first`: other header, the message first and the line in one cell; Big5, CRLF. `bare`: no header, the line's columns and
 * then the message; UTF-8 with a byte order mark, LF.
 */
export const detailsLayout = z.enum(["columns", "message-first", "bare"]);
export type DetailsLayout = z.output<typeof detailsLayout>;

/** The bytes of 失敗明細: one row per line and problem. */
export function failureDetails(faults: readonly LineFault[], layout: DetailsLayout, style: BlankFileStyle): Buffer {
  const rows = faults.flatMap(({ line, text, problems }) =>
    problems.map((message) => ({ line: line === null ? "" : String(line), text, message })),
  );
  const count = style.columns.length;
  switch (layout) {
    case "columns": {
      const header = ["行號", ...style.columns.map((name) => columnNames[name]), "錯誤訊息"];
      const body = rows.map(({ line, text, message }) => [line, ...cellsOf(text, count), message]);
      return Buffer.from(table([header, ...body], "\r\n"), "utf8");
    }
    case "message-first": {
      const body = rows.map(({ line, text, message }) => [message, text, line]);
      return iconv.encode(table([["錯誤原因", "匯入資料內容", "資料列次"], ...body], "\r\n"), "cp950");
    }
    case "bare": {
      const body = rows.map(({ text, message }) => [...cellsOf(text, count), message]);
      return Buffer.from(`\uFEFF${table(body, "\n")}`, "utf8");
    }
  }
}

/** Exactly `count` cells: what a line has too many of stays together in the last one. */
function cellsOf(text: string, count: number): string[] {
  const cells = text.split(",");
  const kept = [...cells.slice(0, count - 1), cells.slice(count - 1).join(",")];
  return Array.from({ length: count }, (_, index) => kept[index] ?? "");
}

function table(rows: readonly (readonly string[])[], lineEnd: string): string {
  const cell = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(",") + lineEnd).join("");
}
