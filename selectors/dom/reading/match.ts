import { foundBy, type Thing, thingsOf } from "../local/candidate.ts";
import { submitSpecs } from "../local/known-parts.ts";
import { localCandidates } from "../local/local-parts.ts";
import { nameStrength, type LocatorSpec, type LocatorKind } from "./description.ts";
import type { Control, ControlKind, Layer, NameSource, PageReading } from "./reading.ts";
import { keyOf, looseKeysOf } from "./words.ts";

/** What a description finds on a reading. Exactly one thing is a match; anything else is not acted on. */
export type Match =
  | {
      readonly found: "one";
      readonly what: Candidate;
      readonly strength: number;
      /** By what this installation says of it. */
      readonly local: boolean;
    }
  | { readonly found: "several"; readonly candidates: readonly Candidate[] }
  | {
      readonly found: "none";
      readonly behind: Layer | null;
      /** What is called so, and stands on a page or in a form that does not agree. */
      readonly candidates: readonly Candidate[];
    };

export type Candidate = Thing;

export interface MatchOptions {
  /** Of several, the one that is nearest to this in the markup: the button of a field's form. */
  readonly beside?: string | null;
  /** The same by what it is called: of several buttons, the one of the form that this field is in. */
  readonly near?: LocatorSpec;
  /** The page around what is read, such as a row: it says what all of it is about. */
  readonly page?: PageReading | null;
  /** Plain words in a cell may be meant, as in a row of a list. */
  readonly inRow?: boolean;
}

/** Which kinds of controls a part may be, and how much less each is expected. */
const KINDS: { readonly [kind in LocatorKind]: Partial<{ readonly [kind in ControlKind]: number }> } = {
  press: { button: 0, link: 1, clickable: 3, tab: 4, option: 5, menuitem: 5, picture: 8 },
  tab: { tab: 0, link: 2, button: 2, clickable: 2, menuitem: 5, radio: 4, option: 4 },
  menu: { link: 0, menuitem: 0, button: 1, clickable: 1, tab: 2 },
  field: { text: 0 },
  entry: { text: 0, select: 0, "drawn-select": 0, choice: 2 },
  password: { password: 0, text: 6 },
  choice: { select: 0, "drawn-select": 0, choice: 2, clickable: 6, button: 7, text: 9 },
  check: { checkbox: 0 },
  file: { file: 0 },
  picture: { picture: 0, clickable: 2 },
  // The word over a column is no control.
  column: {},
};

/** Whether a thing of this kind can be this part at all. */
export function canBe(part: LocatorKind, { control, line }: Candidate): boolean {
  if (control !== null) return KINDS[part][control.kind] !== undefined;
  return part === "column" || (isPressed(part) && line.role !== "header");
}

function isPressed(part: LocatorKind): boolean {
  return part === "press" || part === "tab" || part === "menu";
}

/** How much less a name from here says than the thing's own. */
const SOURCES: { readonly [source in NameSource]: number } = {
  own: 0,
  label: 0,
  accessible: 0,
  placeholder: 1,
  floating: 1,
  column: 1,
  before: 2,
  after: 3,
  picture: 3,
  tooltip: 3,
  above: 5,
  group: 30,
  hint: 1_000,
};

const WORDS_COST = 12;
/** Candidates whose strengths differ by less are equally good. */
const CLOSE = 2;

/**
 * What the part is on this page.
 * @returns the one thing that it can be; or why there is none, with what a person may choose from
 */
export function match(reading: PageReading, part: LocatorSpec, options: MatchOptions = {}): Match {
  const blocking = reading.layers.find((layer) => layer.blocking) ?? null;
  const own = locally(reading, part, blocking);
  if (own.length === 1 && own[0] !== undefined) {
    const isHere = part.demands === null || agrees(reading, part, own[0], 100, options.page ?? reading, true);
    if (isHere) return { found: "one", what: own[0], strength: 100, local: true };
  }
  const all = candidatesFor(reading, part, options);
  const reachable = all.filter(({ candidate }) => isReachable(candidate, blocking));
  if (reachable.length === 0)
    return {
      found: "none",
      behind: all.length > 0 || blocking?.kind === "busy" ? blocking : null,
      candidates: [],
    };
  const best = Math.max(...reachable.map(({ strength }) => strength));
  const top = reachable.filter(({ strength }) => strength > best - CLOSE).map(({ candidate }) => candidate);
  const beside = options.beside ?? pathOfField(reading, options.near);
  const left = narrow(reading, top, part, { ...options, beside });
  const [only, ...others] = left;
  if (only === undefined || others.length > 0) return { found: "several", candidates: left };
  if (part.demands !== null && !agrees(reading, part, only, best, options.page ?? reading))
    return { found: "none", behind: null, candidates: [only] };
  return { found: "one", what: only, strength: best, local: false };
}

/**
 * Whether a person may say that this thing is that part. What is called like a button that changes the portal is never taken for something
 * that is pressed at will, whoever says so.
 */
export function mayBePicked(part: LocatorSpec, thing: Candidate): boolean {
  if (!canBe(part.kind, thing)) return false;
  if (part.demands !== null || !isPressed(part.kind)) return true;
  const names = thing.control?.names.filter(({ from }) => from === "own" || from === "accessible") ?? [];
  const words = thing.line === null ? names.map(({ text }) => text) : [thing.line.text];
  return !submitSpecs().some((submit) => words.some((text) => nameStrength(submit, text) >= 80));
}

/** What the first of this installation's own ways finds that finds anything. */
function locally(reading: PageReading, part: LocatorSpec, blocking: Layer | null): readonly Candidate[] {
  const ways = localCandidates(part.id, part.demands !== null);
  if (ways.length === 0) return [];
  const things = thingsOf(reading).filter((one) => mayBePicked(part, one) && isReachable(one, blocking));
  const found = ways.map((way) => foundBy(way, things));
  // One that finds exactly one thing is better than one before it that finds several.
  return found.find(({ length }) => length === 1) ?? found.find(({ length }) => length > 0) ?? [];
}

/** Where the field is by which the button's form is known; null where it is not to be seen. */
function pathOfField(reading: PageReading, near: LocatorSpec | undefined): string | null {
  if (near === undefined) return null;
  const one = match(reading, near);
  if (one.found === "one") return pathOf(one.what);
  const [field] = matchAll(reading, near);
  return field === undefined ? null : pathOf(field);
}

/** Everything that the part may be, the strongest first; for things that are distinguished by their order, in the order of the page. */
export function matchAll(reading: PageReading, part: LocatorSpec, options: MatchOptions = {}): readonly Candidate[] {
  const blocking = reading.layers.find((layer) => layer.blocking) ?? null;
  const own = locally(reading, part, blocking);
  if (own.length > 0) return own.toSorted((a, b) => orderOf(a) - orderOf(b));
  const reachable = candidatesFor(reading, part, options).filter(({ candidate }) => isReachable(candidate, blocking));
  const best = Math.max(...reachable.map(({ strength }) => strength));
  const top = reachable.filter(({ strength }) => strength > best - 10).map(({ candidate }) => candidate);
  return withoutNested(top).toSorted((a, b) => orderOf(a) - orderOf(b));
}

interface Scored {
  readonly candidate: Candidate;
  readonly strength: number;
}

function candidatesFor(reading: PageReading, part: LocatorSpec, { inRow = false }: MatchOptions): Scored[] {
  const kinds = KINDS[part.kind];
  const scored: Scored[] = [];
  for (const control of reading.controls) {
    const cost = kinds[control.kind];
    if (cost === undefined || (control.hidden && part.kind !== "check" && part.kind !== "file")) continue;
    const strength = controlStrength(part, control, cost);
    if (strength > 0) scored.push({ candidate: { control, line: null }, strength });
  }
  // Where nothing looks as if it could be pressed, a person tries the words themselves.
  if (isPressed(part.kind) && !scored.some(({ strength }) => strength >= 80))
    scored.push(...wordsFor(reading, part, inRow));
  return scored;
}

function controlStrength(part: LocatorSpec, control: Control, cost: number): number {
  let best = 0;
  for (const { from, text } of control.names) {
    const isMark =
      isPressed(part.kind) && (from === "before" || from === "above" || from === "column" || from === "floating");
    // What is pressed is called by its own words; what stands before it names it only where it has none.
    if (isMark && control.names.some((name) => name.from === "own")) continue;
    if (isMark && control.kind !== "button" && control.kind !== "clickable") continue;
    const strength = nameStrength(part, text);
    // Words that only begin like a name count where they label the field itself.
    if (strength === 60 && !["label", "accessible", "placeholder", "floating", "before"].includes(from)) continue;
    best = Math.max(best, strength - SOURCES[from] - cost - (isMark ? 20 : 0));
  }
  if (best <= 0 && part.offers !== null && offersIt(part.offers, control)) best = 40 - cost;
  // A field that hides what is typed says by that what it is.
  if (best <= 0 && part.kind === "password" && control.kind === "password") best = 45;
  if (part.kind === "choice" && cost > 2 && best < 80) return 0;
  return best;
}

function offersIt(offers: RegExp, { kind, value, options }: Control): boolean {
  if (kind !== "select" && kind !== "drawn-select" && kind !== "choice") return false;
  return offers.test(value) || (options ?? []).some(({ text }) => offers.test(text));
}

function wordsFor(reading: PageReading, part: LocatorSpec, inRow: boolean): Scored[] {
  return reading.lines
    .filter(({ control, role }) => control === null && (role === "plain" || (inRow && role === "cell")))
    .map((line) => ({ candidate: { control: null, line }, strength: nameStrength(part, line.text) - WORDS_COST }))
    .filter(({ strength }) => strength > 60);
}

function isReachable({ control, line }: Candidate, blocking: Layer | null): boolean {
  const layer = control === null ? line.layer : control.layer;
  if (blocking === null) return true;
  if (blocking.kind === "busy") return false;
  return layer === blocking.id;
}

/** One thing may be read as several: a link around a button, a tab and the item that holds it. */
function withoutNested(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((one) => {
    const path = pathOf(one);
    const inner = candidates.some((other) => other !== one && pathOf(other).startsWith(`${path}.`));
    return !inner;
  });
}

function narrow(
  reading: PageReading,
  candidates: readonly Candidate[],
  part: LocatorSpec,
  { beside, inRow = false }: MatchOptions,
): Candidate[] {
  let left = withoutNested(candidates);
  const keep = (fits: (one: Candidate) => boolean): void => {
    const fitting = left.filter(fits);
    if (left.length > 1 && fitting.length > 0) left = fitting;
  };
  // The menu names the page as the page's own tabs do.
  keep(({ control }) => (control?.navigation ?? false) === (part.kind === "menu"));
  keep(({ control }) => control === null || !control.covered);
  // A list may show its values in fields, under the name of the column; what is to be filled in is another.
  if (part.kind === "field") {
    keep(({ control }) => control?.readOnly !== true);
    keep(({ control }) => control?.row === null);
  }
  // A tab stands among others; a button of the same name is what the tab shows.
  if (part.kind === "tab") {
    const grouped = new Set(
      reading.controls.flatMap(({ kind, options }) => (kind === "choice" ? (options ?? []) : [])).map(({ id }) => id),
    );
    keep(({ control }) => control !== null && (control.kind === "tab" || grouped.has(control.id)));
  }
  // A button may open a choice, under whose name it stands; where a field is called so, that is meant.
  if (part.kind === "choice" || part.kind === "entry")
    keep(({ control }) => control?.kind !== "button" && control?.kind !== "clickable");
  // Rows may have buttons of the same name, each for itself; and one that says its name in words is meant before one that only shows a sign.
  if (part.kind === "press" && !inRow) {
    keep(({ control }) => control?.row === null);
    keep(({ control }) => control?.names.some(({ from }) => from === "own") ?? true);
  }
  if (beside !== undefined && beside !== null && left.length > 1) {
    const near = Math.max(...left.map((one) => common(pathOf(one), beside)));
    keep((one) => common(pathOf(one), beside) === near);
  }
  return left;
}

/** How many steps of two paths agree, from the outside in. */
export function common(a: string, b: string): number {
  const left = a.split(".");
  const right = b.split(".");
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  return same;
}

/** A button that changes the portal: by its own name where its page or its form agrees, by a synonym where both do. */
function agrees(
  reading: PageReading,
  part: LocatorSpec,
  candidate: Candidate,
  strength: number,
  around: PageReading,
  isAgreed = false,
): boolean {
  const { demands } = part;
  if (demands === null) return true;
  const layer = candidate.control?.layer ?? candidate.line?.layer ?? null;
  // What a person has agreed to is its name here.
  const own = isAgreed || (strength >= 93 - WORDS_COST && isCalled(part, candidate));
  const page = hasPurpose(around, demands.purpose, layer);
  const form =
    demands.fields.length === 0 ||
    hasField(
      reading,
      demands.fields.flatMap(({ name, also }) => [name, ...also.map(({ words }) => words)]),
      layer,
    );
  return own ? page || form : page && form;
}

function isCalled(part: LocatorSpec, { control, line }: Candidate): boolean {
  const names = control === null ? [line.text] : control.names.map(({ text }) => text);
  const [own = ""] = part.names;
  return names.some((text) => keyOf(text) === keyOf(own));
}

/** What the page, the layer, or the tab that is open is about. */
export function hasPurpose(reading: PageReading, purpose: RegExp, layer: number | null = null): boolean {
  const tabs = reading.controls.filter(
    (one) =>
      one.selected && (one.kind === "tab" || one.kind === "link" || one.kind === "button" || one.kind === "clickable"),
  );
  const said = [
    reading.breadcrumb,
    reading.title,
    ...reading.headings.filter((one) => one.layer === null || one.layer === layer).map(({ text }) => text),
    ...tabs.flatMap(({ names }) => names.map(({ text }) => text)),
  ];
  return said.some((text) => purpose.test(keyOf(text)));
}

function hasField(reading: PageReading, names: readonly string[], layer: number | null): boolean {
  const keys = new Set(names.map(keyOf));
  // Several of one kind are numbered: Email1, 第2組信箱.
  const isCalledSo = (text: string): boolean =>
    [keyOf(text), ...looseKeysOf(text)].some(
      (key) => keys.has(key) || keys.has(key.replace(/^第?\d+[組個筆]?/u, "").replace(/[\d一二三四五]+$/u, "")),
    );
  return reading.controls.some(
    (control) =>
      control.layer === layer &&
      ["text", "select", "drawn-select", "choice", "file", "checkbox", "radio"].includes(control.kind) &&
      control.names.some(({ text }) => isCalledSo(text)),
  );
}

function pathOf({ control, line }: Candidate): string {
  return control === null ? line.path : control.path;
}

function orderOf({ control, line }: Candidate): number {
  return control === null ? line.order : control.order;
}
