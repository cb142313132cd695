import type { Locator } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { selectOption } from "../dom/forms/select-box.ts";
import { click } from "../dom/click.ts";
import { downloadFile } from "../dom/network/download.ts";
import { printedTotal } from "../dom/lists/list.ts";
import { downloadLinks } from "../dom/lists/download-links.ts";
import type { DownloadedFile, WinningListsPage } from "../pages.ts";
import { locate, tryLocate, locatorSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "./period-text.ts";
import { PageError } from "../dom/page-error.ts";
import { visibleText } from "../dom/page-state.ts";
import { menuSpec, type PortalNavigation, type Routes } from "./navigator.ts";

/** What 中獎清冊下載 may be called, and the group it may be in. */
const NAME = /中獎(發票)?清冊/;
const GROUP = /^\s*中獎(發票|資料|作業)?(作業|管理|查詢)?\s*$/;

/** Where it is in both designs; the facts name its files only. */
export const WINNING_LISTS: Routes = {
  current: {
    name: "中獎清冊下載",
    path: null,
    entry: menuSpec("current.menu.winning", "中獎清冊下載", NAME),
    groups: [menuSpec("current.menu.winning-group", "中獎發票", GROUP)],
    breadcrumb: /[/>›＞／]\s*中獎(發票)?清冊/,
    heading: NAME,
  },
  classic: {
    name: "中獎清冊下載",
    path: null,
    entry: menuSpec("classic.menu.winning", "中獎清冊下載", NAME),
    groups: [menuSpec("classic.menu.winning-group", "中獎發票", GROUP)],
    breadcrumb: /[/>›＞／]\s*中獎(發票)?清冊/,
    heading: null,
  },
};

/** The facts name the files and not their page: its labels are guesses that an installation can replace in `selectors/local.json`. */
const parts = {
  period: locatorSpec("winning.period", "choice", TERMS.period, { pattern: /期別/, offers: PERIODS }),
  search: locatorSpec("winning.search", "press", TERMS.search),
  download: locatorSpec("winning.download", "press", TERMS.download, { pattern: /^下載(清冊|檔案)?$/ }),
} as const;

export class WinningLists implements WinningListsPage {
  readonly #places: PortalNavigation;

  constructor(places: PortalNavigation) {
    this.#places = places;
  }

  async download(period: Period): Promise<DownloadedFile[]> {
    const { page } = this.#places;
    await this.#places.open(WINNING_LISTS);
    await selectOption(
      await locate(page, parts.period),
      parts.period.name,
      (text) => readPeriod(text) === period,
      "not-in-window",
    );
    // Where there is no 查詢, the files are offered at once.
    const search = await tryLocate(page, parts.search, 0);
    const what = `${period} 期的中獎清冊`;
    const offered = await downloadLinks(this.#places, {
      download: parts.download,
      what,
      nothing: /無中獎/,
      search: search === null ? null : () => click(search),
    });
    await this.#assertAll(offered, what);
    const files: DownloadedFile[] = [];
    for (const button of offered) files.push(await downloadFile(this.#places, what, () => click(button)));
    return files;
  }

  /** A list of winners that stands on another page of the table must not be left out in silence. */
  async #assertAll(offered: readonly Locator[], what: string): Promise<void> {
    const total = offered.length === 0 ? null : printedTotal(await visibleText(this.#places.page));
    if (total === null || total === offered.length) return;
    throw new PageError("page-changed", `${what}，全部 ${total} 個檔案`, `頁面上有 ${offered.length} 個「下載」`);
  }
}
