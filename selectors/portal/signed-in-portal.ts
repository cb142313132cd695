import type { Page } from "playwright";
import { BlankNumbers } from "./blank-numbers/blank-numbers.ts";
import { questionModal } from "../dom/overlays/modal.ts";
import { CLASSIC_ROUTES } from "./routes-classic.ts";
import { CURRENT_ROUTES } from "./routes-current.ts";
import type { DialogMonitor } from "../dom/windows/dialogs.ts";
import { MissingUploads } from "./missing-uploads.ts";
import type { BlankNumbersPage, Design, MissingUploadsPage, Portal, TracksPage, WinningListsPage } from "../pages.ts";
import { click } from "../dom/click.ts";
import { closeAnnouncements } from "../dom/overlays/announcements.ts";
import { tryLocate, locatorSpec } from "../dom/locator-spec.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { Navigator, type Route, type RouteName, unhideMenu } from "./navigator.ts";
import { waitUntil } from "../dom/wait-until.ts";
import type { Arrival, PortalNavigation, PageContext } from "../dom/windows/page-context.ts";
import { PortalTracks } from "./tracks/tracks.ts";
import { WinningLists } from "./winning-lists.ts";
import { TIMING } from "../dom/timing.ts";

export const signOutSpec = locatorSpec("sign-out", "press", TERMS.signOut);

const ROUTES: { readonly [design in Design]: { readonly [page in RouteName]: Route } } = {
  classic: CLASSIC_ROUTES,
  current: CURRENT_ROUTES,
};

/** What surrounds every page of the business: menu, announcements, signing out. */
export class SignedInPortal implements Portal, PortalNavigation {
  readonly design: Design;
  readonly page: Page;
  readonly dialogs: DialogMonitor;
  readonly #navigator: Navigator;

  private constructor(design: Design, { page, dialogs }: PageContext) {
    this.design = design;
    this.page = page;
    this.dialogs = dialogs;
    this.#navigator = new Navigator(this);
  }

  /** @param design in which the portal was signed in to */
  static async enter(design: Design, pageContext: PageContext): Promise<SignedInPortal> {
    // After the sign-in an announcement may lie over the page. It is closed where it is in the way of a click, like a person would.
    await closeAnnouncements(pageContext.page);
    return new SignedInPortal(design, pageContext);
  }

  tracks(): Promise<TracksPage> {
    return Promise.resolve(new PortalTracks(this));
  }

  blankNumbers(): Promise<BlankNumbersPage> {
    return Promise.resolve(new BlankNumbers(this));
  }

  missingUploads(): Promise<MissingUploadsPage> {
    return Promise.resolve(new MissingUploads(this));
  }

  winningLists(): Promise<WinningListsPage> {
    return Promise.resolve(new WinningLists(this));
  }

  openTracks(): Promise<Arrival> {
    return this.#navigator.open(ROUTES[this.design].tracks);
  }

  openBlankNumbers(): Promise<Arrival> {
    return this.#navigator.open(ROUTES[this.design].blankNumbers);
  }

  openMissingUploads(): Promise<Arrival> {
    return this.#navigator.open(ROUTES[this.design].missingUploads);
  }

  openWinningLists(): Promise<Arrival> {
    return this.#navigator.open(ROUTES[this.design].winningLists);
  }

  markClean(): void {
    this.#navigator.markClean();
  }

  markDirty(): void {
    this.#navigator.markDirty();
  }

  async signOut(): Promise<void> {
    if (!(await tryLocate(this.page, signOutSpec, TIMING.draw))) await unhideMenu(this.page);
    const button = await tryLocate(this.page, signOutSpec, TIMING.draw);
    if (!button) return;
    await click(button);
    const asked = await waitUntil(this.page, TIMING.draw, async () => {
      return (await questionModal(this.page)) ?? ((await button.isVisible()) ? null : "out");
    });
    if (asked !== null && asked !== "out") await asked.yes();
  }
}
