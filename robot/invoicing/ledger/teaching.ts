import { columnName } from "../reading/table.ts";
import type { StatusMeaning } from "./vocabulary.ts";

/**
 * What a column of a ledger holds. `number` is the whole number (`AB12345678`) or, where there is a `track` column, its 8 digits;
 * `end` is the last number where a row stands for a range.
 */
export const LEDGER_FIELDS = ["number", "track", "end", "date", "status", "seller"] as const;
export type LedgerField = (typeof LEDGER_FIELDS)[number];

/**
 * Names of columns as the header of a ledger has them (or `#3` for the third column); null where the ledger has no such column.
 * What is left out is found by its usual names.
 */
export type LedgerColumns = { readonly [Field in LedgerField]?: string | null };

/** Meanings of status words on top of the known ones; the empty word is an empty cell. */
export type LedgerStatuses = Readonly<Record<string, StatusMeaning>>;

/**
 * What a person has said about a ledger: plain data, to be kept by company and by {@link layoutFingerprint}, and to be shown again
 * whenever it applies.
 */
export type LedgerTeaching = { readonly columns: LedgerColumns; readonly statuses: LedgerStatuses };

export const NOTHING_TAUGHT: LedgerTeaching = { columns: {}, statuses: {} };

/** The same for every export of the same layout: the names of its header, in order, without widths, blanks and case. */
export function layoutFingerprint(header: readonly string[]): string {
  const names = header.map((name) => columnName(name).toUpperCase());
  while (names.at(-1) === "") names.pop();
  return names.join("|");
}
