import type { Day } from "../values/day.ts";
import type { Period } from "../values/period.ts";
import type { InvoiceNumber, Track } from "../values/track.ts";
import type { Ubn } from "../values/ubn.ts";

/**
 * What a row of a ledger says of one invoice number. All but `blank`, `mentioned` and `named` prove that the number was given out:
 * `issued` 開立 · `voided` 作廢, which uses the number up · `cancelled` 註銷, after which the same number is issued again ·
 * `allowance` a row about a 折讓 of the invoice · `item` a line of the invoice without its own row · `listed` a bare list of used
 * numbers · `mentioned` a remark or a total names the number and says no more · `named` a cell of another invoice's row names it ·
 * `blank` 空白, the number was not used.
 */
export type Says =
  | "issued"
  | "voided"
  | "cancelled"
  | "allowance"
  | "item"
  | "listed"
  | "mentioned"
  | "named"
  | "blank";

/** One number as one row of a ledger has it. A row that stands for a range gives an entry for each number of it. */
export type LedgerEntry = {
  readonly track: Track;
  readonly number: InvoiceNumber;
  /** 發票日期, the day in Taipei; missing in a plain list of numbers and where it can't be read. */
  readonly day: Day | undefined;
  /** 賣方統編; missing where the ledger has no such column. */
  readonly ubn: Ubn | undefined;
  readonly how: Says;
  /** The machine or shop that issued it, where the ledger names it. */
  readonly place?: string;
  /** The period that the row names, where it has no date: 資料所屬年月 of 媒體申報檔. */
  readonly period?: Period;
  /** Whether a `blank` row has an amount all the same. */
  readonly isPriced?: boolean;
  /** Whether the ledger has one row per item, so that rows which agree are lines of one invoice. */
  readonly perItem?: boolean;
  /** Where it stands: name of the file and 1-based line (the row of the sheet in a workbook). */
  readonly file: string;
  readonly line: number;
};

/** Whether the row proves that the number was given out; only a `blank` row and a mere mention do not. */
export function provesUse({ how }: Pick<LedgerEntry, "how">): boolean {
  return how !== "blank" && how !== "mentioned" && how !== "named";
}

/** The entry as the use that it proves; null where it proves none. The day of an allowance is not the day of its invoice. */
export function asUse(entry: LedgerEntry): LedgerEntry | null {
  if (!provesUse(entry)) return null;
  return entry.how === "allowance" ? { ...entry, day: undefined } : entry;
}
