import type { Locator, Page } from "playwright";
import { visible } from "./part.ts";
import { PageProblem } from "./problem.ts";

/** A row of a table: its cells by the words of the header, and the row itself. */
export interface TableRow {
  readonly cells: { readonly [header: string]: string };
  readonly row: Locator;
}

/** What one table on the page holds, cell by cell. */
interface Grid {
  /** It has header cells. */
  readonly headed: boolean;
  readonly rows: Locator;
  readonly texts: readonly (readonly string[])[];
}

/**
 * Reads the visible table whose header has all the wanted words, whatever its markup: columns are found by their header, not by
 * their place. A header is matched without white space. A header that stays while its rows scroll is a table of its own; its
 * rows are then in the next one.
 * @throws PageProblem `page-changed` when no such table is there
 */
export async function readTable(page: Page, headers: readonly string[]): Promise<TableRow[]> {
  const tables = visible(page.locator("table, [role=table], [role=grid]"));
  const seen: string[] = [];
  for (let index = 0; index < (await tables.count()); index++) {
    const grid = await readGrid(tables.nth(index));
    const headerAt = grid.texts.findIndex((cells) =>
      headers.every((header) => cells.some((cell) => tight(cell) === header)),
    );
    const header = grid.texts[headerAt];
    if (!header) {
      seen.push((grid.texts[0] ?? []).join(" | "));
      continue;
    }
    const names = header.map(tight);
    const rest = named(names, grid, headerAt + 1);
    if (headerAt + 1 < grid.texts.length || index + 1 === (await tables.count())) return rest;
    const body = await readGrid(tables.nth(index + 1));
    return body.headed ? rest : named(names, body, 0);
  }
  throw new PageProblem(
    "page-changed",
    `有「${headers.join("、")}」這些欄的表格`,
    seen.join(" / ") || "頁面上沒有表格",
  );
}

async function readGrid(table: Locator): Promise<Grid> {
  const rows = table.locator("tr, [role=row]");
  // Where tables lay out the page, a row holds whole tables: their cells are not its own.
  const texts = await rows.evaluateAll((elements) =>
    elements.map((element) =>
      [...element.querySelectorAll("th, td, [role=columnheader], [role=cell], [role=gridcell]")]
        .filter((cell) => cell.closest("tr, [role=row]") === element)
        .map((cell) =>
          (cell instanceof HTMLElement ? cell.innerText : (cell.textContent ?? "")).replaceAll(/\s+/g, " ").trim(),
        ),
    ),
  );
  const headed = (await table.locator("th, [role=columnheader]").count()) > 0;
  return { headed, rows, texts };
}

/** The rows that have a cell for every header; a header of its own may have one more, over the scroll bar. */
function named(names: readonly string[], { rows, texts }: Grid, from: number): TableRow[] {
  const wanted = [names.length, names.at(-1) === "" ? names.length - 1 : names.length];
  return texts
    .map((cells, at) => ({ cells, at }))
    .filter(({ cells, at }) => at >= from && wanted.includes(cells.length))
    .map(({ cells, at }) => ({
      cells: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])),
      row: rows.nth(at),
    }));
}

function tight(text: string): string {
  return text.replaceAll(/\s/g, "");
}
