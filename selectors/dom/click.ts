import type { Locator } from "playwright";
import { clearLayer } from "./overlays/layers.ts";
import { controlReadAt, tryLocate, namedSpec } from "./locator-spec.ts";
import { askIfThere } from "./reading/handle.ts";
import { readPage } from "./reading/read-page.ts";
import { TIMING } from "./timing.ts";
import { logInteraction } from "./interaction-log.ts";
import { followed } from "./page-log.ts";

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
  if (await isInTheOpen(target)) return;
  const deadline = Date.now() + TIMING.uncovered;
  while (!(await isFree(target)) && Date.now() < deadline) {
    if (await uncover(target)) continue;
    const hide = await tryLocate(page, toggle, 0);
    if (hide)
      await followed(hide)
        .click({ timeout: TIMING.covered })
        .catch(() => undefined);
  }
}

/** Told by the page in one question, where it can be: trying a click costs as much as making one. */
async function isInTheOpen(target: Locator): Promise<boolean> {
  // A page that is being left, or whose element is gone, is tried.
  return (await askIfThere(target, isOnTop).catch(() => null)) ?? false;
}

/** Runs in the page. Whether a click in its middle reaches the element; one that has to be scrolled to is not known to be free. */
function isOnTop(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  if (element.matches(":disabled") || element.closest("[aria-disabled=true], [inert]") !== null) return false;
  const { left, top, width, height } = element.getBoundingClientRect();
  const x = left + width / 2;
  const y = top + height / 2;
  if (width === 0 || height === 0 || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) return false;
  let hit = document.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (inner === null || inner === hit) break;
    hit = inner;
  }
  for (let node: Node | null = hit; node !== null; node = node instanceof ShadowRoot ? node.host : node.parentNode)
    if (node === element) return true;
  return false;
}

function isFree(target: Locator): Promise<boolean> {
  return target.click({ trial: true, timeout: TIMING.covered }).then(
    () => true,
    () => false,
  );
}

/** Closes the topmost thing that can be closed, but for what holds the target itself, such as a menu that was opened to get at it. */
async function uncover(target: Locator): Promise<boolean> {
  const page = target.page();
  const own = controlReadAt(target)?.layer ?? null;
  const reading = await readPage(page);
  for (const layer of reading.layers) {
    if (layer.id === own) return false;
    if (await clearLayer(page, reading, layer)) return true;
  }
  return false;
}
