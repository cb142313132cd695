import type { Locator, Page } from "playwright";
import { Commitment } from "../../submit/submission.ts";
import type { Ear } from "../../dom/dialogs.ts";
import { atRest } from "../../dom/at-rest.ts";
import { type AskedControl, readFormState } from "../../dom/form-state.ts";
import type { CommitForm, Confirmation, Fields, FormState, NoticeList, OpenForm, PortalAnswer } from "../../pages.ts";
import { commitButton, find, findAll, part, visible } from "../../dom/part.ts";
import { lookUntil } from "../../dom/poll.ts";
import { PageProblem } from "../../dom/problem.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import { visibleText } from "../../dom/signs.ts";
import { isTicked, tick } from "../../dom/tick.ts";
import { touch } from "../../dom/touched.ts";

/** A list that stands in fields is saved as a whole. */
const ADD = {
  name: TERMS.add.name,
  also: [...TERMS.add.also, { words: TERMS.save.name, seen: "portal" }, ...TERMS.save.also],
} as const;
const ABOUT = /電子郵件|e-?mail|信箱|mailbox|notif/;

const parts = {
  address: part("notice-list.address", "field", TERMS.email, {
    pattern: /^(第?\d+(組|個|筆)?)?(通知)?(電子郵件|e-?mail|信箱).*\d*$/,
  }),
  add: commitButton("notice-list.add", ADD, { purpose: ABOUT, fields: [TERMS.email] }),
  remove: commitButton("notice-list.remove", TERMS.remove, { purpose: ABOUT, fields: [] }),
} as const;

const ADDRESS = /[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+/gi;
/** What the page calls the field and the column; the labels of what is read back. */
const LABEL = "電子郵件信箱";

const WORDS = {
  accepted: /(新增|儲存|設定|維護|異動|修改|刪除).{0,10}(成功|完成)|已刪除/,
  refused: /失敗|錯誤|不得|不可|不能|無法|重複|已存在|格式|查無|不存在|上限|至少/,
  reasons: [],
} as const;

/** Milliseconds for a field to show itself. */
const OPEN_MS = 20_000;
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
    const list = new PortalNoticeList(page, ear);
    const shown = await lookUntil(page, OPEN_MS, async () => ((await list.#fields()).length > 0 ? true : null));
    // Says what is there instead.
    if (!shown) await find(page, parts.address, { within: 0 });
    return list;
  }

  /**
   * An empty list that does not say so is believed only after it had time to fill. Where rows can be deleted, only what stands in
   * such a row is on the list: a page may print other addresses, such as the help desk's. A list may stand in fields as well: what they
   * hold is on it.
   */
  async addresses(): Promise<string[]> {
    const list = await lookUntil(this.#page, LIST_MS, async () => {
      const rows = await this.#rows();
      if (rows === null) return null;
      const text = await visibleText(this.#page);
      const held = addressesIn((await this.#fields()).map(({ value }) => value).join("\n"));
      const listed = rows.length > 0 ? rows.flatMap(({ addresses }) => addresses) : addressesIn(text);
      const found = [...listed, ...held];
      return found.length > 0 || /查無資料|無資料|尚未(設定|維護)/.test(text) ? [...new Set(found)] : null;
    });
    return list ?? [];
  }

  async add(address: string): Promise<OpenForm> {
    // Fields may be filled with what is on the list a moment after they were drawn.
    const fields = await atRest(this.#page, () => this.#fields());
    const empty = fields.findIndex(({ value }) => value.trim() === "");
    const field = (await findAll(this.#page, parts.address))[empty];
    if (!field) {
      const seen = `每一欄都已經有地址：${fields.map(({ value }) => value).join("、")}`;
      throw new PageProblem("page-changed", "空白的電子郵件信箱欄位，可以填新的地址", seen);
    }
    const commitment = new Commitment(this.#page, this.#ear, WORDS);
    return {
      form: {
        ...this.#around(commitment, [{ at: field, how: "adds" }]),
        submit: commitment.button(parts.add),
        readBack: async (): Promise<Fields> => ({ [LABEL]: await field.inputValue() }),
      },
      fill: () => touch(field).fill(address),
    };
  }

  /** The row's own 刪除; where the list has one for all rows, the row is ticked first and no other is. */
  async remove(address: string): Promise<OpenForm> {
    const row = await this.#rowOf(address);
    const commitment = new Commitment(this.#page, this.#ear, WORDS);
    const box = row.place.getByRole("checkbox");
    const ticks = (await box.count()) === 1;
    return {
      form: {
        ...this.#around(commitment, ticks ? [{ at: box, how: "sets" }] : []),
        submit: commitment.button(parts.remove, ticks ? this.#page : row.place),
        readBack: async (): Promise<Fields> => {
          const meant = ticks
            ? await this.#ticked()
            : addressesIn((await row.place.evaluateAll(wordsOfAll)).join("\n"));
          return { [LABEL]: meant.join("、") };
        },
      },
      fill: async () => {
        if (ticks) await tick(row.place);
      },
    };
  }

  #around(
    commitment: Commitment,
    asked: readonly AskedControl[],
  ): Pick<CommitForm, "state" | "confirmation" | "answer"> {
    const held = (): Promise<FormState> => readFormState(this.#page, asked);
    return {
      state: (when) => (when === "now" ? held() : atRest(this.#page, held)),
      confirmation: (): Promise<Confirmation | null> => commitment.confirmation(readConfirmation),
      answer: (): Promise<PortalAnswer> => commitment.answer(),
    };
  }

  /** The fields for addresses, in their order, and what they hold. */
  async #fields(): Promise<{ value: string }[]> {
    const fields = await findAll(this.#page, parts.address);
    return Promise.all(fields.map(async (field) => ({ value: await field.inputValue() })));
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
    const texts = await places.evaluateAll(wordsOfAll);
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

/** Runs in the page: what a row says, what its fields hold included; null once it is no longer there. */
function wordsOfAll(rows: Element[]): (string | null)[] {
  const fields = "input:not([type=hidden], [type=checkbox], [type=radio], [type=button], [type=submit]), textarea";
  const held = (row: Element): string[] =>
    [...row.querySelectorAll(fields)].map((field) =>
      field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "",
    );
  return rows.map((row) =>
    row instanceof HTMLElement && row.isConnected ? [row.innerText, ...held(row)].join("\n") : null,
  );
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
