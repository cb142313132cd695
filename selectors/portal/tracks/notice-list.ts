import type { Locator, Page } from "playwright";
import { Commitment } from "../../submit/submission.ts";
import type { Ear } from "../../dom/dialogs.ts";
import type { CommitForm, Confirmation, Fields, NoticeList, PortalAnswer } from "../../pages.ts";
import { commitButton, find, part, visible } from "../../dom/part.ts";
import { lookUntil } from "../../dom/poll.ts";
import { PageProblem } from "../../dom/problem.ts";
import { visibleText } from "../../dom/signs.ts";
import { isTicked, tick } from "../../dom/tick.ts";
import { touch } from "../../dom/touched.ts";

const parts = {
  address: part(
    "notice-list.address",
    "電子郵件信箱",
    { role: "textbox", name: /電子郵件|E-?mail/i },
    { label: /電子郵件|E-?mail/i },
    { placeholder: /電子郵件|E-?mail/i },
    { after: "電子郵件", control: "input" },
    { after: "Email", control: "input" },
    { css: "input[type=email]" },
  ),
  add: commitButton("notice-list.add", "新增", /^\s*[＋+]?\s*新增\s*$/, {
    role: "button",
    name: /^\s*(儲存|存檔|確定新增)\s*$/,
  }),
  remove: commitButton("notice-list.remove", "刪除", /^\s*刪除\s*$/, { role: "button", name: /刪除/ }),
} as const;

const ADDRESS = /[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+/gi;
/** What the page calls the field and the column; the labels of what is read back. */
const LABEL = "電子郵件信箱";

const WORDS = {
  accepted: /(新增|儲存|設定|維護|異動|修改|刪除).{0,10}(成功|完成)|已刪除/,
  refused: /失敗|錯誤|不得|不可|不能|無法|重複|已存在|格式|查無|不存在|上限|至少/,
  reasons: [],
} as const;

/** Milliseconds the list may take to fill after the tab is open. */
const LIST_MS = 6_000;

export class PortalNoticeList implements NoticeList {
  readonly #page: Page;
  readonly #ear: Ear;

  private constructor(page: Page, ear: Ear) {
    this.#page = page;
    this.#ear = ear;
  }

  static async open(page: Page, ear: Ear): Promise<PortalNoticeList> {
    await find(page, parts.address);
    return new PortalNoticeList(page, ear);
  }

  /**
   * An empty list that does not say so is believed only after it had time to fill. Where rows can be deleted, only what stands in
   * such a row is on the list: a page may print other addresses, such as the help desk's.
   */
  async addresses(): Promise<string[]> {
    const list = await lookUntil(this.#page, LIST_MS, async () => {
      const rows = await this.#rows();
      if (rows === null) return null;
      const text = await visibleText(this.#page);
      const found = rows.length > 0 ? rows.flatMap(({ addresses }) => addresses) : addressesIn(text);
      return found.length > 0 || /查無資料|無資料|尚未(設定|維護)/.test(text) ? [...new Set(found)] : null;
    });
    return list ?? [];
  }

  async add(address: string): Promise<CommitForm> {
    const field = touch(await find(this.#page, parts.address));
    await field.fill(address);
    const commitment = new Commitment(this.#page, this.#ear, WORDS);
    return {
      submit: commitment.button(parts.add),
      readBack: async (): Promise<Fields> => ({ [LABEL]: await field.inputValue() }),
      confirmation: (): Promise<Confirmation | null> => commitment.confirmation(readConfirmation),
      answer: (): Promise<PortalAnswer> => commitment.answer(),
    };
  }

  /** The row's own 刪除; where the list has one for all rows, the row is ticked first and no other is. */
  async remove(address: string): Promise<CommitForm> {
    const row = await this.#rowOf(address);
    const commitment = new Commitment(this.#page, this.#ear, WORDS);
    const ticks = (await row.place.getByRole("checkbox").count()) === 1;
    if (ticks) await tick(row.place);
    return {
      submit: commitment.button(parts.remove, ticks ? this.#page : row.place),
      readBack: async (): Promise<Fields> => {
        const meant = ticks ? await this.#ticked() : addressesIn(await row.place.innerText());
        return { [LABEL]: meant.join("、") };
      },
      confirmation: (): Promise<Confirmation | null> => commitment.confirmation(readConfirmation),
      answer: (): Promise<PortalAnswer> => commitment.answer(),
    };
  }

  async #rowOf(address: string): Promise<Row> {
    const isTheOne = ({ addresses }: Row): boolean => addresses.length === 1 && addresses[0] === address;
    const found = await lookUntil(this.#page, LIST_MS, async () => {
      const rows = (await this.#rows())?.filter(isTheOne);
      return rows === undefined || rows.length === 0 ? null : rows;
    });
    const [row, ...others] = found ?? [];
    if (!row || others.length > 0)
      throw new PageProblem("page-changed", `名單上 ${address} 的那一列`, `有 ${found?.length ?? 0} 列`);
    // Another place once somebody else changes the list; one that goes by its words stays the same row.
    const byWords = this.#places().filter({ has: this.#page.getByText(address, { exact: true }) });
    return (await byWords.count()) === 1 ? { ...row, place: byWords } : row;
  }

  /** The addresses whose rows are ticked. */
  async #ticked(): Promise<string[]> {
    const ticked: string[] = [];
    for (const { place, addresses } of (await this.#rows()) ?? []) if (await isTicked(place)) ticked.push(...addresses);
    return ticked;
  }

  /** Rows that hold something to delete them with; rows within rows are the layout's. */
  #places(): Locator {
    const deletes = this.#page.getByText(/^\s*刪除\s*$/).or(this.#page.getByRole("button", { name: /刪除/ }));
    return visible(this.#page.locator(ROWS).filter({ hasNot: this.#page.locator(ROWS) })).filter({
      has: visible(deletes).or(this.#page.getByRole("checkbox")),
    });
  }

  /**
   * The rows of the list, all as they stood in one moment: a page that is drawn anew while it is read row by row would lack some, and
   * who is missing on it would pass for deleted. Null when it was drawn anew just now.
   */
  async #rows(): Promise<Row[] | null> {
    const places = this.#places();
    const texts = await places.evaluateAll((elements) =>
      elements.map((element) => (element instanceof HTMLElement && element.isConnected ? element.innerText : null)),
    );
    const rows: Row[] = [];
    for (const [index, text] of texts.entries()) {
      if (text === null) return null;
      const addresses = addressesIn(text);
      if (addresses.length > 0) rows.push({ addresses, place: places.nth(index) });
    }
    return rows;
  }
}

interface Row {
  readonly addresses: readonly string[];
  readonly place: Locator;
}

const ROWS = "tr, [role=row], li, [role=listitem]";

function addressesIn(text: string): string[] {
  return [...new Set(text.match(ADDRESS) ?? [])];
}

/** Where the portal's question names an address, it has to be the one that is meant. */
function readConfirmation(box: string): Fields {
  const named = addressesIn(box);
  return named.length === 0 ? {} : { [LABEL]: named.join("、") };
}
