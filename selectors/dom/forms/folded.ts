import type { Page } from "playwright";
import { click } from "../click.ts";
import { controlLocator } from "../locator-spec.ts";
import type { Control } from "../reading/reading.ts";
import { readPage } from "../reading/read-page.ts";
import { TIMING } from "../timing.ts";
import { waitUntil } from "../wait-until.ts";

/** How many folded parts are opened at the most on the way to one thing. */
const MOST_OPENED = 6;
const OPENS = new Set<Control["kind"]>(["button", "link", "clickable"]);
/** How a heading shows that something is folded up under it, where nothing else says so. */
const FOLDED_MARK = /[▸▶▾▼⌄]$/u;

/** Whether a part of the page is folded up: its heading is to be seen, and what is under it is not. */
export async function hasFolded(page: Page): Promise<boolean> {
  const { controls } = await readPage(page);
  return controls.some(isFolded);
}

/**
 * Opens one folded part of the page after the other until something is to be seen. Opening changes nothing at the portal; parts of the
 * menu, rows of lists and choices are left as they are.
 * @returns what was looked for; null where it is in none of them
 */
export async function openFolded<T>(page: Page, look: () => Promise<T | null>): Promise<T | null> {
  const tried = new Set<string>();
  for (let opened = 0; opened < MOST_OPENED; opened++) {
    const { controls } = await readPage(page);
    const next = controls.find((one) => isFolded(one) && !tried.has(nameOf(one)));
    if (next === undefined) return null;
    tried.add(nameOf(next));
    await click(controlLocator(page, next));
    const found = await waitUntil(page, TIMING.draw, look);
    if (found !== null) return found;
  }
  return null;
}

function isFolded(control: Control): boolean {
  const { kind, navigation, row, layer, disabled, hidden, expanded } = control;
  if (!OPENS.has(kind) || navigation || row !== null || layer !== null || disabled || hidden) return false;
  return expanded === false || (expanded === null && FOLDED_MARK.test(nameOf(control)));
}

function nameOf({ names }: Control): string {
  return names.find(({ from }) => from === "own")?.text ?? "";
}
