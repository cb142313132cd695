import type { Locator, Page } from "playwright";
import { click } from "../click.ts";
import { controlLocator } from "../locator-spec.ts";
import { PageError } from "../page-error.ts";
import type { Control } from "../reading/reading.ts";
import { readPage, readWithin } from "../reading/read-page.ts";

/** How often a row is ticked at the most. */
const TICKS = 2;

/**
 * Ticks a row of a list. A tick by script is undone by the page, and sometimes the first real one is: so it is a real click, read
 * back, and another. A drawn tick hides the real one in its label.
 */
export async function tickRow(row: Locator): Promise<void> {
  const tick = await tickOf(row);
  if (tick === null)
    throw new PageError("page-changed", "這一列的勾選方塊", (await row.innerText()).replaceAll(/\s+/g, " "));
  for (let press = 0; press < TICKS; press++) {
    if ((await tickOf(row))?.box.checked !== true) await click(tick.place);
    // The page undoes it a moment later, when it redraws the row.
    await row.page().evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await isRowChecked(row)) return;
  }
  throw new PageError("page-changed", "勾選這一列", `勾選了 ${TICKS} 次，都被頁面取消`);
}

/** Whether the row is ticked now; a row without a box is not. */
export async function isRowChecked(row: Locator): Promise<boolean> {
  const tick = await tickOf(row);
  return tick !== null && (tick.box.checked ?? tick.box.selected);
}

interface Tick {
  readonly box: Control;
  /** What is pressed for it. */
  readonly place: Locator;
}

/** The row's own box, where anything of it is to be seen; else the one of its copy. */
async function tickOf(row: Locator): Promise<Tick | null> {
  const own = await checkboxIn(row);
  return (own === null ? null : await shown(row, own)) ?? copyOf(row);
}

async function shown(scope: Locator | Page, box: Control): Promise<Tick | null> {
  const place = controlLocator(scope, box);
  if (!box.hidden) return { box, place };
  const around = shownFor(place);
  return (await around.count()) === 0 ? null : { box, place: around };
}

/** Tables whose first columns stay in place draw these a second time, over the first: the box that is to be seen stands at the row's height. */
async function copyOf(row: Locator): Promise<Tick | null> {
  const page = row.page();
  const address = (await (await row.elementHandle())?.ownerFrame())?.url();
  const at = await row.evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return { top, bottom, left, right };
  });
  const { controls, frames } = await readPage(page);
  // Over the row itself: a list beside this one has rows at the same height.
  const level = controls.filter(({ kind, frame, row: list, box: [left, top, width, height] }) => {
    const [x, y] = [left + width / 2, top + height / 2];
    const isOver = x > at.left && x < at.right && y > at.top && y < at.bottom;
    return kind === "checkbox" && list !== null && frames[frame] === address && isOver;
  });
  const ticks = (await Promise.all(level.map((box) => shown(page, box)))).filter((one) => one !== null);
  return ticks.length === 1 ? (ticks[0] ?? null) : null;
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
