import { keyOf, looseKeysOf } from "./words.ts";
import { namesOf, type Term } from "./vocabulary.ts";

/** What a part is to a person: something to press, to fill in, to choose from (`entry`: either), to tick, to give a file to, to look at. */
export type LocatorKind =
  | "press"
  | "tab"
  | "menu"
  | "field"
  | "entry"
  | "password"
  | "choice"
  | "check"
  | "file"
  | "picture"
  /** The word over a column of a list. */
  | "column";

/** A named part of a page: data that is matched on a reading. */
export interface LocatorSpec {
  /** `page.part`, the name in `selectors/local.json` and in reports. */
  readonly id: string;
  /** What people call it, in reports. */
  readonly name: string;
  readonly kind: LocatorKind;
  /** What it is called on pages, its own name first; see `vocabulary.ts`. */
  readonly names: readonly string[];
  /** Other names that mean it, as a pattern over the words without blanks and marks. */
  readonly pattern: RegExp | null;
  /** Names that mean something else, though they begin alike. */
  readonly not: RegExp | null;
  /** For a choice without a name: what it offers. */
  readonly offers: RegExp | null;
  /** For a button that changes the portal. */
  readonly demands: Demands | null;
}

/** What has to be so before a button that changes the portal is taken for one. */
export interface Demands {
  /** What the page, the box or the tab is about. */
  readonly purpose: RegExp;
  /** Fields of which at least one has to be in the form. */
  readonly fields: readonly Term[];
}

export interface LocatorOptions {
  readonly pattern?: RegExp;
  readonly not?: RegExp;
  readonly offers?: RegExp;
}

export function describeLocator(
  id: string,
  kind: LocatorKind,
  term: Term,
  options: LocatorOptions = {},
  demands: Demands | null = null,
): LocatorSpec {
  const { pattern = null, not = null, offers = null } = options;
  return { id, name: term.name, kind, names: namesOf(term), pattern, not, offers, demands };
}

/** How well these words name the part: 100 for its own name, less for a synonym or a longer text that begins with it; 0 where they do not. */
export function nameStrength(part: LocatorSpec, text: string): number {
  const key = keyOf(text);
  if (key === "" || part.not?.test(key) === true) return 0;
  const keys = part.names.map(keyOf);
  const at = keys.indexOf(key);
  if (at >= 0) return at === 0 ? 100 : 90;
  const loose = looseKeysOf(text);
  const near = keys.findIndex((one) => loose.includes(one));
  if (near >= 0) return near === 0 ? 96 : 86;
  if (part.pattern !== null && [key, ...loose].some((one) => part.pattern?.test(one))) return 80;
  const isField = !["press", "tab", "menu"].includes(part.kind);
  if (isField && key.length <= 30 && keys.some((one) => one.length > 1 && key.startsWith(one))) return 60;
  return 0;
}
