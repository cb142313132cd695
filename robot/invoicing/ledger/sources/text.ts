import { CsvError } from "csv-parse";
import { parse as parseWhole } from "csv-parse/sync";
import { decodeHead, decodeLeniently } from "../../reading/lenient-text.ts";
import { csvFault } from "../../reading/table.ts";
import { fault } from "../../problems/problems.ts";
import { numbersOfRow } from "../layouts/passed-over.ts";
import { plainCell } from "../numbers.ts";
import { namesColumns, readHeader } from "../column-names.ts";
import { separator } from "./separated-rows.ts";
import type { Source } from "./source.ts";

/** How many rows are looked at to find what separates the columns. */
const LOOKED_AT = 60;

const DELIMITERS = [",", "\t", ";", "|"] as const;
type Delimiter = (typeof DELIMITERS)[number];

/** Values separated by commas, tabs, semicolons or bars, in any known encoding: read as a stream, memory does not grow with the file. */
export const TEXT: Source = {
  id: "text",
  dropsEmptyCells: false,
  recognise: () => true,
  async *rows(file, head, { onBroken, onEncoding }) {
    const delimiter = delimiterOf(decodeHead(head));
    const separate = separator(delimiter);
    let lastWhole = 0;
    let widest = 0;
    for await (const text of withEnd(decodeLeniently(file.read(), onEncoding))) {
      const { rows, broken } = text === null ? separate.end() : separate.write(text);
      for (const { line, cells } of rows) {
        if (swallowsRows(cells, delimiter, widest)) {
          onBroken(fault("csv-broken", { line: lastWhole + 1, value: '"' }));
          return;
        }
        lastWhole = line;
        widest = Math.max(widest, cells.length);
        yield { line, cells, section: 0 };
      }
      if (broken !== null) {
        onBroken(csvFault(broken, lastWhole));
        return;
      }
    }
  },
};

async function* withEnd(texts: AsyncIterable<string>): AsyncGenerator<string | null> {
  yield* texts;
  yield null;
}

/**
 * Whether a cell of several lines holds whole rows: its quotation mark has lost its partner and the next one, rows later, closed it. What
 * was between would vanish, and its numbers would count as blank.
 */
function swallowsRows(cells: readonly string[], delimiter: Delimiter, widest: number): boolean {
  const columns = Math.max(2, cells.length - 1);
  return cells.some((cell) => {
    if (!/[\r\n]/.test(cell)) return false;
    // Between the last cell of a row and the first of the next nothing separates columns, and two rows are as wide as two.
    if (widest > 1 && !cell.includes(delimiter)) {
      const tracks = cells.filter((one) => /^[A-Z]{2}$/.test(plainCell(one)));
      const isOfTwo = numbersOfRow(cells).length > 1 || tracks.length > 1;
      return isOfTwo && cells.findLastIndex((one) => one !== "") >= widest;
    }
    return cell.split(/[\r\n]+/).some((line, index) => {
      const pieces = line.split(delimiter);
      if (numbersOfRow(pieces).length > 0) return true;
      // Digits of a number whose track stands in its own column.
      if (pieces.length > 1 && pieces.some((piece) => /^[0-9]{8}$/.test(plainCell(piece)))) return true;
      return index > 0 && pieces.length > columns;
    });
  });
}

/**
 * What separates the columns: that with which a header of a ledger is found; else that with which the rows have most columns. A file
 * of one column is read the same with each.
 */
export function delimiterOf(text: string): Delimiter {
  const tried = DELIMITERS.map((delimiter) => {
    const rows = firstRows(text, delimiter);
    const header = rows.some((cells) => cells.length > 1 && (namesColumns(cells) || readHeader(cells, {}) !== null));
    const widths = rows.map((cells) => cells.length).toSorted((a, b) => a - b);
    return { delimiter, header, width: widths[Math.floor(widths.length / 2)] ?? 0 };
  });
  const byHeader = tried.find(({ header }) => header);
  const widest = tried.toSorted((a, b) => b.width - a.width)[0];
  return (byHeader ?? widest)?.delimiter ?? ",";
}

/** The first rows of a text, as far as they can be read. */
export function firstRows(text: string, delimiter: Delimiter): string[][] {
  const rows: string[][] = [];
  try {
    parseWhole(text, {
      trim: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      to: LOOKED_AT,
      on_record: (cells) => {
        rows.push(cells);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return rows;
}
