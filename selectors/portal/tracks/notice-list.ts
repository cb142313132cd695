import type { Locator, Page } from "playwright";
import { Submission } from "../../submit/submission.ts";
import type { DialogMonitor } from "../../dom/windows/dialogs.ts";
import { atRest } from "../../dom/forms/at-rest.ts";
import { type AskedControl, readFormState } from "../../dom/forms/form-state.ts";
import type {
  SubmissionForm,
  Confirmation,
  Fields,
  FormState,
  NoticeList,
  OpenForm,
  PortalAnswer,
} from "../../pages.ts";
import {
  submitButton,
  type SubmitButton,
  controlLocator,
  locate,
  locateAll,
  locatorSpec,
  neededTogether,
} from "../../dom/locator-spec.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { pendingRequestsOf } from "../../dom/network/pending-requests.ts";
import { blocksOf } from "../../dom/reading/blocks.ts";
import { describeLocator, nameStrength } from "../../dom/reading/description.ts";
import { rowAt } from "../../dom/reading/handle.ts";
import type { Control, PageReading } from "../../dom/reading/reading.ts";
import { readPage, readWithin } from "../../dom/reading/read-page.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import { textOf } from "../../dom/page-state.ts";
import { tickRow } from "../../dom/lists/checkbox.ts";
import { logInteraction } from "../../dom/interaction-log.ts";
import { NO_USE, type PageUse } from "../../dom/windows/page-context.ts";
import { TIMING } from "../../dom/timing.ts";

/** A list that stands in fields is saved as a whole. */
const ADD = {
  name: TERMS.add.name,
  also: [...TERMS.add.also, { words: TERMS.save.name, seen: "portal" }, ...TERMS.save.also],
} as const;
const ABOUT = /電子郵件|e-?mail|信箱|mailbox|notif/;

const parts = {
  address: locatorSpec("notice-list.address", "field", TERMS.email, {
    pattern: /^(第?\d+(組|個|筆)?)?(通知)?(電子郵件|e-?mail|信箱).*\d*$|^[\w.+-]+@[\w-]+(\.[\w-]+)+$/,
  }),
  add: submitButton("notice-list.add", ADD, { purpose: ABOUT, fields: [TERMS.email] }),
  save: submitButton("notice-list.save", TERMS.save, { purpose: ABOUT, fields: [TERMS.email] }),
  remove: submitButton("notice-list.remove", TERMS.remove, { purpose: ABOUT, fields: [] }),
} as const;

neededTogether(parts.address, parts.add);

/** How a row's own 刪除 is known; pressed it is by its submission only. */
const REMOVES = describeLocator("notice-list.row", "press", TERMS.remove);

const ADDRESS = /[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+/gi;
/** What the page calls the field and the column; the labels of what is read back. */
const LABEL = "電子郵件信箱";

const WORDS = {
  accepted: /(新增|儲存|設定|維護|異動|修改|刪除).{0,10}(成功|完成)|已刪除/,
  refused: /失敗|錯誤|不得|不可|不能|無法|重複|已存在|格式|查無|不存在|上限|至少/,
  reasons: [],
} as const;

export class PortalNoticeList implements NoticeList {
  readonly #use: PageUse;
  readonly #page: Page;
  readonly #dialogs: DialogMonitor;

  private constructor(page: Page, dialogs: DialogMonitor, use: PageUse) {
    this.#page = page;
    this.#dialogs = dialogs;
    this.#use = use;
  }

  static async open(page: Page, dialogs: DialogMonitor, use: PageUse = NO_USE): Promise<PortalNoticeList> {
    const list = new PortalNoticeList(page, dialogs, use);
    const shown = await waitUntil(page, TIMING.appear, async () => ((await list.#fields()).length > 0 ? true : null));
    // Says what is there instead.
    if (!shown) await locate(page, parts.address, { within: 0 });
    return list;
  }

  /** Whether the list, or its form, is to be seen. */
  static async isOn(page: Page): Promise<boolean> {
    return (await locateAll(page, parts.address)).length > 0;
  }

  /**
   * Where rows can be deleted, only what stands in such a row is on the list: a page may print other addresses, such as the help desk's. A list
   * may stand in fields as well: what they hold is on it. That nobody is on the list is believed only once the page has no request under way,
   * as pages say so until their list has come; and where the list itself does not say so, only after it had time to fill.
   * @throws PageError `portal-slow` where the list has not come
   */
  async addresses(): Promise<string[]> {
    const requests = pendingRequestsOf(this.#page);
    const began = Date.now();
    let stillSince: number | null = null;
    let printedSince = { words: "", at: began };
    const list = await waitUntil(this.#page, TIMING.list, async (): Promise<Listed | null> => {
      // Rows and words as they stood in one moment: a page that is drawn in between would print what no row of it holds.
      const reading = await readPage(this.#page);
      const rows = this.#rowsOn(reading);
      const isSaid = saysNobody(reading);
      const held = addressesIn((await this.#fields()).map(({ value }) => value).join("\n"));
      const printed = isSaid ? [] : addressesIn(textOf(reading));
      const listed = rows.length > 0 ? rows.flatMap(({ addresses }) => addresses) : printed;
      const addresses = [...new Set([...listed, ...held])];
      // What only stands on the page may be the help desk's, while the list itself is still to come.
      if (printedSince.words !== printed.join()) printedSince = { words: printed.join(), at: Date.now() };
      const isWhole = rows.length > 0 || held.length > 0 || Date.now() - printedSince.at >= TIMING.redraw;
      if (addresses.length > 0 && isWhole) return { addresses, isSaid };
      if (addresses.length > 0) return null;
      const isStill = requests.underWay() === 0;
      stillSince = isStill ? (stillSince ?? Date.now()) : null;
      if (stillSince === null) return null;
      const isOver = isSaid ? Date.now() - stillSince >= TIMING.settled : Date.now() - began >= TIMING.addresses;
      return isOver ? { addresses, isSaid } : null;
    });
    if (list === null) throw new PageError("portal-slow", "通知信箱的名單", "名單一直沒有載入完");
    if (list.addresses.length > 0 || list.isSaid) this.#use.markClean();
    return [...list.addresses];
  }

  async assertComplete(): Promise<void> {
    if ((await locateAll(this.#page, parts.address)).length === 0) await locate(this.#page, parts.address);
    await new Submission(this.#page, this.#dialogs, WORDS).assertThere(parts.add);
  }

  async add(address: string): Promise<OpenForm> {
    this.#use.markDirty();
    // Fields may be filled with what is on the list a moment after they were drawn.
    const fields = await atRest(this.#page, () => this.#fields());
    const empty = fields.findIndex(({ value }) => value.trim() === "");
    const field = (await locateAll(this.#page, parts.address))[empty];
    if (!field) {
      const seen = `每一欄都已經有地址：${fields.map(({ value }) => value).join("、")}`;
      throw new PageError("page-changed", "空白的電子郵件信箱欄位，可以填新的地址", seen);
    }
    const submission = new Submission(this.#page, this.#dialogs, WORDS);
    return {
      form: {
        ...this.#around(submission, [{ at: field, how: "adds" }]),
        submit: submission.button(parts.add),
        readBack: async (): Promise<Fields> => ({ [LABEL]: await field.inputValue() }),
      },
      fill: () => logInteraction(field).fill(address),
    };
  }

  /**
   * The row's own 刪除; where the list has one for all rows, the row is ticked first and no other is. A list that stands in fields is saved
   * without it.
   */
  async remove(address: string): Promise<OpenForm> {
    this.#use.markDirty();
    const own = (await this.#rows()).filter((row) => row.button !== null && isOnly(row, address));
    // A row with its own 刪除 is deleted by that, also where its address stands in a field.
    const isTakenOut = own.length === 1 && (await this.#isSaved()) && own.every(({ button }) => onlyTakesOut(button));
    const field = own.length === 1 && !isTakenOut ? null : await this.#fieldHolding(address);
    if (field !== null) return this.#emptied(field, address, (await this.#isSaved()) ? parts.save : parts.add);
    const row = await this.#rowOf(address);
    const submission = new Submission(this.#page, this.#dialogs, WORDS);
    const box = row.button === null && row.box !== null ? controlLocator(this.#page, row.box) : null;
    return {
      form: {
        ...this.#around(submission, box ? [{ at: box, how: "sets" }] : []),
        submit: submission.button(parts.remove, box ? this.#page : row.place),
        readBack: async (): Promise<Fields> => ({
          [LABEL]: (box ? await this.#ticked() : await this.#said(row)).join("、"),
        }),
      },
      fill: async () => {
        if (box) await tickRow(row.place);
      },
    };
  }

  /** The one field that holds the address, where fields are all that the list is made of. */
  async #fieldHolding(address: string): Promise<Locator | null> {
    const fields = await atRest(this.#page, () => this.#fields());
    const [at, ...others] = fields.flatMap(({ value }, index) => (value.trim() === address ? [index] : []));
    if (at === undefined || others.length > 0) return null;
    return (await locateAll(this.#page, parts.address))[at] ?? null;
  }

  /** Whether what stands in the fields is saved as a whole: another button may only draw one more of them. */
  #isSaved(): Promise<boolean> {
    return new Submission(this.#page, this.#dialogs, WORDS).isThere(parts.save);
  }

  #emptied(field: Locator, address: string, sends: SubmitButton): OpenForm {
    const submission = new Submission(this.#page, this.#dialogs, WORDS);
    return {
      form: {
        ...this.#around(submission, [{ at: field, how: "sets" }]),
        submit: submission.button(sends),
        readBack: async (): Promise<Fields> => ({
          [LABEL]: (await field.inputValue()) === "" ? address : "還沒有清空",
        }),
      },
      fill: () => logInteraction(field).fill(""),
    };
  }

  #around(
    submission: Submission,
    asked: readonly AskedControl[],
  ): Pick<SubmissionForm, "state" | "confirmation" | "passwordBox" | "answer"> {
    const held = (): Promise<FormState> => readFormState(this.#page, asked);
    return {
      state: (when) => (when === "now" ? held() : atRest(this.#page, held)),
      confirmation: (): Promise<Confirmation | null> => submission.confirmation(readConfirmation),
      passwordBox: () => submission.passwordBox(),
      answer: (): Promise<PortalAnswer> => submission.answer(),
    };
  }

  /** The fields for addresses, in their order, and what they hold. */
  async #fields(): Promise<{ value: string }[]> {
    const fields = await locateAll(this.#page, parts.address);
    return Promise.all(fields.map(async (field) => ({ value: await field.inputValue() })));
  }

  async #rowOf(address: string): Promise<Row> {
    const found = await waitUntil(this.#page, TIMING.addresses, async () => {
      const rows = (await this.#rows()).filter((row) => isOnly(row, address));
      return rows.length === 0 ? null : rows;
    });
    const [row, ...others] = found ?? [];
    if (!row || others.length > 0)
      throw new PageError("page-changed", `名單上 ${address} 的那一列`, `有 ${found?.length ?? 0} 列`);
    return row;
  }

  /** The addresses whose rows are ticked. */
  async #ticked(): Promise<string[]> {
    return (await this.#rows()).filter(({ box }) => box?.checked === true).flatMap(({ addresses }) => addresses);
  }

  /** What the row that is to be deleted says now. */
  async #said({ place, button }: Row): Promise<readonly string[]> {
    const again = (await this.#rows()).find((row) => row.button !== null && row.button.id === button?.id);
    if (again) return again.addresses;
    if ((await place.count()) === 0) return [];
    const { lines, controls } = await readWithin(place);
    return addressesIn([...lines.map(({ text }) => text), ...controls.map(({ value }) => value)].join("\n"));
  }

  /**
   * Parts of the page that hold an address and something to delete it with, all as they stood in one moment: a page that is drawn again
   * while it is read row by row would lack some, and who is missing on it would pass for deleted.
   */
  async #rows(): Promise<Row[]> {
    return this.#rowsOn(await readPage(this.#page));
  }

  #rowsOn(reading: PageReading): Row[] {
    const page = this.#page;
    const isRemove = ({ kind, names }: Control): boolean =>
      ["button", "link", "clickable"].includes(kind) &&
      names.some(({ from, text }) => from !== "hint" && nameStrength(REMOVES, text) > 0);
    const blocks = blocksOf(reading, addressesIn, (one) => one.kind === "checkbox" || isRemove(one));
    return blocks.flatMap(({ id, frame, says, words, own }): Row[] => {
      const [button = null, ...buttons] = own.filter(isRemove);
      const [box = null, ...boxes] = own.filter(({ kind }) => kind === "checkbox");
      const alone = button ?? box;
      if (alone === null) return [];
      const place = id === null ? controlLocator(page, alone) : rowAt(page, { id, frame, words });
      return [
        {
          addresses: says,
          place,
          button: buttons.length === 0 ? button : null,
          box: boxes.length === 0 ? box : null,
        },
      ];
    });
  }
}

/** Who is on the list, and whether the list itself says that it is nobody. */
interface Listed {
  readonly addresses: readonly string[];
  readonly isSaid: boolean;
}

const NOBODY = /查無資料|無資料|尚未(設定|維護)/;

/** The words of a list, and not of a message: one about another list may still stand over the page. */
function saysNobody({ lines }: PageReading): boolean {
  return lines.some(({ text, role }) => role !== "message" && NOBODY.test(text));
}

/** A part of the page that holds addresses, with its own 刪除 or its own tick. */
interface Row {
  readonly addresses: readonly string[];
  readonly place: Locator;
  readonly button: Control | null;
  readonly box: Control | null;
}

/** In a form that is saved as a whole, this takes a field out of the form and sends nothing. */
function onlyTakesOut(button: Control | null): boolean {
  return button !== null && button.names.some(({ text }) => /^(移除|[-－−–]|remove)$/iu.test(text.trim()));
}

function isOnly({ addresses }: Row, address: string): boolean {
  return addresses.length === 1 && addresses[0] === address;
}

function addressesIn(text: string): string[] {
  return [...new Set(text.match(ADDRESS) ?? [])];
}

/** Where the portal's question names an address, it has to be the one that is meant. */
function readConfirmation(box: string): Fields {
  const named = addressesIn(box);
  return named.length === 0 ? {} : { [LABEL]: named.join("、") };
}
