import { CsvError, type Parser, parse } from "csv-parse";
import { parse as parseWhole } from "csv-parse/sync";
import { decodeHead, decodeLeniently } from "../../reading/lenient-text.ts";
import { csvFault } from "../../reading/table.ts";
import { fault } from "../../problems/problems.ts";
import { numbersOfRow } from "../layouts/passed-over.ts";
import { plainCell } from "../numbers.ts";
import { namesColumns, readHeader } from "../column-names.ts";
import type { Source, SourceRow } from "./source.ts";

/** Far longer than any row: what is longer is a quotation mark without its partner, which would take in the rest of the file. */
const LONGEST_RECORD = 256 * 1024;
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
    let lastWhole = 0;
    let rows: SourceRow[] = [];
    let swallowed = 0;
    const parser = parse({
      trim: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ["\r\n", "\n", "\r"],
      max_record_size: LONGEST_RECORD,
      // Taken here and not from the stream, which forgets the rows before a break.
      on_record: (cells, { lines }) => {
        if (swallowed > 0) return null;
        if (swallowsRows(cells, delimiter)) swallowed = lastWhole + 1;
        else {
          lastWhole = lines;
          rows.push({ line: lines, cells, section: 0 });
        }
        return null;
      },
    });
    // Whoever writes is told of an error; without a listener it would end the process as well.
    parser.on("error", () => undefined);
    for await (const text of withEnd(decodeLeniently(file.read(), onEncoding))) {
      const broken = await fed(parser, text);
      yield* rows;
      rows = [];
      if (swallowed > 0) {
        onBroken(fault("csv-broken", { line: swallowed, value: '"' }));
        return;
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

/** Gives the parser a piece of text, or its end, and waits until it has read it. Answers with what it refuses. */
async function fed(parser: Parser, text: string | null): Promise<CsvError | null> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    if (text === null) parser.end(resolve);
    else parser.write(text, resolve);
  });
  if (error instanceof CsvError) return error;
  if (error) throw error;
  return null;
}

/**
 * Whether a cell of several lines holds whole rows: its quotation mark has lost its partner and the next one, rows later, closed it. What
 * was between would vanish, and its numbers would count as blank.
 */
function swallowsRows(cells: readonly string[], delimiter: Delimiter): boolean {
  const columns = Math.max(2, cells.length - 1);
  return cells.some((cell) => {
    if (!/[\r\n]/.test(cell)) return false;
    return cell.split(/[\r\n]+/).some((line, index) => {
      const pieces = line.split(delimiter);
      if (numbersOfRow(pieces).length > 0) return true;
      // Digits of a number whose track stands in a column of its own.
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
