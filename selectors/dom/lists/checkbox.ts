import type { Locator } from "playwright";
import { click } from "../click.ts";
import { controlLocator } from "../locator-spec.ts";
import { PageError } from "../page-error.ts";
import type { Control } from "../reading/reading.ts";
import { readWithin } from "../reading/read-page.ts";

/** How often a row is ticked at the most. */
const TICKS = 2;

/**
 * Ticks a row of a list. A tick by script is undone by the page, and sometimes the first real one is: so it is a real click, read
 * back, and another. A drawn tick hides the real one in its label.
 */
export async function tickRow(row: Locator): Promise<void> {
  const box = await checkboxIn(row);
  if (box === null)
    throw new PageError("page-changed", "這一列的勾選方塊", (await row.innerText()).replaceAll(/\s+/g, " "));
  const place = controlLocator(row, box);
  for (let press = 0; press < TICKS; press++) {
    if ((await checkboxIn(row))?.checked !== true) await click(box.hidden ? shownFor(place) : place);
    // The page undoes it a moment later, when it redraws the row.
    await row.page().evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await isRowChecked(row)) return;
  }
  throw new PageError("page-changed", "勾選這一列", `勾選了 ${TICKS} 次，都被頁面取消`);
}

/** Whether the row is ticked now; a row without a box is not. */
export async function isRowChecked(row: Locator): Promise<boolean> {
  const box = await checkboxIn(row);
  return box !== null && (box.checked ?? box.selected);
}

/** The one tick box of a row; null where it has none, or several. */
export async function checkboxIn(row: Locator): Promise<Control | null> {
  const { controls } = await readWithin(row);
  for (const kind of ["checkbox", "radio"] as const) {
    const [box, ...others] = controls.filter((control) => control.kind === kind);
    if (box && others.length === 0) return box;
  }
  return null;
}

/** What a person presses for a tick box that can't be seen: its label, or what is drawn around it. */
function shownFor(box: Locator): Locator {
  const label = box.locator("xpath=ancestor::label[1]");
  return label.or(box.locator("xpath=ancestor::*[not(self::input)][1]")).filter({ visible: true }).first();
}
