import type { Locator, Page } from "playwright";
import { barcodeIn } from "../../robot/invoicing/values/carrier.ts";
import { click } from "../dom/click.ts";
import { type AnswerWords, Submission } from "../submit/submission.ts";
import { valueAfterLabel } from "../dom/value-after-label.ts";
import { atRest } from "../dom/forms/at-rest.ts";
import { readFormState } from "../dom/forms/form-state.ts";
import type { CarrierInfo, SubmissionForm, Fields, FormState, PortalAnswer } from "../pages.ts";
import { submitButton, locate, tryLocate, namedSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import { lineAround, detectPageState, visibleText } from "../dom/page-state.ts";
import { type Columns, readRows } from "../dom/lists/table.ts";
import type { Windows } from "../dom/windows/windows.ts";
import { onePage, type OnePage } from "./one-page.ts";
import { TIMING } from "../dom/timing.ts";
import { followed, tellAct } from "../dom/page-log.ts";

const parts = {
  bindNow: namedSpec("carrier.bind-now", "press", "立即歸戶", { pattern: /^(立即|我要|進行)?歸戶$|^bindnow$/ }),
  agree: namedSpec("carrier.agree", "press", "同意/確認", { pattern: /^(我?同意)([/／]確認|並繼續)?$|^agree$/ }),
  toBarcode: namedSpec("carrier.to-barcode", "press", "手機條碼", { pattern: /^手機條碼(載具|歸戶)?$/ }),
  toCertificate: namedSpec("carrier.to-certificate", "press", "自然人憑證", { pattern: /^自然人憑證(載具|歸戶)?$/ }),
  phone: namedSpec("carrier.phone", "field", "手機號碼", { pattern: /^手機(號碼)?|^(mobile|phone)/ }),
  code: namedSpec("carrier.code", "password", "驗證碼", { pattern: /驗證碼|密碼|code/, not: /圖形/ }),
  close: namedSpec("carrier.close", "press", "關閉", { pattern: /^關閉(視窗)?$|^close$/ }),
} as const;

/** Sends phone and 驗證碼; the portal then asks whether the data are right, and only its second 確定 binds. */
const submit = submitButton(
  "carrier.submit",
  {
    name: "確定",
    also: [
      { words: "送出", seen: "plain" },
      { words: "下一步", seen: "plain" },
      // On the page of today; it leads to the data, which are confirmed.
      { words: "查詢", seen: "portal" },
    ],
  },
  { purpose: /歸戶|bind/, fields: [TERMS.phone] },
);

const CHOOSE = /請選擇要歸戶至哪種載具|歸戶至哪[種個]載具/;
const ASKS = /請確認資料是否正確|請確認.{0,6}資料|確認歸戶資料/;
const WORDS: AnswerWords = {
  accepted: /歸戶(作業)?(成功|完成)/,
  refused: /錯誤|失敗|無法|不得|不可|已(經)?歸戶|重複|不存在|停用|鎖定|失效|逾期|未通過|不正確/,
  reasons: [
    { words: /圖形驗證碼/, reason: "other" },
    { words: /(手機|(?<!圖形)驗證碼|密碼).{0,8}(錯誤|不正確)|鎖定/, reason: "credentials" },
    { words: /已(經)?歸戶|重複/, reason: "bound" },
  ],
};

/** What the portal says where the member site did not vouch for the carrier, or the carrier is none. */
const NOT_VERIFIED = /(token|驗證|查證|檢核).{0,10}(失敗|錯誤|未通過|不符|逾時)|(載具|卡號).{0,10}(不存在|錯誤|無效)/i;
const DEAD = /(連結|網頁|頁面|卡號|載具|資料).{0,8}(不存在|失效|過期|錯誤|找不到)|查無|Not Found/i;

const COLUMNS: Columns = {
  wanted: [
    { name: "卡號", also: [{ words: "載具編號", seen: "portal" }] },
    { name: "歸戶狀態", also: [] },
  ],
  optional: [{ name: "歸戶時間", also: [] }],
};
const TIME = /\d{2,4}[-/年]\d{1,2}[-/月]\d{1,2}日?(\s*\d{1,2}:\d{2}(:\d{2})?)?/;

/** 會員載具資訊 of one carrier, and the portal's pages behind its 立即歸戶. */
export class CarrierPages {
  readonly #windows: Windows;
  readonly #link: string;

  constructor(windows: Windows, link: string) {
    this.#windows = windows;
    this.#link = link;
  }

  /**
   * Opens the link again.
   * @param told wait until the member site shows that it is bound: it hears that from the portal, a little later
   * @throws PageError `carrier-link-dead` with the page's words
   */
  async info(told = false): Promise<CarrierInfo> {
    await this.#windows.closeOthers();
    const { page } = this.#windows.main;
    const until = Date.now() + TIMING.memberSite;
    for (;;) {
      const info = await this.#open();
      if (!told || info.state === "bound" || Date.now() > until) return info;
      await page.waitForTimeout(TIMING.betweenReloads);
    }
  }

  async #open(): Promise<CarrierInfo> {
    const { page } = this.#windows.main;
    tellAct(page, "open the link of the member site");
    const response = await page.goto(this.#link, { waitUntil: "domcontentloaded" });
    const info = await waitUntil(page, TIMING.appear, async () => {
      const read = await readInfo(page);
      if (read) return read;
      const text = await visibleText(page);
      const dead = DEAD.exec(text);
      return dead || (response?.status() ?? 0) >= 400 ? { dead: dead ? lineAround(text, dead.index) : text } : null;
    });
    if (info && "card" in info) return info;
    const sign = await detectPageState(page);
    if (sign) throw new PageError(sign.state, "會員載具資訊", sign.words);
    throw new PageError("carrier-link-dead", "會員載具資訊", (info?.dead || `停在 ${page.url()}`).slice(0, 200));
  }

  /**
   * From 會員載具資訊 to the portal's form for phone and 驗證碼.
   * @throws PageError `carrier-not-verified` when the portal does not let the carrier in
   */
  async openBarcodeForm(phone: string): Promise<BarcodeForm> {
    const today = await this.#choose("toBarcode");
    const { page, dialogs } = this.#windows.front();
    const field = today?.phone ?? (await locate(page, parts.phone));
    const codeField = today?.code ?? (await locate(page, parts.code));
    const submission = new Submission(page, dialogs, WORDS, ASKS);
    const { host } = new URL(page.url());
    const held = (): Promise<FormState> =>
      readFormState(page, [
        { at: field, how: "sets" },
        { at: codeField, how: "sets", secret: true },
        ...(today === null ? [] : [{ at: today.captcha, how: "sets", secret: true } as const]),
        ...(today?.terms ? [{ at: today.terms.box, how: "sets" } as const] : []),
      ]);
    return {
      codeField,
      today,
      fillPhone: () => followed(field).fill(phone),
      form: {
        state: (when) => (when === "now" ? held() : atRest(page, held)),
        submit: submission.button(submit),
        readBack: async (): Promise<Fields> => ({ 手機號碼: await field.inputValue() }),
        confirmation: () => submission.confirmation(readConfirmation),
        answer: async () => {
          const answer = await submission.answer();
          if (answer.kind === "accepted") await this.#settle(page, host);
          return answer;
        },
      },
    };
  }

  /** Up to the page where the person puts in the card; then waits for what the portal says to the person. */
  async bindWithCard(): Promise<PortalAnswer> {
    await this.#choose("toCertificate");
    const opened = this.#windows.front().page;
    const said = await waitUntil(this.#windows.main.page, TIMING.person, async (): Promise<PortalAnswer | null> => {
      const { page, dialogs } = this.#windows.front();
      const words = [...dialogs.takeMessages(), await visibleText(page)].find((one) => WORDS.accepted.test(one));
      if (words !== undefined) return { kind: "accepted", words: words.slice(0, 200) };
      return opened.isClosed() ? { kind: "silent", words: "視窗關掉了" } : null;
    });
    return said ?? { kind: "silent", words: `等了 ${TIMING.person / 60_000} 分鐘` };
  }

  /** 立即歸戶, 同意/確認, and which kind of carrier. The portal may come in its own window. */
  async #choose(kind: "toBarcode" | "toCertificate"): Promise<OnePage | null> {
    await this.info();
    await click(await locate(this.#windows.main.page, parts.bindNow));
    const today = await this.#agree();
    const { page } = this.#windows.front();
    if (today !== null && kind === "toBarcode") return today;
    await click(await locate(page, parts[kind]));
    if (kind === "toBarcode") await locate(page, parts.phone);
    return null;
  }

  /** @returns the page of today, where the portal leads to it; null where it asks to which kind of carrier */
  async #agree(): Promise<OnePage | null> {
    let agreed = false;
    const heard: string[] = [];
    const there = await waitUntil(this.#windows.main.page, TIMING.appear, async () => {
      const { page, dialogs } = this.#windows.front();
      heard.push(...dialogs.takeMessages());
      const text = await visibleText(page);
      if (CHOOSE.test(text)) return "choose";
      const today = await onePage(page);
      if (today !== null) return { today };
      const refused = [...heard, text].find((words) => NOT_VERIFIED.test(words));
      if (refused !== undefined) return { refused: lineAround(refused, NOT_VERIFIED.exec(refused)?.index ?? 0) };
      const button = agreed ? null : await tryLocate(page, parts.agree, 0);
      if (!button) return null;
      agreed = true;
      await click(button);
      return null;
    });
    if (there === "choose") return null;
    if (there !== null && "today" in there) return there.today;
    const { page } = this.#windows.front();
    if (there) throw new PageError("carrier-not-verified", "平台的會員載具歸戶", there.refused);
    const sign = await detectPageState(page);
    const seen = sign?.words ?? (heard.join("／") || `停在 ${page.url()}`);
    throw new PageError(sign?.state ?? "page-changed", "平台的「請選擇要歸戶至哪種載具」", seen);
  }

  /** The portal tells the member site through this very window: closed too early, the member site would never hear of it. */
  async #settle(page: Page, portal: string): Promise<void> {
    if (page.isClosed()) return;
    const close = await tryLocate(page, parts.close, 0).catch(() => null);
    if (close)
      await followed(close)
        .click()
        .catch(() => undefined);
    await waitUntil(this.#windows.main.page, TIMING.memberSite, async () =>
      page.isClosed() || new URL(page.url()).host !== portal ? true : null,
    );
    if (!page.isClosed()) await page.waitForLoadState("domcontentloaded").catch(() => undefined);
  }
}

export interface BarcodeForm {
  /** What the page of today has besides phone and 驗證碼; null in the pages that ask step by step. */
  readonly today: OnePage | null;
  /** Where the holder's 驗證碼 goes; typed by the one function that types secrets. */
  readonly codeField: Locator;
  readonly fillPhone: () => Promise<void>;
  readonly form: SubmissionForm;
}

/** What the member site says; null while it says nothing of a carrier. */
async function readInfo(page: Page): Promise<CarrierInfo | null> {
  const rows = await readRows(page, COLUMNS).catch(() => []);
  const [row, ...others] = rows;
  if (row && others.length > 0) throw new PageError("page-changed", "一個會員載具的資訊", `有 ${rows.length} 列`);
  const text = await visibleText(page);
  const cell = (name: string): string | undefined => row?.cells[name] ?? valueAfterLabel(text, name);
  const card = cell("卡號")?.trim();
  const stateText = cell("歸戶狀態")?.trim();
  if (card === undefined || card === "" || stateText === undefined || stateText === "") return null;
  const state = /未歸戶/.test(stateText) ? "unbound" : /已歸戶|歸戶成功/.test(stateText) ? "bound" : "other";
  const boundAt = TIME.exec(cell("歸戶時間") ?? "")?.[0] ?? null;
  const barcode = barcodeIn(row ? Object.values(row.cells).join(" ") : (valueAfterLabel(text, "手機條碼") ?? ""));
  return { card, state, stateText, boundAt, barcode };
}

/** 請確認資料是否正確: 手機條碼, 載具類別, 載具編號. */
function readConfirmation(words: string): Fields {
  const barcode = barcodeIn(words);
  const card = valueAfterLabel(words, "載具編號");
  const kind = valueAfterLabel(words, "載具類別");
  return {
    ...(barcode === null ? {} : { 手機條碼: barcode }),
    ...(card === undefined ? {} : { 載具編號: card }),
    ...(kind === undefined ? {} : { 載具類別: kind }),
  };
}
