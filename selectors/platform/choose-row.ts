import type { Locator } from "playwright";
import { click } from "../dom/click.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import type { TableRow } from "../dom/lists/table.ts";
import { TIMING } from "../dom/timing.ts";

/** How often a row is clicked at the most: a page may swallow the first click. */
const CLICKS = 2;

/**
 * Chooses one row of a table by a click. The platform's rows have no box to tick: a chosen one has another colour. That is read back, and
 * that no other row has changed.
 * @param rows every row of the table
 * @returns which rows look chosen now, for reading back later
 * @throws PageError `page-changed` when it can't be seen that this row, and no other, is chosen
 */
export async function chooseRow(
  rows: readonly TableRow[],
  chosen: TableRow,
): Promise<() => Promise<readonly TableRow[]>> {
  const page = chosen.row.page();
  const at = rows.indexOf(chosen);
  const looks = async (): Promise<string[]> => {
    // A row also changes its colour while the mouse is over it.
    await page.mouse.move(0, 0);
    return Promise.all(rows.map(({ row }) => lookOf(row)));
  };
  const before = await looks();
  for (let made = 0; made < CLICKS; made++) {
    await click(chosen.row);
    const changed = await waitUntil(page, TIMING.chosenRow, async () => {
      const now = await looks();
      return now[at] === before[at] ? null : now;
    });
    if (changed === null) continue;
    const others = changed.filter((look, index) => index !== at && look !== before[index]).length;
    if (others === 0) {
      return async () => {
        const now = await looks();
        return rows.filter((_, index) => now[index] !== before[index]);
      };
    }
    throw new PageError("page-changed", "只選取這一列", `另有 ${others} 列也變了顏色`);
  }
  const words = (await chosen.row.innerText()).replaceAll(/\s+/g, " ");
  throw new PageError("page-changed", `選取這一列：${words}`, `點了 ${CLICKS} 次，看不出已選取`);
}

/** What tells a person that a row is chosen: its colours, or a mark in it. */
function lookOf(row: Locator): Promise<string> {
  return row.evaluate((element) =>
    [element, ...element.children]
      .map((one) => {
        const mark = one.querySelector("input");
        const isMarked = one.getAttribute("aria-selected") ?? String(mark?.checked ?? "");
        return `${getComputedStyle(one).backgroundColor} ${isMarked}`;
      })
      .join("|"),
  );
}
