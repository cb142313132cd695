import type { Fault, Words } from "../../problems/problems.ts";
import type { Header } from "../column-names.ts";
import type { LedgerEntry, Says } from "../entry.ts";
import type { RowNumbers } from "../numbers.ts";
import type { LedgerQuestion, RowKind } from "../reading-report.ts";
import type { SourceRow } from "../sources/source.ts";
import type { LedgerColumns } from "../teaching.ts";
import type { StatusMeaning, StatusReader } from "../vocabulary.ts";

/**
 * What a fault leaves in doubt: `numbers` which numbers were used, so that blank numbers computed from the rest would be wrong;
 * `checks` only the date or the seller of a use, so that less can be said about what is odd.
 */
export type Doubt = "numbers" | "checks";

/** How one row was understood. */
export type RowReading = {
  readonly kind: RowKind;
  readonly entry?: Partial<Omit<LedgerEntry, "track" | "number" | "file" | "line" | "how">> & {
    readonly numbers: readonly RowNumbers[];
    readonly how: Says;
  };
  /** Invoice numbers that stand in other cells of a row that is understood. */
  readonly named?: readonly RowNumbers[];
  /** Invoice numbers in columns that could be the number's own: a second table beside the first. */
  readonly beside?: readonly RowNumbers[];
  /** The status word of the row, where the layout has one; a null meaning is an unknown word. */
  readonly word?: { readonly text: string; readonly meaning: StatusMeaning | null; readonly taught: boolean };
  readonly faults?: readonly { readonly fault: Fault; readonly doubt: Doubt }[];
  readonly questions?: readonly LedgerQuestion[];
  /** A header further down, whose columns hold from there on. */
  readonly header?: Header;
};

/** What a layout needs to know to read its rows. */
export type LayoutContext = {
  /** The row that names the columns; null for layouts without one. */
  readonly header: Header | null;
  readonly columns: LedgerColumns;
  readonly statuses: StatusReader;
  readonly dropsEmptyCells: boolean;
  /** The rows above the first one of numbers, the one that names the columns among them. */
  readonly titles: readonly SourceRow[];
};

export type RowReader = (row: SourceRow) => RowReading;

/** A known layout of ledgers: all that is said about it. */
export type Layout = {
  readonly id: string;
  readonly title: Words;
  /** Whether a ledger is of this layout, by the row that names its columns or, without one, by its first row. */
  readonly recognise: (row: SourceRow, header: Header | null) => boolean;
  readonly reader: (context: LayoutContext) => RowReader;
};
