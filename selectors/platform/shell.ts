import type { Page } from "playwright";
import { closeAnnouncements } from "../dom/over-the-page/announcements.ts";
import type { PlatformBlankPage, PlatformSite, PlatformWinnersPage } from "../pages.ts";
import { findIfThere } from "../dom/part.ts";
import { Navigator } from "../portal/place.ts";
import { signOutPart } from "../portal/shell.ts";
import type { Surface } from "../dom/windows/window.ts";
import { BlankTracks } from "./blank-tracks.ts";
import { PLATFORM_PLACES } from "./places.ts";
import { Winners } from "./winners.ts";
import { TIMING } from "../dom/timing.ts";

/** The value-added platform, signed in: its menu, and signing out. */
export class PlatformShell implements PlatformSite {
  readonly #surface: Surface;
  readonly #page: Page;
  readonly #navigator: Navigator;

  private constructor(surface: Surface) {
    this.#surface = surface;
    this.#page = surface.page;
    this.#navigator = new Navigator(surface);
  }

  static async enter(surface: Surface): Promise<PlatformShell> {
    await closeAnnouncements(surface.page);
    return new PlatformShell(surface);
  }

  blankTracks(): Promise<PlatformBlankPage> {
    return Promise.resolve(new BlankTracks(this.#surface, () => this.#navigator.open(PLATFORM_PLACES.blankTracks)));
  }

  winners(): Promise<PlatformWinnersPage> {
    const open = (place: "winners" | "deliveries"): Promise<unknown> => this.#navigator.open(PLATFORM_PLACES[place]);
    return Promise.resolve(new Winners(this.#surface, open));
  }

  async signOut(): Promise<void> {
    await (await findIfThere(this.#page, signOutPart, TIMING.draw))?.click();
  }
}
