import type { Page } from "playwright";
import { click } from "./click.ts";
import { find, findAll, findIfThere, part, type Part, visible } from "./part.ts";
import { lookUntil } from "./poll.ts";
import { PageProblem } from "./problem.ts";
import { type PageSign, readSigns, signOf, visibleText } from "./signs.ts";
import type { Surface } from "./window.ts";
import { readTable, type TableRow } from "./table.ts";
import { type Traffic, watched } from "./traffic.ts";

const parts = {
  next: part(
    "list.next",
    "下一頁",
    { role: "button", name: /下一頁|下頁|next/i },
    { role: "link", name: /下一頁|下頁|next/i },
  ),
  number: part("list.page-number", "頁次", { label: /^\s*頁次/ }, { after: "頁次", control: "select" }),
} as const;

/** Milliseconds that a list may take after it was asked for. */
const LIST_MS = 20_000;
/** Milliseconds without any request after which a press is taken to be swallowed: it is made again. */
const SWALLOWED_MS = 5_000;
/** Milliseconds for a page to draw the answer to its request. */
const REDRAW_MS = 1_500;
/** Milliseconds after which a list has nothing below it. */
const BELOW_MS = 3_000;
/** How often something is pressed at the most, and how many pages of a list are turned. */
const PRESSES = 2;
const MOST_PAGES = 200;

/** How pages say that a list is empty. */
export const EMPTY = /查無資料|無符合|沒有資料|尚無資料|無資料/;
const TOTAL = /總筆數\s*[：:]?\s*([\d,]+)|共\s*([\d,]+)\s*筆/g;

/** What a list shows: its rows, and all its words to tell it from another page of it. */
interface Shown {
  readonly rows: readonly TableRow[];
  readonly words: string;
}

/**
 * Presses the part that fetches a list and reads the rows of its first page; presses again where the page swallowed that. A list
 * is empty where the page says so, or where its table stays so.
 * @param columns headers by which the list's table is known
 * @throws PageProblem with what the page says, `page-changed` when it shows no such list
 */
export function fetchList(surface: Surface, columns: readonly string[], button: Part): Promise<readonly TableRow[]> {
  return fetchRows(surface, columns, async () => click(await find(surface.page, button)), "query");
}

/**
 * The rows of a list page by page, from the first one, that page being on screen.
 * @param first the rows that are on screen now
 * @throws PageProblem `page-changed` when the list does not add up to the total that it prints
 */
export async function* pagesOf(
  surface: Surface,
  columns: readonly string[],
  first: readonly TableRow[],
): AsyncGenerator<readonly TableRow[]> {
  const { page } = surface;
  let rows = first;
  let read = 0;
  for (let number = 1; number <= MOST_PAGES; number++) {
    read += rows.length;
    const total = rows.length === 0 ? printedTotal(await visibleText(page)) : await settledTotal(page);
    yield rows;
    const turn = read === total ? null : ((await nextPage(page)) ?? (await pageNumbered(page, number + 1)));
    if (!turn) {
      if (total === null || read === total) return;
      throw new PageProblem("page-changed", `清單的全部 ${total} 筆`, `翻到最後一頁，讀到 ${read} 筆`);
    }
    rows = await fetchRows(surface, columns, turn, "turn");
  }
  throw new PageProblem("page-changed", "清單的最後一頁", `翻了 ${MOST_PAGES} 頁還有下一頁`);
}

/**
 * The printed total, or null. What stands below a list may come later than its rows, so that there is nothing below it is
 * believed only after a while.
 */
async function settledTotal(page: Page): Promise<number | null> {
  const below = await lookUntil(page, BELOW_MS, async () => {
    const total = printedTotal(await visibleText(page));
    return total === null && (await nextPage(page)) === null ? null : { total };
  });
  return below?.total ?? null;
}

/** How to turn to the next page; null on the last. */
async function nextPage(page: Page): Promise<(() => Promise<void>) | null> {
  const next = await findIfThere(page, parts.next, 0);
  if (next) return (await next.isEnabled()) ? () => click(next) : null;
  const [number, ...others] = await findAll(page, parts.number);
  if (!number || others.length > 0) return null;
  const at = await number.evaluate((box) =>
    box instanceof HTMLSelectElement && box.selectedIndex + 1 < box.length ? box.selectedIndex + 1 : null,
  );
  return at === null ? null : async () => void (await number.selectOption({ index: at }));
}

/** How to turn to the page of this number where there is nothing but numbers; null where there is no such page. */
async function pageNumbered(page: Page, number: number): Promise<(() => Promise<void>) | null> {
  const name = String(number);
  const link = page.getByRole("link", { name, exact: true }).or(page.getByRole("button", { name, exact: true }));
  return (await visible(link).count()) === 1 ? () => click(visible(link)) : null;
}

async function fetchRows(
  { page, ear }: Surface,
  columns: readonly string[],
  press: () => Promise<void>,
  kind: "query" | "turn",
): Promise<readonly TableRow[]> {
  const before = await shown(page, columns);
  const signBefore = await readSigns(page);
  ear.heard();
  const heard: string[] = [];
  /** The list that has come since the press; null while there is none, or while it may still be the one from before. */
  const look = async (traffic: Traffic): Promise<Shown | PageSign | "swallowed" | null> => {
    const now = await shown(page, columns);
    if (now && (now.words !== before?.words || (kind === "query" && traffic.isAnswered(REDRAW_MS)))) return now;
    heard.push(...ear.heard());
    if (kind === "query" && heard.some((words) => EMPTY.test(words))) return { rows: [], words: "" };
    if (heard.length === 0 && traffic.isSilent(SWALLOWED_MS)) return "swallowed";
    const sign = signOf(heard) ?? (now ? null : await readSigns(page));
    return sign?.words === signBefore?.words ? null : sign;
  };
  for (let made = 0; made < PRESSES; made++) {
    const traffic = await watched(page, press);
    try {
      const found = await lookUntil(page, LIST_MS, () => look(traffic));
      if (found === "swallowed") continue;
      if (found && "state" in found) throw new PageProblem(found.state, "查詢的結果清單", found.words);
      if (found) return found.rows;
      // A table that has stayed empty for so long after a good answer is empty, though it does not say so.
      const answered = kind === "query" && traffic.isAnswered(REDRAW_MS);
      const empty = answered ? await readTable(page, columns).catch(onlyChangedPage) : null;
      if (empty) return empty;
      break;
    } finally {
      traffic.stop();
    }
  }
  const sign = await readSigns(page);
  const seen = kind === "turn" ? "按了換頁，清單沒有變" : "沒有清單，也沒有「查無資料」";
  throw new PageProblem(sign?.state ?? "page-changed", "查詢的結果清單", sign?.words ?? (heard.join("／") || seen));
}

/** What the list shows now; null while it neither has rows nor says that it has none. */
async function shown(page: Page, columns: readonly string[]): Promise<Shown | null> {
  const rows = await readTable(page, columns).catch(onlyChangedPage);
  if (rows && rows.length > 0)
    return { rows, words: rows.map(({ cells }) => Object.values(cells).join("|")).join("\n") };
  const text = await visibleText(page);
  return EMPTY.test(text) || printedTotal(text) === 0 ? { rows: [], words: "" } : null;
}

/** The number of rows that the page prints below its list; null when it prints none, or several. */
export function printedTotal(text: string): number | null {
  const totals = new Set(
    [...text.matchAll(TOTAL)].map(([, first, second]) => (first ?? second ?? "").replaceAll(",", "")),
  );
  const [total, ...others] = totals;
  return total === undefined || others.length > 0 ? null : Number(total);
}

/** A page that is just being left can't be read, and one without the table says nothing yet. */
function onlyChangedPage(error: unknown): null {
  if (error instanceof PageProblem) return null;
  if (error instanceof Error && /context was destroyed|navigat/i.test(error.message)) return null;
  throw error;
}
