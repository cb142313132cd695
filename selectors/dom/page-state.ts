import type { Page } from "playwright";
import { NEWS } from "./overlays/modal.ts";
import { messagesOf } from "./overlays/messages.ts";
import type { PageState } from "./page-error.ts";
import type { PageReading } from "./reading/reading.ts";
import { readPage } from "./reading/read-page.ts";
import { namesOf, TERMS } from "./reading/vocabulary.ts";
import { keyOf } from "./reading/words.ts";

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
    words:
      /正在執行安全驗證|Just a moment|Verify(ing)? you are human|Performing security verification|Checking your browser/i,
    frame: /challenges\.cloudflare\.com/,
  },
  {
    state: "portal-down",
    words:
      /暫停服務|升級維護|系統維護中|維護中.{0,10}(無法|暫停)|502 Bad Gateway|503 Service|service.{0,20}(unavailable|suspended)|under maintenance/i,
    address: /^https?:\/\/maintain\./,
    announced: true,
  },
  // The portal opens it in the place of any other page until the password is changed.
  { state: "password-change-forced", heading: /^\s*(資料設定|變更密碼)\s*$/ },
  {
    state: "session-expired",
    words:
      /Session (has )?expired|session (is |has )?timed out|連線逾時|登入逾時|請(您)?重新登入|登入(狀態|資訊)?已?(失效|過期|逾期|逾時)|您?尚未登入|閒置(過久|逾時)|(已在|從|於)(其他|別的|另一).{0,8}登入|已被登出/i,
  },
];

export type DetectedState = { readonly state: PageState; readonly words: string };

/** What the portal said in dialogs of the browser that tells its state, or null. */
export function stateInMessages(heard: readonly string[]): DetectedState | null {
  for (const { state, words, announced } of SIGNS) {
    const said = heard.find((one) => words?.test(one) && !(announced && NEWS.test(one)));
    if (said !== undefined) return { state, words: said };
  }
  return null;
}

/**
 * What a page says of itself that explains why something else was not found on it, or null. What the page says beats what the
 * clock says.
 * @param fresh lines that have appeared since something was pressed: they answer it, wherever they stand
 */
export async function detectPageState(page: Page, fresh: readonly string[] = []): Promise<DetectedState | null> {
  const reading = await readPage(page).catch(() => null);
  return reading === null ? null : pageStateOf(reading, fresh);
}

/** The same of a page that has been read. */
export function pageStateOf(reading: PageReading, fresh: readonly string[] = []): DetectedState | null {
  const text = textOf(reading);
  for (const { state, words, announced, address, heading, frame } of SIGNS) {
    if (words?.test(text)) {
      const said = announced && isInUse(reading) ? [...fresh, ...messagesOf(reading).filter(isNoNews)] : [text];
      const line = lineWith(words, said.join("\n"));
      if (line !== null) return { state, words: line };
    }
    if (address?.test(reading.address)) return { state, words: firstLine(text) };
    const headed = heading && reading.headings.find((one) => heading.test(one.text));
    if (headed) return { state, words: headed.text };
    if (frame && reading.frames.some((one) => frame.test(one))) return { state, words: firstLine(text) };
  }
  return null;
}

/** There is something to fill in, or a way to sign in or out: the portal is at work. */
export function isInUse({ controls, lines }: PageReading): boolean {
  const isField = controls.some(
    ({ kind, hidden }) => !hidden && ["text", "password", "select", "checkbox", "radio", "file"].includes(kind),
  );
  return isField || lines.some(({ text }) => SIGNING.has(keyOf(text)));
}

const SIGNING = new Set([...namesOf(TERMS.signIn), ...namesOf(TERMS.signOut)].map(keyOf));

function isNoNews(message: string): boolean {
  return !NEWS.test(message);
}

/** The text that a person sees on the page, a line for each piece; empty when there is no page to read. */
export async function visibleText(page: Page): Promise<string> {
  return readPage(page).then(textOf, () => "");
}

export function textOf({ lines }: PageReading): string {
  return lines.map(({ text }) => text).join("\n");
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
