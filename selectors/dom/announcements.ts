import type { Locator, Page } from "playwright";
import { announcements, boxParts } from "./box.ts";
import { guarded } from "./guard.ts";
import { find } from "./part.ts";
import { CLOSE_MS } from "./timing.ts";

/** From now on an announcement that lies over the page is closed where it is in the way of a click, like a person would. */
export async function closeAnnouncements(page: Page): Promise<void> {
  const close = async (overlay: Locator): Promise<void> => {
    await (await find(overlay, boxParts.close)).click({ timeout: CLOSE_MS });
  };
  await page.addLocatorHandler(announcements(page).first(), guarded(page, "an announcement over the page", close));
}
