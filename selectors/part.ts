import type { Frame, Locator, Page } from "playwright";
import { localCandidates } from "./local.ts";
import { PageProblem } from "./problem.ts";
import { mostSimilar } from "./similar.ts";

/**
 * One way to find a part of a page, as a person would describe it. In the order in which they are to be tried: what is seen
 * (role and name, label, text) first, a stable id last, never a path through the markup.
 */
export type Candidate =
  | { readonly role: Role; readonly name: string | RegExp }
  | { readonly label: string | RegExp }
  /** The first control of this kind after a visible text, in reading order: for pages whose labels are mere text. */
  | { readonly after: string; readonly control: Control }
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

export function part(id: string, name: string, ...candidates: Candidate[]): Part {
  return { id, name, candidates };
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

/** Like `find`, but null when it does not show up within so many milliseconds. */
export async function findIfThere(scope: Scope, wanted: Part, within: number): Promise<Locator | null> {
  const ways = [...localCandidates(wanted.id), ...wanted.candidates].map((candidate) =>
    visible(locate(scope, candidate)),
  );
  const [first, ...rest] = ways;
  if (!first) return null;
  const any = rest.reduce((all, way) => all.or(way), first);
  try {
    await any.first().waitFor({ state: "visible", timeout: within });
  } catch {
    return null;
  }
  for (const way of ways) if ((await way.count()) === 1) return way;
  return null;
}

/** Every visible element that one candidate matches. */
export function visible(locator: Locator): Locator {
  return locator.filter({ visible: true });
}

function locate(scope: Scope, candidate: Candidate): Locator {
  if ("role" in candidate) {
    const exact = typeof candidate.name === "string";
    return scope.getByRole(candidate.role, { name: candidate.name, exact });
  }
  if ("label" in candidate) return scope.getByLabel(candidate.label).and(scope.locator(CONTROLS.field));
  if ("after" in candidate) return scope.locator(afterText(candidate.after, candidate.control));
  if ("text" in candidate) return scope.getByText(candidate.text);
  return scope.locator(candidate.css);
}

const CONTROLS: { readonly [control in Control]: string } = {
  input: "input:not([type=hidden], [type=checkbox], [type=radio], [type=button], [type=submit])",
  select: "select, [role=combobox], [role=listbox]",
  field: "input:not([type=hidden]), select, textarea, [role=combobox], [role=textbox], [role=spinbutton]",
  image: "img, canvas",
  button: "button, input[type=button], input[type=submit], [role=button], a",
};

const XPATH_CONTROLS: { readonly [control in Control]: string } = {
  input: "self::input[not(@type='hidden' or @type='checkbox' or @type='radio' or @type='button' or @type='submit')]",
  select: "self::select or @role='combobox' or @role='listbox'",
  field: "self::input[not(@type='hidden')] or self::select or self::textarea or @role='combobox' or @role='textbox'",
  image: "self::img or self::canvas",
  button: "self::button or self::input[@type='button' or @type='submit'] or @role='button' or self::a",
};

/** The innermost elements that contain the text, and for each the first control that follows (or is inside a label around both). */
function afterText(text: string, control: Control): string {
  const says = `contains(translate(normalize-space(string(.)), ' *＊：:', ''), '${text}')`;
  return `xpath=.//*[not(self::script or self::style or self::option)][${says}][not(*[${says}])]/following::*[${XPATH_CONTROLS[control]}][1]`;
}

function pageOf(scope: Scope): Page {
  if ("page" in scope) {
    const page = scope.page();
    return page;
  }
  return scope;
}
