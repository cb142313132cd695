import type { Page } from "playwright";
import { BlankNumbers } from "./blank-numbers/blank-numbers.ts";
import { openQuestion } from "../dom/over-the-page/box.ts";
import { CLASSIC_PLACES } from "./places-classic.ts";
import { CURRENT_PLACES } from "./places-current.ts";
import type { Ear } from "../dom/windows/dialogs.ts";
import { MissingUploads } from "./missing-uploads.ts";
import type { BlankNumbersPage, Design, MissingUploadsPage, Portal, TracksPage, WinningListsPage } from "../pages.ts";
import { click } from "../dom/click.ts";
import { closeAnnouncements } from "../dom/over-the-page/announcements.ts";
import { findIfThere, part } from "../dom/part.ts";
import { TERMS } from "../dom/reading/vocabulary.ts";
import { Navigator, type Place, type PlaceName, unhideMenu } from "./place.ts";
import { lookUntil } from "../dom/poll.ts";
import type { Arrival, Places, Surface } from "../dom/windows/window.ts";
import { Tracks } from "./tracks/tracks.ts";
import { WinningLists } from "./winning-lists.ts";
import { TIMING } from "../dom/timing.ts";

export const signOutPart = part("sign-out", "press", TERMS.signOut);

const PLACES: { readonly [design in Design]: { readonly [page in PlaceName]: Place } } = {
  classic: CLASSIC_PLACES,
  current: CURRENT_PLACES,
};

/** What surrounds every page of the business: menu, announcements, signing out. */
export class Shell implements Portal, Places {
  readonly design: Design;
  readonly page: Page;
  readonly ear: Ear;
  readonly #navigator: Navigator;

  private constructor(design: Design, { page, ear }: Surface) {
    this.design = design;
    this.page = page;
    this.ear = ear;
    this.#navigator = new Navigator(this);
  }

  /** @param design in which the portal was signed in to */
  static async enter(design: Design, surface: Surface): Promise<Shell> {
    // After the sign-in an announcement may lie over the page. It is closed where it is in the way of a click, like a person would.
    await closeAnnouncements(surface.page);
    return new Shell(design, surface);
  }

  tracks(): Promise<TracksPage> {
    return Promise.resolve(new Tracks(this));
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
    return this.#navigator.open(PLACES[this.design].tracks);
  }

  openBlankNumbers(): Promise<Arrival> {
    return this.#navigator.open(PLACES[this.design].blankNumbers);
  }

  openMissingUploads(): Promise<Arrival> {
    return this.#navigator.open(PLACES[this.design].missingUploads);
  }

  openWinningLists(): Promise<Arrival> {
    return this.#navigator.open(PLACES[this.design].winningLists);
  }

  leaveClean(): void {
    this.#navigator.leaveClean();
  }

  spend(): void {
    this.#navigator.spend();
  }

  async signOut(): Promise<void> {
    if (!(await findIfThere(this.page, signOutPart, TIMING.draw))) await unhideMenu(this.page);
    const button = await findIfThere(this.page, signOutPart, TIMING.draw);
    if (!button) return;
    await click(button);
    const asked = await lookUntil(this.page, TIMING.draw, async () => {
      return (await openQuestion(this.page)) ?? ((await button.isVisible()) ? null : "out");
    });
    if (asked !== null && asked !== "out") await asked.yes();
  }
}
