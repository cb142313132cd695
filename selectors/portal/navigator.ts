import type { Locator, Page } from "playwright";
import { click } from "../dom/click.ts";
import {
  controlLocator,
  locateAll,
  tryLocate,
  namedSpec,
  type LocatorSpec,
  controlReadAt,
} from "../dom/locator-spec.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import { nameStrength } from "../dom/reading/description.ts";
import { readPage } from "../dom/reading/read-page.ts";
import type { Control, PageReading } from "../dom/reading/reading.ts";
import { keyOf } from "../dom/reading/words.ts";
import { stateInMessages, pageStateOf } from "../dom/page-state.ts";
import { TIMING } from "../dom/timing.ts";
import { guarded } from "../dom/guard.ts";
import type { Arrival, PageContext, PageUse } from "../dom/windows/page-context.ts";
import type { Design } from "../pages.ts";
import { followed, tellAct } from "../dom/page-log.ts";
import { windowOpenedBy } from "../dom/windows/windows.ts";
import { signedOutIn } from "./sign-in/sign-in.ts";

/** A page of the portal: how it is reached, and how it is known. */
export interface Route {
  readonly name: string;
  /** Its address, where it is known; works once signed in. */
  readonly path: string | null;
  /** Its entry in the menu. Where groups have the same name, the innermost is the entry. */
  readonly entry: LocatorSpec;
  /** Groups of the menu that may have to be opened first, the innermost first. */
  readonly groups: readonly LocatorSpec[];
  /** The code in the breadcrumb, where it is known; or the breadcrumb's end. The name alone also stands in the menu. */
  readonly breadcrumb: RegExp;
  readonly heading: RegExp | null;
}

/** A page in both designs. */
export type Routes = { readonly [design in Design]: Route };

/** What pages of the business work on: the one in front, and how to come to another. */
export interface PortalNavigation extends PageContext, PageUse {
  /**
   * Opens a page of the business and recognises it. One that is in front and was left clean is stayed on; it is spent by whatever is begun on it, and clean
   * again only where that has come to its end.
   */
  open(page: Routes): Promise<Arrival>;
}

/** Something in the menu, of whatever element. */
export function menuSpec(id: string, name: string, words: RegExp): LocatorSpec {
  return namedSpec(id, "menu", name, { pattern: new RegExp(words.source, "i") });
}

const showMenu = namedSpec("menu.show", "press", "顯示選單", {
  pattern: /(顯示|展開|開啟|打開)?.*選單$|^(menu|showmenu|openmenu|☰|≡)$/,
  not: /隱藏|收合|關閉/,
});

/** Every page of the business prints its code in the current design's breadcrumb. */
const CODE = /BT[A-Z]\d{3}W/;
/** What a server answers for an address that it does not have. */
const NO_PAGE = new Set([404, 410]);
/** How often something in the menu is pressed: groups open one after the other, and the first press is sometimes swallowed. */
const PRESSES = 10;
/** How often one group is pressed on the way to one entry. */
const TRIES = 2;
/** Groups of a menu that may hold anything of a business's. */
const ROOTS = /功能選單|電子發票|發票|字軌|營業人|作業|申報|應辦|上傳|查詢與下載|menu|invoice|filing|track|upload/i;
/** What says of itself that more is in it. */
const FOLDED = /^\s*[＋+▸▶►»]|[＋+▾▼▸▶►⌄∨˅›»]\s*$/u;

/** Opens the pages of the portal, and knows that it is there. */
export class Navigator {
  readonly #pageContext: PageContext;
  /** Addresses at which pages were met; null for one that has none of its own, as in a frameset. */
  readonly #met = new Map<Route, string | null>();
  /** The page that was opened last, and the same once it was left clean: spent is the rule. */
  #last: Route | null = null;
  #clean: Route | null = null;
  /** Where the portal led after the sign-in: its menu is there. */
  readonly #landing: string;

  constructor(pageContext: PageContext) {
    this.#pageContext = pageContext;
    const { page } = pageContext;
    this.#landing = page.url();
    page.on(
      "pageerror",
      guarded(page, "an error of a page's script", () => this.markDirty()),
    );
  }

  /**
   * Stays on a page that is in front and was left clean; reopens it otherwise. It is spent from here on.
   * @throws PageError with what the portal says instead, `page-changed` when it says nothing
   */
  async open(place: Route): Promise<Arrival> {
    const stays = this.#clean === place && (await this.#isInFront(place));
    this.markDirty();
    this.#last = place;
    if (!stays) await this.#load(place);
    return stays ? "stayed" : "opened";
  }

  /** What was begun on the page that was opened last has come to its end. */
  markClean(): void {
    this.#clean = this.#last;
  }

  markDirty(): void {
    this.#clean = null;
  }

  /** Where the portal led after the sign-in; what was begun elsewhere is left behind. */
  async toLanding(): Promise<void> {
    await this.#pageContext.page.goto(this.#landing, { waitUntil: "domcontentloaded" });
  }

  /** It is what it says to be, and says nothing else; nothing lies over it. */
  async #isInFront(place: Route): Promise<boolean> {
    const { page, dialogs } = this.#pageContext;
    if (dialogs.openConfirm() !== null) return false;
    const reading = await readPage(page);
    const isFree = !reading.busy && !reading.layers.some(({ blocking }) => blocking);
    return isFree && isAt(reading, place) && pageStateOf(reading) === null;
  }

  /** By its address, known or met before; by the menu where that leads elsewhere. */
  async #load(place: Route): Promise<void> {
    const { page, dialogs } = this.#pageContext;
    const met = this.#met.get(place);
    const address = met === undefined ? place.path : met;
    if (address !== null) {
      tellAct(page, `open ${place.name}`);
      const answer = await page.goto(new URL(address, page.url()).href, { waitUntil: "domcontentloaded" });
      const isNone = answer !== null && NO_PAGE.has(answer.status());
      if (await arrives(page, place, isNone ? TIMING.draw : TIMING.page)) return;
      const sign = pageStateOf(await readPage(page));
      if (sign && !isNone) throw new PageError(sign.state, `${place.name}的頁面`, sign.words);
      // An address of another design leads out of the pages that have the menu.
      if (isNone || !(await hasMenu(page))) await page.goto(this.#landing, { waitUntil: "domcontentloaded" });
    }
    // Its own address would be waited for in vain; what was begun on it is left behind all the same.
    if (met === null || (address === null && (await isBlocked(page)))) await this.toLanding();
    // What stands on the public pages is no menu of what is behind the sign-in: nothing of it is pressed.
    assertSignedIn(await readPage(page), place);
    const before = page.url();
    if (await openByMenu(page, place)) {
      this.#met.set(place, page.url() === before ? null : page.url());
      await page.waitForLoadState("domcontentloaded");
      return;
    }
    const reading = await readPage(page);
    const sign = pageStateOf(reading) ?? stateInMessages(dialogs.takeMessages());
    if (sign === null) assertSignedIn(reading, place);
    const inMenu = await locateAll(page, place.entry);
    const seen = `停在 ${reading.title || reading.breadcrumb || page.url()}，${
      inMenu.length === 0 ? "選單裡沒有" : "按了選單裡的"
    }「${place.entry.name}」${inMenu.length === 0 ? "" : "，看不出是這一頁"}`;
    const missing = sign === null && inMenu.length === 0 ? [place.entry] : [];
    throw new PageError(sign?.state ?? "page-changed", `${place.name}的頁面`, sign?.words ?? seen, { parts: missing });
  }
}

/** Whether a page is this one: by the breadcrumb's end or its code, by the page's own heading. The name alone also stands in the menu. */
export function isAt(reading: PageReading, { breadcrumb: crumb, heading, entry }: Route): boolean {
  const { breadcrumb, lines, headings, controls } = reading;
  const inMenu = new Set(controls.filter(({ navigation }) => navigation).map(({ id }) => id));
  const printed = [
    breadcrumb,
    ...lines.filter(({ control }) => control === null || !inMenu.has(control)).map(({ text }) => text),
  ];
  if (printed.some((text) => crumb.test(text) || crumb.test(keyOf(text)))) return true;
  if (heading !== null && headings.some(({ text }) => heading.test(text) || heading.test(keyOf(text)))) return true;
  // A page that says nothing of itself is the one that its menu marks as the one that is open.
  const isSilent = breadcrumb === "" && headings.length === 0;
  return isSilent && controls.some((one) => one.navigation && one.selected && isCalled(one, entry));
}

/** A box lies over the page and its menu: a form that was left open, or an announcement. */
async function isBlocked(page: Page): Promise<boolean> {
  return (await readPage(page)).layers.some(({ blocking, kind }) => blocking && kind !== "busy");
}

function isCalled({ names }: Control, entry: LocatorSpec): boolean {
  return names.some(({ from, text }) => from === "own" && nameStrength(entry, text) > 0);
}

/** @throws PageError `session-expired` where nobody can sign out and somebody could sign in */
function assertSignedIn(reading: PageReading, place: Route): void {
  const seen = signedOutIn(reading);
  if (seen !== null) throw new PageError("session-expired", `${place.name}的頁面`, seen);
}

async function openByMenu(page: Page, place: Route): Promise<boolean> {
  const inMenu = async (): Promise<number> =>
    (await Promise.all([place.entry, ...place.groups].map((one) => locateAll(page, one)))).flat().length;
  await waitUntil(page, TIMING.menu, async () => {
    if ((await inMenu()) > 0) return true;
    // A menu of which only the closed root is to be seen is there.
    const { controls, layers } = await readPage(page);
    return !layers.some(({ blocking }) => blocking) && controls.some(isClosedGroup) ? true : null;
  });
  let turn = 0;
  const tried = new Map<string, number>();
  for (let press = 0; press < PRESSES; press++) {
    const entries = await locateAll(page, place.entry);
    // The innermost comes last. Where pressing it leads nowhere, it is the page's own title, or something else of that name.
    const entry = entries.at(-1 - (turn % Math.max(1, entries.length)));
    const target = entry ?? (await groupOf(page, place, tried));
    if (!target) return false;
    const before = await inMenu();
    const shown = (await readPage(page)).lines.length;
    const opened = await pressed(page, place, target, entry ? TIMING.menu : TIMING.draw, async ({ lines }) => {
      return (await inMenu()) > before || (!entry && lines.length > shown);
    });
    if (opened === "here") return true;
    // One more try where the press may have been swallowed.
    if (opened === null && press % 2 === 1) turn++;
  }
  return false;
}

/**
 * Presses something of the menu. A page that opens in a window of its own is brought here by its address.
 * @returns whether the page is here, or the menu shows more; null where nothing has come of it
 */
async function pressed(
  page: Page,
  place: Route,
  target: Locator,
  within: number,
  isMore: (reading: PageReading) => Promise<boolean>,
): Promise<"here" | "more" | null> {
  const apart = windowOpenedBy(page);
  const isApart = async (): Promise<boolean> => {
    const window = apart.window();
    return (
      window !== null &&
      (await readPage(window.page).then(
        (reading) => isAt(reading, place),
        () => false,
      ))
    );
  };
  try {
    await click(target);
    const opened = await waitUntil(page, within, async () => {
      const reading = await readPage(page);
      if (isAt(reading, place)) return "here";
      if (await isApart()) return "apart";
      return (await isMore(reading)) ? "more" : null;
    });
    if (opened === "here" || opened === "more") return opened;
    // A window that is there may still be loading its page.
    const isThere =
      apart.window() !== null && (await waitUntil(page, TIMING.page, async () => (await isApart()) || null));
    const window = apart.window();
    if (!isThere || window === null) return null;
    await bringHere(page, window.page, place);
    return "here";
  } finally {
    apart.stop();
  }
}

/** @throws PageError where the address of the window shows something else here */
async function bringHere(page: Page, window: Page, place: Route): Promise<void> {
  const address = window.url();
  await window.close();
  tellAct(page, `open ${place.name}`);
  await page.goto(address, { waitUntil: "domcontentloaded" });
  if (await arrives(page, place, TIMING.page)) return;
  const sign = pageStateOf(await readPage(page));
  const seen = "選單把它開在另一個視窗，同一個網址在原來的視窗打不開";
  throw new PageError(sign?.state ?? "page-changed", `${place.name}的頁面`, sign?.words ?? seen);
}

/**
 * What to press next on the way to the entry: the innermost group that is to be seen, or whatever else of the menu is closed; where nothing
 * is, the menu itself may be hidden. What stands in the menu is meant before what is only called so, such as the title of another page.
 */
async function groupOf(page: Page, { groups }: Route, tried: Map<string, number>): Promise<Locator | null> {
  const found: { readonly group: LocatorSpec; readonly at: Locator }[] = [];
  for (const group of groups) for (const at of await locateAll(page, group)) found.push({ group, at });
  const left = found.filter(({ group, at }) => (tried.get(wordsOf(at, group)) ?? 0) < TRIES);
  const next =
    left.find(({ at }) => controlReadAt(at)?.navigation === true) ?? left.find(({ at }) => controlReadAt(at) !== null);
  const other = next ? null : ((await rootOf(page, tried)) ?? (await tryLocate(page, showMenu, 0)));
  const one = next ?? (other ? null : left[0]);
  if (!one) return other;
  const words = wordsOf(one.at, one.group);
  tried.set(words, (tried.get(words) ?? 0) + 1);
  return one.at;
}

function wordsOf(at: Locator, { id }: LocatorSpec): string {
  const control = controlReadAt(at);
  return control === null ? id : nameOf(control);
}

function nameOf({ names }: Control): string {
  return names.find(({ from }) => from === "own" || from === "accessible")?.text ?? "";
}

function isClosedGroup(one: Control): boolean {
  return (
    ["button", "link", "menuitem", "clickable"].includes(one.kind) &&
    // A menu that says of itself neither that it is one nor whether it is open draws an arrow at least.
    (one.navigation || isFolded(one)) &&
    one.expanded !== true &&
    ROOTS.test(nameOf(one))
  );
}

function isFolded(one: Control): boolean {
  return one.expanded === false || one.names.some(({ from, text }) => from === "own" && FOLDED.test(text));
}

/** A group of the menu that is closed, the least tried first: menus open step by step, and one that is drawn again is closed again. */
async function rootOf(page: Page, tried: Map<string, number>): Promise<Locator | null> {
  const { controls } = await readPage(page);
  const times = (one: Control): number => tried.get(nameOf(one)) ?? 0;
  const [root] = controls
    .filter((one) => isClosedGroup(one) && times(one) < TRIES)
    .toSorted((a, b) => times(a) - times(b) || Number(isFolded(b)) - Number(isFolded(a)));
  if (!root) return null;
  tried.set(nameOf(root), times(root) + 1);
  return controlLocator(page, root);
}

/** Anything of a menu: something in it, or the button that shows it. */
async function hasMenu(page: Page): Promise<boolean> {
  const { controls } = await readPage(page);
  return controls.some((one) => one.navigation) || (await tryLocate(page, showMenu, 0)) !== null;
}

/** After an address was opened; false as soon as the page says that it is another one. */
async function arrives(page: Page, place: Route, within: number): Promise<boolean> {
  const at = await waitUntil(page, within, async () => {
    const reading = await readPage(page);
    if (isAt(reading, place)) return { here: true };
    // Another page's code, or what the portal says instead.
    const other = CODE.test(reading.breadcrumb) || pageStateOf(reading) !== null;
    return other ? { here: false } : null;
  });
  return at?.here ?? false;
}

/** Shows the menu again where it was hidden. */
export async function unhideMenu(page: Page): Promise<void> {
  const show = await tryLocate(page, showMenu, 0);
  if (show) await followed(show).click();
}
