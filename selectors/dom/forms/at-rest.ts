import { setTimeout as delay } from "node:timers/promises";
import type { JSHandle, Page } from "playwright";
import { PageError } from "../page-error.ts";
import { pendingRequestsOf } from "../network/pending-requests.ts";
import { readPage } from "../reading/read-page.ts";
import { TIMING } from "../timing.ts";

/**
 * Waits until a form has come to rest: no request is under way, nothing of it is redrawn, and what it holds stays the same from one
 * reading to the next. Pages write their own figures some time after they were drawn, or after their server has answered.
 * @param read what the form holds, for example its `readFormState`; read again and again
 * @returns the last reading
 * @throws PageError `portal-slow` when it does not come to rest
 */
export async function atRest<T>(page: Page, read: () => Promise<T>): Promise<T> {
  const requests = pendingRequestsOf(page);
  const began = Date.now();
  let drawing = await watchDrawing(page);
  // What the form holds is asked for again only where the page has changed since.
  let { lines } = await readPage(page);
  let held = await read();
  let text = JSON.stringify(held);
  let steadySince = Date.now();
  for (;;) {
    await delay(TIMING.reading);
    // A page that has left takes its watch with it, and begins to be drawn at this moment.
    const drawnAgo = await drawing.evaluate(({ last }) => performance.now() - last).catch(() => null);
    if (drawnAgo === null) drawing = await watchDrawing(page);
    const last = lines;
    ({ lines } = await readPage(page));
    if (lines !== last) held = await read();
    const now = JSON.stringify(held);
    const underWay = requests.underWay();
    if (now !== text || underWay > 0 || drawnAgo === null) steadySince = Date.now();
    text = now;
    const steady = Date.now() - Math.max(steadySince, requests.lastEnded());
    const isDrawn = drawnAgo !== null && drawnAgo >= TIMING.rest;
    if (steady >= TIMING.rest && (isDrawn || steady >= TIMING.drawing)) {
      drawing.dispose().catch(() => undefined);
      return held;
    }
    if (Date.now() - began > TIMING.restless) {
      const seen = underWay > 0 ? `還有 ${underWay} 個要求沒有得到回覆` : "欄位的內容一直在變";
      throw new PageError("portal-slow", "頁面靜止下來，表單不再變動", seen);
    }
  }
}

interface Drawing {
  /** When something that has to do with a form was drawn last, on the page's own clock. */
  last: number;
}

/** A clock that counts the session down, or a text that changes, is no redrawing: only controls, and what may hold some, count. */
function watchDrawing(page: Page): Promise<JSHandle<Drawing>> {
  return page.evaluateHandle(() => {
    const drawing = { last: performance.now() };
    const CONTROLS = "input, select, textarea, option, button, [role=combobox], [role=option], [contenteditable]";
    const holdsElement = (nodes: NodeList): boolean => [...nodes].some((node) => node instanceof Element);
    const concerns = ({ type, target, addedNodes, removedNodes }: MutationRecord): boolean => {
      const element = target instanceof Element ? target : target.parentElement;
      if (type === "childList") return holdsElement(addedNodes) || holdsElement(removedNodes);
      return element?.closest(CONTROLS) !== null;
    };
    new MutationObserver((records) => {
      if (records.some(concerns)) drawing.last = performance.now();
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    return drawing;
  });
}
