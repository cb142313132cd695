import type { Locator, Page } from "playwright";
import { parseCategory, type Category } from "../../robot/invoicing/track.ts";
import { comparePeriods, parsePeriod, type Period } from "../../robot/invoicing/period.ts";
import { boxParts, openNotice } from "../box.ts";
import { choose } from "../choose.ts";
import type { Ear } from "../ear.ts";
import type { AllocationRow, DownloadedFile, NoticeList, TakeForm, TracksPage } from "../pages.ts";
import { find, findAll, findIfThere, part, visible } from "../part.ts";
import { PERIODS, readPeriod } from "../period-text.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { readSigns } from "../signs.ts";
import { readTable, type TableRow } from "../table.ts";
import { CurrentNoticeList } from "./notice-list.ts";
import type { CurrentShell } from "./shell.ts";
import { CurrentTakeForm } from "./take-form.ts";

const parts = {
  searchTab: part(
    "current.tracks.search-tab",
    "查詢（頁籤）",
    { role: "tab", name: /^\s*查詢\s*$/ },
    { role: "link", name: /^\s*查詢\s*$/ },
  ),
  takeTab: part(
    "current.tracks.take-tab",
    "＋取號（頁籤）",
    { role: "tab", name: /^\s*[＋+]?\s*取號\s*$/ },
    { role: "link", name: /^\s*[＋+]\s*取號\s*$/ },
    { role: "button", name: /^\s*[＋+]\s*取號\s*$/ },
    { role: "link", name: /^\s*取號\s*$/ },
    { role: "button", name: /^\s*取號\s*$/ },
    { text: /^\s*[＋+]?\s*取號\s*$/ },
  ),
  noticeTab: part(
    "current.tracks.notice-tab",
    "取號電子郵件信箱維護（頁籤）",
    { role: "tab", name: /取號(電子郵件信箱|Email)維護/i },
    { role: "link", name: /取號(電子郵件信箱|Email)維護/i },
    { role: "button", name: /取號(電子郵件信箱|Email)維護/i },
    { text: /^\s*取號(電子郵件信箱|Email)維護\s*$/i },
  ),
  from: part("current.tracks.from", "發票期別（起）", { label: /發票期別.*起|起.*期別/ }),
  to: part("current.tracks.to", "發票期別（迄）", { label: /發票期別.*[迄訖]|[迄訖].*期別/ }),
  periods: part("current.tracks.periods", "發票期別（起迄）", { offers: PERIODS }),
  search: part("current.tracks.search", "查詢（按鈕）", { role: "button", name: /^\s*查詢\s*$/ }),
  download: part(
    "current.tracks.download",
    "下載",
    { css: 'button[title="下載"]:has-text("下載")' },
    { role: "button", name: /^\s*下載\s*$/ },
    { role: "link", name: /^\s*下載\s*$/ },
    { text: /^\s*下載\s*$/ },
  ),
  next: part(
    "current.tracks.next",
    "下一頁",
    { role: "button", name: /下一頁|下頁|next/i },
    { role: "link", name: /下一頁|下頁|next/i },
  ),
} as const;

const COLUMNS = ["發票期別", "發票類別", "取用本數", "是否已配號"] as const;
/** Milliseconds the list may take after 查詢. */
const LIST_MS = 20_000;
/** Milliseconds after which 查詢 is pressed again: the first press is sometimes swallowed. */
const SWALLOWED_MS = 5_000;
/** How often 查詢 is pressed at the most, and how many pages of a list are turned. */
const PRESSES = 2;
/** How often a row is ticked at the most. */
const TICKS = 2;
const MOST_PAGES = 50;
/** What the notice before a download speaks of. */
const NOTICE = /下載|編碼|UTF-?8/i;
/** Milliseconds for a notice or a download to begin. */
const DOWNLOAD_MS = 30_000;

export class CurrentTracks implements TracksPage {
  readonly #shell: CurrentShell;
  readonly #page: Page;
  readonly #ear: Ear;

  constructor(shell: CurrentShell) {
    this.#shell = shell;
    this.#page = shell.page;
    this.#ear = shell.ear;
  }

  async list(from: Period, to: Period): Promise<AllocationRow[]> {
    const all: AllocationRow[] = [];
    for await (const rows of this.#search(from, to)) all.push(...rows.map(({ cells }) => asAllocation(cells)));
    return all.filter(({ period }) => within(period, from, to));
  }

  async takeForm(): Promise<TakeForm> {
    await this.#openTab(parts.takeTab);
    return CurrentTakeForm.open(this.#page, this.#ear);
  }

  async noticeList(): Promise<NoticeList> {
    await this.#openTab(parts.noticeTab);
    return CurrentNoticeList.open(this.#page, this.#ear);
  }

  async download(period: Period, category: Category): Promise<DownloadedFile> {
    await this.#tick(await this.#rowOf(period, category));
    const arriving = this.#page.waitForEvent("download", { timeout: DOWNLOAD_MS });
    // Nobody waits for it when a click before it fails.
    arriving.catch(() => undefined);
    await this.#shell.click(await find(this.#page, parts.download));
    const notice = await lookUntil(this.#page, SWALLOWED_MS, () => openNotice(this.#page, NOTICE));
    if (notice) await (await find(notice.place, boxParts.yes)).click();
    try {
      const download = await arriving;
      const chunks: Uint8Array[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk);
      return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
    } catch (error) {
      throw new PageProblem("download-broken", `${period} 期的字軌檔`, String(error).slice(0, 200), { cause: error });
    }
  }

  async #openTab(tab: (typeof parts)["takeTab" | "noticeTab"]): Promise<void> {
    await this.#shell.openTracks();
    await this.#shell.click(await find(this.#page, tab));
  }

  /** The one row of this period and category, on the page of the list where it stands. */
  async #rowOf(period: Period, category: Category): Promise<Locator> {
    for await (const rows of this.#search(period, period)) {
      const mine = rows.filter(({ cells }) => {
        const row = asAllocation(cells);
        return row.period === period && row.category === category;
      });
      if (mine.length > 1) throw new PageProblem("page-changed", `${period} 期唯一的一列`, `查到 ${mine.length} 列`);
      if (mine[0]) return mine[0].row;
    }
    throw new PageProblem("page-changed", `${period} 期的那一列`, "清單裡沒有");
  }

  /** 查詢 from one period to the other: the rows of each page of the list, that page being on screen. */
  async *#search(from: Period, to: Period): AsyncGenerator<TableRow[]> {
    await this.#shell.openTracks();
    // The page opens with it; only where it does not is its tab looked for.
    if (!(await findIfThere(this.#page, parts.search, SWALLOWED_MS))) {
      await this.#shell.click(await find(this.#page, parts.searchTab));
    }
    await this.#chooseRange(from, to);
    let rows = await this.#press(await find(this.#page, parts.search));
    for (let page = 1; page <= MOST_PAGES; page++) {
      yield rows;
      const next = await findIfThere(this.#page, parts.next, 0);
      if (!next || !(await next.isEnabled())) return;
      rows = await this.#press(next);
    }
    throw new PageProblem("page-changed", "清單的最後一頁", `翻了 ${MOST_PAGES} 頁還有下一頁`);
  }

  /** Presses a button that fetches rows, a second time where the first press was swallowed, and waits for the rows. */
  async #press(button: Locator): Promise<TableRow[]> {
    for (let press = 0; press < PRESSES; press++) {
      const fetched = this.#page
        .waitForResponse((response) => ["xhr", "fetch", "document"].includes(response.request().resourceType()), {
          timeout: SWALLOWED_MS,
        })
        .catch(() => null);
      await this.#shell.click(button);
      if ((await fetched) === null && press + 1 < PRESSES) continue;
      const rows = await lookUntil(this.#page, LIST_MS, async () => {
        if (await this.#saysEmpty()) return [];
        const read = await readTable(this.#page, COLUMNS).catch(onlyChangedPage);
        return read && read.length > 0 ? read : null;
      });
      if (rows) return rows;
    }
    const sign = await readSigns(this.#page);
    throw new PageProblem(
      sign?.state ?? "page-changed",
      "查詢的結果清單",
      sign?.words ?? "沒有清單，也沒有「查無資料」",
    );
  }

  async #saysEmpty(): Promise<boolean> {
    return (await visible(this.#page.getByText(/查無資料|無符合|沒有資料|尚無資料|無資料/)).count()) > 0;
  }

  async #chooseRange(from: Period, to: Period): Promise<void> {
    const boxes = await lookUntil(this.#page, LIST_MS, () => this.#rangeBoxes());
    if (!boxes) throw new PageProblem("page-changed", "查詢的發票期別：起、迄兩個選單", "沒有唯一符合的兩個選單");
    await choose(boxes[0], "發票期別（起）", (text) => readPeriod(text) === from);
    await choose(boxes[1], "發票期別（迄）", (text) => readPeriod(text) === to);
  }

  /** Where nothing names the two boxes they are told by their order, like a person would. */
  async #rangeBoxes(): Promise<readonly [Locator, Locator] | null> {
    const from = await findIfThere(this.#page, parts.from, 0);
    const to = await findIfThere(this.#page, parts.to, 0);
    if (from && to) return [from, to];
    const [first, second, ...others] = await findAll(this.#page, parts.periods);
    return first && second && others.length === 0 ? [first, second] : null;
  }

  /**
   * A tick by script is undone by the page, and sometimes the first real one is: so it is a real click, read back, and another.
   * A drawn tick hides the real one in its label.
   */
  async #tick(row: Locator): Promise<void> {
    const box = row.getByRole("checkbox");
    if ((await box.count()) !== 1)
      throw new PageProblem(
        "page-changed",
        "要下載的那一列的勾選方塊",
        (await row.innerText()).replaceAll(/\s+/g, " "),
      );
    const shown = (await box.isVisible()) ? box : box.locator("xpath=ancestor::label[1]");
    for (let click = 0; click < TICKS; click++) {
      await this.#shell.click(shown);
      // The page undoes it a moment later, when it redraws the row.
      await this.#page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      if (await box.isChecked()) return;
    }
    throw new PageProblem("page-changed", "勾選要下載的那一列", `勾選了 ${TICKS} 次，都被頁面取消`);
  }
}

function onlyChangedPage(error: unknown): null {
  if (error instanceof PageProblem) return null;
  throw error;
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

function count(text: string | undefined): number {
  const digits = (text ?? "").replaceAll(/[,\s]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : 0;
}
