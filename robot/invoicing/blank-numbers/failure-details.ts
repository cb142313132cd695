import type { Encoding } from "../reading/encoding.ts";
import { isPeriod } from "../values/period.ts";
import type { Fault } from "../problems/problems.ts";
import { type Refusal, refusalOf } from "./refusals.ts";
import { type FileRow, type Table, readTable } from "../reading/table.ts";
import type { UploadRow } from "./upload-file.ts";

/**
 * 失敗明細 as downloaded. Its layout is not known, so nothing is assumed of its columns: it is read as the table it looks like, and the
 * caller keeps the original bytes.
 */
export type FailureDetails = {
  readonly encoding: Encoding | undefined;
  /** Column names, if the first row looks like a header. */
  readonly columns: readonly string[];
  readonly rows: readonly FileRow[];
  /** Why it could not be read at all (a web page, an unknown encoding). */
  readonly faults: readonly Fault[];
};

/** One refused row, joined to the line of our file that it means. */
export type UploadFailure = {
  /** Line of the failure details. */
  readonly line: number;
  /** Our row; missing where the details name none of our numbers. */
  readonly row: UploadRow | undefined;
  /** What the portal says, in its own words. */
  readonly reason: string;
  /** What to do, in Traditional Chinese. */
  readonly remedy: string;
  /** What the reason is known as; missing where nobody knows it. */
  readonly refusal: Refusal | undefined;
};

const DELIMITERS = [",", "\t", ";", "|"] as const;

/**
 * Whether the names of columns are those of refused ranges: where they begin, and why they were refused. A ledger of orders may say as well
 * why an invoice failed, but has a date or a status.
 */
export function isFailureHeader(names: readonly string[]): boolean {
  const has = (name: RegExp): boolean => names.some((one) => name.test(one));
  return has(/錯誤|失敗|不符|退件|檢核/) && has(/起號/) && !has(/狀態|日期/);
}

/** Reads the details with whatever separates their columns. Never throws. */
export function readFailureDetails(bytes: Uint8Array): FailureDetails {
  const tables = DELIMITERS.map((delimiter) => tolerant(bytes, delimiter));
  const { rows, faults, encoding } = tables.reduce((best, table) => (width(table) > width(best) ? table : best));
  const [first] = rows;
  const hasHeader = first !== undefined && rows.length > 1 && looksLikeHeader(first);
  return { encoding, columns: hasHeader ? first.cells : [], rows: hasHeader ? rows.slice(1) : rows, faults };
}

/** Column names hold no numbers of invoices and no code of the ministry's; a single cell is a sentence. */
function looksLikeHeader(row: FileRow): boolean {
  return row.cells.length > 1 && !row.cells.some((cell) => /\d{5}|E\d{4}/i.test(cell));
}

/** A reason may hold a lone quotation mark; then quotes are taken for ordinary characters. */
function tolerant(bytes: Uint8Array, delimiter: string): Table {
  const table = readTable(bytes, { delimiter });
  return table.faults.some(({ code }) => code === "csv-broken")
    ? readTable(bytes, { delimiter, quotes: false })
    : table;
}

function width(table: Table): number {
  return table.rows.reduce((sum, row) => sum + row.cells.length, 0);
}

/**
 * Joins every refused row to the row of our file it is about: by the numbers it repeats, else by 序號 or line number. A refused row that
 * names nothing of ours is reported without one rather than guessed at.
 */
export function explainFailures(details: FailureDetails, sent: readonly UploadRow[]): UploadFailure[] {
  const byNumber = Map.groupBy(
    sent.flatMap((row) => [row.begin, row.end].map((number) => ({ number, row }))),
    ({ number }) => String(number),
  );
  return details.rows.map((refused) => {
    const text = refused.cells.join(" ");
    const reason = refused.cells.filter((cell) => /\p{Script=Han}/u.test(cell)).join("；");
    const refusal = refusalOf(text) ?? undefined;
    return {
      line: refused.line,
      row: meantBy(text, byNumber) ?? bySequence(refused, sent) ?? byLine(text, sent),
      reason: reason === "" ? [text, refusal?.meaning.zh ?? ""].join(" ").trim() : reason,
      remedy: refusal?.remedy.zh ?? "請對照平台的說明檔修改這一列後再上傳。",
      refusal,
    };
  });
}

/** With several rows of the same numbers (in different tracks), the one with most in common. */
function meantBy(text: string, byNumber: ReadonlyMap<string, readonly { row: UploadRow }[]>): UploadRow | undefined {
  const numbers = Array.from(text.matchAll(/(?<!\d)\d{8}(?!\d)/g), ([number]) => number);
  const tracks = Array.from(text.matchAll(/(?<![A-Z])[A-Z]{2}(?![A-Z])/g), ([track]) => track);
  const score = (row: UploadRow): number =>
    Number(numbers.includes(row.begin)) + Number(numbers.includes(row.end)) + Number(tracks.includes(row.track));
  const candidates = numbers.flatMap((number) => byNumber.get(number) ?? []).map(({ row }) => row);
  return candidates.toSorted((a, b) => score(b) - score(a))[0];
}

/** 序號 is the row's place in the file. A period has five digits as well, and is none. */
function bySequence(refused: FileRow, sent: readonly UploadRow[]): UploadRow | undefined {
  const sequence = refused.cells.find((cell) => /^\d{5}$/.test(cell) && !isPeriod(cell));
  return sequence === undefined ? undefined : sent[Number(sequence) - 1];
}

function byLine(text: string, sent: readonly UploadRow[]): UploadRow | undefined {
  const [, line] = /第\s*(\d+)\s*[行列筆]/.exec(text) ?? [];
  return line === undefined ? undefined : sent.find((row) => row.line === Number(line));
}
