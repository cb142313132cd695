import type { Locator, Page } from "playwright";
import { askMainFrame, captured } from "../../selectors/dom/reading/ask-page.ts";
import { askElements, canBeAskedAtOnce } from "../../selectors/dom/reading/handle.ts";
import { isLeaving } from "../../selectors/dom/reading/read-page.ts";
import { takeInteractions } from "../../selectors/dom/interaction-log.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Outlines like the mark of a pen, so that nobody takes them for a part of the page, this many pixels from what they are around; and what covers. */
const LOOKS = { pen: "3px solid #e8590c", apart: 4, cover: "#9aa0a6" } as const;
/** How often a picture is taken at the most where the page is left while it is. */
const TRIES = 3;

/** A JPEG of what is to be seen, what was touched since the last one outlined, what may be secret covered. @param secret a CSS selector */
export async function screenshotOf(page: Page, secret: string, quality: number): Promise<Buffer> {
  return highlight(page, secret, () => captured(page, quality));
}

/**
 * Does something (takes a picture) while what was touched since the last time is outlined on the page, and what may be secret is covered. The marks
 * lie over the page and take no clicks; they are gone when this returns. Where another page has come meanwhile, it is done again.
 */
export async function highlight<T>(page: Page, secret: string, work: () => Promise<T>): Promise<T> {
  const touched = takeInteractions(page);
  const quick = touched.filter(canBeAskedAtOnce);
  const boxes = await Promise.all(
    touched.filter((one) => !canBeAskedAtOnce(one)).map((one) => boxOf(one).catch(() => null)),
  );
  const marks = { boxes: boxes.filter((box) => box !== null), secret, ...LOOKS };
  for (let tried = 1; ; tried++) {
    try {
      await askElements(page, quick, draw, marks);
      const done = await work();
      if ((await askMainFrame(page, `(${remove.toString()})()`)) === true) return done;
    } catch (error) {
      if (!isLeaving(error) || tried === TRIES) throw error;
      await page.waitForLoadState("domcontentloaded");
      continue;
    }
    if (tried === TRIES) throw new Error("Another page came each time that a picture was taken.");
  }
}

/** Where it is to be seen now, if it is; nothing is waited for. */
async function boxOf(touched: Locator): Promise<Box | null> {
  const [element, ...others] = await touched.elementHandles();
  for (const other of others) other.dispose().catch(() => undefined);
  const box = (await element?.boundingBox()) ?? null;
  element?.dispose().catch(() => undefined);
  return others.length === 0 ? box : null;
}

interface Marks {
  readonly boxes: readonly Box[];
  readonly secret: string;
  readonly pen: string;
  readonly apart: number;
  readonly cover: string;
}

/** Runs in the page. A popover lies over dialogs too; what watches the page for changes knows it by its sign. */
function draw([touched, marks]: readonly [readonly (Element | null)[], Marks]): void {
  const { boxes, secret, pen, apart, cover } = marks;
  // What is only fading in is shown as it will be.
  for (const animation of document.getAnimations())
    if (animation.playbackRate > 0 && Number.isFinite(Number(animation.effect?.getComputedTiming().endTime)))
      animation.finish();
  const sheet = document.createElement("div");
  Object.assign(sheet, { [Symbol.for("page-reading.mark")]: true });
  sheet.popover = "manual";
  sheet.setAttribute("aria-hidden", "true");
  Object.assign(sheet.style, { all: "initial", position: "fixed", inset: "0", pointerEvents: "none" });
  const mark = ({ x, y, width, height }: Box, wider: number, looks: Readonly<Record<string, string>>): void => {
    const one = document.createElement("div");
    Object.assign(one.style, {
      position: "fixed",
      left: `${x - wider}px`,
      top: `${y - wider}px`,
      width: `${width + 2 * wider}px`,
      height: `${height + 2 * wider}px`,
      boxSizing: "border-box",
      ...looks,
    });
    sheet.append(one);
  };
  const hidden = (root: Document | ShadowRoot): Element[] =>
    secret === ""
      ? []
      : [...root.querySelectorAll("*")].flatMap((one) => [
          ...(one.matches(secret) ? [one] : []),
          ...(one.shadowRoot === null ? [] : hidden(one.shadowRoot)),
        ]);
  for (const one of hidden(document)) mark(one.getBoundingClientRect(), 0, { background: cover });
  for (const box of [...touched.flatMap((one) => one?.getBoundingClientRect() ?? []), ...boxes])
    if (box.width > 0 && box.height > 0) mark(box, apart, { border: pen, borderRadius: "6px" });
  document.documentElement.append(sheet);
  sheet.showPopover();
}

/** Runs in the page. Whether the marks were still there. */
function remove(): boolean {
  const sheets = [...document.documentElement.children].filter(
    (one) => Reflect.get(one, Symbol.for("page-reading.mark")) === true,
  );
  for (const sheet of sheets) sheet.remove();
  return sheets.length > 0;
}
