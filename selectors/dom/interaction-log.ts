import type { Locator, Page } from "playwright";
import { followed } from "./page-log.ts";

/** What was pressed, chosen or filled since the last picture, by page: the next picture outlines it. */
const since = new WeakMap<Page, Locator[]>();

/** More than a form has: what a long list of steps without a picture leaves is not worth its outlines. */
const MOST = 12;

/** Notes that the robot is about to touch this, and returns it. */
export function logInteraction(target: Locator): Locator {
  const page = followed(target).page();
  counts.set(page, interactionsWith(page) + 1);
  since.set(page, [...(since.get(page) ?? []).slice(1 - MOST), target]);
  return target;
}

/** What was touched on the page since this was last asked, in order. A row that was ticked may have been redrawn, and a button be gone. */
export function takeInteractions(page: Page): readonly Locator[] {
  const touched = since.get(page) ?? [];
  since.delete(page);
  return touched;
}

const counts = new WeakMap<Page, number>();

/** How often the page was acted on so far. */
export function interactionsWith(page: Page): number {
  return counts.get(page) ?? 0;
}
