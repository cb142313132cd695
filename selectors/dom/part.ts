import type { Frame, Locator, Page } from "playwright";
import { localCandidates } from "./local-overrides.ts";
import { PageProblem } from "./problem.ts";
import { mostSimilar } from "./similar.ts";

/**
 * One way to find a part of a page, as a person would describe it. In the order in which they are to be tried: what is seen
 * (role and name, label, text) first, a stable id last, never a path through the markup.
 */
export type Candidate =
  | { readonly role: Role; readonly name: string | RegExp }
  | { readonly label: string | RegExp }
  /** What an empty input says of itself. */
  | { readonly placeholder: RegExp }
  /**
   * The control that these words stand right before, in reading order: for pages whose labels are mere text. With other words
   * in between they are some other thing's words. A picture or a button may have its neighbours in between.
   */
  | { readonly after: string; readonly control: Control }
  /** A select box by what it offers or shows: its prompt ("請選擇發票期別") or its values. */
  | { readonly offers: RegExp }
  | { readonly text: string | RegExp }
  | { readonly css: string };

export type Role =
  | "button"
  | "link"
  | "tab"
  | "textbox"
  | "combobox"
  | "checkbox"
  | "radio"
  | "dialog"
  | "heading"
  | "img"
  | "menuitem"
  | "option"
  | "spinbutton";

export type Control = "input" | "select" | "field" | "image" | "button";

/** A named part of a page: data, so that an installation can put its own candidates before ours without touching code. */
export interface Part {
  /** `page.part`, the name in `selectors/local.json` and in reports. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly candidates: readonly Candidate[];
}

/**
 * A button that changes the portal. None of the ways to find a part takes it: only a `Commitment` resolves it, and only the
 * engine's effects press what that hands out.
 */
export interface CommitPart {
  readonly commits: Part;
}

const reversible: Part[] = [];
const committing: Part[] = [];

/** Every part that can be looked for and pressed at will, of the pages whose modules are loaded. */
export function reversibleParts(): readonly Part[] {
  return reversible;
}

/** Every button that changes the portal, of the pages whose modules are loaded. */
export function committingParts(): readonly Part[] {
  return committing;
}

export function part(id: string, name: string, ...candidates: Candidate[]): Part {
  const made = { id, name, candidates };
  reversible.push(made);
  return made;
}

/** Something to press, for designs that make their buttons of whatever element: by role where it has one, by its words else. */
export function pressable(id: string, name: string, words: RegExp, ...more: Candidate[]): Part {
  return part(id, name, ...buttonWays(words, more));
}

/** Like `pressable`, for a button that changes the portal. */
export function commitButton(id: string, name: string, words: RegExp, ...more: Candidate[]): CommitPart {
  const commits = { id, name, candidates: buttonWays(words, more) };
  committing.push(commits);
  return { commits };
}

function buttonWays(words: RegExp, more: readonly Candidate[]): Candidate[] {
  return [{ role: "button", name: words }, { role: "link", name: words }, ...more, { text: words }];
}

export type Scope = Page | Frame | Locator;

/** Milliseconds a page may take to show a part: the portal renders late. */
const APPEAR_MS = 20_000;

/**
 * The one visible element that the part means. The first candidate that matches exactly one wins; a candidate that matches
 * several is no answer.
 * @throws PageProblem `page-changed`, naming what was looked for and the most similar elements as a proposal
 */
export async function find(scope: Scope, wanted: Part, options: { within?: number } = {}): Promise<Locator> {
  const found = await findIfThere(scope, wanted, options.within ?? APPEAR_MS);
  if (found) return found;
  const similar = await mostSimilar(pageOf(scope), wanted.name);
  throw new PageProblem(
    "page-changed",
    `「${wanted.name}」（${wanted.id}）`,
    similar.length === 0
      ? "頁面上沒有相近的東西"
      : `沒有唯一符合的；相近的有 ${similar.map((text) => `「${text}」`).join("、")}`,
  );
}

/** Like `find`, but null when it does not show up within so many milliseconds; 0 looks once, at what is there now. */
export async function findIfThere(scope: Scope, wanted: Part, within: number): Promise<Locator | null> {
  const ways = waysTo(scope, wanted);
  const [first, ...rest] = ways;
  if (!first) return null;
  if (within > 0) {
    const any = rest.reduce((all, way) => all.or(way), first);
    try {
      await any.first().waitFor({ state: "visible", timeout: within });
    } catch {
      return null;
    }
  }
  for (let look = 0; look < STEADY_LOOKS; look++) {
    const first = await firstUnique(ways);
    // A page that is still being drawn shows the parts that better candidates would have found a moment later.
    if (first === (await firstUnique(ways))) return ways[first] ?? null;
  }
  return null;
}

/** How often a page that keeps changing is looked at again. */
const STEADY_LOOKS = 10;

/** Which candidate is the first that matches exactly one element; -1 for none. */
async function firstUnique(ways: readonly Locator[]): Promise<number> {
  for (const [index, way] of ways.entries()) if ((await way.count()) === 1) return index;
  return -1;
}

/** All visible elements that the part means, for those that are told apart by their order: of the first candidate that matches any. */
export async function findAll(scope: Scope, wanted: Part): Promise<Locator[]> {
  for (const way of waysTo(scope, wanted)) {
    const found = await way.all();
    if (found.length > 0) return found;
  }
  return [];
}

/** Every visible element that one candidate matches. */
export function visible(locator: Locator): Locator {
  return locator.filter({ visible: true });
}

/** The candidates in their order, those of this installation first. */
function waysTo(scope: Scope, wanted: Part): Locator[] {
  return [...localCandidates(wanted.id), ...wanted.candidates].map((candidate) => visible(locate(scope, candidate)));
}

function locate(scope: Scope, candidate: Candidate): Locator {
  if ("role" in candidate) {
    const exact = typeof candidate.name === "string";
    return scope.getByRole(candidate.role, { name: candidate.name, exact });
  }
  if ("label" in candidate) return scope.getByLabel(candidate.label).and(scope.locator(FIELDS));
  if ("placeholder" in candidate) return scope.getByPlaceholder(candidate.placeholder);
  if ("after" in candidate) return scope.locator(afterText(candidate.after, candidate.control));
  if ("offers" in candidate) return scope.locator(SELECT_BOXES).filter({ hasText: candidate.offers });
  if ("text" in candidate) return scope.getByText(candidate.text);
  return scope.locator(candidate.css);
}

/** Select boxes, of the browser's own kind and drawn by the page. */
const SELECT_BOXES = "select, [role=combobox]";

/** What `label` may lead to: a label's words may also name a group or a picture. */
const FIELDS =
  "input:not([type=hidden]), select, textarea, [role=combobox], [role=textbox], [role=spinbutton], [role=listbox]";

const XPATH_CONTROLS: { readonly [control in Control]: string } = {
  input: "self::input[not(@type='hidden' or @type='checkbox' or @type='radio' or @type='button' or @type='submit')]",
  select: "self::select or @role='combobox' or @role='listbox'",
  field: "self::input[not(@type='hidden')] or self::select or self::textarea or @role='combobox' or @role='textbox'",
  image: "self::img or self::canvas",
  button: "self::button or self::input[@type='button' or @type='submit'] or @role='button' or self::a",
};

/** A text without the marks that pages put around labels. */
function bare(text: string): string {
  return `translate(normalize-space(${text}), ' *＊：:', '')`;
}

function afterText(text: string, control: Control): string {
  if (control === "image" || control === "button") {
    const says = `contains(${bare("string(.)")}, '${text}')`;
    return `xpath=.//*[not(self::script or self::style or self::option)][${says}][not(*[${says}])]/following::*[${XPATH_CONTROLS[control]}][1]`;
  }
  const seen = `${bare(".")} != '' and not(ancestor::*[self::script or self::style or @hidden or contains(@style, 'display: none')])`;
  return `xpath=.//*[${XPATH_CONTROLS[control]}][contains(${bare(`preceding::text()[${seen}][1]`)}, '${text}')]`;
}

function pageOf(scope: Scope): Page {
  if ("page" in scope) {
    const page = scope.page();
    return page;
  }
  return scope;
}
