import { cellReader } from "../reading/cells.ts";
import { type Day, parseDay } from "../values/day.ts";
import type { Encoding } from "../reading/encoding.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { rowsOf } from "../reading/row-stream.ts";
import { type FileSource, type Row, atLeast, columnName } from "../reading/table.ts";
import { type InvoiceNumber, type Track, splitInvoiceNumber } from "../values/track.ts";
import { type Ubn, parseUbn } from "../values/ubn.ts";

/** One use of one invoice number. A voided invoice has used its number as well. */
export type Use = {
  readonly track: Track;
  readonly number: InvoiceNumber;
  /** 發票日期; missing in a plain list of numbers. */
  readonly day: Day | undefined;
  /** 賣方統編; missing where the ledger has no such column. */
  readonly ubn: Ubn | undefined;
  /** What the row says: 開立, 作廢, or, in a plain list of used numbers, nothing more than that it was used. */
  readonly how: "issued" | "voided" | "listed";
  /** Where it stands: name of the file and 1-based line. */
  readonly file: string;
  readonly line: number;
};

/** What a status says about the number: `issued` and `voided` have used it; a `not-a-use` row (折讓) only refers to it. */
export type StatusMeaning = "issued" | "voided" | "not-a-use";

/** Names of the ledger's columns; null where it has no such column. */
export type LedgerColumns = {
  readonly number: string;
  readonly date: string | null;
  readonly status: string | null;
  readonly seller: string | null;
};

export const DEFAULT_LEDGER_COLUMNS = {
  number: "發票號碼",
  date: "發票日期",
  status: "狀態",
  seller: "賣方統編",
} as const satisfies LedgerColumns;

export const DEFAULT_STATUSES: Readonly<Record<string, StatusMeaning>> = {
  開立: "issued",
  已開立: "issued",
  作廢: "voided",
  已作廢: "voided",
  註銷: "voided",
  折讓: "not-a-use",
  已折讓: "not-a-use",
  作廢折讓: "not-a-use",
  折讓作廢: "not-a-use",
};

/**
 * What a fault leaves in doubt: `numbers` which numbers were used, so that blank numbers computed from the rest would be wrong;
 * `checks` only the date or the seller of a use, so that less can be said about what is odd.
 */
export type Doubt = "numbers" | "checks";

export type LedgerOptions = {
  /** Other names for some columns. */
  readonly columns?: Partial<LedgerColumns> | undefined;
  /** Meanings of further status words, on top of {@link DEFAULT_STATUSES}. */
  readonly statuses?: Readonly<Record<string, StatusMeaning>> | undefined;
  /** Called for everything that can't be read, as the stream passes. */
  readonly onFault: (fault: Fault, doubt: Doubt) => void;
  /** Called once, when the encoding is known: at the end for a file of pure ASCII. */
  readonly onEncoding?: (encoding: Encoding) => void;
};

type Field = keyof LedgerColumns;
type Layout = ReadonlyMap<Field, number>;

const FIELDS: readonly Field[] = ["number", "date", "status", "seller"];

/**
 * Reads an invoice ledger (CSV with a header, one row an invoice) or a plain list of used numbers (one `AB12345678` a line, with
 * or without the header 發票號碼), in any of the known encodings, row by row: memory does not grow with the file. What can't be
 * read goes to `onFault`. A row whose number is readable counts as a use even if its status or date is not: to report a used
 * number as blank is the worse mistake. A ledger without its date or status column is read all the same, with a fault.
 * @throws whatever the source throws
 */
export async function* readLedger(file: FileSource, options: LedgerOptions): AsyncGenerator<Use> {
  const names: LedgerColumns = { ...DEFAULT_LEDGER_COLUMNS, ...options.columns };
  let read: RowReader | undefined;
  try {
    const onBroken = (broken: Fault): void => options.onFault(broken, "numbers");
    for await (const row of rowsOf(file.read(), { onBroken, onEncoding: options.onEncoding })) {
      if (read === undefined) {
        const { layout, faults, isHeader } = readHeader(row, names);
        for (const one of faults) options.onFault(one, one.column === names.number ? "numbers" : "checks");
        if (!layout.has("number")) return;
        read = rowReader(file.name, names, layout, options);
        if (isHeader) continue;
      }
      const use = read(row);
      if (use !== undefined) yield use;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    options.onFault(fault(error.code, { value: error.seen }, error.wanted), "numbers");
    return;
  }
  if (read === undefined) options.onFault(fault("empty-file", {}), "numbers");
}

/** Whether a lone cell is an invoice number as a list of used numbers holds it. */
export function isListedNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^[A-Z]{2}-?\d{8}$/.test(cell);
}

function readHeader(row: Row, names: LedgerColumns): { layout: Layout; faults: Fault[]; isHeader: boolean } {
  const cells = row.cells.map(columnName);
  const [first] = cells;
  const isList = cells.length === 1 && (isListedNumber(first) || first === columnName(names.number));
  if (isList) return { layout: new Map([["number", 0]]), faults: [], isHeader: !isListedNumber(first) };
  const layout = new Map<Field, number>();
  const faults: Fault[] = [];
  for (const field of FIELDS) {
    const name = names[field];
    if (name === null) continue;
    const index = cells.indexOf(columnName(name));
    if (index >= 0) layout.set(field, index);
    // One business's own ledger need not name its seller.
    else if (field !== "seller" || name !== DEFAULT_LEDGER_COLUMNS.seller) {
      faults.push(fault("column-missing", { line: row.line, column: name, value: row.cells.join(",") }, name));
    }
  }
  return { layout, faults, isHeader: true };
}

type RowReader = (row: Row) => Use | undefined;

function rowReader(
  file: string,
  names: LedgerColumns,
  layout: Layout,
  { statuses, onFault }: LedgerOptions,
): RowReader {
  const meanings = { ...DEFAULT_STATUSES, ...statuses };
  const meaning = remembered((text): StatusMeaning => {
    const found = Object.hasOwn(meanings, text) ? meanings[text] : undefined;
    if (found !== undefined) return found;
    const known = Object.keys(meanings);
    throw new DomainError("status-unknown", text, { zh: `${known.join("、")}之一`, en: `one of ${known.join(", ")}` });
  });
  const day = remembered(parseDay);
  const seller = remembered(parseUbn);
  const width = Math.max(...layout.values()) + 1;
  const needed = Math.max(layout.get("number") ?? 0, layout.get("status") ?? 0) + 1;
  const withoutStatus = layout.size === 1 ? "listed" : "issued";
  return (row) => {
    const { cell, faults } = cellReader(row, (field: Field) => layout.get(field));
    const status = cell("status", "other", meaning);
    if (status === "not-a-use") return undefined;
    const number = cell("number", "other", splitInvoiceNumber);
    const use = {
      day: cell("date", "date", (text) => day(text.split(/[ T]/, 1)[0] ?? text)),
      ubn: cell("seller", 8, seller),
    };
    for (const one of faults) report(one);
    if (row.cells.length < width) {
      const place = { line: row.line, value: row.cells.join(",") };
      // What is cut off behind number and status says nothing about whether the number was used.
      onFault(fault("columns-wrong", place, atLeast(width)), row.cells.length < needed ? "numbers" : "checks");
    }
    if (number === undefined) return undefined;
    return {
      ...number,
      ...use,
      how: layout.has("status") ? (status ?? "issued") : withoutStatus,
      file,
      line: row.line,
    };
  };

  function report(found: Fault): void {
    const field = FIELDS.find((one) => one === found.column);
    const named = field === undefined ? found : { ...found, column: names[field] ?? "" };
    onFault(named, field === "date" || field === "seller" ? "checks" : "numbers");
  }
}

/** How many values are remembered before starting over: a period has 62 days, an office some hundred sellers. */
const REMEMBERED = 10_000;

/** A ledger repeats few dates, sellers and statuses a million times: each is read once. */
function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}
