import type { Locator } from "playwright";
import { visible } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { PageProblem } from "./problem.ts";
import { touch } from "./touched.ts";

/** Milliseconds for a drawn select box to open, or to show what was chosen. */
const DRAW_MS = 3_000;

/** Milliseconds for the portal to fill a select box with what it offers: a box that is still empty offers nothing yet. */
const FILL_MS = 15_000;
/** What a select box offers besides its choices. */
const PROMPT = /^\s*($|請選擇|[-－—])/;

/** The choices of a select box, as printed; of the browser's own kind or drawn by the page. */
export async function choices(box: Locator): Promise<string[]> {
  let offered: string[] = [];
  await lookUntil(box.page(), FILL_MS, async () => {
    offered = (await isNative(box)) ? await box.locator("option").allInnerTexts() : await drawnChoices(box);
    return offered.some((text) => !PROMPT.test(text)) ? true : null;
  });
  return offered;
}

async function drawnChoices(box: Locator): Promise<string[]> {
  const options = await open(box);
  if (!options) return [];
  const texts = await options.allInnerTexts();
  await shut(box, options);
  return texts;
}

/**
 * Chooses the one option whose text fits, with real input events, and reads back what the box then shows.
 * @throws PageProblem with the given state when no option, or more than one, fits
 */
export async function choose(
  box: Locator,
  name: string,
  fits: (text: string) => boolean,
  state: "page-changed" | "not-in-window" = "page-changed",
): Promise<void> {
  // A locator that goes by what the box shows would lose it once it shows something else.
  const held = await touch(box).elementHandle();
  const offered = await choices(box);
  const at = offered.map((text, index) => (fits(text) ? index : -1)).filter((index) => index >= 0);
  const [index] = at;
  if (index === undefined || at.length > 1 || !held) {
    const list = offered.map((text) => text.trim()).filter((text) => text !== "");
    throw new PageProblem(state, `「${name}」唯一符合的選項`, `可選的是：${list.join("、") || "（沒有選項）"}`);
  }
  if (await isNative(box)) {
    await held.selectOption({ index });
  } else {
    const options = await open(box);
    if (!options) throw new PageProblem("page-changed", `「${name}」的選項`, "按了選單，沒有選項出來");
    await options.nth(index).click();
  }
  let shown = "";
  const right = await lookUntil(box.page(), DRAW_MS, async () => {
    shown = await held.evaluate(shownText).then(undecorated);
    return fits(shown) ? true : null;
  });
  if (!right) throw new PageProblem("page-changed", `「${name}」選好的值`, `讀回來是「${shown}」`);
}

/** What a select box shows as chosen, without the arrow that pages draw into it. */
export async function chosen(box: Locator): Promise<string> {
  return undecorated(await box.evaluate(shownText));
}

/** Runs in the page. The box that has the role may be an empty input, its value drawn beside it in the same frame. */
function shownText(box: Element): string {
  if (box instanceof HTMLSelectElement) return box.selectedOptions[0]?.textContent ?? "";
  const text = (element: Element): string =>
    (element instanceof HTMLInputElement ? element.value : (element.textContent ?? "")).trim();
  let frame = box;
  while (text(frame) === "" && frame.parentElement?.querySelectorAll("input, select, [role=combobox]").length === 1)
    frame = frame.parentElement;
  return text(frame);
}

/** Arrows are symbols, or glyphs of an icon font, which are neither letters nor digits. */
function undecorated(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{N}(（]+|[^\p{L}\p{N})）]+$/gu, "");
}

function isNative(box: Locator): Promise<boolean> {
  return box.evaluate((element) => element instanceof HTMLSelectElement);
}

/** Opens a drawn select box, unless its options are there already; null when none come. */
async function open(box: Locator): Promise<Locator | null> {
  const options = await optionsOf(box);
  if ((await options.count()) === 0) await box.click();
  return options
    .first()
    .waitFor({ timeout: DRAW_MS })
    .then(
      () => options,
      () => null,
    );
}

/** Most boxes close on Escape; some only on a second click. */
async function shut(box: Locator, options: Locator): Promise<void> {
  await box.press("Escape");
  const closed = await lookUntil(box.page(), CLOSE_MS, async () => ((await options.count()) === 0 ? true : null));
  if (!closed) await box.click();
}

const CLOSE_MS = 400;

/** The options that belong to the box where it says so; else those that are to be seen. */
async function optionsOf(box: Locator): Promise<Locator> {
  const list = (await box.getAttribute("aria-controls")) ?? (await box.getAttribute("aria-owns"));
  const scope = list === null ? "" : `[id="${list}"] `;
  return visible(box.page().locator(`${scope}[role=option]`));
}
