import type { Page } from "playwright";
import { Commitment } from "./commit-form.ts";
import type { Ear } from "./ear.ts";
import type { CommitForm, Confirmation, Fields, NoticeList, PortalAnswer } from "./pages.ts";
import { commitButton, find, part } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { visibleText } from "./signs.ts";

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
} as const;

const ADDRESS = /[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+/gi;

const WORDS = {
  accepted: /(新增|儲存|設定|維護|異動|修改).{0,10}(成功|完成)/,
  refused: /失敗|錯誤|不得|不可|無法|重複|已存在|格式/,
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

  /** An empty list that does not say so is believed only after it had time to fill. */
  async addresses(): Promise<string[]> {
    const list = await lookUntil(this.#page, LIST_MS, async () => {
      const text = await visibleText(this.#page);
      const found = [...new Set(text.match(ADDRESS) ?? [])];
      return found.length > 0 || /查無資料|無資料|尚未(設定|維護)/.test(text) ? found : null;
    });
    return list ?? [];
  }

  async add(address: string): Promise<CommitForm> {
    const field = await find(this.#page, parts.address);
    await field.fill(address);
    const commitment = new Commitment(this.#page, this.#ear, WORDS);
    return {
      submit: commitment.button(parts.add),
      readBack: async (): Promise<Fields> => ({ 電子郵件信箱: await field.inputValue() }),
      confirmation: (): Promise<Confirmation | null> => commitment.confirmation(() => ({})),
      answer: (): Promise<PortalAnswer> => commitment.answer(),
    };
  }
}
