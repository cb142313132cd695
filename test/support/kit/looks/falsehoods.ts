import type { Frame, Page } from "playwright";
import type { FailureDetail } from "../../../../robot/failures/failure.ts";

/**
 * What stood on a page, seen by other eyes than the robot's: all text, all that names something, and what passes for a message. Whoever
 * explains why something was not done is held against it.
 */
export interface Witness {
  /** All words of the page, shadow roots and frames included, and what its elements are called by their attributes. */
  readonly words: string;
  readonly messages: readonly string[];
  readonly tables: number;
  /** What it said in dialogs of the browser. */
  readonly dialogs: readonly string[];
}

/** Looks at the page as it stands. @param messages where this page puts its messages, as a selector */
export async function witness(page: Page, messages: string, dialogs: readonly string[] = []): Promise<Witness> {
  const frames = await Promise.all(page.frames().map((frame) => seenIn(frame, messages)));
  return {
    words: frames.map(({ words }) => words).join("\n"),
    messages: frames.flatMap((one) => one.messages),
    tables: frames.reduce((sum, { tables }) => sum + tables, 0),
    dialogs,
  };
}

function seenIn(frame: Frame, messages: string): Promise<Omit<Witness, "dialogs">> {
  return frame.evaluate((selector) => {
    const words: string[] = [document.title, location.href];
    const said: string[] = [];
    let tables = 0;
    const visit = (root: Document | ShadowRoot): void => {
      words.push(root instanceof Document ? root.body.innerText : "");
      for (const one of root.querySelectorAll("*")) {
        for (const name of ["title", "alt", "aria-label", "placeholder", "value", "href", "class"])
          words.push(one.getAttribute(name) ?? "");
        if (one instanceof HTMLInputElement && one.type !== "password") words.push(one.value);
        if (one instanceof HTMLOptionElement || one instanceof SVGElement) words.push(one.textContent);
        words.push(getComputedStyle(one, "::before").content);
        if (one.shadowRoot) {
          words.push(one.shadowRoot.textContent);
          visit(one.shadowRoot);
        }
        if (one.matches("table, [role=grid], dl") && one.checkVisibility()) tables++;
        if (one.matches(selector) && one instanceof HTMLElement && one.checkVisibility()) said.push(one.innerText);
      }
    };
    visit(document);
    return { words: words.join("\n"), messages: said.filter((text) => text.trim() !== ""), tables };
  }, messages);
}

/** Everything that a failure says of the page and that is not so; empty where all of it is true. */
export function falsehoods(failure: FailureDetail, stood: Witness): string[] {
  const there = plain([stood.words, ...stood.dialogs].join("\n"));
  const isThere = (text: string): boolean => there.includes(plain(text));
  const seen = failure.seen ?? "";
  const lies: string[] = [];
  const quoted = (what: string, texts: readonly string[]): void => {
    for (const text of texts)
      if (plain(text) !== "" && !isThere(text)) lies.push(`${what} that does not stand there: ${text}`);
  };
  quoted(
    "a proposal",
    [...seen.matchAll(PROPOSALS)].map(([, words]) => words ?? ""),
  );
  quoted("an option", (/可選的是：(.*?)(，讀不出|$)/.exec(seen)?.[1] ?? "").split("、"));
  quoted("something over the page", [/上面蓋著：(.*?)；/.exec(seen)?.[1] ?? ""]);
  // What is cut off to a length ends in the middle of a word.
  quoted("a message", (failure.pageSays ?? "").split("／"));
  if (seen.includes("頁面上沒有相近的東西") && isThere(nameOf(failure.wanted ?? "")))
    lies.push(`says that nothing is like ${failure.wanted}, and it stands there`);
  if (seen === "頁面上沒有清單" && stood.tables > 0)
    lies.push(`says that there is no list, and there are ${stood.tables}`);
  const silent = stood.messages.filter((text) => !plain(failure.pageSays ?? "").includes(plain(text).slice(0, 20)));
  if (silent.length > 0) lies.push(`does not tell what the page says: ${silent.join("／")}`);
  return lies;
}

/** Proposals are quoted with their kind behind them. */
const PROPOSALS =
  /「([^」]+)」（(?:按鈕|連結|頁籤|選單項目|可以按的東西|欄位|密碼欄|選單|一組選項|勾選方塊|選項|選擇檔案的欄位|圖片|文字|頁面上)/g;

function nameOf(wanted: string): string {
  return /「([^」]+)」/.exec(wanted)?.[1] ?? wanted;
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\s\u200B-\u200F\u2060\uFEFF"\\]/gu, "")
    .toLowerCase();
}
