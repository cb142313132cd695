import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LONGEST_RECORD,
  type SeparatedRow,
  separator,
} from "../../../../robot/invoicing/ledger/sources/separated-rows.ts";

type Read = { readonly rows: readonly SeparatedRow[]; readonly broken: string | null };

/** What `csv-parse` makes of the whole text; its lines are counted right only where each ends with one character. */
function asParsed(text: string, delimiter: string): Read {
  const rows: SeparatedRow[] = [];
  try {
    parse(text.replaceAll(/\r\n|\r/g, "\n"), {
      trim: true,
      delimiter,
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: "\n",
      on_record: (cells, { lines }) => {
        rows.push({ line: lines, cells });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows, broken: error.code };
  }
  return { rows, broken: null };
}

function asSeparated(pieces: readonly string[], delimiter: string): Read {
  const separate = separator(delimiter);
  const rows: SeparatedRow[] = [];
  for (const piece of [...pieces, null]) {
    const { rows: more, broken } = piece === null ? separate.end() : separate.write(piece);
    rows.push(...more);
    if (broken !== null) return { rows, broken: broken.code };
  }
  return { rows, broken: null };
}

const SIGNS = ['"', '"', ",", ",", "\n", "\r\n", "\r", "甲", "A1", " ", "\t", "\u00a0", "", "=", '""'];
const drawn = fc.array(fc.constantFrom(...SIGNS), { maxLength: 60 });

describe("rows of separated values", () => {
  test("are those of csv-parse, quoted or not, however the text comes in pieces", () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom(",", "\t", ";"), fc.integer({ min: 1, max: 9 }), (signs, delimiter, size) => {
        const text = signs.join("");
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
          text.slice(at * size, (at + 1) * size),
        );
        expect(asSeparated(pieces, delimiter)).toEqual(asParsed(text, delimiter));
      }),
      { numRuns: 5000 },
    );
  });

  test("know their lines behind a quoted name with a return and a newline in it", () => {
    const { rows } = asSeparated(['a,b\r\n1,"甲\r\n乙"\r\n\r\n2,丙\r\n'], ",");
    expect(rows.map(({ line }) => line)).toEqual([1, 3, 5]);
  });

  test("of a quotation that nothing closes are given up to it, and the rest is not held", () => {
    const separate = separator(",");
    const line = "AB00000001,開立\n";
    expect(separate.write(`${line}"甲",乙\n"${line}`)).toMatchObject({
      broken: null,
      rows: [{ line: 1 }, { line: 2 }],
    });
    let given = 0;
    let broken: CsvError | null = null;
    while (broken === null && given < 100) {
      given += 1;
      ({ broken } = separate.write(line.repeat(5000)));
    }
    expect(broken?.code).toMatch(/MAX_RECORD_SIZE|QUOTE_NOT_CLOSED/);
    expect(given * 5000 * line.length).toBeLessThan(2 * LONGEST_RECORD);
  });

  test("of different widths make no errors by the way: a million cells in seconds", () => {
    const before = performance.now();
    const separate = separator(",");
    let rows = 0;
    for (let piece = 0; piece < 100; piece += 1) rows += separate.write("M,a,b,c,d\nD,a\n".repeat(1000)).rows.length;
    expect(rows).toBe(200_000);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
