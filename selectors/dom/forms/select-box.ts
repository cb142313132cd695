import type { Locator, Page } from "playwright";
import { click } from "../click.ts";
import { controlLocator, controlReadAt } from "../locator-spec.ts";
import { waitUntil } from "../wait-until.ts";
import { PageError } from "../page-error.ts";
import { askElement, lineAt } from "../reading/handle.ts";
import type { Control, Line, PageReading } from "../reading/reading.ts";
import { isLeaving, readPage, readWithin } from "../reading/read-page.ts";
import { keyOf, tidyWords } from "../reading/words.ts";
import { TIMING } from "../timing.ts";
import { logInteraction } from "../interaction-log.ts";
import { followed } from "../page-log.ts";

/** How often something is chosen at the most. */
const TRIES = 2;

/** What a choice offers besides its choices. */
const PROMPT = /^\s*($|請選|[-－—])|^(please )?(select|choose)/i;

/** The choices, as printed: of the browser's own select box, one drawn by the page, radio buttons or things that are pressed like them. */
export async function optionTexts(box: Locator): Promise<string[]> {
  let offered: string[] = [];
  await waitUntil(box.page(), TIMING.fill, async () => {
    offered = await offeredNow(box);
    return offered.some((text) => !PROMPT.test(text)) ? true : null;
  });
  return offered;
}

async function offeredNow(box: Locator): Promise<string[]> {
  const native = await nativeNow(box);
  if (native !== null) return [...native.options];
  const group = controlReadAt(box)?.kind === "choice" ? await controlNow(box) : null;
  if (group !== null) return (group.options ?? []).map(({ text }) => text);
  const options = await open(box);
  if (options.length > 0) await close(box);
  return options.map(({ text }) => text);
}

/**
 * Chooses the one option whose text fits, with real input events, and reads back what is chosen then.
 * @throws PageError with the given state when no option, or more than one, fits; `page-changed` when it can't be seen what there is
 *   to choose from
 */
export async function selectOption(
  box: Locator,
  name: string,
  fits: (text: string) => boolean,
  state: "page-changed" | "not-in-window" = "page-changed",
): Promise<void> {
  await selectAmong(box, await optionTexts(logInteraction(box)), name, fits, state);
}

/** The same of what the choice is known to offer. */
export async function selectAmong(
  box: Locator,
  offered: readonly string[],
  name: string,
  fits: (text: string) => boolean,
  state: "page-changed" | "not-in-window" = "page-changed",
): Promise<void> {
  const list = offered.map((text) => text.trim()).filter((text) => text !== "");
  const at = offered.map((text, index) => (fits(text) ? index : -1)).filter((index) => index >= 0);
  const [index] = at;
  if (index === undefined || at.length > 1) {
    const seen = list.length === 0 ? "看不到有哪些選項" : `可選的是：${list.join("、")}`;
    throw new PageError(list.length === 0 ? "page-changed" : state, `「${name}」唯一符合的選項`, seen);
  }
  let shown = "";
  for (let tried = 0; tried < TRIES; tried++) {
    await press(box, index, offered[index] ?? "");
    const right = await waitUntil(box.page(), TIMING.choice, async () => {
      shown = await selectedText(box).catch(whileLeaving);
      return fits(shown) ? true : null;
    });
    // A form that is drawn again forgets what was chosen.
    if (right) return;
  }
  throw new PageError("page-changed", `「${name}」選好的值`, `讀回來是「${shown}」`);
}

/** A choice may load the page again. */
function whileLeaving(error: unknown): string {
  if (isLeaving(error)) return "";
  throw error;
}

async function press(box: Locator, index: number, text: string): Promise<void> {
  const native = await nativeNow(box);
  if (native !== null) {
    if (native.index !== index) await followed(box, text).selectOption({ index });
    return;
  }
  const group = controlReadAt(box)?.kind === "choice" ? await controlNow(box) : null;
  if (group !== null) return pressInGroup(box, group, index);
  const option = (await open(box)).find((one) => one.text === text);
  if (!option) throw new PageError("page-changed", `選項「${text}」`, "按了選單，沒有選項出來");
  await followed(option.place, text).click();
}

async function pressInGroup(box: Locator, group: Control, index: number): Promise<void> {
  const option = group.options?.[index];
  if (option === undefined || option.selected) return;
  const reading = await readWithin(box);
  const control = reading.controls.find(({ id }) => id === option.id);
  if (control === undefined) throw new PageError("page-changed", `選項「${option.text}」`, "頁面重畫了");
  const place = controlLocator(box, control);
  await click(control.hidden ? place.locator("xpath=ancestor::label[1]") : place);
}

/** What a choice shows as chosen, without the arrow that pages draw into it. */
export async function selectedText(box: Locator): Promise<string> {
  const kind = controlReadAt(box)?.kind;
  const isButton = kind === "clickable" || kind === "button";
  if (kind === "choice" || kind === "drawn-select" || isButton) {
    const now = await controlNow(box);
    const own = now?.names.find(({ from }) => from === "own")?.text ?? "";
    if (now !== null) return undecorated(now.value === "" && isButton ? own : now.value);
  }
  return undecorated(await askElement(box, shownText));
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

/** What the browser's own select box offers, and which of it is chosen; null for any other. */
function nativeNow(box: Locator): Promise<{ readonly options: readonly string[]; readonly index: number } | null> {
  return askElement(box, (element) =>
    element instanceof HTMLSelectElement
      ? { options: [...element.options].map((option) => option.innerText), index: element.selectedIndex }
      : null,
  );
}

/** The control as it is now; null where it is read as something else. */
async function controlNow(box: Locator): Promise<Control | null> {
  const was = controlReadAt(box);
  if (was === null) return null;
  const reading = await readPage(box.page());
  const names = was.names.map(({ text }) => text);
  const isSame = (one: Control): boolean => one.frame === was.frame && one.kind === was.kind;
  const same = reading.controls.find((one) => isSame(one) && one.id === was.id);
  if (same) return same;
  const again = reading.controls.filter((one) => isSame(one) && one.names.some(({ text }) => names.includes(text)));
  return again.length === 1 ? (again[0] ?? null) : null;
}

/** Something that is there while a drawn choice is open. */
export interface DrawnOption {
  readonly text: string;
  readonly place: Locator;
  /** It looks as if it could be pressed, and is not switched off. */
  readonly isPressable: boolean;
}

export interface OpenChoice {
  /** Reads all that has come up since it was opened, again after each press in it. */
  readonly look: () => Promise<readonly DrawnOption[]>;
  readonly close: () => Promise<void>;
}

/** Opens what a choice draws. */
export async function openDrawn(box: Locator): Promise<OpenChoice> {
  const page = box.page();
  const before = await readPage(page);
  const look = async (): Promise<readonly DrawnOption[]> => freshPieces(page, before, await readPage(page));
  await click(logInteraction(box));
  await waitUntil(page, TIMING.choice, async () => ((await look()).length > 0 ? true : null));
  return { look, close: () => close(box) };
}

/** Opens a drawn choice, unless its options are there already; none when none come. They may exist only while it is open. */
async function open(box: Locator): Promise<readonly DrawnOption[]> {
  const page = box.page();
  const before = await readPage(page);
  const there = roleOptions(page, before);
  if (there.length > 0) return there;
  await click(box);
  const opened = await waitUntil(page, TIMING.choice, async () => {
    const now = await readPage(page);
    const options = roleOptions(page, now);
    if (options.length > 0) return options;
    const fresh = freshPieces(page, before, now);
    return fresh.length > 0 ? fresh : null;
  });
  return opened ?? [];
}

function roleOptions(page: Page, { controls }: PageReading): DrawnOption[] {
  const options = controls.filter(({ kind, hidden }) => kind === "option" && !hidden);
  return options.map((control) => ({
    text: tidyWords(control.names.find(({ from }) => from === "own")?.text ?? control.names[0]?.text ?? ""),
    place: controlLocator(page, control),
    isPressable: !control.disabled,
  }));
}

/** What has appeared since: words that were not there, or not there in that place. */
function freshPieces(page: Page, before: PageReading, now: PageReading): DrawnOption[] {
  const old = new Set(before.lines.map(({ id, text, frame }) => `${frame} ${id} ${text}`));
  const seen = new Set<string>();
  return now.lines
    .filter(({ id, text, frame, role }) => !old.has(`${frame} ${id} ${text}`) && role !== "message")
    .filter(({ text }) => {
      const key = keyOf(text);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .map((line) => {
      const control = now.controls.find((one) => one.id === line.control && one.frame === line.frame);
      const place = control ? controlLocator(page, control) : lineAt(page, line);
      return { text: line.text, place, isPressable: control !== undefined && !control.disabled };
    });
}

/** The heading, or else the words, that stand before a field and can't be pressed themselves. */
function wordsBefore({ lines }: PageReading, field: Control | null): Line | null {
  if (field === null) return null;
  const before = lines.filter(
    ({ frame, layer, control, order }) =>
      frame === field.frame && layer === field.layer && control === null && order < field.order,
  );
  return before.findLast(({ role }) => role === "heading") ?? before.findLast(({ role }) => role === "plain") ?? null;
}

/** Most boxes close on Escape; some only on a second click. */
async function close(box: Locator): Promise<void> {
  const page = box.page();
  const before = await readPage(page);
  await box.press("Escape").catch(() => page.keyboard.press("Escape"));
  const isClosed = (): Promise<true | null> =>
    waitUntil(page, TIMING.close, async () => {
      const now = await readPage(page);
      return now.lines.length < before.lines.length ? true : null;
    });
  if (await isClosed()) return;
  await box.click();
  if (await isClosed()) return;
  // Calendars close when something else is pressed: words that are no part of any field change nothing.
  const words = wordsBefore(before, controlReadAt(box));
  if (words !== null) await followed(lineAt(page, words)).click();
}
