import type { Locator, Page } from "playwright";
import { PageProblem } from "./problem.ts";

/** A row of a table: its cells by the words of the header, and the row itself. */
export interface TableRow {
  readonly cells: { readonly [header: string]: string };
  readonly row: Locator;
}

/**
 * Reads the visible table whose header has all the wanted words, whatever its markup: columns are found by their header, not by
 * their place. A header is matched without white space.
 * @throws PageProblem `page-changed` when no such table is there
 */
export async function readTable(page: Page, headers: readonly string[]): Promise<TableRow[]> {
  const tables = page.locator("table, [role=table], [role=grid]").filter({ visible: true });
  const seen: string[] = [];
  for (let index = 0; index < (await tables.count()); index++) {
    const table = tables.nth(index);
    const rows = table.locator("tr, [role=row]");
    const texts = await rows.evaluateAll((elements) =>
      elements.map((element) =>
        [...element.querySelectorAll("th, td, [role=columnheader], [role=cell], [role=gridcell]")].map((cell) =>
          (cell instanceof HTMLElement ? cell.innerText : (cell.textContent ?? "")).replaceAll(/\s+/g, " ").trim(),
        ),
      ),
    );
    const headerAt = texts.findIndex((cells) =>
      headers.every((header) => cells.some((cell) => tight(cell) === header)),
    );
    if (headerAt < 0) {
      seen.push((texts[0] ?? []).join(" | "));
      continue;
    }
    const names = (texts[headerAt] ?? []).map(tight);
    return texts
      .map((cells, at) => ({ cells, at }))
      .filter(({ cells, at }) => at > headerAt && cells.length === names.length)
      .map(({ cells, at }) => ({
        cells: Object.fromEntries(names.map((name, column) => [name, cells[column] ?? ""])),
        row: rows.nth(at),
      }));
  }
  throw new PageProblem(
    "page-changed",
    `有「${headers.join("、")}」這些欄的表格`,
    seen.join(" / ") || "頁面上沒有表格",
  );
}

function tight(text: string): string {
  return text.replaceAll(/\s/g, "");
}
