import type { Locator, Page } from "playwright";
import { announcements, boxParts, openQuestion } from "../box.ts";
import type { Ear } from "../ear.ts";
import type { Portal, TracksPage } from "../pages.ts";
import { find, findIfThere, part, pressable, visible } from "../part.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { readSigns } from "../signs.ts";
import { CurrentTracks } from "./tracks.ts";

const parts = {
  menuGroup: part(
    "current.menu.group",
    "電子發票專用字軌號碼取號（選單）",
    { role: "button", name: /字軌號碼/ },
    { role: "menuitem", name: /字軌號碼/ },
    { role: "link", name: /字軌號碼/ },
    { text: /字軌號碼/ },
  ),
  menuTracks: part(
    "current.menu.tracks",
    "字軌號碼取號（選單）",
    { role: "link", name: /字軌號碼取號/ },
    { role: "menuitem", name: /字軌號碼取號/ },
    { role: "button", name: /字軌號碼取號/ },
    { text: /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號/ },
  ),
  menuToggle: part("current.menu.toggle", "隱藏選單", {
    role: "button",
    name: /(隱藏|收合|關閉|開關).*選單|選單.*(隱藏|收合|開關)/,
  }),
  signOut: pressable("current.sign-out", "登出", /^\s*登出\s*$/),
} as const;

/** The deep link to 字軌號碼取號; works once signed in. */
const TRACKS_PATH = "/dashboard/btb/btb004w/search";
/** Every page prints its code in the breadcrumb. The function's name alone proves nothing: it stands in the menu too. */
const TRACKS_CODE = /BTB004W/;
const OTHER_CODE = /BT[A-Z]\d{3}W/;
const TRACKS_HEADING = /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號\s*$/;
const APPEAR_MS = 20_000;
const COVERED_MS = 1_500;

/** What surrounds every page of the current design: menu, announcements, signing out. */
export class CurrentShell implements Portal {
  readonly design = "current";
  readonly page: Page;
  readonly ear: Ear;

  private constructor(page: Page, ear: Ear) {
    this.page = page;
    this.ear = ear;
  }

  static async enter(page: Page, ear: Ear): Promise<CurrentShell> {
    // After the sign-in an announcement may lie over the page. It is closed where it is in the way of a click, like a person would.
    await page.addLocatorHandler(announcements(page).first(), async (overlay) => {
      await (await find(overlay, boxParts.close)).click();
    });
    return new CurrentShell(page, ear);
  }

  tracks(): Promise<TracksPage> {
    return Promise.resolve(new CurrentTracks(this));
  }

  /** Goes to 字軌號碼取號 and knows it is there: by its address first, by the menu where that leads elsewhere. */
  async openTracks(): Promise<void> {
    await this.page.goto(new URL(TRACKS_PATH, this.page.url()).href, { waitUntil: "domcontentloaded" });
    if (await this.#isOnTracks(APPEAR_MS)) return;
    const sign = await readSigns(this.page);
    if (sign) throw new PageProblem(sign.state, "字軌號碼取號的頁面", sign.words);
    if (!(await findIfThere(this.page, parts.menuTracks, COVERED_MS))) {
      await (await findIfThere(this.page, parts.menuGroup, COVERED_MS))?.click();
    }
    // The menu sometimes swallows the first click.
    for (let click = 0; click < 2; click++) {
      await (await findIfThere(this.page, parts.menuTracks, COVERED_MS))?.click();
      if (await this.#isOnTracks(APPEAR_MS / 4)) return;
    }
    const late = await readSigns(this.page);
    throw new PageProblem(
      late?.state ?? "page-changed",
      "字軌號碼取號的頁面（BTB004W）",
      late?.words ?? `停在 ${this.page.url()}`,
    );
  }

  /** Clicks where the left menu may lie over what is to be clicked: then the menu is hidden first. */
  async click(target: Locator): Promise<void> {
    const covered = await target.click({ trial: true, timeout: COVERED_MS }).then(
      () => false,
      () => true,
    );
    if (covered) await (await findIfThere(this.page, parts.menuToggle, COVERED_MS))?.click();
    await target.click();
  }

  async signOut(): Promise<void> {
    const button = await findIfThere(this.page, parts.signOut, COVERED_MS);
    if (!button) return;
    await button.click();
    const asked = await lookUntil(this.page, COVERED_MS, async () => {
      return (await openQuestion(this.page)) ?? ((await button.isVisible()) ? null : "out");
    });
    if (asked !== null && asked !== "out") await (await find(asked.place, boxParts.yes)).click();
  }

  /** False as soon as the page says that it is another one. */
  async #isOnTracks(within: number): Promise<boolean> {
    const here = this.page.getByText(TRACKS_CODE).or(this.page.getByRole("heading", { name: TRACKS_HEADING }));
    const elsewhere = this.page.getByText(OTHER_CODE);
    await visible(here.or(elsewhere))
      .first()
      .waitFor({ timeout: within })
      .catch(() => undefined);
    return (await visible(here).count()) > 0;
  }
}
