import type { Page } from "playwright";
import { shownMessages } from "./messages.ts";
import { NEWS } from "./box.ts";
import { visible } from "./part.ts";
import type { PageState } from "./problem.ts";

/** A sign that the portal is not where it was expected: words or an address, and what they mean. */
interface Sign {
  readonly state: PageState;
  readonly words?: RegExp;
  readonly address?: RegExp;
  readonly frame?: RegExp;
  /** Where the words also stand in menus, only the page's own heading counts. */
  readonly heading?: RegExp;
  /** The words also stand in announcements of what is to come. They count on a page that is good for nothing else, and in messages. */
  readonly announced?: true;
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
    announced: true,
  },
  // The portal opens it in the place of any other page until the password is changed.
  { state: "password-change-forced", heading: /^\s*(資料設定|變更密碼)\s*$/ },
  {
    state: "session-expired",
    words:
      /Session (has )?expired|連線逾時|登入逾時|請(您)?重新登入|登入(狀態|資訊)?已?(失效|過期|逾期)|您?尚未登入|閒置(過久|逾時)|(已在|從|於)(其他|別的|另一).{0,8}登入|已被登出/,
  },
];

export type PageSign = { readonly state: PageState; readonly words: string };

/** What the portal said in dialogs of the browser that tells its state, or null. */
export function signOf(heard: readonly string[]): PageSign | null {
  for (const { state, words, announced } of SIGNS) {
    const said = heard.find((one) => words?.test(one) && !(announced && NEWS.test(one)));
    if (said !== undefined) return { state, words: said };
  }
  return null;
}

/**
 * What a page says of itself that explains why something else was not found on it, or null. What the page says beats what the
 * clock says.
 * @param fresh lines that have come up since something was pressed: they answer it, wherever they stand
 */
export async function readSigns(page: Page, fresh: readonly string[] = []): Promise<PageSign | null> {
  const text = await visibleText(page);
  for (const { state, words, announced, address, heading, frame } of SIGNS) {
    if (words?.test(text)) {
      const said =
        announced && (await isInUse(page)) ? [...fresh, ...(await shownMessages(page)).filter(isNoNews)] : [text];
      const line = lineWith(words, said.join("\n"));
      if (line !== null) return { state, words: line };
    }
    if (address?.test(page.url())) return { state, words: firstLine(text) };
    if (heading && (await visible(page.getByRole("heading", { name: heading })).count()) > 0)
      return { state, words: lineWith(new RegExp(heading, "m"), text) ?? firstLine(text) };
    if (frame && page.frames().some((one) => frame.test(one.url()))) return { state, words: firstLine(text) };
  }
  return null;
}

/** There is something to fill in, or a way to sign in or out: the portal is at work. */
async function isInUse(page: Page): Promise<boolean> {
  const life = page.locator("input, select").or(page.getByText(/^\s*登\s*[入出]\s*$/));
  return (await visible(life).count()) > 0;
}

function isNoNews(message: string): boolean {
  return !NEWS.test(message);
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

function lineWith(words: RegExp, text: string): string | null {
  const found = words.exec(text);
  // White space before the words may reach over empty lines.
  return found ? lineAround(text, found.index + found[0].search(/\S|$/)) : null;
}

function firstLine(text: string): string {
  return lineAround(text.trimStart(), 0);
}
