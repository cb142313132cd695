import type { Locator } from "playwright";
import { click } from "./click.ts";
import { PageProblem } from "./problem.ts";

/** How often a row is ticked at the most. */
const TICKS = 2;

/**
 * Ticks a row of a list. A tick by script is undone by the page, and sometimes the first real one is: so it is a real click, read
 * back, and another. A drawn tick hides the real one in its label.
 */
export async function tick(row: Locator): Promise<void> {
  const box = row.getByRole("checkbox");
  if ((await box.count()) !== 1)
    throw new PageProblem("page-changed", "這一列的勾選方塊", (await row.innerText()).replaceAll(/\s+/g, " "));
  const shown = (await box.isVisible()) ? box : box.locator("xpath=ancestor::label[1]");
  for (let press = 0; press < TICKS; press++) {
    if (!(await box.isChecked())) await click(shown);
    // The page undoes it a moment later, when it redraws the row.
    await row.page().evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await box.isChecked()) return;
  }
  throw new PageProblem("page-changed", "勾選這一列", `勾選了 ${TICKS} 次，都被頁面取消`);
}

/** Whether the row is ticked now; a row without a box is not. */
export async function isTicked(row: Locator): Promise<boolean> {
  const box = row.getByRole("checkbox");
  return (await box.count()) === 1 && (await box.isChecked());
}
