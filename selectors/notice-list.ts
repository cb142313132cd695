import type { Locator, Page } from "playwright";
import { Commitment } from "./commit-form.ts";
import type { Ear } from "./ear.ts";
import type { CommitForm, Confirmation, Fields, NoticeList, PortalAnswer } from "./pages.ts";
import { commitButton, find, part, visible } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { PageProblem } from "./problem.ts";
import { visibleText } from "./signs.ts";
import { isTicked, tick } from "./tick.ts";
import { touch } from "./touched.ts";

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
        const meant = ticks ? await this.#ticked() : await this.#rows().then((rows) => rows.filter(isOnly(address)));
        return { [LABEL]: meant.flatMap(({ addresses }) => addresses).join("、") };
      },
      confirmation: (): Promise<Confirmation | null> => commitment.confirmation(readConfirmation),
      answer: (): Promise<PortalAnswer> => commitment.answer(),
    };
  }

  async #rowOf(address: string): Promise<Row> {
    const [row, ...others] = (await this.#rows()).filter(isOnly(address));
    if (row && others.length === 0) return row;
    throw new PageProblem("page-changed", `名單上 ${address} 的那一列`, `有 ${row ? others.length + 1 : 0} 列`);
  }

  async #ticked(): Promise<Row[]> {
    const ticked: Row[] = [];
    for (const row of await this.#rows()) if (await isTicked(row.place)) ticked.push(row);
    return ticked;
  }

  /** The rows of the list that hold an address and something to delete it with; rows within rows are the layout's. */
  async #rows(): Promise<Row[]> {
    const rows: Row[] = [];
    for (const place of await visible(this.#page.locator(ROWS).filter({ hasNot: this.#page.locator(ROWS) })).all()) {
      const addresses = addressesIn(await place.innerText());
      const deletes = place.getByText(/^\s*刪除\s*$/).or(place.getByRole("button", { name: /刪除/ }));
      const ticks = place.getByRole("checkbox");
      if (addresses.length > 0 && (await visible(deletes).or(ticks).count()) > 0) rows.push({ addresses, place });
    }
    return rows;
  }
}

interface Row {
  readonly addresses: readonly string[];
  readonly place: Locator;
}

const ROWS = "tr, [role=row], li, [role=listitem]";

function isOnly(address: string): (row: Row) => boolean {
  return ({ addresses }) => addresses.length === 1 && addresses[0] === address;
}

function addressesIn(text: string): string[] {
  return [...new Set(text.match(ADDRESS) ?? [])];
}

/** Where the portal's question names an address, it has to be the one that is meant. */
function readConfirmation(box: string): Fields {
  const named = addressesIn(box);
  return named.length === 0 ? {} : { [LABEL]: named.join("、") };
}
