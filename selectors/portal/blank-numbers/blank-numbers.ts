import type { Locator, Page } from "playwright";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { blankDeletion } from "./blank-deletion.ts";
import { asBlankRow, asUploadRow, BLANK_COLUMNS, UPLOAD_COLUMNS } from "./blank-rows.ts";
import { BlankUploadForm, uploadFilePart } from "./blank-upload-form.ts";
import { click } from "../../dom/click.ts";
import { downloadFile } from "../../dom/network/download.ts";
import { fetchList, fetchListAgain, openConditions, pagesOf } from "../../dom/lists/list.ts";
import type { BlankNumbersPage, BlankRow, DownloadedFile, OpenForm, UploadForm, UploadListRow } from "../../pages.ts";
import { locate, tryLocate, locatorSpec, type LocatorSpec } from "../../dom/locator-spec.ts";
import { periodFieldAt, tryLocatePeriod } from "../period-field.ts";
import { PERIODS } from "../period-text.ts";
import { waitUntil, repeatIfRedrawn } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import type { TableRow } from "../../dom/lists/table.ts";
import { toSearch, toTab } from "../tabs.ts";
import { TIMING } from "../../dom/timing.ts";
import { menuSpec, type PortalNavigation, type Routes } from "../navigator.ts";
import { CLASSIC_UPLOADS, CURRENT_MONTHLY } from "../menu-groups.ts";

/** Where it is in both designs. */
const BLANK_NUMBERS: Routes = {
  current: {
    name: "上傳空白未使用發票號碼",
    path: null,
    entry: menuSpec("current.menu.blank", "上傳空白未使用發票號碼", /^\s*上傳(空白未使用|未使用空白)發票號碼/),
    groups: CURRENT_MONTHLY,
    breadcrumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
    heading: /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
  },
  classic: {
    name: "上傳空白未使用發票號碼",
    path: null,
    entry: menuSpec(
      "classic.menu.blank",
      "上傳空白未使用發票號碼",
      /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
    ),
    groups: CLASSIC_UPLOADS,
    breadcrumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
    heading: null,
  },
};

const parts = {
  searchTab: locatorSpec("blank.search-tab", "tab", TERMS.search),
  uploadTab: locatorSpec("blank.upload-tab", "tab", TERMS.importTab),
  uploadsTab: locatorSpec("blank.uploads-tab", "tab", TERMS.uploadList),
  period: locatorSpec("blank.period", "choice", TERMS.trackPeriod, { offers: PERIODS }),
  search: locatorSpec("blank.search", "press", TERMS.search),
  details: locatorSpec("blank.details", "press", TERMS.download),
  sample: locatorSpec("blank.sample", "press", TERMS.sample),
  guide: locatorSpec("blank.guide", "press", TERMS.guide),
} as const;

/** How often the tab 匯入字軌 is pressed at the most. */
const PRESSES = 2;

export class BlankNumbers implements BlankNumbersPage {
  readonly #places: PortalNavigation;
  readonly #page: Page;

  constructor(places: PortalNavigation) {
    this.#places = places;
    this.#page = places.page;
  }

  async list(period: Period): Promise<BlankRow[]> {
    const all: BlankRow[] = [];
    for await (const rows of this.#search(period)) all.push(...rows.map(asBlankRow));
    this.#places.markClean();
    return all;
  }

  async uploadForm(): Promise<UploadForm> {
    if ((await this.#places.open(BLANK_NUMBERS)) === "stayed") {
      const form = (await toTab(this.#page, parts.uploadTab)) ? await BlankUploadForm.open(this.#places) : null;
      if (form) return form;
      await this.#places.open(BLANK_NUMBERS);
    }
    for (let press = 0; press < PRESSES; press++) {
      await click(await locate(this.#page, parts.uploadTab));
      const form = await BlankUploadForm.open(this.#places);
      if (form) return form;
    }
    throw new PageError("page-changed", "匯入字軌的表單（檔案上傳路徑）", `按了 ${PRESSES} 次「匯入字軌」都沒有出現`, {
      parts: [uploadFilePart],
    });
  }

  async uploads(): Promise<UploadListRow[]> {
    const all: UploadListRow[] = [];
    for await (const rows of this.#uploadList()) all.push(...rows.map(asUploadRow));
    this.#places.markClean();
    return all;
  }

  async failureDetails(fileName: string): Promise<DownloadedFile> {
    const what = `${fileName} 的失敗明細`;
    for await (const rows of this.#uploadList()) {
      const row = rows.find((one) => asUploadRow(one).fileName === fileName)?.row;
      if (row) return downloadFile(this.#places, what, async () => click(await locate(row, parts.details)));
    }
    throw new PageError("page-changed", what, "上傳列表裡沒有這個檔案");
  }

  deletion(period: Period, rows: readonly BlankRow[]): Promise<OpenForm> {
    return blankDeletion(this.#places, rows, () => this.#search(period));
  }

  sample(): Promise<DownloadedFile> {
    return this.#explanation("範例檔", parts.sample);
  }

  guide(): Promise<DownloadedFile> {
    return this.#explanation("說明檔", parts.guide);
  }

  async #explanation(what: string, button: LocatorSpec): Promise<DownloadedFile> {
    await this.uploadForm();
    return downloadFile(this.#places, what, async () => click(await locate(this.#page, button)));
  }

  /** 查詢 of one period: the rows of each page of the list, that page being on screen. */
  async *#search(period: Period): AsyncGenerator<readonly TableRow[]> {
    const chooseIn = async (box: Locator): Promise<void> => (await periodFieldAt(this.#page, box)).choose(period);
    if ((await this.#places.open(BLANK_NUMBERS)) === "stayed") {
      const look = (): Promise<Locator | null> => tryLocate(this.#page, parts.period, 0);
      const box = await toSearch(this.#page, parts.searchTab, parts.search, look);
      if (box !== null) await chooseIn(box);
      const near = { near: parts.period };
      const again = box === null ? null : await fetchListAgain(this.#places, BLANK_COLUMNS, parts.search, near);
      if (again !== null) {
        await this.#assertSearched(period, again);
        return yield* pagesOf(this.#places, BLANK_COLUMNS, again);
      }
      await this.#places.open(BLANK_NUMBERS);
    }
    const first = await repeatIfRedrawn(async () => {
      await chooseIn(await this.#searchBox());
      const rows = await fetchList(this.#places, BLANK_COLUMNS, parts.search, { near: parts.period });
      await this.#assertSearched(period, rows);
      return rows;
    });
    yield* pagesOf(this.#places, BLANK_COLUMNS, first);
  }

  /** The page opens with what to search by; only where it does not is the tab of that name looked for. */
  async #searchBox(): Promise<Locator> {
    const isSearch = await waitUntil(this.#page, TIMING.tab, async () => {
      const period = await tryLocate(this.#page, parts.period, 0);
      return period && (await tryLocate(this.#page, parts.search, 0, { near: parts.period }));
    });
    if (!isSearch && !(await openConditions(this.#page))) await click(await locate(this.#page, parts.searchTab));
    return locate(this.#page, parts.period);
  }

  /** What was searched for is what was asked: a list of another period would pass for an empty one. */
  async #assertSearched(period: Period, rows: readonly TableRow[]): Promise<void> {
    const field = await tryLocatePeriod(this.#page, parts.period);
    const searched = field ? [await field.chosen()] : [];
    const other = [...searched, ...rows.map((row) => asBlankRow(row).period)].find((one) => one !== period);
    if (other !== undefined) throw new PageError("page-changed", `${period} 期的空白號碼`, `查到的是 ${other} 期`);
  }

  /** 上傳列表, in the same way. */
  async *#uploadList(): AsyncGenerator<readonly TableRow[]> {
    if ((await this.#places.open(BLANK_NUMBERS)) === "stayed") {
      const again = await fetchListAgain(this.#places, UPLOAD_COLUMNS, parts.uploadsTab);
      if (again !== null) return yield* pagesOf(this.#places, UPLOAD_COLUMNS, again);
      await this.#places.open(BLANK_NUMBERS);
    }
    yield* pagesOf(this.#places, UPLOAD_COLUMNS, await fetchList(this.#places, UPLOAD_COLUMNS, parts.uploadsTab));
  }
}
