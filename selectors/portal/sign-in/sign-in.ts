import type { Page } from "playwright";
import { recogniseClassicSignIn } from "./classic.ts";
import { recogniseCurrentSignIn } from "./current.ts";
import type { Design, SignInPage } from "../../pages.ts";
import { findIfThere, pressable, visible } from "../../dom/part.ts";
import { lookUntil } from "../../dom/poll.ts";
import { signInParts } from "./sign-in-form.ts";
import { type PageSign, readSigns } from "../../dom/signs.ts";
import type { Surface } from "../../dom/window.ts";

const signOut = pressable("sign-in.inside", "登出", /^\s*登\s*出\s*$/);

/** Nobody needs to sign in: the portal shows a page behind the sign-in, in this design. */
export type Inside = { readonly inside: Design };

/** Milliseconds that each design is looked for before the page is asked for other signs. */
const GLANCE_MS = 500;
/** How often 登入 is pressed on a front page: the first press is sometimes swallowed. */
const PRESSES = 2;
const LOOKS_PER_PRESS = 3;

/**
 * Recognises the sign-in page, of whatever design, and opens it where a front page hides it behind 登入; or what the page says
 * of itself instead. A session that is still alive leads past it.
 * @param within milliseconds
 */
export async function recogniseSignIn(
  surface: Surface,
  within: number,
): Promise<SignInPage | PageSign | Inside | null> {
  const { page } = surface;
  let presses = 0;
  let looks = 0;
  return lookUntil(page, within, async () => {
    const seen =
      (await recogniseClassicSignIn(surface, 0)) ??
      (await recogniseCurrentSignIn(surface, GLANCE_MS)) ??
      (await readSigns(page)) ??
      (await insideOf(page));
    if (seen) return seen;
    const isForm = await hasPassword(page);
    // What is still being drawn is not to be passed over for a link to it.
    if (!isForm && ++looks % LOOKS_PER_PRESS === 0 && presses < PRESSES) {
      presses++;
      await (await findIfThere(page, signInParts.open, 0))?.click();
    }
    return null;
  });
}

/** Whether the page is one behind the sign-in. Where the portal demands a new password first it is not. */
export async function insideOf(page: Page): Promise<Inside | null> {
  if ((await hasPassword(page)) || !(await findIfThere(page, signOut, 0))) return null;
  const isCurrent = await page
    .evaluate(() => location.pathname.startsWith("/dashboard") || sessionStorage.getItem("token") !== null)
    .catch(() => false);
  return { inside: isCurrent ? "current" : "classic" };
}

async function hasPassword(page: Page): Promise<boolean> {
  return (await visible(page.locator("input[type=password]")).count()) > 0;
}
