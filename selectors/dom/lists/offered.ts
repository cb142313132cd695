import type { Locator } from "playwright";
import { EMPTY } from "./list.ts";
import { findAll, type Part } from "../part.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { readSigns, signOf, visibleText } from "../signs.ts";
import { TIMING } from "../timing.ts";
import type { Surface } from "../windows/window.ts";
import { watched } from "../traffic/traffic.ts";

const PRESSES = 2;

interface Asked {
  /** The button that downloads. */
  readonly download: Part;
  /** What it downloads, for the report of a problem. */
  readonly what: string;
  /** What else such a page may say for "nothing". */
  readonly nothing: RegExp;
  /** Presses 查詢; null where there is none and everything is offered at once. */
  readonly search: (() => Promise<void>) | null;
}

/**
 * The buttons that download what a query finds; none where the page, or a dialog, says that there is nothing.
 * @throws PageProblem with what the page says instead, `page-changed` when it says nothing
 */
export async function offeredDownloads(
  { page, ear }: Surface,
  { download, what, nothing, search }: Asked,
): Promise<readonly Locator[]> {
  ear.heard();
  const heard: string[] = [];
  const isNothing = (words: string): boolean => EMPTY.test(words) || nothing.test(words);
  for (let made = 0; made < PRESSES; made++) {
    const traffic = search === null ? null : await watched(page, search);
    const offered = await lookUntil(page, TIMING.list, async () => {
      heard.push(...ear.heard());
      if (heard.some(isNothing) || (search !== null && isNothing(await visibleText(page)))) return [];
      const buttons = await findAll(page, download);
      if (buttons.length > 0) return buttons;
      return heard.length === 0 && traffic?.isSilent(TIMING.swallowed) ? "swallowed" : null;
    }).finally(() => traffic?.stop());
    if (offered === null) break;
    if (offered !== "swallowed") return offered;
  }
  const sign = signOf(heard) ?? (await readSigns(page));
  const words = sign?.words ?? (heard.join("／") || "沒有「下載」，也沒有「查無資料」");
  throw new PageProblem(sign?.state ?? "page-changed", what, words);
}
