import type { BrowserContext, Page } from "playwright";
import { listen } from "./dialogs.ts";
import { guarded } from "./guard.ts";
import type { Surface } from "./window.ts";

/** The windows of a visit. */
export interface Windows {
  /** The one that was there first. */
  readonly main: Surface;
  /** The newest one that is still open: what a person has in front of them. */
  front(): Surface;
  /** Closes all but the first. */
  closeOthers(): Promise<void>;
}

/** Listens to each window from its beginning: what a page says in a dialog comes before anybody can know of the window. */
export function windowsOf(context: BrowserContext, first: Page): Windows {
  const main: Surface = { page: first, ear: listen(first) };
  const others: Surface[] = [];
  const opened = (page: Page): void => void others.push({ page, ear: listen(page) });
  context.on("page", guarded(context, "a window that a page opened", opened));
  return {
    main,
    front: () => others.findLast(({ page }) => !page.isClosed()) ?? main,
    async closeOthers() {
      for (const { page } of others.splice(0)) await page.close();
    },
  };
}

/** One window that counts, whatever else is opened. */
export function onlyWindow(page: Page): Windows {
  const main: Surface = { page, ear: listen(page) };
  return { main, front: () => main, closeOthers: () => Promise.resolve() };
}
