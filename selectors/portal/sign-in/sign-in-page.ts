import type { Locator } from "playwright";
import { selectOption, selectedText } from "../../dom/forms/select-box.ts";
import { click } from "../../dom/click.ts";
import { controlLocator, locate, tryLocate, locatorSpec, controlReadAt } from "../../dom/locator-spec.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { PageError } from "../../dom/page-error.ts";
import { match } from "../../dom/reading/match.ts";
import { nameStrength } from "../../dom/reading/description.ts";
import type { Control, PageReading } from "../../dom/reading/reading.ts";
import { readPage } from "../../dom/reading/read-page.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import type { PageContext } from "../../dom/windows/page-context.ts";
import type { Design, Identity, SignInPage } from "../../pages.ts";
import { pictureBeside } from "./captcha-picture.ts";
import { SignInForm, signInSpecs } from "./sign-in-form.ts";
import { TIMING } from "../../dom/timing.ts";

const parts = {
  identities: locatorSpec("sign-in.identity", "choice", TERMS.identity, { offers: /營業人|business/i }),
  business: locatorSpec("sign-in.business", "tab", TERMS.business, { pattern: /^營業人/ }),
  agent: locatorSpec("sign-in.agent", "tab", TERMS.agent),
  consumer: locatorSpec("sign-in.consumer", "tab", TERMS.consumer),
  /** Beside 憑證: signing in with an account. */
  account: locatorSpec("sign-in.account-mode", "tab", TERMS.accountMode),
} as const;

const WORDS: { readonly [identity in Identity]: RegExp } = {
  business: /^\s*(營業人|business)/i,
  agent: /^\s*(專業代理人|(professional |tax )?agent)/i,
};

/** The first click on an identity is sometimes swallowed while the page renders. */
const SWITCH_CLICKS = 4;
const LOGIN_ADDRESS = /\/accounts\/login/;

/** Recognises the sign-in page of any design: several identities to choose from, or the form of a business itself. */
export function recogniseForm(pageContext: PageContext, reading: PageReading): SignInPage | null {
  const isThere = (one: (typeof parts)[keyof typeof parts]): boolean => match(reading, one).found !== "none";
  const isChoice = isThere(parts.identities);
  const isTabs = isThere(parts.business) && (isThere(parts.consumer) || isThere(parts.agent));
  const isForm =
    match(reading, signInSpecs.ubn).found === "one" && match(reading, signInSpecs.password).found === "one";
  if (!isChoice && !isTabs && !isForm) return null;
  const isCurrent = LOGIN_ADDRESS.test(reading.address) || (isTabs && !isChoice);
  return new PortalSignIn(pageContext, isCurrent ? "current" : "classic");
}

class PortalSignIn extends SignInForm {
  readonly design: Design;
  /** What was chosen and filled in: after a refusal the page may be reloaded from the server. */
  #identity: Identity = "business";
  #filled: readonly [ubn: string, user: string] | null = null;

  constructor(pageContext: PageContext, design: Design) {
    super(pageContext);
    this.design = design;
  }

  async chooseIdentity(identity: Identity): Promise<void> {
    this.#identity = identity;
    const box = await tryLocate(this.page, parts.identities, 0);
    if (box) {
      await selectOption(box, parts.identities.name, (text) => WORDS[identity].test(text));
      await this.#accountMode();
      await locate(this.page, signInSpecs.ubn);
      return;
    }
    const tab = identity === "business" ? parts.business : parts.agent;
    for (let press = 0; press < SWITCH_CLICKS; press++) {
      const shown = await tryLocate(this.page, tab, press === 0 ? TIMING.identity : 0);
      // A form for one identity alone has nothing to choose.
      if (shown === null && (await tryLocate(this.page, signInSpecs.ubn, 0))) return;
      // The page bounces back to the consumer's tab while it renders, so the form is the proof, not the click.
      if (shown) await click(shown);
      await this.#accountMode();
      if (await tryLocate(this.page, signInSpecs.ubn, TIMING.identity)) return;
    }
    const seen = `按了 ${SWITCH_CLICKS} 次仍沒有出現`;
    throw new PageError("page-changed", `「${tab.name}」的登入表單（統一編號欄）`, seen, {
      parts: [tab, signInSpecs.ubn],
    });
  }

  /** Where the form opens with 憑證, 帳號 is chosen. */
  async #accountMode(): Promise<void> {
    const reading = await readPage(this.page);
    if (match(reading, signInSpecs.password).found === "one") return;
    const mode = await tryLocate(this.page, parts.account, 0);
    if (mode && controlReadAt(mode)?.selected !== true && match(reading, signInSpecs.ubn).found === "none")
      await click(mode);
  }

  override async fill(ubn: string, user: string): Promise<void> {
    this.#filled = [ubn, user];
    await super.fill(ubn, user);
  }

  /** The picture may come when the field for its answer has the focus. */
  override async captchaPicture(): Promise<Uint8Array> {
    if ((await this.picture()) === null) {
      const field = await this.captchaField();
      // One that has the focus already would not get it.
      await field.blur();
      await field.focus();
      await waitUntil(this.page, TIMING.picture, () => this.picture());
    }
    return super.captchaPicture();
  }

  /** The picture of that name; where none has it, the one that stands nearest to the field for its answer. */
  protected override async picture(): Promise<Locator | null> {
    const named = await tryLocate(this.page, signInSpecs.picture, 0);
    if (named) return named;
    const reading = await readPage(this.page);
    const field = match(reading, signInSpecs.captcha);
    const at = field.found === "one" ? field.what.control : null;
    if (at === null) return null;
    const picture = pictureBeside(reading, at);
    return picture === null ? null : controlLocator(this.page, picture);
  }

  override async refreshCaptcha(): Promise<void> {
    await this.#restore();
    await super.refreshCaptcha();
  }

  /** Not the form any more, and a page behind it: another address, or a way to sign out. */
  protected async isInside(form: string): Promise<boolean> {
    const address = this.page.url();
    if (this.design === "current" && LOGIN_ADDRESS.test(form)) return address !== form && !LOGIN_ADDRESS.test(address);
    const reading = await readPage(this.page);
    if (reading.controls.some(({ kind, hidden }) => kind === "password" && !hidden)) return false;
    if (match(reading, signOut).found !== "none" || /Main/.test(new URL(address).pathname)) return true;
    return address !== form && showsBusiness(reading);
  }

  /** The portal writes its token up to 20 s after the address has changed; leaving the page earlier loses the sign-in. */
  protected async isComplete(since: number): Promise<boolean> {
    if (this.design === "classic") return true;
    const token = await this.page
      .evaluate(
        () => sessionStorage.getItem("token") !== null || !/\/dashboard/.test(location.pathname + location.hash),
      )
      .catch(() => false);
    return token || since > TIMING.token;
  }

  /** A page that was reloaded has its panel closed, or shows another identity, or has forgotten what was filled in. */
  async #restore(): Promise<void> {
    const reading = await readPage(this.page);
    const isForm = match(reading, signInSpecs.ubn).found === "one";
    const box = await tryLocate(this.page, parts.identities, 0);
    if (!isForm && !box) {
      const open = await tryLocate(this.page, signInSpecs.open, 0);
      if (open) await click(open);
    }
    const identities = await tryLocate(this.page, parts.identities, isForm ? 0 : TIMING.identity);
    const isOther = identities !== null && !WORDS[this.#identity].test(await selectedText(identities));
    if (isOther || !(await tryLocate(this.page, signInSpecs.ubn, 0))) await this.chooseIdentity(this.#identity);
    if (this.#filled) await this.fill(...this.#filled);
  }
}

/** What only somebody who is signed in gets to see, where the way out is folded away in a menu. */
const BUSINESS = /字軌號碼取號|空白未使用發票|待辦事項|字軌號碼|BTB\d{3}W/;

/** Nobody can sign in here, and there is a menu or a page of the business. Whatever lies over the page does not hide what it is. */
export function showsBusiness({ controls, headings, breadcrumb }: PageReading): boolean {
  const words = controls.map(({ names }) => names.map(({ text }) => text));
  const isSignIn = words.some((names) => names.some((text) => nameStrength(signInSpecs.open, text) > 0));
  const isMenu = controls.some(({ kind }, at) => PRESSED.has(kind) && words[at]?.some((text) => BUSINESS.test(text)));
  return !isSignIn && (isMenu || [breadcrumb, ...headings.map(({ text }) => text)].some((text) => BUSINESS.test(text)));
}

const PRESSED = new Set<Control["kind"]>(["link", "button", "clickable", "menuitem", "tab"]);

export const signOut = locatorSpec("sign-in.inside", "press", TERMS.signOut);
