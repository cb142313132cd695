import { type Frame, type Locator, type Page, selectors } from "playwright";
import { askMainFrame } from "./ask-page.ts";
import { INSTALLED, READER } from "./in-page/source.ts";
import type { finder, Wanted } from "./in-page/finder.ts";
import { frameOf } from "./read-page.ts";
import type { Control, Layer, Line } from "./reading.ts";
import type { ListRow } from "./rows.ts";
import { nameLocator } from "../page-log.ts";

const ENGINE = "read";

/** Leads from a handle of a reading back to its element; see `finder`. */
await selectors
  .register(
    ENGINE,
    `(() => {
      const find = (root, body) => ${READER}.find(root, JSON.parse(body));
      return { query: (root, body) => find(root, body)[0] ?? null, queryAll: find };
    })()`,
  )
  .catch((error: unknown) => {
    // A process may load this module twice, as test runners do; the engine is the same.
    if (!String(error).includes("already registered")) throw error;
  });

/** What a button that opens a choice shows is what is chosen, and changes: where it stands does not. */
const BESIDE = new Set(["label", "before", "above", "column", "floating"]);

/** The element of a control, as it is when it is used: it counts only while it is still what was read. */
export function controlAt(
  scope: Page | Locator,
  control: Control,
  uses: "as-it-is" | "to-choose" = "as-it-is",
): Locator {
  if (uses === "to-choose" && (control.kind === "button" || control.kind === "clickable")) {
    const beside = control.names.filter(({ from }) => BESIDE.has(from)).map(({ text }) => text);
    return locate(scope, control.frame, { id: control.id, kind: "choosing", names: beside.slice(0, 2) });
  }
  const names = control.names.filter(({ from }) => from !== "group" && from !== "hint").map(({ text }) => text);
  const isNamedByPlace = !["button", "link", "tab", "menuitem", "clickable", "option"].includes(control.kind);
  const stable = isNamedByPlace ? names.slice(0, 2) : names;
  return locate(scope, control.frame, { id: control.id, kind: control.kind, names: stable });
}

export function lineAt(scope: Page | Locator, line: Line): Locator {
  return locate(scope, line.frame, { id: line.id, kind: "words", names: [line.text] });
}

/** @param words that the row still has to say */
export function rowAt(scope: Page | Locator, { id, frame, words }: Pick<ListRow, "id" | "frame" | "words">): Locator {
  return locate(scope, frame, { id, kind: "row", names: words });
}

export function layerAt(page: Page, { id, frame }: Layer): Locator {
  return locate(page, frame, { id, kind: "layer", names: [] });
}

function locate(scope: Page | Locator, frame: number, wanted: Wanted): Locator {
  const selector = `${ENGINE}=${JSON.stringify(wanted)}`;
  const words = `${wanted.kind} ${wanted.names[0] ?? ""}`.trim();
  if (!("goto" in scope)) {
    const outer = ways.get(scope);
    const inner = nameLocator(scope.locator(selector), words);
    if (outer !== undefined) ways.set(inner, [...outer, wanted]);
    return inner;
  }
  const inner: Frame = frameOf(scope, frame);
  const locator = nameLocator(inner.locator(selector), words);
  if (inner === scope.mainFrame()) ways.set(locator, [wanted]);
  return locator;
}

/** How what stands in the page's own frame is reached, one within the other. */
const ways = new WeakMap<Locator, readonly Wanted[]>();

/**
 * Asks an element something in a single message: without the pictures of the page that a trace takes of everything else, and without a wait for
 * it to come. Where that can't be done, as for one in its own frame, it is asked in the browser's own way.
 * @param ask runs in the page, and is self-contained; what it returns is data
 */
export async function askElement<Answer>(
  locator: Locator,
  ask: (element: Element) => Answer | Promise<Answer>,
): Promise<Answer> {
  const [answer] = await askAtOnce(locator, ask);
  return answer === undefined ? locator.evaluate(ask) : answer;
}

/** The same of an element that need not be there: null where it is not, or can't be asked in one message. */
export async function askIfThere<Answer>(
  locator: Locator,
  ask: (element: Element) => Answer | Promise<Answer>,
): Promise<Answer | null> {
  const [answer] = await askAtOnce(locator, ask);
  return answer ?? null;
}

/** What the one element says; nothing where it is not there, or stands in another frame. */
async function askAtOnce<Answer>(
  locator: Locator,
  ask: (element: Element) => Answer | Promise<Answer>,
): Promise<Answer[]> {
  const way = ways.get(locator);
  if (way === undefined) return [];
  const said = await askMainFrame(
    locator.page(),
    `(async () => {
      const found = (${follow.toString()})(${JSON.stringify(INSTALLED)}, ${JSON.stringify(way)});
      return JSON.stringify(found.length === 1 ? [await (${ask.toString()})(found[0])] : []);
    })()`,
  );
  // What our own question has answered.
  return JSON.parse(String(said)) as Answer[];
}

/** Whether it stands in the page's own frame, and was read there. */
export function canBeAskedAtOnce(locator: Locator): boolean {
  return ways.has(locator);
}

/**
 * Asks the page about several of its elements in one message.
 * @param ask runs in the page, and is self-contained; it is given each locator's element, null where that is not there, and the argument
 */
export async function askElements<Arg, Answer>(
  page: Page,
  locators: readonly Locator[],
  ask: (about: readonly [elements: readonly (Element | null)[], arg: Arg]) => Answer,
  arg: Arg,
): Promise<Answer> {
  const all = locators.map((one) => ways.get(one) ?? []);
  const said = await askMainFrame(
    page,
    `(() => {
      const follow = ${follow.toString()};
      const found = ${JSON.stringify(all)}.map((way) => follow(${JSON.stringify(INSTALLED)}, way)[0] ?? null);
      return JSON.stringify({ answer: (${ask.toString()})([found, ${JSON.stringify(arg)}]) });
    })()`,
  );
  // What our own question has answered.
  return (JSON.parse(String(said)) as { answer: Answer }).answer;
}

/** Runs in the page: the element at the end of the way, if there is one. */
function follow(installed: string, way: readonly Wanted[]): Element[] {
  // The page's own copy of the reader.
  const reader = Reflect.get(globalThis, Symbol.for(installed)) as ReturnType<typeof finder> | undefined;
  if (reader === undefined) return [];
  let at: Element | null = null;
  for (const wanted of way) {
    const [one, ...others]: Element[] = reader.find(at ?? document, wanted);
    if (one === undefined || others.length > 0) return [];
    at = one;
  }
  return at === null ? [] : [at];
}
