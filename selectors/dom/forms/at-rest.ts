import type { Page } from "playwright";
import { setTimeout as delay } from "node:timers/promises";
import { PageError } from "../page-error.ts";
import { askMainFrame } from "../reading/ask-page.ts";
import { isLeaving, readPage, untilChanged } from "../reading/read-page.ts";
import { pendingRequestsOf } from "../network/pending-requests.ts";
import { TIMING } from "../timing.ts";

/**
 * Waits until a form has come to rest: no request is under way, nothing of it is redrawn, and what it holds stays the same from one
 * reading to the next. Pages write their own figures some time after they were drawn, or after their server has answered.
 * @param read what the form holds, for example its `readFormState`; read again wherever the page has changed
 * @param rest milliseconds; the whole of it, unless what comes later is found before the press
 * @returns the last reading
 * @throws PageError `portal-slow` when it does not come to rest
 */
export async function atRest<T>(page: Page, read: () => Promise<T>, rest = TIMING.rest): Promise<T> {
  const requests = pendingRequestsOf(page);
  const began = Date.now();
  await drawnSince(page);
  // What the form holds is asked for again only where the page has changed since.
  let { lines, frames } = await readPage(page);
  let held = await read();
  let text = JSON.stringify(held);
  let steadySince = Date.now();
  let left = rest;
  for (;;) {
    // A value that a script sets is no change that the page tells: it is found at the end of the rest, which begins again then.
    const isTold = frames.length === 1 && requests.underWay() === 0;
    await Promise.all([delay(Math.min(TIMING.reading, left)), isTold ? untilChanged(page, left) : undefined]);
    // A page that has left takes its watch with it, and begins to be drawn at this moment.
    const drawnAgo = await drawnSince(page);
    const last = lines;
    ({ lines, frames } = await readPage(page));
    if (lines !== last) held = await read();
    const now = JSON.stringify(held);
    const underWay = requests.underWay();
    if (now !== text || underWay > 0 || drawnAgo === null) steadySince = Date.now();
    text = now;
    const steady = Date.now() - Math.max(steadySince, requests.lastEnded());
    const isDrawn = drawnAgo !== null && drawnAgo >= rest;
    if (steady >= rest && (isDrawn || steady >= TIMING.drawing)) return held;
    left = Math.max(1, rest - Math.min(steady, drawnAgo ?? 0));
    if (Date.now() - began > TIMING.restless) {
      const seen = underWay > 0 ? `還有 ${underWay} 個要求沒有得到回覆` : "欄位的內容一直在變";
      throw new PageError("portal-slow", "頁面靜止下來，表單不再變動", seen);
    }
  }
}

/**
 * How many milliseconds ago something that has to do with a form was drawn, on the page's own clock; null where nobody has watched until now, or
 * the page is being left. It is watched from then on.
 */
async function drawnSince(page: Page): Promise<number | null> {
  const ago = await askMainFrame(page, `(${watchDrawing.toString()})()`).catch((error: unknown) => {
    if (isLeaving(error)) return null;
    throw error;
  });
  return typeof ago === "number" ? ago : null;
}

/** Runs in the page. A clock that counts the session down, or a text that changes, is no redrawing: only controls, and what may hold some, count. */
function watchDrawing(): number | null {
  const KEY = Symbol.for("forms.drawn-at");
  const drawnAt: unknown = Reflect.get(globalThis, KEY);
  if (typeof drawnAt === "number") return performance.now() - drawnAt;
  const CONTROLS = "input, select, textarea, option, button, [role=combobox], [role=option], [contenteditable]";
  /** Marks of a picture are drawn by us. */
  const isMark = (node: Node): boolean => Reflect.get(node, Symbol.for("page-reading.mark")) === true;
  const holdsElement = (nodes: NodeList): boolean =>
    [...nodes].some((node) => node instanceof Element && !isMark(node));
  const concerns = ({ type, target, addedNodes, removedNodes }: MutationRecord): boolean => {
    const element = target instanceof Element ? target : target.parentElement;
    if (type === "childList") return holdsElement(addedNodes) || holdsElement(removedNodes);
    return element?.closest(CONTROLS) !== null;
  };
  const note = (): boolean => Reflect.set(globalThis, KEY, performance.now());
  new MutationObserver((records) => {
    if (records.some(concerns)) note();
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  note();
  return null;
}
