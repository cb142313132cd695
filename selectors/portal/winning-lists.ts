import type { Locator } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { choose } from "../dom/forms/choose.ts";
import { click } from "../dom/click.ts";
import { downloaded } from "../dom/traffic/download.ts";
import { printedTotal } from "../dom/lists/list.ts";
import { offeredDownloads } from "../dom/lists/offered.ts";
import type { DownloadedFile, WinningListsPage } from "../pages.ts";
import { find, findIfThere, part } from "../dom/part.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "./period-text.ts";
import { PageProblem } from "../dom/problem.ts";
import { visibleText } from "../dom/signs.ts";
import type { Places } from "../dom/windows/window.ts";

/** The facts name the files and not their page: its labels are guesses that an installation can replace in `selectors/local.json`. */
const parts = {
  period: part("winning.period", "choice", TERMS.period, { pattern: /期別/, offers: PERIODS }),
  search: part("winning.search", "press", TERMS.search),
  download: part("winning.download", "press", TERMS.download, { pattern: /^下載(清冊|檔案)?$/ }),
} as const;

export class WinningLists implements WinningListsPage {
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  async download(period: Period): Promise<DownloadedFile[]> {
    const { page } = this.#places;
    await this.#places.openWinningLists();
    await choose(
      await find(page, parts.period),
      parts.period.name,
      (text) => readPeriod(text) === period,
      "not-in-window",
    );
    // Where there is no 查詢, the files are offered at once.
    const search = await findIfThere(page, parts.search, 0);
    const what = `${period} 期的中獎清冊`;
    const offered = await offeredDownloads(this.#places, {
      download: parts.download,
      what,
      nothing: /無中獎/,
      search: search === null ? null : () => click(search),
    });
    await this.#assertAll(offered, what);
    const files: DownloadedFile[] = [];
    for (const button of offered) files.push(await downloaded(this.#places, what, () => click(button)));
    return files;
  }

  /** A list of winners that stands on another page of the table must not be left out in silence. */
  async #assertAll(offered: readonly Locator[], what: string): Promise<void> {
    const total = offered.length === 0 ? null : printedTotal(await visibleText(this.#places.page));
    if (total === null || total === offered.length) return;
    throw new PageProblem("page-changed", `${what}，全部 ${total} 個檔案`, `頁面上有 ${offered.length} 個「下載」`);
  }
}
