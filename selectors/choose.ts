import type { Locator } from "playwright";
import { visible } from "./part.ts";
import { PageProblem } from "./problem.ts";

/** The choices of a select box, as printed; of the browser's own kind or drawn by the page. */
export async function choices(box: Locator): Promise<string[]> {
  if (await isNative(box)) return box.locator("option").allInnerTexts();
  await box.click();
  const texts = await drawnOptions(box).allInnerTexts();
  await box.press("Escape");
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
  const offered = await choices(box);
  const at = offered.map((text, index) => (fits(text) ? index : -1)).filter((index) => index >= 0);
  const [index] = at;
  if (index === undefined || at.length > 1) {
    const list = offered.map((text) => text.trim()).filter((text) => text !== "");
    throw new PageProblem(state, `「${name}」唯一符合的選項`, `可選的是：${list.join("、") || "（沒有選項）"}`);
  }
  if (await isNative(box)) {
    await box.selectOption({ index });
  } else {
    await box.click();
    await drawnOptions(box).nth(index).click();
  }
  const held = await chosen(box);
  if (!fits(held)) throw new PageProblem("page-changed", `「${name}」選好的值`, `讀回來是「${held}」`);
}

/** What a select box shows as chosen. */
export async function chosen(box: Locator): Promise<string> {
  const text = await box.evaluate((element) => {
    if (element instanceof HTMLSelectElement) return element.selectedOptions[0]?.textContent ?? "";
    if (element instanceof HTMLInputElement) return element.value;
    return element.textContent ?? "";
  });
  return text.trim();
}

function isNative(box: Locator): Promise<boolean> {
  return box.evaluate((element) => element instanceof HTMLSelectElement);
}

function drawnOptions(box: Locator): Locator {
  return visible(box.page().getByRole("option"));
}
