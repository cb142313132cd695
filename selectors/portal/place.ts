import type { Locator, Page } from "playwright";
import { findAll, findIfThere, part, type Part, visible } from "../dom/part.ts";
import { lookUntil } from "../dom/poll.ts";
import { PageProblem } from "../dom/problem.ts";
import { readSigns, signOf } from "../dom/signs.ts";
import type { Surface } from "../dom/window.ts";

/** A page of the portal: how it is reached, and how it is known. */
export interface Place {
  readonly name: string;
  /** Its address, where the facts know one; works once signed in. */
  readonly path: string | null;
  /** Its entry in the menu. Where groups have the same name, the innermost is the entry. */
  readonly entry: Part;
  /** Groups of the menu that may have to be opened first, the innermost first. */
  readonly groups: readonly Part[];
  /** The code in the breadcrumb, where the facts know one; or the breadcrumb's end. The name alone also stands in the menu. */
  readonly crumb: RegExp;
  readonly heading: RegExp | null;
}

/** The pages of the business that are worked on. */
export type PlaceName = "tracks" | "blankNumbers" | "missingUploads" | "winningLists";

/** What 漏上傳資料清冊 may be called; 未依限或未據實上傳明細 beside it is another page. */
export const MISSING_UPLOADS = /漏上傳(資料)?(清冊|明細)/;

/** What 中獎清冊下載 may be called, and the group it may be in: the facts name its files only. */
export const WINNING_LISTS = /中獎(發票)?清冊/;
export const WINNING_GROUP = /^\s*中獎(發票|資料|作業)?(作業|管理|查詢)?\s*$/;

/** Something in the menu, of whatever element. */
export function menuPart(id: string, name: string, words: RegExp): Part {
  return part(
    id,
    `${name}（選單）`,
    { role: "link", name: words },
    { role: "menuitem", name: words },
    { role: "button", name: words },
    { text: words },
  );
}

const showMenu = part(
  "menu.show",
  "顯示選單",
  { role: "button", name: /(顯示|展開|開啟).*選單/ },
  { role: "link", name: /(顯示|展開|開啟).*選單/ },
);

/** Every page of the business prints its code in the current design's breadcrumb. */
const CODE = /BT[A-Z]\d{3}W/;
/** Milliseconds for a page to show itself after its address was opened, or after its entry in the menu was pressed. */
const APPEAR_MS = 20_000;
const MENU_MS = 5_000;
/** Milliseconds for the menu to be drawn, and to open a group. */
const DRAW_MS = 1_500;
/** How often something in the menu is pressed: groups open one after the other, and the first press is sometimes swallowed. */
const PRESSES = 8;

/** Opens the pages of the portal, and knows that it is there. */
export class Navigator {
  readonly #surface: Surface;
  /** Addresses at which pages were met. */
  readonly #met = new Map<Place, string>();

  constructor(surface: Surface) {
    this.#surface = surface;
  }

  /**
   * Opens a page anew: by its address, known or met before; by the menu where that leads elsewhere.
   * @throws PageProblem with what the portal says instead, `page-changed` when it says nothing
   */
  async open(place: Place): Promise<void> {
    const { page, ear } = this.#surface;
    const address = this.#met.get(place) ?? place.path;
    if (address !== null) {
      await page.goto(new URL(address, page.url()).href, { waitUntil: "domcontentloaded" });
      if (await arrives(page, place)) return;
      const sign = await readSigns(page);
      if (sign) throw new PageProblem(sign.state, `${place.name}的頁面`, sign.words);
    }
    if (await openByMenu(page, place)) {
      this.#met.set(place, page.url());
      await page.waitForLoadState("domcontentloaded");
      return;
    }
    const sign = (await readSigns(page)) ?? signOf(ear.heard());
    throw new PageProblem(sign?.state ?? "page-changed", `${place.name}的頁面`, sign?.words ?? `停在 ${page.url()}`);
  }
}

async function openByMenu(page: Page, place: Place): Promise<boolean> {
  const here = signsOf(page, place);
  const inMenu = async (): Promise<number> =>
    (await Promise.all([place.entry, ...place.groups].map((one) => findAll(page, one)))).flat().length;
  await lookUntil(page, DRAW_MS, async () => ((await inMenu()) > 0 ? true : null));
  let turn = 0;
  for (let press = 0; press < PRESSES; press++) {
    const entries = await findAll(page, place.entry);
    // The innermost comes last. Where pressing it leads nowhere, it is the page's own title, or something else of that name.
    const entry = entries.at(-1 - (turn % Math.max(1, entries.length)));
    const target = entry ?? (await groupOf(page, place));
    if (!target) return false;
    const before = await inMenu();
    await target.click();
    const opened = await lookUntil(page, entry ? MENU_MS : DRAW_MS, async () => {
      if ((await visible(here).count()) > 0) return "here";
      return (await inMenu()) > before ? "more" : null;
    });
    if (opened === "here") return true;
    // One more try where the press may have been swallowed.
    if (opened === null && press % 2 === 1) turn++;
  }
  return false;
}

/** The innermost group that is to be seen; where nothing is, the menu itself may be hidden. */
async function groupOf(page: Page, { groups }: Place): Promise<Locator | null> {
  for (const group of groups) {
    const [found] = await findAll(page, group);
    if (found) return found;
  }
  return findIfThere(page, showMenu, 0);
}

function signsOf(page: Page, { crumb, heading }: Place): Locator {
  const printed = page.getByText(crumb);
  return heading ? printed.or(page.getByRole("heading", { name: heading })) : printed;
}

/** After an address was opened; false as soon as the page says that it is another one. */
async function arrives(page: Page, place: Place): Promise<boolean> {
  const here = signsOf(page, place);
  await visible(here.or(page.getByText(CODE)))
    .first()
    .waitFor({ timeout: APPEAR_MS })
    .catch(() => undefined);
  return (await visible(here).count()) > 0;
}

/** Shows the menu again where it was hidden. */
export async function unhideMenu(page: Page): Promise<void> {
  await (await findIfThere(page, showMenu, 0))?.click();
}
