import type { Locator, Page } from "playwright";
import { PageError } from "../page-error.ts";
import { rowAt } from "../reading/handle.ts";
import type { PageReading } from "../reading/reading.ts";
import { readPage } from "../reading/read-page.ts";
import { type Columns, missingColumns, rowsOf } from "../reading/rows.ts";

export type { Columns } from "../reading/rows.ts";

/** Columns that have no other names than these. */
export function columns(wanted: readonly string[], optional: readonly string[] = []): Columns {
  const asTerms = (names: readonly string[]): Columns["wanted"] => names.map((name) => ({ name, also: [] }));
  return { wanted: asTerms(wanted), optional: asTerms(optional) };
}

/** A row of a list: its cells by the words of the header, and the row itself. */
export interface TableRow {
  readonly cells: { readonly [header: string]: string };
  readonly row: Locator;
}

/**
 * Reads the list whose header has all the wanted columns, whatever its markup: columns are found by what they are called, not by
 * their place.
 * @throws PageError `page-changed` when no such list is there
 */
export async function readRows(page: Page, columns: Columns): Promise<TableRow[]> {
  const reading = await readPage(page);
  const rows = tableOf(page, reading, columns);
  if (rows !== null) return rows;
  const seen = reading.lists.map(({ header, rows }) =>
    (header.length > 0 ? header : (rows[0]?.cells ?? []).map(({ text }) => text)).join(" | "),
  );
  throw new PageError(
    "page-changed",
    `有「${columns.wanted.map(({ name }) => name).join("、")}」這些欄的清單`,
    seen.join(" / ").slice(0, 300) || "頁面上沒有清單",
    { parts: missingColumns(reading, columns) },
  );
}

/** The same of a page that has been read; null where it has no such list. */
export function tableOf(page: Page, reading: PageReading, columns: Columns): TableRow[] | null {
  return rowsOf(reading, columns)?.map((row) => ({ cells: row.cells, row: rowAt(page, row) })) ?? null;
}
