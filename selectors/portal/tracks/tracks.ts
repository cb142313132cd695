import type { Locator, Page } from "playwright";
import { parseCategory } from "../../../robot/invoicing/values/track.ts";
import { comparePeriods, parsePeriod, type Period } from "../../../robot/invoicing/values/period.ts";
import { click } from "../../dom/click.ts";
import { downloadFile } from "../../dom/network/download.ts";
import { fetchList, fetchListAgain, openConditions, pagesOf } from "../../dom/lists/list.ts";
import { PortalNoticeList } from "./notice-list.ts";
import type { AllocationRow, DownloadedFile, NoticeList, TakeForm, TracksPage } from "../../pages.ts";
import { locate, locatorSpec } from "../../dom/locator-spec.ts";
import { type ChooseRange, periodRange, searchedBy, searchEnds } from "./period-range.ts";
import { waitUntil, repeatIfRedrawn } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { NO_USE } from "../../dom/windows/page-context.ts";
import { closeFormWindow, formWindow } from "../../dom/windows/windows.ts";
import { readPage } from "../../dom/reading/read-page.ts";
import { type Columns, tableOf, type TableRow } from "../../dom/lists/table.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import { PortalTakeForm } from "./take-form.ts";
import { tickRow } from "../../dom/lists/checkbox.ts";
import { toSearch, toTab } from "../tabs.ts";
import { TIMING } from "../../dom/timing.ts";
import { menuSpec, type PortalNavigation, type Routes } from "../navigator.ts";
import { CLASSIC_TRACKS, CURRENT_TRACKS } from "../menu-groups.ts";

/** Where it is in both designs. */
export const TRACKS: Routes = {
  current: {
    name: "字軌號碼取號（BTB004W）",
    path: "/dashboard/btb/btb004w/search",
    entry: menuSpec("current.menu.tracks", "字軌號碼取號", /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號/),
    groups: [CURRENT_TRACKS],
    breadcrumb: /BTB004W/,
    heading: /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號\s*$/,
  },
  classic: {
    name: "電子發票專用字軌號碼取號",
    path: null,
    entry: CLASSIC_TRACKS,
    groups: [],
    breadcrumb:
      /((現在|目前|您的|所在)的?位置|首頁|home|^:::).*[/>›＞／»]\s*電子發票(\(?專用\)?)?字軌號碼取號(\s*[(（]營業人[)）])?\s*$/,
    heading: null,
  },
};

const parts = {
  searchTab: locatorSpec("tracks.search-tab", "tab", TERMS.search),
  takeTab: locatorSpec("tracks.take-tab", "tab", TERMS.takeTab),
  noticeTab: locatorSpec("tracks.notice-tab", "tab", TERMS.noticeTab, {
    pattern: /取號(電子郵件(信箱)?|e-?mail|信箱)維護/,
  }),
  search: locatorSpec("tracks.search", "press", TERMS.search),
  download: locatorSpec("tracks.download", "press", TERMS.download),
} as const;

const COLUMNS: Columns = {
  wanted: [TERMS.period, TERMS.category, TERMS.books, TERMS.allocationState],
  optional: [TERMS.extraBooks, TERMS.allocatedBooks, TERMS.businessNumber],
};

export class PortalTracks implements TracksPage {
  readonly #places: PortalNavigation;
  readonly #page: Page;

  constructor(places: PortalNavigation) {
    this.#places = places;
    this.#page = places.page;
  }

  async list(from: Period, to: Period): Promise<AllocationRow[]> {
    const all: AllocationRow[] = [];
    for await (const rows of this.#search(from, to)) all.push(...rows.map(({ cells }) => asAllocation(cells)));
    this.#places.markClean();
    return all.filter(({ period }) => within(period, from, to));
  }

  async takeForm(): Promise<TakeForm> {
    const { page, dialogs } = await formWindow(
      this.#places,
      () => this.#openTab(parts.takeTab),
      (at) => PortalTakeForm.isOn(at),
    );
    return PortalTakeForm.open(page, dialogs, page === this.#page ? this.#places : NO_USE);
  }

  async noticeList(): Promise<NoticeList> {
    const { page, dialogs } = await formWindow(
      this.#places,
      () => this.#openTab(parts.noticeTab),
      (at) => PortalNoticeList.isOn(at),
    );
    return PortalNoticeList.open(page, dialogs, page === this.#page ? this.#places : NO_USE);
  }

  async download(row: AllocationRow): Promise<DownloadedFile> {
    await tickRow((await this.#rowOnScreen(row)) ?? (await this.#rowOf(row)));
    return downloadFile(this.#places, `${row.period} 期的字軌檔`, async () =>
      click(await locate(this.#page, parts.download)),
    );
  }

  async #openTab(tab: (typeof parts)["takeTab" | "noticeTab"]): Promise<void> {
    if ((await this.#places.open(TRACKS)) === "stayed") {
      if (await toTab(this.#page, tab)) return;
      await this.#places.open(TRACKS);
    }
    await click(await locate(this.#page, tab));
  }

  /** The row where the list was read just now and stands there still; null where it has to be searched for. */
  async #rowOnScreen(wanted: AllocationRow): Promise<Locator | null> {
    if ((await this.#places.open(TRACKS)) !== "stayed") return null;
    const rows = tableOf(this.#page, await readPage(this.#page), COLUMNS) ?? [];
    const [mine, ...others] = rows.filter(({ cells }) => isSameAllocation(asAllocation(cells), wanted));
    return mine !== undefined && others.length === 0 ? mine.row : null;
  }

  /** The one row that says the same of whose it is and what was taken, on the page of the list where it stands. */
  async #rowOf(wanted: AllocationRow): Promise<Locator> {
    const { period } = wanted;
    for await (const rows of this.#search(period, period)) {
      const mine = rows.filter(({ cells }) => isSameAllocation(asAllocation(cells), wanted));
      if (mine.length > 1)
        throw new PageError("page-changed", `${period} 期唯一的一列`, `有 ${mine.length} 列完全相同，分不出是哪一列`);
      if (mine[0]) return mine[0].row;
    }
    throw new PageError("page-changed", `${period} 期 ${wanted.ubn} 的那一列`, "清單裡沒有");
  }

  /** 查詢 from one period to the other: the rows of each page of the list, that page being on screen. */
  async *#search(from: Period, to: Period): AsyncGenerator<readonly TableRow[]> {
    await closeFormWindow(this.#page);
    if ((await this.#places.open(TRACKS)) === "stayed") {
      const range = await toSearch(this.#page, parts.searchTab, parts.search, () => periodRange(this.#page));
      await range?.(from, to);
      const again = range === null ? null : await fetchListAgain(this.#places, COLUMNS, parts.search);
      if (again !== null) return yield* pagesOf(this.#places, COLUMNS, again);
      await this.#places.open(TRACKS);
    }
    // The page opens with what to search by; only where it does not is the tab of that name looked for.
    const look = (): Promise<ChooseRange | null> => periodRange(this.#page);
    let chooseRange = await waitUntil(this.#page, TIMING.tab, look);
    if (!chooseRange && (await openConditions(this.#page))) chooseRange = await waitUntil(this.#page, TIMING.tab, look);
    if (!chooseRange) {
      await click(await locate(this.#page, parts.searchTab));
      chooseRange = await waitUntil(this.#page, TIMING.appear, look);
    }
    if (!chooseRange)
      throw new PageError("page-changed", "查詢的發票期別：起、迄的選單", "沒有唯一符合的選單", {
        parts: searchEnds,
      });
    const choose = chooseRange;
    const first = await repeatIfRedrawn(async () => {
      await choose(from, to);
      return fetchList(this.#places, COLUMNS, parts.search, { near: searchedBy });
    });
    yield* pagesOf(this.#places, COLUMNS, first);
  }
}

function isSameAllocation(one: AllocationRow, other: AllocationRow): boolean {
  const said = ({ ubn, period, category, booksTaken, booksAdded, booksAllocated }: AllocationRow): string =>
    [ubn, period, category, booksTaken, booksAdded, booksAllocated].join(" ");
  return said(one) === said(other);
}

function within(period: Period, from: Period, to: Period): boolean {
  return comparePeriods(period, from) >= 0 && comparePeriods(period, to) <= 0;
}

const STATES: readonly { readonly words: RegExp; readonly state: AllocationRow["state"] }[] = [
  { words: /檢核中/, state: "checking" },
  { words: /^是/, state: "ready" },
  { words: /^否/, state: "not-yet" },
];

function asAllocation(cells: TableRow["cells"]): AllocationRow {
  const stateText = (cells["是否已配號"] ?? "").trim();
  return {
    ubn: (cells["營業人統編"] ?? "").trim(),
    period: parsePeriod(cells["發票期別"] ?? ""),
    category: parseCategory(cells["發票類別"] ?? ""),
    booksTaken: count(cells["取用本數"]),
    booksAdded: count(cells["增加本數"]),
    booksAllocated: count(cells["已配本數"]),
    state: STATES.find(({ words }) => words.test(stateText))?.state ?? "other",
    stateText,
  };
}

/** A number of books, with its unit or without. @throws PageError where something else stands there: it would pass for none */
export function count(text: string | undefined): number {
  const plain = (text ?? "").normalize("NFKC").replaceAll(/[,\s]/g, "");
  const digits = /^(\d+)[本冊]?$/.exec(plain)?.[1];
  if (digits !== undefined) return Number(digits);
  if (/\d/.test(plain)) throw new PageError("page-changed", "清單上的本數", `讀不出「${plain}」是幾本`);
  return 0;
}
