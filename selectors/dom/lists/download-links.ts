import type { Locator } from "playwright";
import { EMPTY } from "./list.ts";
import { locateAll, type LocatorSpec } from "../locator-spec.ts";
import { waitUntil } from "../wait-until.ts";
import { PageError } from "../page-error.ts";
import { detectPageState, stateInMessages, visibleText } from "../page-state.ts";
import { TIMING } from "../timing.ts";
import type { PageContext } from "../windows/page-context.ts";
import { observeRequests } from "../network/network-activity.ts";

const PRESSES = 2;

interface Asked {
  /** The button that downloads. */
  readonly download: LocatorSpec;
  /** What it downloads, for the report of a problem. */
  readonly what: string;
  /** What else such a page may say for "nothing". */
  readonly nothing: RegExp;
  /** Presses 查詢; null where there is none and everything is offered at once. */
  readonly search: (() => Promise<void>) | null;
}

/**
 * The buttons that download what a query finds; none where the page, or a dialog, says that there is nothing.
 * @throws PageError with what the page says instead, `page-changed` when it says nothing
 */
export async function downloadLinks(
  { page, dialogs }: PageContext,
  { download, what, nothing, search }: Asked,
): Promise<readonly Locator[]> {
  dialogs.takeMessages();
  const heard: string[] = [];
  const isNothing = (words: string): boolean => EMPTY.test(words) || nothing.test(words);
  for (let made = 0; made < PRESSES; made++) {
    const traffic = search === null ? null : await observeRequests(page, search);
    const offered = await waitUntil(page, TIMING.list, async () => {
      heard.push(...dialogs.takeMessages());
      if (heard.some(isNothing) || (search !== null && isNothing(await visibleText(page)))) return [];
      const buttons = await locateAll(page, download);
      if (buttons.length > 0) return buttons;
      return heard.length === 0 && traffic?.isSilent(TIMING.swallowed) ? "swallowed" : null;
    }).finally(() => traffic?.stop());
    if (offered === null) break;
    if (offered !== "swallowed") return offered;
  }
  const sign = stateInMessages(heard) ?? (await detectPageState(page));
  const words = sign?.words ?? (heard.join("／") || "沒有「下載」，也沒有「查無資料」");
  throw new PageError(sign?.state ?? "page-changed", what, words);
}
