import type { Page } from "playwright";
import { closeAnnouncements } from "../dom/overlays/announcements.ts";
import type { PlatformBlankPage, PlatformSite, PlatformWinnersPage } from "../pages.ts";
import { tryLocate } from "../dom/locator-spec.ts";
import { Navigator } from "../portal/navigator.ts";
import { signOutSpec } from "../portal/signed-in-portal.ts";
import type { PageContext } from "../dom/windows/page-context.ts";
import { BlankTracks } from "./blank-tracks.ts";
import { PLATFORM_ROUTES } from "./routes.ts";
import { Winners } from "./winners.ts";
import { TIMING } from "../dom/timing.ts";
import { followed } from "../dom/page-log.ts";

/** The value-added platform, signed in: its menu, and signing out. */
export class SignedInPlatform implements PlatformSite {
  readonly #pageContext: PageContext;
  readonly #page: Page;
  readonly #navigator: Navigator;

  private constructor(pageContext: PageContext) {
    this.#pageContext = pageContext;
    this.#page = pageContext.page;
    this.#navigator = new Navigator(pageContext);
  }

  static async enter(pageContext: PageContext): Promise<SignedInPlatform> {
    await closeAnnouncements(pageContext.page);
    return new SignedInPlatform(pageContext);
  }

  blankTracks(): Promise<PlatformBlankPage> {
    return Promise.resolve(new BlankTracks(this.#pageContext, () => this.#navigator.open(PLATFORM_ROUTES.blankTracks)));
  }

  winners(): Promise<PlatformWinnersPage> {
    const open = (place: "winners" | "deliveries"): Promise<unknown> => this.#navigator.open(PLATFORM_ROUTES[place]);
    return Promise.resolve(new Winners(this.#pageContext, open));
  }

  async signOut(): Promise<void> {
    const out = await tryLocate(this.#page, signOutSpec, TIMING.draw);
    if (out) await followed(out).click();
  }
}
