import type { BrowserContext, Page } from "playwright";
import { monitorDialogs } from "./dialogs.ts";
import { guarded } from "../guard.ts";
import { waitUntil } from "../wait-until.ts";
import { TIMING } from "../timing.ts";
import type { PageContext } from "./page-context.ts";

/** The windows of a visit. */
export interface Windows {
  /** The one that was there first. */
  readonly main: PageContext;
  /** The newest one that is still open: what a person has in front of them. */
  front(): PageContext;
  /** Closes all but the first. */
  closeOthers(): Promise<void>;
}

/** Listens to each window from its beginning: what a page says in a dialog comes before anybody can know of the window. */
export function windowsOf(context: BrowserContext, first: Page): Windows {
  const main: PageContext = { page: first, dialogs: monitorDialogs(first) };
  const others: PageContext[] = [];
  const opened = (page: Page): void => void others.push({ page, dialogs: monitorDialogs(page) });
  context.on("page", guarded(context, "a window that a page opened", opened));
  return {
    main,
    front: () => others.findLast(({ page }) => !page.isClosed()) ?? main,
    async closeOthers() {
      for (const { page } of others.splice(0)) await page.close();
    },
  };
}

/** One window that counts, whatever else is opened; with it the one that a form was opened in, while that is open. */
export function onlyWindow(page: Page): Windows {
  const main: PageContext = { page, dialogs: monitorDialogs(page) };
  return { main, front: () => workedIn(main), closeOthers: () => Promise.resolve() };
}

/** In which window the form is that was opened last from a page. */
const forms = new WeakMap<Page, PageContext>();

function workedIn(main: PageContext): PageContext {
  const form = forms.get(main.page);
  return form === undefined || form.page.isClosed() ? main : form;
}

/**
 * Presses what leads to a form. It may be drawn on the page itself, or open in its own window, of which there is one at a time.
 * @returns where the form is; the page itself where it is nowhere to be seen
 */
export async function formWindow(
  pageContext: PageContext,
  press: () => Promise<void>,
  isThere: (page: Page) => Promise<boolean>,
): Promise<PageContext> {
  const { page } = pageContext;
  await closeFormWindow(page);
  const opened = windowOpenedBy(page);
  try {
    await press();
    const found = await waitUntil(page, TIMING.form, async () => {
      const window = opened.window();
      if (window !== null && (await isThere(window.page))) return window;
      return (await isThere(page)) ? pageContext : null;
    });
    if (found !== null && found !== pageContext) forms.set(page, found);
    return found ?? pageContext;
  } finally {
    opened.stop();
  }
}

/** Listens for the window that a page opens next. */
export function windowOpenedBy(page: Page): { window(): PageContext | null; stop(): void } {
  let opened: PageContext | null = null;
  const keep = guarded(page, "a window that a page opens", (window: Page): void => {
    opened ??= { page: window, dialogs: monitorDialogs(window) };
  });
  page.on("popup", keep);
  return {
    window: () => (opened === null || opened.page.isClosed() ? null : opened),
    stop: () => void page.off("popup", keep),
  };
}

/** A form's window is left before its page is used again. */
export async function closeFormWindow(page: Page): Promise<void> {
  await forms.get(page)?.page.close();
  forms.delete(page);
}
