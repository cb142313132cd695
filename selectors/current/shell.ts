import type { Locator, Page } from "playwright";
import { announcements, boxParts, openQuestion } from "../box.ts";
import type { Ear } from "../ear.ts";
import type { BlankNumbersPage, Portal, TracksPage } from "../pages.ts";
import { find, findIfThere, part, type Part, pressable, visible } from "../part.ts";
import { lookUntil } from "../poll.ts";
import { PageProblem } from "../problem.ts";
import { readSigns } from "../signs.ts";
import { CurrentBlankNumbers } from "./blank-numbers.ts";
import { CurrentTracks } from "./tracks.ts";

const signOut = pressable("current.sign-out", "登出", /^\s*登出\s*$/);

/** A page of the portal: how it is reached, and how it is known. */
interface Place {
  readonly name: string;
  /** Its address, where the facts know one; works once signed in. */
  readonly path: string | null;
  /** Its entry in the menu. */
  readonly entry: Part;
  /** Groups of the menu that may have to be opened first. */
  readonly groups: readonly Part[];
  /** The code in the breadcrumb, where the facts know one; or the breadcrumb's end. The name alone also stands in the menu. */
  readonly crumb: RegExp;
  readonly heading: RegExp;
}

/** Something in the menu, of whatever element. */
function menuPart(id: string, name: string, words: RegExp): Part {
  return part(
    `current.menu.${id}`,
    `${name}（選單）`,
    { role: "link", name: words },
    { role: "menuitem", name: words },
    { role: "button", name: words },
    { text: words },
  );
}

const tracksGroup = menuPart("tracks-group", "電子發票字軌號碼", /字軌號碼/);

const TRACKS: Place = {
  name: "字軌號碼取號（BTB004W）",
  path: "/dashboard/btb/btb004w/search",
  entry: menuPart("tracks", "字軌號碼取號", /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號/),
  groups: [tracksGroup],
  crumb: /BTB004W/,
  heading: /^\s*(電子發票)?(\(?專用\)?)?字軌號碼取號\s*$/,
};

const BLANK_NUMBERS: Place = {
  name: "上傳空白未使用發票號碼",
  path: null,
  entry: menuPart("blank", "上傳空白未使用發票號碼", /^\s*上傳(空白未使用|未使用空白)發票號碼/),
  groups: [menuPart("blank-group", "每單月10日前應辦理事項", /10日前應辦理事項/), tracksGroup],
  crumb: /[/>›＞／]\s*上傳(空白未使用|未使用空白)發票號碼/,
  heading: /^\s*上傳(空白未使用|未使用空白)發票號碼(作業)?\s*$/,
};

/** Every page of the business prints its code in the breadcrumb. */
const CODE = /BT[A-Z]\d{3}W/;
const APPEAR_MS = 20_000;
const COVERED_MS = 1_500;

/** What surrounds every page of the current design: menu, announcements, signing out. */
export class CurrentShell implements Portal {
  readonly design = "current";
  readonly page: Page;
  readonly ear: Ear;
  /** Addresses at which pages without a known one were met. */
  readonly #met = new Map<Place, string>();

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

  blankNumbers(): Promise<BlankNumbersPage> {
    return Promise.resolve(new CurrentBlankNumbers(this));
  }

  /** Opens 字軌號碼取號 anew. */
  openTracks(): Promise<void> {
    return this.#open(TRACKS);
  }

  /** Opens 上傳空白未使用發票號碼 anew. */
  openBlankNumbers(): Promise<void> {
    return this.#open(BLANK_NUMBERS);
  }

  /** Goes to a page and knows it is there: by its address first, by the menu where that leads elsewhere. */
  async #open(place: Place): Promise<void> {
    const address = this.#met.get(place) ?? place.path;
    if (address !== null) {
      await this.page.goto(new URL(address, this.page.url()).href, { waitUntil: "domcontentloaded" });
      if (await this.#arrives(place)) return;
      const sign = await readSigns(this.page);
      if (sign) throw new PageProblem(sign.state, `${place.name}的頁面`, sign.words);
    }
    for (const group of [null, ...place.groups]) {
      if (await findIfThere(this.page, place.entry, COVERED_MS)) break;
      if (group) await (await findIfThere(this.page, group, COVERED_MS))?.click();
    }
    // The menu sometimes swallows the first click.
    for (let click = 0; click < 2; click++) {
      await (await findIfThere(this.page, place.entry, COVERED_MS))?.click();
      if (await isVisible(this.#signsOf(place), APPEAR_MS / 4)) {
        this.#met.set(place, this.page.url());
        return;
      }
    }
    const sign = await readSigns(this.page);
    throw new PageProblem(
      sign?.state ?? "page-changed",
      `${place.name}的頁面`,
      sign?.words ?? `停在 ${this.page.url()}`,
    );
  }

  #signsOf({ crumb, heading }: Place): Locator {
    return this.page.getByText(crumb).or(this.page.getByRole("heading", { name: heading }));
  }

  /** After an address was opened; false as soon as the page says that it is another one. */
  async #arrives(place: Place): Promise<boolean> {
    const here = this.#signsOf(place);
    await isVisible(here.or(this.page.getByText(CODE)), APPEAR_MS);
    return isVisible(here, 0);
  }

  async signOut(): Promise<void> {
    const button = await findIfThere(this.page, signOut, COVERED_MS);
    if (!button) return;
    await button.click();
    const asked = await lookUntil(this.page, COVERED_MS, async () => {
      return (await openQuestion(this.page)) ?? ((await button.isVisible()) ? null : "out");
    });
    if (asked !== null && asked !== "out") await (await find(asked.place, boxParts.yes)).click();
  }
}

/** Whether any of these is to be seen within so many milliseconds; with 0, now. */
async function isVisible(locator: Locator, within: number): Promise<boolean> {
  const first = visible(locator).first();
  if (within > 0) await first.waitFor({ timeout: within }).catch(() => undefined);
  return (await visible(locator).count()) > 0;
}
