import type { Page } from "playwright";
import { click } from "../../dom/click.ts";
import { type LocatorSpec, tryLocate } from "../../dom/locator-spec.ts";
import { waitUntil } from "../../dom/wait-until.ts";
import { match } from "../../dom/reading/match.ts";
import type { PageReading } from "../../dom/reading/reading.ts";
import { readPage } from "../../dom/reading/read-page.ts";
import { type DetectedState, pageStateOf } from "../../dom/page-state.ts";
import type { PageContext } from "../../dom/windows/page-context.ts";
import type { Design, SignInPage } from "../../pages.ts";
import { signInSpecs } from "./sign-in-form.ts";
import { recogniseForm, signOut } from "./sign-in-page.ts";

/** Nobody needs to sign in: the portal shows a page behind the sign-in, in this design. */
export type Inside = { readonly inside: Design };

/** How often 登入 is pressed on a front page: the first press is sometimes swallowed. */
const PRESSES = 2;
const LOOKS_PER_PRESS = 3;

/**
 * Recognises the sign-in page, of whatever design, and opens it where a front page hides it behind 登入; or what the page says
 * of itself instead. A session that is still alive leads past it.
 * @param within milliseconds
 */
export async function recogniseSignIn(
  pageContext: PageContext,
  within: number,
): Promise<SignInPage | DetectedState | Inside | null> {
  const { page } = pageContext;
  let presses = 0;
  let looks = 0;
  return waitUntil(page, within, async () => {
    const reading = await readPage(page);
    const seen = recogniseForm(pageContext, reading) ?? pageStateOf(reading) ?? (await insideOn(page, reading));
    if (seen) return seen;
    const isForm = hasPassword(reading);
    // What is still being drawn is not to be passed over for a link to it.
    if (!isForm && ++looks % LOOKS_PER_PRESS === 0 && presses < PRESSES) {
      presses++;
      const open = await tryLocate(page, signInSpecs.open, 0);
      if (open) await click(open);
    }
    return null;
  });
}

/** Whether the page is one behind the sign-in. Where the portal demands a new password first it is not. */
export async function insideOf(page: Page): Promise<Inside | null> {
  return insideOn(page, await readPage(page));
}

/**
 * A portal that has ended the session may show its public pages without a word, or its words are gone by the time somebody looks: nobody can sign
 * out there, and somebody could sign in.
 * @returns what is seen of that; null where it is not so
 */
export function signedOutIn(reading: PageReading): string | null {
  const isThere = (spec: LocatorSpec): boolean => match(reading, spec).found !== "none";
  if (isThere(signOut) || (!hasPassword(reading) && !isThere(signInSpecs.open))) return null;
  return `停在 ${reading.title || reading.address}，沒有「登出」，只有登入：已經不在登入狀態`;
}

/** The same of a page as it stands now. */
export function signedOutOn(page: Page): Promise<string | null> {
  return readPage(page).then(signedOutIn, () => null);
}

async function insideOn(page: Page, reading: PageReading): Promise<Inside | null> {
  if (hasPassword(reading) || match(reading, signOut).found === "none") return null;
  const isCurrent = await page
    .evaluate(() => /\/dashboard/.test(location.pathname + location.hash) || sessionStorage.getItem("token") !== null)
    .catch(() => false);
  return { inside: isCurrent ? "current" : "classic" };
}

function hasPassword({ controls }: PageReading): boolean {
  return controls.some(({ kind, hidden }) => kind === "password" && !hidden);
}
