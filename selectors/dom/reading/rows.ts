import { nameStrength, type LocatorSpec } from "./description.ts";
import { columnPart } from "./column-part.ts";
import { rowsFromWords } from "./rows-from-words.ts";
import type { List, PageReading } from "./reading.ts";
import { namesOf, type Term, TERMS } from "./vocabulary.ts";
import { keyOf } from "./words.ts";

/** A row of a list: its cells by the names of the columns, and the handle of its element. */
export interface ListRow {
  readonly id: number;
  readonly frame: number;
  /** Columns that were asked for by the names of their terms, the others by their own words without blanks. */
  readonly cells: { readonly [column: string]: string };
  /** The words of its own cells, to know it again by. */
  readonly words: readonly string[];
}

export interface Columns {
  /** Without these it is another list. */
  readonly wanted: readonly Term[];
  /** May be missing. */
  readonly optional?: readonly Term[];
}

/**
 * The rows of the list that has these columns, whatever its markup: a table, a grid, rows of plain blocks under a header, cards that repeat
 * their labels. A header that stays while its rows scroll is its own table; its rows are then in the next one.
 * @returns null where no list has them
 */
export function rowsOf(reading: PageReading, columns: Columns): readonly ListRow[] | null {
  const lists = reading.lists.toSorted((a, b) => a.order - b.order);
  let empty: readonly ListRow[] | null = null;
  for (const [at, list] of lists.entries()) {
    const found = headerOf(list, columns);
    if (found === null) continue;
    const all = list.kind === "facts" ? factsLike(lists, list, columns) : asRows(list, found.names, found.from);
    const rows = all.filter((row) => !isHeader(row, columns));
    if (rows.length > 0) return rows;
    const next = lists[at + 1];
    const isBody = next !== undefined && next.header.every((words) => words === "") && next.frame === list.frame;
    const rest = isBody ? asRows(next, found.names, 0) : [];
    if (rest.length > 0) return rest;
    empty ??= [];
  }
  return empty ?? rowsFromWords(reading, columns)?.filter((row) => !isHeader(row, columns)) ?? null;
}

/** The header once more, as pages print it in another language below the first, or again in the middle of a long list. */
function isHeader({ cells }: ListRow, { wanted }: Columns): boolean {
  const said = wanted.flatMap((term) => {
    const text = (cells[term.name] ?? "").trim();
    return text === "" ? [] : [headerStrength(term, text) > 0];
  });
  return said.length > 1 && said.every(Boolean);
}

/** A row each where every row is a list of facts of its own, all of which say the same things. */
function factsLike(lists: readonly List[], first: List, columns: Columns): ListRow[] {
  return lists
    .filter(({ kind, frame, layer }) => kind === "facts" && frame === first.frame && layer === first.layer)
    .flatMap((list) => {
      const names = columnNames(list.header, columns);
      return names === null ? [] : asRows(list, names, 0);
    });
}

/** The names of the columns, and after how many rows the list's values begin. */
function headerOf(list: List, columns: Columns): { readonly names: readonly string[]; readonly from: number } | null {
  if (list.kind === "facts") {
    const names = columnNames(list.header, columns);
    return names && { names, from: 0 };
  }
  const names = columnNames(list.header, columns);
  if (names) return { names, from: 0 };
  for (const [at, row] of list.rows.entries()) {
    const own = columnNames(
      row.cells.map(({ text }) => text),
      columns,
    );
    if (own) return { names: own, from: at + 1 };
  }
  return null;
}

/** What each column is; null where one that is wanted is not there, or can't be distinguished from another. */
export function columnNames(header: readonly string[], { wanted, optional = [] }: Columns): string[] | null {
  const names: (string | undefined)[] = header.map(() => undefined);
  for (const term of [...wanted, ...optional]) {
    const strengths = header.map((words, at) => (names[at] === undefined ? headerStrength(term, words) : 0));
    const best = Math.max(0, ...strengths);
    const at = strengths.indexOf(best);
    const isClear = best > 0 && strengths.filter((one) => one === best).length === 1;
    if (isClear) names[at] = term.name;
    else if (best === 0 && isPeriod(term) && inTwoColumns(header, names, term)) continue;
    else if (wanted.includes(term)) return null;
  }
  return header.map((words, at) => names[at] ?? words.replaceAll(/\s/g, ""));
}

/** Marks the second of two columns that hold one value. */
const SECOND = "\u0000";
const YEAR = /^(發票|字軌|所屬|期別)?(年度|年|year)$/;
const MONTHS = /^(發票|字軌|所屬|期別)?(月份|月|月別|期|months?)$/;
const PERIODS: readonly Term[] = [TERMS.period, TERMS.trackPeriod, TERMS.months];

function isPeriod({ name }: Term): boolean {
  return PERIODS.some((one) => one.name === name);
}

/** A period may stand in two columns, its year and its months. */
function inTwoColumns(header: readonly string[], names: (string | undefined)[], { name }: Term): boolean {
  const only = (fits: RegExp): number => {
    const found = header.flatMap((words, at) => (names[at] === undefined && fits.test(keyOf(words)) ? [at] : []));
    return found.length === 1 ? (found[0] ?? -1) : -1;
  };
  const [year, months] = [only(YEAR), only(MONTHS)];
  if (year < 0 || months < 0) return false;
  names[year] = name;
  names[months] = `${name}${SECOND}`;
  return true;
}

function joined(cells: { readonly [column: string]: string }): { readonly [column: string]: string } {
  return Object.fromEntries(
    Object.entries(cells)
      .filter(([name]) => !name.endsWith(SECOND))
      .map(([name, text]) => [name, text + (cells[`${name}${SECOND}`] ?? "")]),
  );
}

/** Which of the columns no list on the page has, where one has some of them. */
export function missingColumns(reading: PageReading, { wanted }: Columns): readonly LocatorSpec[] {
  const missing = reading.lists.flatMap(({ header, rows }) =>
    [header, ...rows.slice(0, 2).map(({ cells }) => cells.map(({ text }) => text))].map((words) =>
      wanted.filter((term) => !words.some((one) => headerStrength(term, one) > 0)),
    ),
  );
  const least = missing.toSorted((a, b) => a.length - b.length)[0] ?? wanted;
  return least.length < wanted.length ? least.map(columnPart) : [];
}

function headerStrength(term: Term, words: string): number {
  const part = columnPart(term);
  // Under a header of two rows the lower one names the column.
  const last = words.split(" ").at(-1) ?? words;
  return Math.max(nameStrength(part, words), nameStrength(part, last) - 3, 0);
}

function asRows(list: List, names: readonly string[], from: number): ListRow[] {
  // The header may have one column more, over the scroll bar.
  const widths = [names.length, names.at(-1) === "" ? names.length - 1 : names.length];
  return list.rows.slice(from, withoutSums(list.rows)).flatMap((row): ListRow[] => {
    if (!widths.includes(row.cells.length)) return [];
    const cells = joined(Object.fromEntries(names.map((name, column) => [name, row.cells[column]?.text ?? ""])));
    const own = row.cells.filter(({ fromAbove }) => !fromAbove).map(({ text }) => text);
    return [{ id: row.id, frame: list.frame, cells, words: own.filter((text) => text !== "") }];
  });
}

/** What a list may close with: a row that adds up the ones above it. */
const SUM = /^(合計|總計|小計|加總|本頁(合計|小計)|(grand|sub)?total)$/;

/** How many rows stand above those that add up. */
function withoutSums(rows: List["rows"]): number {
  return 1 + rows.findLastIndex(({ cells }) => !cells.some(({ text }) => SUM.test(keyOf(text))));
}

/** The value that stands beside or under a label anywhere on the page, such as 可取用本數：9; null where there is no such label. */
export function valueOf(reading: PageReading, term: Term): string | null {
  const keys = namesOf(term).map(keyOf);
  for (const [at, { text, control }] of reading.lines.entries()) {
    if (control !== null) continue;
    for (const name of namesOf(term)) {
      const inline = new RegExp(`${escape(name)}\\s*[:：]\\s*([^\\s,，;；　]+)`, "i").exec(text)?.[1];
      if (inline !== undefined) return inline;
    }
    if (!keys.includes(keyOf(text))) continue;
    const next = reading.lines[at + 1];
    if (next !== undefined && next.control === null) return next.text;
  }
  return null;
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
