import type { Page } from "playwright";
import type { Period } from "../../robot/invoicing/values/period.ts";
import { choose } from "../dom/forms/choose.ts";
import { click } from "../dom/click.ts";
import { downloaded } from "../dom/traffic/download.ts";
import { offeredDownloads } from "../dom/lists/offered.ts";
import type { DownloadedFile, MissingUploadsPage } from "../pages.ts";
import { find, findIfThere, part } from "../dom/part.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { PERIODS, readPeriod } from "./period-text.ts";
import type { Places } from "../dom/windows/window.ts";

/** The facts do not show this page: its labels are guesses that an installation can replace in `selectors/local.json`. */
const parts = {
  period: part("missing.period", "choice", TERMS.period, { pattern: /期別/, offers: PERIODS }),
  search: part("missing.search", "press", TERMS.search),
  download: part("missing.download", "press", TERMS.download, { pattern: /^(下載|匯出)(清冊|明細|csv)?$/ }),
} as const;

export class MissingUploads implements MissingUploadsPage {
  readonly #places: Places;
  readonly #page: Page;

  constructor(places: Places) {
    this.#places = places;
    this.#page = places.page;
  }

  async download(period: Period): Promise<DownloadedFile | null> {
    await this.#places.openMissingUploads();
    await choose(
      await find(this.#page, parts.period),
      parts.period.name,
      (text) => readPeriod(text) === period,
      "not-in-window",
    );
    // Where there is no 查詢, the file is offered at once.
    const search = await findIfThere(this.#page, parts.search, 0);
    const offered = await offeredDownloads(this.#places, {
      download: parts.download,
      what: "漏上傳清冊",
      nothing: /無漏上傳/,
      search: search === null ? null : () => click(search),
    });
    if (offered.length === 0) return null;
    return downloaded(this.#places, `${period} 期的漏上傳清冊`, async () =>
      click(await find(this.#page, parts.download)),
    );
  }
}
