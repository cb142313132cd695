import type { Page } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { selectOption } from "../dom/forms/select-box.ts";
import { click } from "../dom/click.ts";
import { downloadFile } from "../dom/network/download.ts";
import { downloadLinks } from "../dom/lists/download-links.ts";
import type { DownloadedFile, MissingUploadsPage } from "../pages.ts";
import { locate, tryLocate, locatorSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "./period-text.ts";
import { menuSpec, type PortalNavigation, type Routes } from "./navigator.ts";
import { CLASSIC_UPLOADS, CURRENT_QUERIES } from "./menu-groups.ts";

/** What 漏上傳資料清冊 may be called; 未依限或未據實上傳明細 beside it is another page. */
const NAME = /漏上傳(資料)?(清冊|明細)/;

/** Where it is in both designs. */
export const MISSING_UPLOADS: Routes = {
  current: {
    name: "漏上傳資料清冊",
    path: null,
    entry: menuSpec("current.menu.missing", "漏上傳資料清冊", NAME),
    groups: CURRENT_QUERIES,
    breadcrumb: /[/>›＞／]\s*漏上傳/,
    heading: NAME,
  },
  classic: {
    name: "漏上傳資料清冊",
    path: null,
    entry: menuSpec("classic.menu.missing", "漏上傳資料清冊", NAME),
    groups: CLASSIC_UPLOADS,
    breadcrumb: /[/>›＞／]\s*漏上傳/,
    heading: null,
  },
};

/** The facts do not show this page: its labels are guesses that an installation can replace in `selectors/local.json`. */
const parts = {
  period: locatorSpec("missing.period", "choice", TERMS.period, { pattern: /期別/, offers: PERIODS }),
  search: locatorSpec("missing.search", "press", TERMS.search),
  download: locatorSpec("missing.download", "press", TERMS.download, { pattern: /^(下載|匯出)(清冊|明細|csv)?$/ }),
} as const;

export class MissingUploads implements MissingUploadsPage {
  readonly #places: PortalNavigation;
  readonly #page: Page;

  constructor(places: PortalNavigation) {
    this.#places = places;
    this.#page = places.page;
  }

  async download(period: Period): Promise<DownloadedFile | null> {
    await this.#places.open(MISSING_UPLOADS);
    await selectOption(
      await locate(this.#page, parts.period),
      parts.period.name,
      (text) => readPeriod(text) === period,
      "not-in-window",
    );
    // Where there is no 查詢, the file is offered at once.
    const search = await tryLocate(this.#page, parts.search, 0);
    const offered = await downloadLinks(this.#places, {
      download: parts.download,
      what: "漏上傳清冊",
      nothing: /無漏上傳/,
      search: search === null ? null : () => click(search),
    });
    if (offered.length === 0) return null;
    return downloadFile(this.#places, `${period} 期的漏上傳清冊`, async () =>
      click(await locate(this.#page, parts.download)),
    );
  }
}
