import type { Page } from "playwright";
import { click } from "../dom/click.ts";
import { locateAll, tryLocate, namedSpec, type LocatorSpec, controlReadAt } from "../dom/locator-spec.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { TIMING } from "../dom/timing.ts";
import { observeRequests } from "../dom/network/network-activity.ts";

/** What leads from one part of a page to its beginning. It changes nothing. */
const back = namedSpec("page.back", "press", "返回", { pattern: /^(返回|回上一?頁|回查詢頁?|back)$/ });

/**
 * Presses a tab on a page that was in front already, where it is, or where 返回 leads.
 * @returns false where it is in neither place: the page has to be reloaded
 */
export async function toTab(page: Page, tab: LocatorSpec): Promise<boolean> {
  const direct = await tryLocate(page, tab, 0);
  const found = direct ?? ((await goBack(page)) ? await tryLocate(page, tab, TIMING.draw) : null);
  if (found === null) return false;
  await click(found);
  return true;
}

/**
 * Goes to where a page can be searched, the page having been in front already: by a tab that is one, or by 返回.
 * @param look at what to search by; null while it is not there
 * @returns what was found; null where the page has to be reloaded
 */
export async function toSearch<T>(
  page: Page,
  tab: LocatorSpec,
  press: LocatorSpec,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const found = await tryLocate(page, tab, 0);
  if (found !== null && controlReadAt(found)?.kind === "tab") await click(found);
  else if (!(await goBack(page))) return null;
  return waitUntil(page, TIMING.tab, async () => {
    // The tab 查詢 itself is not what searches.
    const button = await tryLocate(page, press, 0);
    return button === null || controlReadAt(button)?.kind === "tab" ? null : look();
  });
}

/** Whether 返回 was there, and has led somewhere. */
async function goBack(page: Page): Promise<boolean> {
  // Above the page and below it, it leads to the same place.
  const [button] = await locateAll(page, back);
  if (button === undefined) return false;
  const traffic = await observeRequests(page, () => click(button));
  const arrived = await waitUntil(page, TIMING.list, async () => {
    if (traffic.isSilent(TIMING.draw)) return "silent";
    return traffic.isAnswered(0) ? "answered" : null;
  }).finally(() => traffic.stop());
  return arrived === "answered";
}
