import type { JSHandle, Locator } from "playwright";
import { TIMING } from "../dom/timing.ts";
import { NotPressed } from "./irreversible.ts";
import { followed } from "../dom/page-log.ts";

/**
 * One real click, of which it is known whether it was begun: the page itself notes the first event of it. An overlay or a button that can't be
 * clicked keeps the browser from beginning at all; what goes wrong later, or where the page can't be asked any more, counts as begun.
 * @throws NotPressed where no event of a click has reached the page
 */
export async function trackedClick(button: Locator, name: string): Promise<void> {
  const seen = await button.evaluateHandle(noteClicks).catch((error: unknown) => {
    throw new NotPressed(name, error);
  });
  try {
    await followed(button, name).click();
  } catch (error) {
    if (await isBegun(seen)) throw error;
    throw new NotPressed(name, error);
  } finally {
    // A page that is gone, or that a question of the browser holds, has nothing to be disposed of.
    seen.dispose().catch(() => undefined);
  }
}

/** Runs in the page. Any click counts, wherever it lands: a button that is redrawn is another element. */
function noteClicks(element: Element): { begun: boolean } {
  const seen = { begun: false };
  const note = (event: Event): void => {
    if (event.isTrusted) seen.begun = true;
  };
  for (const type of ["pointerdown", "mousedown", "mouseup", "click"])
    element.ownerDocument.addEventListener(type, note, { capture: true });
  return seen;
}

async function isBegun(seen: JSHandle<{ begun: boolean }>): Promise<boolean> {
  const late = new Promise<boolean>((answer) => setTimeout(answer, TIMING.askPage, true).unref());
  const asked = seen.evaluate(({ begun }) => begun).catch(() => true);
  return Promise.race([asked, late]);
}
