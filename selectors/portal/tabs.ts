import type { Page } from "playwright";
import { click } from "../dom/click.ts";
import { findAll, findIfThere, named, type Part, readAs } from "../dom/part.ts";
import { lookUntil } from "../dom/poll.ts";
import { TIMING } from "../dom/timing.ts";
import { watched } from "../dom/traffic/traffic.ts";

/** What leads from one part of a page to its beginning. It changes nothing. */
const back = named("page.back", "press", "返回", { pattern: /^(返回|回上一?頁|回查詢頁?|back)$/ });

/**
 * Presses a tab on a page that was in front already, where it is, or where 返回 leads.
 * @returns false where it is in neither place: the page has to be loaded anew
 */
export async function toTab(page: Page, tab: Part): Promise<boolean> {
  const direct = await findIfThere(page, tab, 0);
  const found = direct ?? ((await goBack(page)) ? await findIfThere(page, tab, TIMING.draw) : null);
  if (found === null) return false;
  await click(found);
  return true;
}

/**
 * Goes to where a page can be searched, the page having been in front already: by a tab that is one, or by 返回.
 * @param look at what to search by; null while it is not there
 * @returns what was found; null where the page has to be loaded anew
 */
export async function toSearch<T>(
  page: Page,
  tab: Part,
  press: Part,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const found = await findIfThere(page, tab, 0);
  if (found !== null && readAs(found)?.kind === "tab") await click(found);
  else if (!(await goBack(page))) return null;
  return lookUntil(page, TIMING.draw, async () => {
    // The tab 查詢 itself is not what searches.
    const button = await findIfThere(page, press, 0);
    return button === null || readAs(button)?.kind === "tab" ? null : look();
  });
}

/** Whether 返回 was there, and has led somewhere. */
async function goBack(page: Page): Promise<boolean> {
  // Above the page and below it, it leads to the same place.
  const [button] = await findAll(page, back);
  if (button === undefined) return false;
  const traffic = await watched(page, () => click(button));
  const arrived = await lookUntil(page, TIMING.list, async () => {
    if (traffic.isSilent(TIMING.draw)) return "silent";
    return traffic.isAnswered(0) ? "answered" : null;
  }).finally(() => traffic.stop());
  return arrived === "answered";
}
