import type { Fault, Words } from "../problems/problems.ts";
import type { Encoding } from "../reading/encoding.ts";
import { type LedgerField, type LedgerTeaching, layoutFingerprint } from "./teaching.ts";
import type { StatusMeaning } from "./vocabulary.ts";

/**
 * What a row of a ledger was taken for; each row is of exactly one kind, so the kinds add up to the rows of the file.
 * `title` above the table · `header` names of the columns, also repeated on each page · `issued`, `voided`, `cancelled`, `allowance`,
 * `blank`, `listed` rows of numbers · `item` a further line of an invoice · `undecided` an order without a number yet ·
 * `not-a-use` by what was taught · `total` 合計 and the like · `note` remarks, footers, printed dates · `other` a document that is no
 * sale (a purchase in 媒體申報檔) · `not-understood` stops the run.
 */
export const ROW_KINDS = [
  "title",
  "header",
  "issued",
  "voided",
  "cancelled",
  "allowance",
  "blank",
  "listed",
  "item",
  "undecided",
  "not-a-use",
  "total",
  "note",
  "other",
  "not-understood",
] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A row as it stands in the file, shortened. */
export type RowExample = { readonly line: number; readonly text: string };

export type KindCount = {
  readonly kind: RowKind;
  readonly title: Words;
  readonly count: number;
  /** Whether such rows were passed over, so that a person should see that this was right. */
  readonly skipped: boolean;
  /** The first few. */
  readonly examples: readonly RowExample[];
};

/** A status word of the ledger. */
export type WordCount = {
  /** As printed; empty for an empty cell. */
  readonly word: string;
  /** Null: unknown, a person has to say. */
  readonly meaning: StatusMeaning | null;
  /** The meaning in words. */
  readonly title: Words;
  /** Whether a person taught it, by the configuration or an option. */
  readonly taught: boolean;
  readonly count: number;
  readonly line: number;
};

/**
 * What a person has to say before the ledger can be read, each with the option of the command line that says it.
 * `columns`: no layout is known for this table · `column`: a needed column is missing, or several could be it · `word`: an unknown
 * status word.
 */
export type LedgerQuestion = {
  readonly about: "columns" | "column" | "word";
  readonly text: Words;
  /** The field that is asked for, where it is one. */
  readonly field: LedgerField | null;
  /** The status word that is asked for; null where it is not about a word. */
  readonly word: string | null;
  readonly line: number;
  /** Names from which to choose: of the columns. */
  readonly choices: readonly string[];
  /** What to add to the command. */
  readonly option: string;
};

/** How one ledger was read: plain data, made before anything is computed from it. */
export type ReadingReport = {
  readonly file: string;
  /** The layout that was recognised; null where none was. */
  readonly layout: {
    readonly id: string;
    readonly title: Words;
    /** Key under which what was taught may be kept, see `layoutFingerprint`; empty for layouts without a header. */
    readonly fingerprint: string;
    /** Which column was taken for what; `column` is 1-based. */
    readonly columns: readonly { readonly field: LedgerField; readonly name: string; readonly column: number }[];
  } | null;
  readonly encoding: Encoding | null;
  /** Every row of the file that is not empty. */
  readonly rows: number;
  /** Kinds that occur, in the order of {@link ROW_KINDS}; their counts add up to `rows`. */
  readonly kinds: readonly KindCount[];
  readonly words: readonly WordCount[];
  /** Rows with bytes that are no character, in columns that nobody needs: read on. */
  readonly damaged: { readonly count: number; readonly examples: readonly RowExample[] };
  /** The first rows as they stand, for anyone who has to say what they are; empty where the layout was recognised. */
  readonly firstRows: readonly { readonly line: number; readonly cells: readonly string[] }[];
  /** What a person said earlier and what was applied here; null where nothing was. */
  readonly taught: LedgerTeaching | null;
  readonly questions: readonly LedgerQuestion[];
  /** What could not be read; the first ones. */
  readonly faults: readonly Fault[];
  /** False: it is not known which numbers were used, nothing may be computed from this. */
  readonly understood: boolean;
};

/**
 * Under what is kept what people say of a ledger: the same for every export of the same layout.
 * @param report of the ledger as it is read without what was said of it
 */
export function layoutKey({ layout, questions }: ReadingReport): string {
  if (layout !== null) return `${layout.id}|${layout.fingerprint}`;
  return `|${layoutFingerprint(questions.find(({ about }) => about === "columns")?.choices ?? [])}`;
}
