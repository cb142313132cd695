import type { Locator, Page } from "playwright";
import { takeInteractions } from "../../selectors/dom/interaction-log.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Like the mark of a pen, so that nobody takes it for a part of the page. */
const PEN = "3px solid #e8590c";
/** Pixels between what is outlined and its outline. */
const APART = 4;

/**
 * Does something (takes a picture) while what was touched since the last time is outlined on the page. The outlines lie over the page
 * and take no clicks; they are gone when this returns.
 */
export async function highlight<T>(page: Page, work: () => Promise<T>): Promise<T> {
  const boxes = await Promise.all(takeInteractions(page).map((one) => boxOf(one).catch(() => null)));
  const there = boxes.filter((box) => box !== null);
  if (there.length === 0) return work();
  const sheet = await page.evaluateHandle(draw, { boxes: there, pen: PEN, apart: APART });
  try {
    return await work();
  } finally {
    // The page may have gone on to another one meanwhile, and the outlines with it.
    await sheet.evaluate((element) => element.remove()).catch(() => undefined);
    await sheet.dispose().catch(() => undefined);
  }
}

/** Where it is to be seen now, if it is; nothing is waited for. */
async function boxOf(touched: Locator): Promise<Box | null> {
  const [element, ...others] = await touched.elementHandles();
  for (const other of others) other.dispose().catch(() => undefined);
  const box = (await element?.boundingBox()) ?? null;
  element?.dispose().catch(() => undefined);
  return others.length === 0 ? box : null;
}

/** Runs in the page. A popover lies over dialogs too. */
function draw({ boxes, pen, apart }: { boxes: readonly Box[]; pen: string; apart: number }): HTMLElement {
  const sheet = document.createElement("div");
  sheet.popover = "manual";
  sheet.setAttribute("aria-hidden", "true");
  Object.assign(sheet.style, { all: "initial", position: "fixed", inset: "0", pointerEvents: "none" });
  for (const { x, y, width, height } of boxes) {
    const mark = document.createElement("div");
    Object.assign(mark.style, {
      position: "fixed",
      left: `${x - apart}px`,
      top: `${y - apart}px`,
      width: `${width + 2 * apart}px`,
      height: `${height + 2 * apart}px`,
      boxSizing: "border-box",
      border: pen,
      borderRadius: "6px",
    });
    sheet.append(mark);
  }
  document.documentElement.append(sheet);
  sheet.showPopover();
  return sheet;
}
