import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";

/** Far longer than any row: what is longer is a quotation mark without its partner, which would take in the rest of the file. */
export const LONGEST_RECORD = 256 * 1024;

const LINE_END = /\r\n|\n|\r/;

/** One record: its cells, and the line (1-based) on which it ends. */
export type SeparatedRow = { readonly line: number; readonly cells: readonly string[] };

/** The records that a piece of text completed; `broken` where the text stops making sense behind them. */
export type Separated = { readonly rows: readonly SeparatedRow[]; readonly broken: CsvError | null };

/** Separates a text into records as it comes, piece by piece. */
export type Separator = {
  readonly write: (text: string) => Separated;
  /** The text is at its end. */
  readonly end: () => Separated;
};

/**
 * Lines without a quotation mark are cut at the delimiter; what is quoted goes through `csv-parse`, from the first line with a mark to
 * the last that it needs. Both ways give the same records: `csv-parse` alone makes an error object for each row that is wider or
 * narrower than the first, which takes minutes for the portal's list with its two kinds of rows.
 */
export function separator(delimiter: string): Separator {
  let held = "";
  let lines = 0;

  function take(last: boolean): Separated {
    const rows: SeparatedRow[] = [];
    let wanted = 0;
    let at = 0;
    const end = last ? held.length : endOfLines(held);
    while (at < end) {
      const quote = held.indexOf('"', at);
      const from = quote < 0 || quote >= end ? end : lineStart(held, quote, at);
      if (from > at) {
        for (const line of linesOf(held.slice(at, from))) {
          lines += 1;
          const cells = line.split(delimiter);
          for (const [index, cell] of cells.entries()) cells[index] = cell.trim();
          if (cells.length > 1 || cells[0] !== "") rows.push({ line: lines, cells });
        }
        at = from;
        continue;
      }
      const to = quotedUntil(held, at, end, wanted);
      const read = quoted(held.slice(at, to), delimiter);
      const isOpen = read.broken?.code === "CSV_QUOTE_NOT_CLOSED" && !(last && to === end);
      for (const { line, cells } of read.rows) rows.push({ line: lines + line, cells });
      if (read.broken !== null && !isOpen) return { rows, broken: read.broken };
      const whole = isOpen ? lengthOfLines(held, at, read.rows.at(-1)?.line ?? 0) : to - at;
      lines += linesOf(held.slice(at, at + whole)).length;
      at += whole;
      if (isOpen && to === end) break;
      // More lines than before, so that a mark without its partner is not read once a line.
      wanted = isOpen ? 2 * (to - at) : 0;
    }
    held = held.slice(at);
    return { rows, broken: null };
  }

  return {
    write(text) {
      held += text;
      const taken = take(false);
      if (taken.broken !== null || held.length <= LONGEST_RECORD) return taken;
      // A line without an end, or a quotation that nothing closes.
      const { rows, broken } = take(true);
      return { rows: [...taken.rows, ...rows], broken: broken ?? unending() };
    },
    end: () => take(true),
  };
}

function unending(): CsvError {
  return new CsvError("CSV_MAX_RECORD_SIZE", "longer than any row");
}

/** How long the first `count` lines behind `from` are, with their ends. */
function lengthOfLines(text: string, from: number, count: number): number {
  let at = from;
  for (let line = 0; line < count; line += 1) at = afterLine(text, at);
  return at - from;
}

function afterLine(text: string, from: number): number {
  LINES.lastIndex = from;
  const match = LINES.exec(text);
  return match === null ? text.length : match.index + match[0].length;
}

/** The text up to where its last line ends for certain; a return at the very end may be half of a line end. */
function endOfLines(text: string): number {
  const length = text.endsWith("\r") ? text.length - 1 : text.length;
  const newline = text.lastIndexOf("\n", length - 1);
  const carriage = text.lastIndexOf("\r", length - 1);
  return length === 0 ? 0 : Math.max(newline, carriage) + 1;
}

function lineStart(text: string, within: number, from: number): number {
  const newline = Math.max(text.lastIndexOf("\n", within), text.lastIndexOf("\r", within));
  return Math.max(from, newline + 1);
}

/** Where the lines with quotation marks that begin at `from` end, at least `length` behind it. */
function quotedUntil(text: string, from: number, end: number, length: number): number {
  let at = from;
  while (at < end) {
    const next = Math.min(end, afterLine(text, at));
    const quote = text.indexOf('"', at);
    const isQuoted = quote >= 0 && quote < next;
    if (!isQuoted && at - from >= length) return at;
    at = next;
  }
  return end;
}
const LINES = /\r\n|\n|\r/g;

/** The lines of a text that ends with a line end, or is the last of its file. */
function linesOf(text: string): string[] {
  const lines = text.split(LINE_END);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function quoted(text: string, delimiter: string): Separated {
  const rows: SeparatedRow[] = [];
  try {
    // Between quotation marks `csv-parse` counts a return and a newline as two lines.
    parse(text.replaceAll(LINES, "\n"), {
      trim: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: "\n",
      max_record_size: LONGEST_RECORD,
      on_record: (cells, { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) return { rows, broken: error };
    throw error;
  }
  return { rows, broken: null };
}
