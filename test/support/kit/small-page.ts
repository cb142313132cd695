import type { Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { keptBrowser } from "./kept-browser.ts";
import { quickBrowser } from "./quick-browser.ts";

/** One page of one browser for all tests of a file, which put their own few lines on it. Known once they begin. */
export function smallPage(): () => Page {
  const host = keptBrowser({ headless: true, executable: quickBrowser() });
  let opened: { readonly page: Page; readonly close: () => Promise<void> } | null = null;
  beforeAll(async () => {
    const own = await host.newContext();
    opened = { page: await own.context.newPage(), close: () => own.close() };
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === null) throw new Error("The page is opened before the first test.");
    return opened.page;
  };
}
