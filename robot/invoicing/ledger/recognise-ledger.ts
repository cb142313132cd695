import { DomainError } from "../problems/problems.ts";
import { decodeHead } from "../reading/lenient-text.ts";
import { readHeader } from "./column-names.ts";
import type { Layout } from "./layouts/layout.ts";
import { LAYOUTS } from "./layouts/layouts.ts";
import { RECORDS } from "./sources/records.ts";
import { TEXT, delimiterOf, firstRows } from "./sources/text.ts";
import type { LedgerColumns } from "./teaching.ts";

/** The layout of a ledger that is a text, by its beginning; null where it is none of the known ones, or no text. */
export function recogniseLedger(head: Uint8Array, columns: LedgerColumns): Layout | null {
  const source = RECORDS.recognise(head) ? RECORDS : TEXT;
  try {
    const text = decodeHead(head);
    const rows = source === RECORDS ? text.split(/\r?\n/, 1).map((record) => [record.slice(0, 81)]) : rowsOf(text);
    for (const [index, cells] of rows.entries()) {
      const row = { line: index + 1, cells, section: 0 };
      const header = readHeader(cells, columns);
      const layout = LAYOUTS.find((one) => one.recognise(row, header));
      if (layout !== undefined) return layout;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  return null;
}

function rowsOf(text: string): string[][] {
  return firstRows(text, delimiterOf(text));
}
