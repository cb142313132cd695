import type { Locator, Page } from "playwright";
import { clearLayer } from "./overlays/layers.ts";
import { addGroup, addPart } from "./local/known-parts.ts";
import { waitUntil } from "./wait-until.ts";
import { PageError } from "./page-error.ts";
import { type Demands, describeLocator, type LocatorSpec, type LocatorOptions } from "./reading/description.ts";
import { controlAt, lineAt } from "./reading/handle.ts";
import { isMenu } from "./reading/over.ts";
import { type Candidate, match, type MatchOptions, matchAll } from "./reading/match.ts";
import { formatProposals, propose, type Proposal } from "./reading/propose.ts";
import type { Control, Layer, PageReading } from "./reading/reading.ts";
import { readPage, readWithin } from "./reading/read-page.ts";
import type { Term } from "./reading/vocabulary.ts";
import { isWatched, noteLookup } from "./lookups.ts";
import { TIMING } from "./timing.ts";
import { tellLook } from "./page-log.ts";

export type { LocatorSpec } from "./reading/description.ts";

/**
 * A button that changes the portal. None of the ways to find a part takes it: only a `Submission` resolves it, and only the
 * engine's effects press what that hands out.
 */
export interface SubmitButton {
  readonly submitSpec: LocatorSpec;
}

/** Something that is pressed, filled in, chosen from or looked at, and changes nothing at the portal by itself. */
export function locatorSpec(
  id: string,
  kind: LocatorSpec["kind"],
  term: Term,
  options: LocatorOptions = {},
): LocatorSpec {
  const made = describeLocator(id, kind, term, options);
  addPart(made);
  return made;
}

/** A part with its own name that nothing else on these pages has. */
export function namedSpec(
  id: string,
  kind: LocatorSpec["kind"],
  name: string,
  options: LocatorOptions = {},
): LocatorSpec {
  return locatorSpec(id, kind, { name, also: [] }, options);
}

/** @param demands what its page and its form have to say, before it is taken for this button */
export function submitButton(id: string, term: Term, demands: Demands, options: LocatorOptions = {}): SubmitButton {
  const submitSpec = describeLocator(id, "press", term, options, demands);
  addPart(submitSpec);
  return { submitSpec };
}

/** These stand on one page, and a job needs all of them: where one is not found, the others are asked about, too. */
export function neededTogether(...parts: readonly (LocatorSpec | SubmitButton)[]): void {
  addGroup(parts.map((one) => ("submitSpec" in one ? one.submitSpec : one)));
}

export type Scope = Page | Locator;

/** A match by less than its own name is believed when the next look finds the same. */
const SURE = 93;

export interface LocateOptions extends MatchOptions {
  /** Milliseconds that it may take to show; 0 looks once. */
  readonly within?: number;
}

/**
 * The one thing on the page that the part means, to be acted on with real input. It is read again as the same whenever it is used.
 * @throws PageError `page-changed`, naming what was looked for, what is most like it, and why that is not it
 */
export async function locate(scope: Scope, wanted: LocatorSpec, options: LocateOptions = {}): Promise<Locator> {
  const looked = await lookFor(scope, wanted, { within: TIMING.appear, ...options });
  if ("locator" in looked) return looked.locator;
  throw new PageError("page-changed", `「${wanted.name}」（${wanted.id}）`, whyNot(looked), { parts: [wanted] });
}

/** Like `locate`, but null when it does not show up within the given number of milliseconds; 0 looks once, at what is there now. */
export async function tryLocate(
  scope: Scope,
  wanted: LocatorSpec,
  within: number,
  options: MatchOptions = {},
): Promise<Locator | null> {
  const looked = await lookFor(scope, wanted, { ...options, within });
  return "locator" in looked ? looked.locator : null;
}

/** All that the part may mean, for those distinguished by their order. Where none is to be seen, what only informs is closed first. */
export async function locateAll(scope: Scope, wanted: LocatorSpec): Promise<Locator[]> {
  const inRow = isLocator(scope);
  const reading = await readScope(scope);
  const there = matchAll(reading, wanted, { inRow });
  const blocking = reading.layers.find((layer) => layer.blocking);
  // What lies behind an announcement is there for a person who closes it, and only then.
  const closed = there.length === 0 && !inRow && blocking !== undefined && !isSoughtIn(wanted, reading, blocking);
  const found =
    closed && (await clearLayer(pageOf(scope), reading, blocking))
      ? matchAll(await readScope(scope), wanted, { inRow })
      : there;
  return found.map((one) => locatorOf(scope, one, wanted));
}

interface NotFound {
  readonly several: boolean;
  readonly behind: string | null;
  /** Worked out where somebody wants to know them: a look that is repeated finds none mostly. */
  readonly proposals: () => readonly Proposal[];
}

interface Found {
  readonly locator: Locator;
  /** By which description, for whoever checks the pages. */
  readonly by: string;
  readonly elements: number;
  readonly local: boolean;
}

/** Looks, and tells whoever wants to know how it was found. */
async function lookFor(scope: Scope, wanted: LocatorSpec, options: LocateOptions): Promise<Found | NotFound> {
  const page = pageOf(scope);
  if (!isWatched(page)) return lookForOnce(scope, wanted, options);
  const began = performance.now();
  const looked = await lookForOnce(scope, wanted, options);
  const found = "locator" in looked ? looked : null;
  const about = { id: wanted.id, name: wanted.name, milliseconds: Math.round(performance.now() - began) };
  noteLookup(
    page,
    { ...about, by: found?.by ?? null, elements: found?.elements ?? 0, local: found?.local ?? false },
    found?.locator ?? null,
  );
  return looked;
}

async function lookForOnce(
  scope: Scope,
  wanted: LocatorSpec,
  { within = 0, ...options }: LocateOptions,
): Promise<Found | NotFound> {
  const page = pageOf(scope);
  let last: NotFound = { several: false, behind: null, proposals: () => [] };
  let seen = "";
  const found = await waitUntil(page, within, async () => {
    // A row that is gone, as after its deletion, holds nothing.
    if (isLocator(scope) && (await scope.count()) === 0) return null;
    const reading = await readScope(scope).catch(async (error: unknown) => {
      if (isLocator(scope) && (await scope.count()) === 0) return null;
      throw error;
    });
    if (reading === null) return null;
    const around = isLocator(scope) && wanted.demands !== null ? await readPage(page) : null;
    const result = match(reading, wanted, { inRow: isLocator(scope), page: around, ...options });
    if (result.found === "one") {
      const key = JSON.stringify([result.what.control?.id, result.what.line?.id]);
      // A page that is still being drawn shows what fits better a moment later.
      if (result.strength >= SURE || within === 0 || key === seen) {
        const elements = matchAll(reading, wanted, { inRow: isLocator(scope) }).length;
        const by = `${wordsOf(result.what)}${result.local ? "（selectors/local.json）" : ""}`;
        return { locator: locatorOf(scope, result.what, wanted), by, elements, local: result.local };
      }
      seen = key;
      return null;
    }
    const behind = result.found === "none" ? result.behind : null;
    last = {
      several: result.found === "several",
      behind: behind?.words ?? null,
      proposals: () => propose(reading, wanted, result.candidates),
    };
    if (behind !== null && within > 0 && !isLocator(scope) && !isSoughtIn(wanted, reading, behind))
      await clearLayer(page, reading, behind);
    return null;
  });
  tellLook(page, `${wanted.name} (${wanted.id})`, () => (found === null ? whyNot(last) : "found"));
  return found ?? last;
}

/** As what a candidate was found: its kind, and the name that it has on the page. */
function wordsOf({ control, line }: Candidate): string {
  if (control === null) return `文字「${line.text.trim().slice(0, 30)}」`;
  const [name] = control.names.filter(({ from }) => from !== "hint");
  return `${control.kind}「${(name?.text ?? "").trim().slice(0, 30)}」${name === undefined ? "" : `（${name.from}）`}`;
}

/** A menu that lies over the page is not closed for the sake of another of its entries. */
function isSoughtIn({ kind }: LocatorSpec, reading: PageReading, layer: Layer): boolean {
  return kind === "menu" && isMenu(reading, layer);
}

function whyNot({ several, behind, proposals }: NotFound): string {
  const covered = behind === null ? "" : `上面蓋著：${behind.replaceAll(/\s+/g, " ").slice(0, 120)}；`;
  const told = formatProposals(proposals());
  if (told === "") return `${covered}頁面上沒有相近的東西`;
  return `${covered}${several ? "沒有唯一符合的" : "沒有找到"}；相近的有 ${told}`;
}

/** What each locator was read as, for those who act on it. */
const controls = new WeakMap<Locator, Control>();

/** As what a part was read when it was found; null for something that is no control, or was found in another way. */
export function controlReadAt(locator: Locator): Control | null {
  return controls.get(locator) ?? null;
}

function locatorOf(scope: Scope, { control, line }: Candidate, { kind }: LocatorSpec): Locator {
  if (control === null) return lineAt(scope, line);
  return controlLocator(scope, control, kind === "choice" || kind === "entry" ? "to-choose" : "as-it-is");
}

/** The control of a reading as something to act on. */
export function controlLocator(
  scope: Scope,
  control: Control,
  uses: Parameters<typeof controlAt>[2] = "as-it-is",
): Locator {
  const locator = controlAt(scope, control, uses);
  controls.set(locator, control);
  return locator;
}

/** Every visible element that one candidate matches. */
export function visible(locator: Locator): Locator {
  return locator.filter({ visible: true });
}

export function readScope(scope: Scope): Promise<PageReading> {
  return isLocator(scope) ? readWithin(scope) : readPage(scope);
}

function isLocator(scope: Scope): scope is Locator {
  return !("goto" in scope);
}

function pageOf(scope: Scope): Page {
  return isLocator(scope) ? scope.page() : scope;
}
