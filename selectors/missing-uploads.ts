import type { Page } from "playwright";
import type { Period } from "../robot/invoicing/period.ts";
import { choose } from "./choose.ts";
import { click } from "./click.ts";
import { downloaded } from "./download.ts";
import type { DownloadedFile, MissingUploadsPage } from "./pages.ts";
import { find, findIfThere, part, pressable } from "./part.ts";
import { PERIODS, readPeriod } from "./period-text.ts";
import { lookUntil } from "./poll.ts";
import { PageProblem } from "./problem.ts";
import { readSigns, signOf, visibleText } from "./signs.ts";
import type { Places } from "./surface.ts";

/** The facts do not show this page: its labels are guesses that an installation can replace in `selectors/local.json`. */
const parts = {
  period: part("missing.period", "期別", { label: /期別/ }, { after: "期別", control: "select" }, { offers: PERIODS }),
  search: pressable("missing.search", "查詢", /^\s*查詢\s*$/),
  download: pressable("missing.download", "下載", /^\s*(下載|匯出)(清冊|明細|CSV)?\s*$/i),
} as const;

const EMPTY = /查無資料|無符合|沒有資料|尚無資料|無資料|無漏上傳/;
/** Milliseconds for the list to come. */
const LIST_MS = 20_000;

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
    this.#places.ear.heard();
    // Where there is no 查詢, the file is offered at once.
    const search = await findIfThere(this.#page, parts.search, 0);
    if (search) await click(search);
    if (await this.#isEmpty(search !== null)) return null;
    return downloaded(this.#places, `${period} 期的漏上傳清冊`, async () =>
      click(await find(this.#page, parts.download)),
    );
  }

  /** Says that there is nothing, in the page or in a dialog; or shows what can be downloaded. */
  async #isEmpty(searched: boolean): Promise<boolean> {
    const heard: string[] = [];
    const seen = await lookUntil(this.#page, LIST_MS, async () => {
      heard.push(...this.#places.ear.heard());
      if (heard.some((words) => EMPTY.test(words)) || (searched && EMPTY.test(await visibleText(this.#page))))
        return "empty";
      return (await findIfThere(this.#page, parts.download, 0)) ? "there" : null;
    });
    if (seen !== null) return seen === "empty";
    const sign = signOf(heard) ?? (await readSigns(this.#page));
    const words = sign?.words ?? (heard.join("／") || "沒有「下載」，也沒有「查無資料」");
    throw new PageProblem(sign?.state ?? "page-changed", "漏上傳清冊", words);
  }
}
