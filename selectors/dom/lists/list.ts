import type { Page } from "playwright";
import { click } from "../click.ts";
import {
  controlLocator,
  locate,
  locateAll,
  tryLocate,
  type LocateOptions,
  namedSpec,
  locatorSpec,
  type LocatorSpec,
  controlReadAt,
} from "../locator-spec.ts";
import { waitUntil } from "../wait-until.ts";
import { PageError } from "../page-error.ts";
import { match } from "../reading/match.ts";
import type { PageReading } from "../reading/reading.ts";
import { readPage } from "../reading/read-page.ts";
import { missingColumns } from "../reading/rows.ts";
import { TERMS } from "../reading/vocabulary.ts";
import { type DetectedState, stateInMessages, pageStateOf, textOf } from "../page-state.ts";
import type { PageContext } from "../windows/page-context.ts";
import { type Columns, tableOf, type TableRow } from "./table.ts";
import { restOf } from "./rest.ts";
import { TIMING } from "../timing.ts";
import { type NetworkActivity, observeRequests } from "../network/network-activity.ts";
import { pendingRequestsOf } from "../network/pending-requests.ts";
import { followed } from "../page-log.ts";

const parts = {
  next: locatorSpec("list.next", "press", TERMS.nextPage, { pattern: /^下一?頁|^next/ }),
  more: locatorSpec("list.more", "press", TERMS.more),
  /** What is searched by may be folded up. */
  conditions: namedSpec("list.conditions", "press", "查詢條件", {
    pattern:
      /^(展開|開啟|顯示|進階)?(查詢|搜尋|篩選)?(條件|篩選)(設定)?$|^(進階查詢|展開查詢|filters?|showfilters?|searchcriteria|advancedsearch)$/,
  }),
  number: namedSpec("list.page-number", "choice", "頁次", { pattern: /^(頁次|頁數|第?頁|page)$/ }),
} as const;

/** How often something is pressed at the most, and how many pages of a list are turned. */
const PRESSES = 2;
const MOST_PAGES = 200;

/** How pages say that a list is empty. */
export const EMPTY =
  /查無資料|查無符合|無符合|沒有資料|沒有符合|尚無資料|無資料|目前沒有|no (data|records|results)|nothing found/i;
const TOTAL =
  /總筆數\s*[：:]?\s*([\d,]+)|[共總]計?\s*[：:]?\s*([\d,]+)\s*[筆列項]|total\s*[：:]?\s*([\d,]+)|([\d,]+)\s*(?:records|rows|items)\b/gi;

/** What a list shows: its rows, and all its words to tell it from another page of it. */
interface Shown {
  readonly rows: readonly TableRow[];
  readonly words: string;
}

/** Opens what is searched by where it is folded up. @returns whether there was such a thing */
export async function openConditions(page: Page): Promise<boolean> {
  const folded = await tryLocate(page, parts.conditions, 0);
  if (folded === null || controlReadAt(folded)?.expanded === true) return false;
  await click(folded);
  return true;
}

/**
 * Presses the part that fetches a list and reads the rows of its first page; presses again where the page swallowed that. A list
 * is empty where the page says so once it has its answer and has come to rest, or where its table stays so.
 * @param columns by which the list is known
 * @throws PageError with what the page says, `page-changed` when it shows no such list
 */
export async function fetchList(
  pageContext: PageContext,
  columns: Columns,
  button: LocatorSpec,
  options: LocateOptions = {},
): Promise<readonly TableRow[]> {
  const target = await locate(pageContext.page, button, options);
  return fetchRows(pageContext, columns, () => click(target), "query");
}

/**
 * The same on a page that may have shown the list before. Rows count only if a request that this press has made was answered, and that there are
 * none is not believed where something has stood there already.
 * @returns null where that can't be determined: the page has to be reloaded
 */
export async function fetchListAgain(
  pageContext: PageContext,
  columns: Columns,
  button: LocatorSpec,
  { within = TIMING.draw, ...options }: LocateOptions = {},
): Promise<readonly TableRow[] | null> {
  const { page, dialogs } = pageContext;
  const target = await tryLocate(page, button, within, options);
  if (target === null) return null;
  const before = shownOn(page, await readPage(page), columns);
  let isGone = before === null;
  const rest = restOf(pendingRequestsOf(page));
  dialogs.takeMessages();
  const heard: string[] = [];
  const traffic = await observeRequests(page, () => click(target));
  try {
    return await waitUntil(page, TIMING.swallowed, async () => {
      const reading = await readPage(page);
      const now = shownOn(page, reading, columns);
      rest.note(reading, now?.words ?? null);
      heard.push(...dialogs.takeMessages());
      // Said in a dialog, in answer to this press, where nothing stood before.
      if (before === null && now === null && traffic.isAnswered(0) && heard.some((words) => EMPTY.test(words)))
        return [];
      // What was taken away by the press and stands there again is redrawn.
      isGone ||= now === null;
      if (now === null || !traffic.isAnswered(0) || (before !== null && now.rows.length === 0)) return null;
      const isNew = now.rows.length > 0 && (isGone || now.words !== before?.words);
      return isNew || rest.lasts(TIMING.redraw) ? now.rows : null;
    });
  } finally {
    traffic.stop();
  }
}

/**
 * The rows of a list page by page, from the first one, that page being on screen. A list that grows, by a button or by scrolling, gives
 * what has come each time.
 * @param first the rows that are on screen now
 * @throws PageError `page-changed` when the list does not add up to the total that it prints
 */
export async function* pagesOf(
  pageContext: PageContext,
  columns: Columns,
  first: readonly TableRow[],
): AsyncGenerator<readonly TableRow[]> {
  const { page } = pageContext;
  let rows = first;
  let read = 0;
  for (let number = 1; number <= MOST_PAGES; number++) {
    read += rows.length;
    const total = rows.length === 0 ? printedTotal(textOf(await readPage(page))) : await settledTotal(page);
    yield rows;
    if (read === total || (rows.length === 0 && (total === null || number === 1))) return;
    const turn =
      (await nextPage(page)) ??
      (await pageNumbered(page, number + 1)) ??
      (total === null ? null : await underMouse(page, rows));
    if (turn !== null) {
      rows = await fetchRows(pageContext, columns, turn, "turn");
      continue;
    }
    const more = await grown(pageContext, columns, rows);
    if (more !== null) {
      rows = more;
      continue;
    }
    if (total === null) return;
    throw new PageError("page-changed", `清單的全部 ${total} 筆`, `翻到最後一頁，讀到 ${read} 筆`);
  }
  throw new PageError("page-changed", "清單的最後一頁", `翻了 ${MOST_PAGES} 頁還有下一頁`);
}

/**
 * The printed total, or null. What stands below a list may come later than its rows, so that there is nothing below it is
 * believed only after a while.
 */
async function settledTotal(page: Page): Promise<number | null> {
  const below = await waitUntil(page, TIMING.below, async () => {
    const reading = await readPage(page);
    const total = printedTotal(textOf(reading));
    return total === null && !hasPager(reading) ? null : { total };
  });
  return below?.total ?? null;
}

function hasPager(reading: PageReading): boolean {
  return [parts.next, parts.more].some((one) => match(reading, one).found !== "none");
}

/** How to turn to the next page; null on the last. */
async function nextPage(page: Page): Promise<(() => Promise<void>) | null> {
  const next = await tryLocate(page, parts.next, 0);
  if (next) return controlReadAt(next)?.disabled !== true && (await next.isEnabled()) ? () => click(next) : null;
  const [number, ...others] = await locateAll(page, parts.number);
  if (!number || others.length > 0) return null;
  const at = await number.evaluate((box) =>
    box instanceof HTMLSelectElement && box.selectedIndex + 1 < box.length ? box.selectedIndex + 1 : null,
  );
  return at === null ? null : async () => void (await followed(number).selectOption({ index: at }));
}

/** A pager may show only while the mouse is over the list. */
async function underMouse(page: Page, rows: readonly TableRow[]): Promise<(() => Promise<void>) | null> {
  await rows
    .at(-1)
    ?.row.hover({ timeout: TIMING.covered })
    .catch(() => undefined);
  return waitUntil(page, TIMING.settled, () => nextPage(page));
}

/** How to turn to the page of this number where there is nothing but numbers; null where there is no such page. */
async function pageNumbered(page: Page, number: number): Promise<(() => Promise<void>) | null> {
  const { controls } = await readPage(page);
  const called = controls.filter(
    ({ kind, names, navigation, row }) =>
      ["link", "button", "clickable"].includes(kind) &&
      !navigation &&
      row === null &&
      names.some(({ from, text }) => from === "own" && text === String(number)),
  );
  const [control, ...others] = called;
  return control && others.length === 0 ? () => click(controlLocator(page, control)) : null;
}

/** The rows that come where the list grows; null where it does not. */
async function grown(
  { page }: PageContext,
  columns: Columns,
  known: readonly TableRow[],
): Promise<readonly TableRow[] | null> {
  const more = await tryLocate(page, parts.more, 0);
  const last = known.at(-1);
  const old = new Set(known.map(wordsOf));
  const fresh = (within: number): Promise<readonly TableRow[] | null> =>
    waitUntil(page, within, async () => {
      const rows = tableOf(page, await readPage(page), columns) ?? [];
      const others = rows.filter((row) => !old.has(wordsOf(row)));
      return others.length > 0 ? others : null;
    });
  if (more) {
    await click(more);
    return fresh(TIMING.list);
  }
  if (last === undefined) return null;
  // Some lists bring more only once their end is to be seen.
  let at: Scrolled = "still";
  for (let step = 0; step < MOST_PAGES; step++) {
    at = await scrolled(last);
    if (at !== "moved") break;
    const rows = await fresh(TIMING.settled);
    if (rows !== null) return rows;
  }
  return at === "still" ? null : fresh(TIMING.redraw);
}

/** `end`: there is nothing more below, but something above: who moved the mouse over the last row has scrolled to it. */
type Scrolled = "moved" | "end" | "still";

/** Scrolls what the rows are in down by as much as is seen of it. */
function scrolled({ row }: TableRow): Promise<Scrolled> {
  return row
    .evaluate((element): Scrolled => {
      let at: Scrolled = "still";
      for (let one = element.parentElement; one !== null; one = one.parentElement) {
        const { overflowY } = getComputedStyle(one);
        const isRoot = one === document.documentElement;
        if (!isRoot && overflowY !== "auto" && overflowY !== "scroll") continue;
        if (one.scrollTop > 0) at = "end";
        if (one.scrollHeight - one.clientHeight - one.scrollTop < 4) continue;
        one.scrollTop += Math.max(40, one.clientHeight - 40);
        return "moved";
      }
      return at;
    })
    .catch((): Scrolled => "still");
}

function wordsOf({ cells }: TableRow): string {
  return Object.values(cells).join("|");
}

async function fetchRows(
  { page, dialogs }: PageContext,
  columns: Columns,
  press: () => Promise<void>,
  kind: "query" | "turn",
): Promise<readonly TableRow[]> {
  const start = await readPage(page);
  const before = shownOn(page, start, columns);
  const signBefore = pageStateOf(start);
  const rest = restOf(pendingRequestsOf(page));
  /** That there is nothing was said before the portal had answered: said still, it is no answer before the page is at rest. */
  let isEmptyBefore = before !== null && before.rows.length === 0;
  dialogs.takeMessages();
  const heard: string[] = [];
  /** The list that has come since the press; null while there is none, or while it may still be the one from before. */
  const look = async (
    traffic: NetworkActivity,
    isLast: boolean,
  ): Promise<Shown | DetectedState | "swallowed" | null> => {
    // Some lists are made of what the page has already.
    const isOver = traffic.isOver() || (isLast && traffic.isSilent(TIMING.swallowed));
    const reading = await readPage(page);
    const now = shownOn(page, reading, columns);
    rest.note(reading, now?.words ?? null);
    if (now && now.rows.length > 0 && now.words !== before?.words) return now;
    const isEmpty = now !== null && now.rows.length === 0;
    if (isEmpty && !traffic.isOver() && !traffic.isSilent(0)) isEmptyBefore = true;
    if (isEmpty && !isEmptyBefore && isOver && rest.lasts(TIMING.settled)) return now;
    if (now && (isEmpty || kind === "query") && traffic.isAnswered(0) && rest.lasts(TIMING.redraw)) return now;
    heard.push(...dialogs.takeMessages());
    if (kind === "query" && heard.some((words) => EMPTY.test(words))) return { rows: [], words: "" };
    if (heard.length === 0 && traffic.isSilent(TIMING.swallowed)) return "swallowed";
    const sign = stateInMessages(heard) ?? (now ? null : pageStateOf(reading));
    return sign?.words === signBefore?.words ? null : sign;
  };
  for (let made = 0; made < PRESSES; made++) {
    const traffic = await observeRequests(page, press);
    try {
      const found = await waitUntil(page, TIMING.list, () => look(traffic, made + 1 === PRESSES));
      if (found === "swallowed") continue;
      if (found && "state" in found) throw new PageError(found.state, "查詢的結果清單", found.words);
      if (found) return found.rows;
      // A table that has stayed empty for so long after a good answer is empty, though it does not say so.
      const answered = kind === "query" && traffic.isAnswered(0) && rest.lasts(TIMING.redraw);
      const empty = answered ? tableOf(page, await readPage(page), columns) : null;
      if (empty) return empty;
      break;
    } finally {
      traffic.stop();
    }
  }
  const last = await readPage(page);
  const sign = pageStateOf(last);
  const missing = sign === null && kind === "query" ? missingColumns(last, columns) : [];
  const seen = kind === "turn" ? "按了換頁，清單沒有變" : "沒有清單，也沒有「查無資料」";
  if (missing.length > 0) {
    const names = missing.map(({ name, id }) => `「${name}」（${id}）`).join("、");
    throw new PageError("page-changed", `清單裡的 ${names} 欄`, "清單沒有這樣的欄", { parts: missing });
  }
  throw new PageError(sign?.state ?? "page-changed", "查詢的結果清單", sign?.words ?? (heard.join("／") || seen));
}

/** What the list shows now; null while it neither has rows nor says that it has none. */
function shownOn(page: Page, reading: PageReading, columns: Columns): Shown | null {
  const rows = tableOf(page, reading, columns);
  if (rows && rows.length > 0) return { rows, words: rows.map(wordsOf).join("\n") };
  const text = textOf(reading);
  return EMPTY.test(text) || printedTotal(text) === 0 ? { rows: [], words: "" } : null;
}

/** The number of rows that the page prints below its list; null when it prints none, or several. */
export function printedTotal(text: string): number | null {
  const totals = new Set(
    [...text.matchAll(TOTAL)].map(([, ...groups]) =>
      (groups.find((one) => one !== undefined) ?? "").replaceAll(",", ""),
    ),
  );
  const [total, ...others] = totals;
  return total === undefined || others.length > 0 ? null : Number(total);
}
