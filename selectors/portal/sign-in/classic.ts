import { choose, chosen } from "../../dom/choose.ts";
import type { Identity, SignInPage } from "../../pages.ts";
import { find, findIfThere, part, visible } from "../../dom/part.ts";
import { SignInForm, signInParts } from "./sign-in-form.ts";
import type { Surface } from "../../dom/window.ts";

const identities = part(
  "classic.sign-in.identity",
  "登入身分",
  { label: /登入身[分份]/ },
  { after: "登入身分", control: "select" },
  { after: "登入身份", control: "select" },
  { offers: /營業人/ },
  { css: "#loginSelect" },
);

const WORDS: { readonly [identity in Identity]: RegExp } = {
  business: /^\s*營業人/,
  agent: /^\s*專業代理人/,
};

/** Milliseconds for the picture to follow the focus. */
const PICTURE_MS = 2_000;

/** Recognises the sign-in panel of the classic design: a select box of identities. */
export async function recogniseClassicSignIn(surface: Surface, within: number): Promise<SignInPage | null> {
  const there = await findIfThere(surface.page, identities, within);
  return there ? new ClassicSignIn(surface) : null;
}

class ClassicSignIn extends SignInForm {
  readonly design = "classic";
  /** What was chosen and filled in: after a refusal the page comes anew from the server. */
  #identity: Identity = "business";
  #filled: readonly [ubn: string, user: string] | null = null;

  async chooseIdentity(identity: Identity): Promise<void> {
    this.#identity = identity;
    await choose(await find(this.page, identities), identities.name, (text) => WORDS[identity].test(text));
    await find(this.page, signInParts.ubn);
  }

  override async fill(ubn: string, user: string): Promise<void> {
    this.#filled = [ubn, user];
    await super.fill(ubn, user);
  }

  /** The picture comes when the field for its answer has the focus. */
  override async captchaPicture(): Promise<Uint8Array> {
    if (!(await findIfThere(this.page, signInParts.picture, 0))) {
      const field = await this.captchaField();
      // One that has the focus already would not get it.
      await field.blur();
      await field.focus();
      await findIfThere(this.page, signInParts.picture, PICTURE_MS);
    }
    return super.captchaPicture();
  }

  override async refreshCaptcha(): Promise<void> {
    await this.#restore();
    await super.refreshCaptcha();
  }

  protected isInside(): Promise<boolean> {
    const out = visible(this.page.getByText(/^\s*登出\s*$/));
    return out.count().then((count) => count > 0 || /Main/.test(new URL(this.page.url()).pathname));
  }

  protected isComplete(): Promise<boolean> {
    return Promise.resolve(true);
  }

  /** A page that has come anew has its panel closed, or shows another identity, or has forgotten what was filled in. */
  async #restore(): Promise<void> {
    if (!(await findIfThere(this.page, identities, 0))) await (await find(this.page, signInParts.open)).click();
    if (!WORDS[this.#identity].test(await chosen(await find(this.page, identities))))
      await this.chooseIdentity(this.#identity);
    if (this.#filled) await this.fill(...this.#filled);
  }
}
