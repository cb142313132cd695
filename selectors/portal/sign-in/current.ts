import type { Identity, SignInPage } from "../../pages.ts";
import { find, findIfThere, part } from "../../dom/part.ts";
import { PageProblem } from "../../dom/problem.ts";
import { SignInForm, signInParts } from "./sign-in-form.ts";
import type { Surface } from "../../dom/window.ts";

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
  consumer: part(
    "current.sign-in.consumer",
    "消費者",
    { role: "tab", name: /消費者/ },
    { role: "link", name: /^\s*消費者\s*$/ },
    { role: "button", name: /^\s*消費者\s*$/ },
    { text: /^\s*消費者\s*$/ },
  ),
  agent: part(
    "current.sign-in.agent",
    "專業代理人",
    { role: "tab", name: /專業代理人/ },
    { role: "link", name: /專業代理人/ },
    { role: "button", name: /專業代理人/ },
    { text: /^\s*專業代理人\s*$/ },
  ),
} as const;

/** Milliseconds for the form to follow a click on an identity. The first click is sometimes swallowed while the page renders. */
const SWITCH_MS = 4_000;
const SWITCH_CLICKS = 4;
const LOGIN_ADDRESS = /\/accounts\/login/;
/** After so long without a token the portal must keep its session elsewhere; the next page will tell. */
const TOKEN_MS = 25_000;

/** Recognises the sign-in page of the current design: several identities to press. */
export async function recogniseCurrentSignIn(surface: Surface, within: number): Promise<SignInPage | null> {
  const { page } = surface;
  if (!(await findIfThere(page, parts.business, within))) return null;
  const other = (await findIfThere(page, parts.consumer, 0)) ?? (await findIfThere(page, parts.agent, 0));
  return other ? new CurrentSignIn(surface) : null;
}

class CurrentSignIn extends SignInForm {
  readonly design = "current";

  async chooseIdentity(identity: Identity): Promise<void> {
    const tab = identity === "business" ? parts.business : parts.agent;
    for (let click = 0; click < SWITCH_CLICKS; click++) {
      // The page bounces back to the consumer's tab while it renders, so the form is the proof, not the click.
      await (await find(this.page, tab)).click();
      if (await findIfThere(this.page, signInParts.ubn, SWITCH_MS)) return;
    }
    throw new PageProblem(
      "page-changed",
      `「${tab.name}」的登入表單（統一編號欄）`,
      `按了 ${SWITCH_CLICKS} 次仍沒有出現`,
    );
  }

  protected isInside(form: string): Promise<boolean> {
    return Promise.resolve(this.page.url() !== form && !LOGIN_ADDRESS.test(this.page.url()));
  }

  /** The portal writes its token up to 20 s after the address has changed; leaving the page earlier loses the sign-in. */
  protected async isComplete(since: number): Promise<boolean> {
    const token = await this.page.evaluate(() => sessionStorage.getItem("token") !== null).catch(() => false);
    return token || since > TOKEN_MS;
  }
}
