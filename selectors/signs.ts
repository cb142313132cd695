import type { Page } from "playwright";
import type { PageState } from "./problem.ts";

/** A sign that the portal is not where it was expected: words or an address, and what they mean. */
interface Sign {
  readonly state: PageState;
  readonly words?: RegExp;
  readonly address?: RegExp;
  readonly frame?: RegExp;
}

/** The order matters: a challenge page also says little else, an outage page may carry the sign-in's frame. */
const SIGNS: readonly Sign[] = [
  {
    state: "access-challenged",
    words: /正在執行安全驗證|Just a moment|Verify you are human/,
    frame: /challenges\.cloudflare\.com/,
  },
  {
    state: "portal-down",
    words: /暫停服務|升級維護|系統維護中|502 Bad Gateway|503 Service/,
    address: /^https?:\/\/maintain\./,
  },
  { state: "session-expired", words: /Session has expired|連線逾時|登入逾時|請重新登入/ },
];

export type PageSign = { readonly state: PageState; readonly words: string };

/**
 * What a page says of itself that explains why something else was not found on it, or null. What the page says beats what the
 * clock says.
 */
export async function readSigns(page: Page): Promise<PageSign | null> {
  const text = await visibleText(page);
  for (const sign of SIGNS) {
    const words = sign.words?.exec(text);
    if (words) return { state: sign.state, words: lineAround(text, words.index) };
    if (sign.address?.test(page.url())) return { state: sign.state, words: firstLine(text) };
    const { frame } = sign;
    if (frame && page.frames().some((one) => frame.test(one.url())))
      return { state: sign.state, words: firstLine(text) };
  }
  return null;
}

/** The text that a person sees on the page; empty when there is no page to read. */
export async function visibleText(page: Page): Promise<string> {
  return page
    .locator("body")
    .innerText({ timeout: 2_000 })
    .catch(() => "");
}

/** The line of a text in which something was found: enough for a person to know what the page said. */
export function lineAround(text: string, index: number): string {
  const start = text.lastIndexOf("\n", index) + 1;
  const end = text.indexOf("\n", index);
  return text
    .slice(start, end < 0 ? undefined : end)
    .trim()
    .slice(0, 200);
}

function firstLine(text: string): string {
  return lineAround(text.trimStart(), 0);
}
