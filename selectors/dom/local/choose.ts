import type { Page } from "playwright";
import type { LocatorSpec } from "../reading/description.ts";

/**
 * Lets a person at the browser show where parts are that were not found.
 * @returns whether anything was agreed to: the page is worth another look
 */
export type Chooser = (page: Page, missing: readonly LocatorSpec[]) => Promise<boolean>;

const choosers = new WeakMap<Page, Chooser>();

/** A person sits at this page's window, and shows what is not found. */
export function letChoose(page: Page, choose: Chooser): void {
  choosers.set(page, choose);
}

/** Null where nobody is there. */
export function chooserOf(page: Page): Chooser | null {
  return choosers.get(page) ?? null;
}
