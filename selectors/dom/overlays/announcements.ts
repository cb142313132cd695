import type { Page } from "playwright";
import { guarded } from "../guard.ts";
import { clearLayer } from "./layers.ts";
import { closerOf, isMenu } from "../reading/over.ts";
import { readPage } from "../reading/read-page.ts";

/**
 * From now on closes what only informs wherever it is in the way of an act, as a person would. What it is, is told by the reading; the
 * browser only says that there may be something.
 */
export async function closeAnnouncements(page: Page): Promise<void> {
  const close = async (): Promise<void> => {
    const reading = await readPage(page);
    // A menu was opened to be used; where it is in the way of something else, whoever clicks that closes it.
    const blocking = reading.layers.find(
      (layer) => layer.blocking && !isMenu(reading, layer) && closerOf(reading, layer) !== null,
    );
    if (blocking) await clearLayer(page, reading, blocking);
  };
  const over = page.locator('read={"id":0,"kind":"over","names":[]}');
  await page.addLocatorHandler(over, guarded(page, "an announcement over the page", close), { noWaitAfter: true });
}
