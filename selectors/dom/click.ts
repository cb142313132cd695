import type { Locator, Page } from "playwright";
import { clearLayer } from "./overlays/layers.ts";
import { tryLocate, namedSpec } from "./locator-spec.ts";
import { readPage } from "./reading/read-page.ts";
import { TIMING } from "./timing.ts";
import { logInteraction } from "./interaction-log.ts";

const toggle = namedSpec("menu.toggle", "press", "隱藏選單", {
  pattern: /(隱藏|收合|關閉|開關).*選單|選單.*(隱藏|收合|開關)|(hide|close|collapse)menu/,
});

/**
 * Clicks where something may lie over what is to be clicked: what only informs is closed as a person closes it, the menu is hidden, and
 * what goes away by itself is waited for. A page that comes from the server shows its buttons before the script has come that makes them
 * work.
 */
export async function click(target: Locator): Promise<void> {
  await waitUntilUncovered(target);
  await logInteraction(target).click();
}

/** Waits until it can be clicked, and takes out of the way what a person would. */
export async function waitUntilUncovered(target: Locator): Promise<void> {
  const page = target.page();
  await page.waitForLoadState("domcontentloaded");
  const deadline = Date.now() + TIMING.uncovered;
  while (!(await isFree(target)) && Date.now() < deadline) {
    if (await uncover(page)) continue;
    const hide = await tryLocate(page, toggle, 0);
    await hide?.click({ timeout: TIMING.covered }).catch(() => undefined);
  }
}

function isFree(target: Locator): Promise<boolean> {
  return target.click({ trial: true, timeout: TIMING.covered }).then(
    () => true,
    () => false,
  );
}

/** Closes the topmost thing that can be closed. */
async function uncover(page: Page): Promise<boolean> {
  const reading = await readPage(page);
  for (const layer of reading.layers) if (await clearLayer(page, reading, layer)) return true;
  return false;
}
