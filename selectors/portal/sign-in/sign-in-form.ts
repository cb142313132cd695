import type { Locator, Page, Response } from "playwright";
import { pictureBytes } from "./captcha-picture.ts";
import type { DialogMonitor } from "../../dom/windows/dialogs.ts";
import type { Design, Identity, SignInPage, SignInResult } from "../../pages.ts";
import { guarded } from "../../dom/guard.ts";
import { click, waitUntilUncovered } from "../../dom/click.ts";
import {
  locate,
  tryLocate,
  locatorSpec,
  type LocatorSpec,
  controlReadAt,
  neededTogether,
} from "../../dom/locator-spec.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import { lineAround, detectPageState, stateInMessages, visibleText } from "../../dom/page-state.ts";
import type { PageContext } from "../../dom/windows/page-context.ts";
import { logInteraction } from "../../dom/interaction-log.ts";
import { trackedClick } from "../../submit/tracked-click.ts";
import { NotPressed } from "../../submit/irreversible.ts";
import { TIMING } from "../../dom/timing.ts";

/** The fields of the sign-in: the facts give them the same labels in both designs. */
export const signInSpecs = {
  /** On a front page, before there is any form. */
  open: locatorSpec("sign-in.open", "press", TERMS.signIn),
  ubn: locatorSpec("sign-in.ubn", "field", TERMS.ubn),
  user: locatorSpec("sign-in.user", "field", TERMS.user, { not: /圖形|驗證|申請|忘記/ }),
  password: locatorSpec("sign-in.password", "password", TERMS.password, { pattern: /密碼|password/ }),
  captcha: locatorSpec("sign-in.captcha", "field", TERMS.captcha),
  picture: locatorSpec("sign-in.picture", "picture", TERMS.captcha, { pattern: /驗證|captcha|verification/ }),
  refresh: locatorSpec("sign-in.refresh", "press", TERMS.refreshCaptcha, {
    pattern: /^(更新|更換|換一|重新產生|刷新|refresh|reload|changeimage|newcode)|看不清/,
    not: /語音|播放|audio|voice/,
  }),
  submit: locatorSpec("sign-in.submit", "press", TERMS.signIn),
} as const;

neededTogether(signInSpecs.ubn, signInSpecs.user, signInSpecs.password, signInSpecs.captcha, signInSpecs.submit);

/** What the portal can say after 登入. First match wins. The words are its own, in both languages it uses. */
const ANSWERS: readonly {
  readonly words: RegExp;
  readonly state: SignInResult["state"];
  /** The words only warn of what may come. */
  readonly unless?: RegExp;
}[] = [
  {
    words: /Image verification code verification failed|圖形驗證碼(驗證)?(失敗|錯誤|不正確)|驗證碼(輸入)?(錯誤|不正確)/,
    state: "captcha-rejected",
  },
  {
    words: /帳號.{0,12}鎖定|鎖定.{0,12}帳號|account .{0,20}locked/i,
    unless: /將|會被|會遭|可能|以免|避免|為免|will be|may be/i,
    state: "account-locked",
  },
  { words: /帳號或密碼(錯誤|有誤|不正確)|username or password is incorrect/i, state: "credentials-rejected" },
];

/** The portal warns after a sign-in that worked: the password is older than 180 days, and goes on to be good. */
const OLD_PASSWORD = /逾\s*180\s*[天日]\s*未變更/;

/** What a page says while it works on the answer. */
const WORKING = /登入中|處理中|驗證中|載入中|請稍[候等後]|loading|please wait/i;
/** And what it says when it has given up: to be asked again later is a reason. */
const GIVEN_UP = /再(試|登入|次|來)|忙碌|忙線|失敗|錯誤|異常|無法|try again|busy|fail|error/i;

/** A form that takes an account and its password, and what can come of it; what is different at each site is left to it. */
export abstract class AccountForm {
  protected readonly page: Page;
  protected readonly dialogs: DialogMonitor;
  /** What stood on the page before anything was submitted: remarks, which answer nothing however often they are read. */
  #remarks: readonly string[] | null = null;

  constructor({ page, dialogs }: PageContext) {
    this.page = page;
    this.dialogs = dialogs;
  }

  /** Whether the page is one behind the sign-in. @param form the form's address */
  protected abstract isInside(form: string): Promise<boolean>;

  /** Whether the sign-in is complete, the given number of milliseconds after it led inside. */
  protected abstract isComplete(since: number): Promise<boolean>;

  passwordField(): Promise<Locator> {
    return locate(this.page, signInSpecs.password);
  }

  /** Types what is no secret, and reads it back. */
  protected async typeIn(field: LocatorSpec, value: string): Promise<void> {
    const input = logInteraction(await locate(this.page, field));
    await input.fill(value);
    const held = await input.inputValue();
    if (held !== value) throw new PageError("page-changed", `「${field.name}」填入 ${value}`, `讀回來是 ${held}`);
  }

  async submit(): Promise<SignInResult> {
    const form = this.page.url();
    this.dialogs.takeMessages();
    // Words of an earlier refusal may still stand on the page. They count again only once the portal has answered this press.
    const stale = (await visibleText(this.page)).split("\n");
    this.#remarks ??= stale;
    const remarks = this.#remarks;
    const heard: string[] = [];
    let forgetAt = Number.POSITIVE_INFINITY;
    const onResponse = guarded(this.page, "the answer to a sign-in", (response: Response): void => {
      if (response.request().method() !== "POST") return;
      forgetAt = Math.min(forgetAt, Date.now() + (response.ok() ? TIMING.leave : TIMING.redraw));
    });
    this.page.on("response", onResponse);
    try {
      const unclicked = await this.#click();
      if (unclicked !== null) return { state: "not-submitted", words: unclicked };
      let insideSince: number | null = null;
      const result = await waitUntil(this.page, TIMING.signIn, async () => {
        heard.push(...this.dialogs.takeMessages());
        if (await this.isInside(form)) {
          insideSince ??= Date.now();
          return this.#inside(insideSince, heard);
        }
        const isForgotten = Date.now() > forgetAt;
        const answer = await this.#words(heard, isForgotten ? remarks : stale);
        if (answer !== null || Date.now() < forgetAt + TIMING.unknownWords) return answer;
        return this.#notUnderstood(heard, remarks);
      });
      if (result !== null) return result;
      const words = [...heard, await visibleText(this.page)].join("\n").slice(0, 200);
      return (await this.#notUnderstood(heard, remarks)) ?? { state: "unknown", words };
    } finally {
      this.page.off("response", onResponse);
    }
  }

  async #words(heard: readonly string[], stale: readonly string[]): Promise<SignInResult | null> {
    const lines = without(stale, (await visibleText(this.page)).split("\n"));
    const text = [...heard, ...lines].join("\n");
    for (const { words, state, unless } of ANSWERS) {
      const said = text.split("\n").find((line) => words.test(line) && !unless?.test(line));
      if (said !== undefined) return { state, words: said.trim().slice(0, 200) };
    }
    const ended = stateInMessages([...heard, ...lines]);
    if (ended?.state === "session-expired") return { state: ended.state, words: ended.words.trim() };
    return this.#stopped(lines);
  }

  /** Clicks 登入. Null, or why the click was never begun. */
  async #click(): Promise<string | null> {
    try {
      // Of several things of that name, the one beside the password sends it.
      const beside = controlReadAt(await this.passwordField())?.path ?? null;
      const button = logInteraction(await locate(this.page, signInSpecs.submit, { beside }));
      await waitUntilUncovered(button);
      await trackedClick(button, signInSpecs.submit.name);
      return null;
    } catch (error) {
      if (error instanceof PageError) return error.seen;
      if (error instanceof NotPressed) return String(error.cause).split("\n")[0] ?? "";
      throw error;
    }
  }

  /** What the page says since, in words that nobody knows; null where it says nothing. */
  async #notUnderstood(heard: readonly string[], remarks: readonly string[]): Promise<SignInResult | null> {
    const shown = without(remarks, (await visibleText(this.page)).split("\n"));
    const isWaiting = (line: string): boolean => WORKING.test(line) && !GIVEN_UP.test(line);
    const said = [...heard, ...shown].map((line) => line.trim()).filter((line) => line !== "" && !isWaiting(line));
    return said.length === 0 ? null : { state: "not-understood", words: said.join("／").slice(0, 200) };
  }

  /** Words of an earlier attempt may still stand over the pages inside, so a refusal only counts before. */
  async #inside(since: number, heard: readonly string[]): Promise<SignInResult | null> {
    const stopped = await this.#stopped([]);
    if (stopped) return stopped;
    if (!(await this.isComplete(Date.now() - since))) return null;
    const words = await this.#warning(heard);
    // The page that demands a new password is drawn after the sign-in is complete, too.
    return (await this.#stopped([])) ?? { state: "signed-in", words };
  }

  /** The warning comes with the page, a moment after the address. "" where there is none. */
  async #warning(heard: readonly string[]): Promise<string> {
    let before: string | null = null;
    const settled = await waitUntil(this.page, TIMING.inside, async () => {
      const text = [...heard, ...this.dialogs.takeMessages(), await visibleText(this.page)].join("\n");
      const isWarned = OLD_PASSWORD.test(text);
      const isSettled = text === before && text !== "";
      before = text;
      return isWarned || isSettled ? text : null;
    });
    const warned = OLD_PASSWORD.exec(settled ?? before ?? "");
    return warned ? lineAround(warned.input, warned.index) : "";
  }

  async #stopped(fresh: readonly string[]): Promise<SignInResult | null> {
    const sign = await detectPageState(this.page, fresh);
    if (!sign) return null;
    const { state, words } = sign;
    return state === "access-challenged" || state === "portal-down" || state === "password-change-forced"
      ? { state, words }
      : null;
  }
}

/** The portal's sign-in form; what is different in each design is left to it. */
export abstract class SignInForm extends AccountForm implements SignInPage {
  abstract readonly design: Design;

  abstract chooseIdentity(identity: Identity): Promise<void>;

  async fill(ubn: string, user: string): Promise<void> {
    await this.typeIn(signInSpecs.ubn, ubn);
    await this.typeIn(signInSpecs.user, user);
  }

  captchaField(): Promise<Locator> {
    return locate(this.page, signInSpecs.captcha);
  }

  /** The captcha's picture, if it is there now. */
  protected picture(): Promise<Locator | null> {
    return tryLocate(this.page, signInSpecs.picture, 0);
  }

  async captchaPicture(): Promise<Uint8Array> {
    return pictureBytes((await this.picture()) ?? (await locate(this.page, signInSpecs.picture)));
  }

  async refreshCaptcha(): Promise<void> {
    const before = await this.captchaPicture();
    // Where nothing asks for another one, pressing the picture does.
    const button = (await tryLocate(this.page, signInSpecs.refresh, 0)) ?? (await this.picture());
    await click(button ?? (await locate(this.page, signInSpecs.refresh)));
    const changed = await waitUntil(this.page, TIMING.anotherPicture, async () => {
      const now = await this.captchaPicture();
      return Buffer.compare(now, before) === 0 ? null : now;
    });
    if (!changed) throw new PageError("page-changed", "另一張圖形驗證碼", "按了更新，圖沒有變");
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
