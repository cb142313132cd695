import type { Locator, Page, Response } from "playwright";
import { pictureBytes } from "../captcha-picture.ts";
import type { Ear } from "../ear.ts";
import type { Identity, SignInPage, SignInResult } from "../pages.ts";
import { find, findIfThere, part } from "../part.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { lineAround, readSigns, visibleText } from "../signs.ts";

const parts = {
  business: part(
    "current.sign-in.business",
    "營業人/扣繳單位",
    { role: "tab", name: /營業人/ },
    { role: "link", name: /營業人\s*\/\s*扣繳單位/ },
    { role: "link", name: /營業人/ },
    { role: "button", name: /營業人/ },
    { text: /^\s*營業人\s*\/\s*扣繳單位\s*$/ },
    { css: 'a[href^="/accounts/login/b"]' },
  ),
  agent: part(
    "current.sign-in.agent",
    "專業代理人",
    { role: "tab", name: /專業代理人/ },
    { role: "link", name: /專業代理人/ },
    { role: "button", name: /專業代理人/ },
    { text: /^\s*專業代理人\s*$/ },
  ),
  ubn: part(
    "current.sign-in.ubn",
    "統一編號",
    { label: /統一編號/ },
    { placeholder: /統一編號/ },
    { after: "統一編號", control: "input" },
    { css: "#ban" },
  ),
  user: part(
    "current.sign-in.user",
    "帳號",
    { label: /^\s*\*?\s*帳號/ },
    { label: /帳號/ },
    { placeholder: /帳號/ },
    { after: "帳號", control: "input" },
    { css: "#user_id" },
  ),
  password: part(
    "current.sign-in.password",
    "密碼",
    { css: "input[type=password]" },
    { label: /密碼/ },
    { placeholder: /密碼/ },
    { after: "密碼", control: "input" },
    { css: "#user_password" },
  ),
  captcha: part(
    "current.sign-in.captcha",
    "圖形驗證碼",
    { role: "textbox", name: /圖形驗證碼/ },
    { label: /驗證碼/ },
    { placeholder: /圖形驗證碼/ },
    { after: "圖形驗證碼", control: "input" },
    { css: "#captcha" },
  ),
  picture: part(
    "current.sign-in.picture",
    "圖形驗證碼的圖",
    { role: "img", name: /圖形驗證碼/ },
    { css: ".code_num img" },
    { after: "圖形驗證碼", control: "image" },
  ),
  refresh: part(
    "current.sign-in.refresh",
    "更新圖形驗證碼",
    { role: "button", name: /更新|換一|重新產生|refresh/i },
    { css: '[aria-label="更新圖形驗證碼"]' },
    { role: "link", name: /更新|換一|重新產生/ },
  ),
  submit: part(
    "current.sign-in.submit",
    "登入",
    { role: "button", name: /^\s*登\s*入\s*$/ },
    { css: "#submitBtn" },
    { text: /^\s*登\s*入\s*$/ },
  ),
} as const;

/** Milliseconds for the form to follow a click on an identity. The first click is sometimes swallowed while the page renders. */
const SWITCH_MS = 4_000;
const SWITCH_CLICKS = 4;
/** Milliseconds for the portal to answer a sign-in. */
const ANSWER_MS = 45_000;

/** What the page can say after 登入. First match wins. The words are the portal's own, in both languages it uses. */
const ANSWERS: readonly { readonly words: RegExp; readonly state: SignInResult["state"] }[] = [
  {
    words: /Image verification code verification failed|圖形驗證碼(驗證)?(失敗|錯誤|不正確)|驗證碼(輸入)?(錯誤|不正確)/,
    state: "captcha-rejected",
  },
  { words: /帳號.{0,12}鎖定|鎖定.{0,12}帳號|account .{0,20}locked/i, state: "account-locked" },
  { words: /帳號或密碼(錯誤|有誤|不正確)|username or password is incorrect/i, state: "credentials-rejected" },
];

/** Recognises the sign-in page of the current design: identities to choose from. */
export async function recogniseCurrentSignIn(page: Page, ear: Ear, within: number): Promise<SignInPage | null> {
  const there = await findIfThere(page, parts.business, within);
  return there ? new CurrentSignIn(page, ear) : null;
}

class CurrentSignIn implements SignInPage {
  readonly design = "current";
  readonly #page: Page;
  readonly #ear: Ear;

  constructor(page: Page, ear: Ear) {
    this.#page = page;
    this.#ear = ear;
  }

  async chooseIdentity(identity: Identity): Promise<void> {
    const tab = identity === "business" ? parts.business : parts.agent;
    for (let click = 0; click < SWITCH_CLICKS; click++) {
      // The page bounces back to the consumer's tab while it renders, so the form is the proof, not the click.
      await (await find(this.#page, tab)).click();
      if (await findIfThere(this.#page, parts.ubn, SWITCH_MS)) return;
    }
    throw new PageProblem(
      "page-changed",
      `「${tab.name}」的登入表單（統一編號欄）`,
      `按了 ${SWITCH_CLICKS} 次仍沒有出現`,
    );
  }

  async fill(ubn: string, user: string): Promise<void> {
    for (const [field, value] of [
      [parts.ubn, ubn],
      [parts.user, user],
    ] as const) {
      const input = await find(this.#page, field);
      await input.fill(value);
      const held = await input.inputValue();
      if (held !== value) throw new PageProblem("page-changed", `「${field.name}」填入 ${value}`, `讀回來是 ${held}`);
    }
  }

  passwordField(): Promise<Locator> {
    return find(this.#page, parts.password);
  }

  captchaField(): Promise<Locator> {
    return find(this.#page, parts.captcha);
  }

  async captchaPicture(): Promise<Uint8Array> {
    return pictureBytes(await find(this.#page, parts.picture));
  }

  async refreshCaptcha(): Promise<void> {
    const before = await this.captchaPicture();
    await (await find(this.#page, parts.refresh)).click();
    const changed = await lookUntil(this.#page, SWITCH_MS, async () => {
      const now = await this.captchaPicture();
      return Buffer.compare(now, before) === 0 ? null : now;
    });
    if (!changed) throw new PageProblem("page-changed", "另一張圖形驗證碼", "按了更新，圖沒有變");
  }

  async submit(): Promise<SignInResult> {
    const form = this.#page.url();
    this.#ear.heard();
    // Words of an earlier refusal may still stand on the page. They count again only once the portal has answered this press.
    const stale = (await visibleText(this.#page)).split("\n");
    let forgetAt = Number.POSITIVE_INFINITY;
    const onResponse = (response: Response): void => {
      if (response.request().method() !== "POST") return;
      forgetAt = Math.min(forgetAt, Date.now() + (response.ok() ? LEAVE_MS : REDRAW_MS));
    };
    this.#page.on("response", onResponse);
    try {
      await (await find(this.#page, parts.submit)).click();
      let leftAt: number | null = null;
      const result = await lookUntil(this.#page, ANSWER_MS, async () => {
        if (this.#page.url() !== form && !LOGIN_ADDRESS.test(this.#page.url())) {
          leftAt ??= Date.now();
          return this.#inside(Date.now() - leftAt);
        }
        return this.#words(Date.now() > forgetAt ? [] : stale);
      });
      return result ?? { state: "unknown", words: (await visibleText(this.#page)).slice(0, 200) };
    } finally {
      this.#page.off("response", onResponse);
    }
  }

  async #words(stale: readonly string[]): Promise<SignInResult | null> {
    const lines = without(stale, (await visibleText(this.#page)).split("\n"));
    const text = [...this.#ear.heard(), ...lines].join("\n");
    for (const { words, state } of ANSWERS) {
      const match = words.exec(text);
      if (match) return { state, words: lineAround(text, match.index) };
    }
    return this.#stopped(lines);
  }

  /**
   * Words of an earlier attempt may still stand over the pages inside, so a refusal only counts before. The portal writes its
   * token up to 20 s after the address has changed; leaving the page earlier loses the sign-in.
   */
  async #inside(sinceLeft: number): Promise<SignInResult | null> {
    const stopped = await this.#stopped([]);
    if (stopped) return stopped;
    const token = await this.#page.evaluate(() => sessionStorage.getItem("token") !== null).catch(() => false);
    return token || sinceLeft > TOKEN_MS ? { state: "signed-in", words: "" } : null;
  }

  async #stopped(fresh: readonly string[]): Promise<SignInResult | null> {
    const sign = await readSigns(this.#page, fresh);
    if (!sign) return null;
    const { state, words } = sign;
    return state === "access-challenged" || state === "portal-down" || state === "password-change-forced"
      ? { state, words }
      : null;
  }
}

/** The lines that are there now and were not before; the same words a second time are new. */
function without(before: readonly string[], now: readonly string[]): string[] {
  const old = [...before];
  return now.filter((line) => {
    const at = old.indexOf(line);
    if (at >= 0) old.splice(at, 1);
    return at < 0;
  });
}

const LOGIN_ADDRESS = /\/accounts\/login/;
/** Milliseconds a page may take to redraw its messages after the portal has refused, or to leave after it has let us in. */
const REDRAW_MS = 1_500;
const LEAVE_MS = 12_000;
/** After so long without a token the portal must keep its session elsewhere; the next page will tell. */
const TOKEN_MS = 25_000;
