import type { Locator, Page } from "playwright";
import type { Ear } from "../ear.ts";
import type { Portal, TracksPage } from "../pages.ts";
import { findIfThere, part, visible } from "../part.ts";
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
  signOut: part(
    "current.sign-out",
    "登出",
    { role: "button", name: /^\s*登出\s*$/ },
    { role: "link", name: /^\s*登出\s*$/ },
  ),
  yes: part("current.yes", "確認", { role: "button", name: /^\s*(確認|確定|是)\s*$/ }),
} as const;

/** The deep link to 字軌號碼取號; works once signed in. */
const TRACKS_PATH = "/dashboard/btb/btb004w/search";
/** Page code in the breadcrumb and the page's heading: either proves the page, the address alone does not. */
const TRACKS_SIGNS = /BTB004W|^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號\s*$/;
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
    const announcement = page
      .locator("[role=dialog], [role=alertdialog], dialog, [class*=modal], [class*=announce], [class*=popup]")
      .filter({ hasText: /公告|最新消息|重要通知|重要訊息/, visible: true })
      .filter({ has: page.getByRole("button", { name: CLOSE }) });
    await page.addLocatorHandler(announcement.first(), async (overlay) => {
      await overlay.getByRole("button", { name: CLOSE }).last().click();
    });
    return new CurrentShell(page, ear);
  }

  tracks(): Promise<TracksPage> {
    return Promise.resolve(new CurrentTracks(this));
  }

  /** Goes to 字軌號碼取號 and knows it is there: by its address first, by the menu where that leads elsewhere. */
  async openTracks(): Promise<void> {
    await this.page.goto(new URL(TRACKS_PATH, this.page.url()).href, { waitUntil: "domcontentloaded" });
    if (await this.#isOnTracks(APPEAR_MS / 2)) return;
    const sign = await readSigns(this.page);
    if (sign) throw new PageProblem(sign.state, "字軌號碼取號的頁面", sign.words);
    if (!(await findIfThere(this.page, parts.menuTracks, COVERED_MS))) {
      await (await findIfThere(this.page, parts.menuGroup, COVERED_MS))?.click();
    }
    // The menu sometimes swallows the first click.
    for (let click = 0; click < 2; click++) {
      await (await findIfThere(this.page, parts.menuTracks, COVERED_MS))?.click();
      if (await this.#isOnTracks(APPEAR_MS / 2)) return;
    }
    const late = await readSigns(this.page);
    throw new PageProblem(
      late?.state ?? "page-changed",
      "字軌號碼取號的頁面（BTB004W）",
      late?.words ?? `停在 ${this.page.url()}`,
    );
  }

  /** Sees to it that nothing lies over what is to be clicked: the left menu can cover the table. */
  async uncover(target: Locator): Promise<void> {
    const covered = await target.click({ trial: true, timeout: COVERED_MS }).then(
      () => false,
      () => true,
    );
    if (covered) await (await findIfThere(this.page, parts.menuToggle, COVERED_MS))?.click();
  }

  async signOut(): Promise<void> {
    const button = await findIfThere(this.page, parts.signOut, COVERED_MS);
    if (!button) return;
    await button.click();
    const asks = await findIfThere(this.page, parts.yes, COVERED_MS);
    await asks?.click();
  }

  async #isOnTracks(within: number): Promise<boolean> {
    return visible(this.page.getByText(TRACKS_SIGNS))
      .first()
      .waitFor({ timeout: within })
      .then(
        () => true,
        () => false,
      );
  }
}

const CLOSE = /^\s*(關閉|我知道了|知道了|✕|×|╳)\s*$/;
