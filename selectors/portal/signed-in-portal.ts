import type { Locator, Page } from "playwright";
import { BlankNumbers } from "./blank-numbers/blank-numbers.ts";
import { questionModal } from "../dom/overlays/modal.ts";
import type { DialogMonitor } from "../dom/windows/dialogs.ts";
import { MissingUploads } from "./missing-uploads.ts";
import type { CheckedPage, CheckResult, PageCheck, PeriodsToCheck } from "../page-check.ts";
import type { Design, Portal } from "../pages.ts";
import { checkPage } from "./check.ts";
import { click } from "../dom/click.ts";
import { closeAnnouncements } from "../dom/overlays/announcements.ts";
import { harvested } from "../dom/harvest/harvest.ts";
import { controlLocator, tryLocate, locatorSpec } from "../dom/locator-spec.ts";
import { readPage } from "../dom/reading/read-page.ts";
import type { Control, PageReading } from "../dom/reading/reading.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { Navigator, type PortalNavigation, type Route, type Routes, unhideMenu } from "./navigator.ts";
import { ownRequestsOf } from "../dom/network/own-requests.ts";
import { waitUntil } from "../dom/wait-until.ts";
import type { Arrival, PageContext } from "../dom/windows/page-context.ts";
import { PortalTracks } from "./tracks/tracks.ts";
import { WinningLists } from "./winning-lists.ts";
import { TIMING } from "../dom/timing.ts";

export const signOutSpec = locatorSpec("sign-out", "press", TERMS.signOut);

/** What a menu of the person who is signed in says of itself. */
const PERSONAL = /👤|您好|帳[號戶]|使用者|會員|個人|設定|account|profile|user/iu;
/** And what folds open. */
const FOLDED = /[▾▼⌄∨˅]\s*$/u;

/** The things in the head of a page that may hold 登出, the likeliest first: who is signed in, then what folds open farthest to the right. */
export function signOutMenus({ controls }: PageReading): readonly Control[] {
  const words = (one: Control): string => one.names.map(({ text }) => text).join(" ");
  const isFolded = (one: Control): boolean => one.expanded === false || FOLDED.test(words(one));
  return controls
    .filter(
      (one) =>
        ["button", "link", "clickable", "menuitem"].includes(one.kind) &&
        one.box[1] < HEAD_PX &&
        !one.covered &&
        one.layer === null &&
        (isFolded(one) || /👤|您好/u.test(words(one))),
    )
    .toSorted((a, b) => Number(PERSONAL.test(words(b))) - Number(PERSONAL.test(words(a))) || b.box[0] - a.box[0])
    .slice(0, MOST_MENUS);
}

const HEAD_PX = 160;
const MOST_MENUS = 3;

/** 登出 where it is folded away. */
async function unfoldedSignOut(page: Page): Promise<Locator | null> {
  for (const menu of signOutMenus(await readPage(page))) {
    await click(controlLocator(page, menu));
    const button = await tryLocate(page, signOutSpec, TIMING.draw);
    if (button) return button;
  }
  return null;
}

/** What surrounds every page of the business: menu, announcements, signing out. */
export class SignedInPortal implements Portal, PortalNavigation {
  readonly design: Design;
  readonly page: Page;
  readonly dialogs: DialogMonitor;
  readonly #navigator: Navigator;
  readonly #routes = new Map<Routes, Route>();

  // A page of the contract is one line here.
  readonly tracks: Portal["tracks"] = () => Promise.resolve(new PortalTracks(this));
  readonly blankNumbers: Portal["blankNumbers"] = () => Promise.resolve(new BlankNumbers(this));
  readonly missingUploads: Portal["missingUploads"] = () => Promise.resolve(new MissingUploads(this));
  readonly winningLists: Portal["winningLists"] = () => Promise.resolve(new WinningLists(this));

  private constructor(design: Design, { page, dialogs }: PageContext) {
    this.design = design;
    this.page = page;
    this.dialogs = dialogs;
    this.#navigator = new Navigator(this);
  }

  /** @param design in which the portal was signed in to */
  static async enter(design: Design, pageContext: PageContext): Promise<SignedInPortal> {
    // What the page asks by itself is known by how often it does.
    ownRequestsOf(pageContext.page);
    // After the sign-in an announcement may lie over the page. It is closed where it is in the way of a click, like a person would.
    await closeAnnouncements(pageContext.page);
    return new SignedInPortal(design, pageContext);
  }

  check(page: CheckedPage, periods: PeriodsToCheck): Promise<CheckResult> {
    return checkPage(this, page, periods);
  }

  async harvest({ page, title, parts }: PageCheck, known: readonly string[]): Promise<string> {
    const about = { page, title, parts: parts.map(({ id }) => id) };
    return JSON.stringify(harvested(await readPage(this.page), about, known));
  }

  open(page: Routes): Promise<Arrival> {
    return this.#navigator.open(this.#routeOf(page));
  }

  /** As this design has it. Sites mix the designs: what the other one prints on it is believed, and its groups of the menu are tried last. */
  #routeOf(page: Routes): Route {
    const known = this.#routes.get(page);
    if (known) return known;
    const own = page[this.design];
    const other = page[this.design === "classic" ? "current" : "classic"];
    const route = {
      ...own,
      // The innermost of both come first: a group that is open is not closed again for what is in it.
      groups: own.groups
        .flatMap((group, at) => [group, ...other.groups.slice(at, at + 1)])
        .concat(other.groups.slice(own.groups.length)),
      breadcrumb: new RegExp(`${own.breadcrumb.source}|${other.breadcrumb.source}`),
    };
    this.#routes.set(page, route);
    return route;
  }

  markClean(): void {
    this.#navigator.markClean();
  }

  markDirty(): void {
    this.#navigator.markDirty();
  }

  async #signOutButton(): Promise<Locator | null> {
    return (await tryLocate(this.page, signOutSpec, TIMING.draw)) ?? unfoldedSignOut(this.page);
  }

  /** A box that was left open lies over the way out: where the portal led after the sign-in there is none. */
  async #signOutButtonElsewhere(): Promise<Locator | null> {
    if (!(await readPage(this.page)).layers.some(({ blocking }) => blocking)) return null;
    await this.#navigator.toLanding();
    await closeAnnouncements(this.page);
    return this.#signOutButton();
  }

  async signOut(): Promise<void> {
    if (!(await tryLocate(this.page, signOutSpec, TIMING.draw))) await unhideMenu(this.page);
    const button = (await this.#signOutButton()) ?? (await this.#signOutButtonElsewhere());
    if (!button) return;
    await click(button);
    const asked = await waitUntil(this.page, TIMING.draw, async () => {
      return (await questionModal(this.page)) ?? ((await button.isVisible()) ? null : "out");
    });
    if (asked !== null && asked !== "out") await asked.yes();
  }
}
