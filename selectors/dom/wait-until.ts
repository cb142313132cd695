import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright";
import { untilChanged } from "./reading/read-page.ts";
import { PageError } from "./page-error.ts";
import { TIMING } from "./timing.ts";

/**
 * Looks at the page again and again, as soon as it changes and from time to time, until the look finds something, at most for the given number of milliseconds; null when it never did.
 * For answers that may come in several places at once; a single element is waited for by Playwright itself.
 */
export async function waitUntil<T>(page: Page, within: number, look: () => Promise<T | null>): Promise<T | null> {
  const deadline = Date.now() + within;
  for (;;) {
    const found = await look();
    if (found !== null || Date.now() >= deadline) return found;
    // A page that never stops drawing is not looked at without a pause.
    await delay(TIMING.afterLook);
    await untilChanged(page, TIMING.betweenLooks - TIMING.afterLook);
  }
}

/** Does what can be done again, such as a search, once more where the page was redrawn under it and was not what it had been. */
export async function repeatIfRedrawn<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PageError) || error.state !== "page-changed") throw error;
    return act();
  }
}
