import { Readable, pipeline } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { z } from "zod";
import { cellReader } from "./cells.ts";
import { type Day, parseDay } from "./day.ts";
import { decodeStream } from "./encoding.ts";
import { DomainError, type Fault, fault } from "./problems.ts";
import { type Row, binaryKind, looksLikeHtml } from "./table.ts";
import { type InvoiceNumber, type Track, splitInvoiceNumber } from "./track.ts";
import { type Ubn, parseUbn } from "./ubn.ts";

/** One use of one invoice number. A voided invoice has used its number as well. */
export type Use = {
  readonly track: Track;
  readonly number: InvoiceNumber;
  /** 發票日期; missing in a plain list of numbers. */
  readonly day: Day | undefined;
  /** 賣方統編; missing where the ledger has no such column. */
  readonly ubn: Ubn | undefined;
  readonly voided: boolean;
  /** 1-based line of the ledger. */
  readonly line: number;
};

/** What a status says about the number: `issued` and `voided` have used it; a `not-a-use` row (折讓) only refers to it. */
export type StatusMeaning = "issued" | "voided" | "not-a-use";

/** Names of the ledger's columns. */
export type LedgerColumns = {
  readonly number: string;
  readonly date: string;
  readonly status: string;
  readonly seller: string;
};

export const DEFAULT_LEDGER_COLUMNS: LedgerColumns = {
  number: "發票號碼",
  date: "發票日期",
  status: "狀態",
  seller: "賣方統編",
};

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

export type LedgerOptions = {
  /** Other names for some columns. */
  readonly columns?: Partial<LedgerColumns> | undefined;
  /** Meanings of further status words, on top of {@link DEFAULT_STATUSES}. */
  readonly statuses?: Readonly<Record<string, StatusMeaning>> | undefined;
  /** Called for everything that can't be read, as the stream passes. */
  readonly onFault: (fault: Fault) => void;
};

const recordSchema = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

type Field = keyof LedgerColumns;
type Layout = ReadonlyMap<Field, number>;

/**
 * Reads an invoice ledger (CSV with a header, one row an invoice) or a plain list of used numbers (one `AB12345678` a line, no
 * header), in any of the known encodings, row by row: memory does not grow with the file. What can't be read goes to `onFault`.
 * A row whose number is readable counts as a use even if its status or date is not: to report a used number as blank is the worse
 * mistake. A ledger without its date or status column is read all the same, with a fault, as fewer checks are possible.
 */
export async function* readLedger(source: AsyncIterable<Uint8Array>, options: LedgerOptions): AsyncGenerator<Use> {
  const names: LedgerColumns = { ...DEFAULT_LEDGER_COLUMNS, ...options.columns };
  const read = rowReader(names, { ...DEFAULT_STATUSES, ...options.statuses }, options.onFault);
  let layout: Layout | undefined;
  try {
    for await (const row of rowsOf(source)) {
      if (layout === undefined) {
        const header = readHeader(row, names);
        header.faults.forEach(options.onFault);
        layout = header.layout;
        if (!layout.has("number")) return;
        if (header.isHeader) continue;
      }
      const use = read(row, layout);
      if (use !== undefined) yield use;
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    options.onFault(fault(error.code, { value: error.seen }, error.wanted));
    return;
  }
  if (layout === undefined) options.onFault(fault("empty-file", {}));
}

/** @throws DomainError for what is not text or not CSV */
async function* rowsOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const parser = parse({
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    record_delimiter: ["\r\n", "\n", "\r"],
  });
  // The loop below throws what the pipeline reports; the callback is only there because pipeline wants one.
  pipeline(Readable.from(decodeStream(refuseBinary(source))), parser, () => undefined);
  try {
    for await (const item of parser) {
      const { record, info } = recordSchema.parse(item);
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new DomainError("csv-broken", error.code);
    throw error;
  }
}

async function* refuseBinary(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const bytes of source) {
    if (first) {
      const kind = binaryKind(bytes);
      if (kind !== undefined) throw new DomainError(kind.code, kind.seen);
      const start = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
      if (looksLikeHtml(start)) throw new DomainError("html-not-csv", start);
      first = false;
    }
    yield bytes;
  }
}

function readHeader(row: Row, names: LedgerColumns): { layout: Layout; faults: Fault[]; isHeader: boolean } {
  const first = row.cells[0] ?? "";
  if (row.cells.length === 1 && /^[A-Z]{2}-?\d{8}$/.test(first)) {
    return { layout: new Map([["number", 0]]), faults: [], isHeader: false };
  }
  const layout = new Map<Field, number>();
  const faults: Fault[] = [];
  const fields: readonly Field[] = ["number", "date", "status", "seller"];
  for (const field of fields) {
    const index = row.cells.indexOf(names[field]);
    if (index >= 0) layout.set(field, index);
    // One business's own ledger need not name its seller.
    else if (field !== "seller") {
      const place = { line: row.line, column: names[field], value: row.cells.join(",") };
      faults.push(fault("column-missing", place, names[field]));
    }
  }
  return { layout, faults, isHeader: true };
}

function rowReader(
  names: LedgerColumns,
  statuses: Readonly<Record<string, StatusMeaning>>,
  onFault: (fault: Fault) => void,
): (row: Row, layout: Layout) => Use | undefined {
  const fieldOf = new Map<string, Field>([
    [names.number, "number"],
    [names.date, "date"],
    [names.status, "status"],
    [names.seller, "seller"],
  ]);
  const day = remembered((text) => parseDay(text));
  const seller = remembered((text) => parseUbn(text));
  const meaning = (text: string): StatusMeaning => {
    const found = Object.hasOwn(statuses, text) ? statuses[text] : undefined;
    if (found === undefined) throw new DomainError("status-unknown", text, `${Object.keys(statuses).join("、")}之一`);
    return found;
  };
  return (row, layout) => {
    const { cell, faults } = cellReader(row, (name: string) => layout.get(fieldOf.get(name) ?? "number"));
    const status = layout.has("status") ? cell(names.status, 0, meaning) : "issued";
    if (status === "not-a-use") return undefined;
    const number = cell(names.number, 0, splitInvoiceNumber);
    const use = {
      day: layout.has("date") ? cell(names.date, 0, (text) => day(text.split(/[ T]/, 1)[0] ?? text)) : undefined,
      ubn: layout.has("seller") ? cell(names.seller, 8, seller) : undefined,
    };
    if (row.cells.length <= Math.max(...layout.values())) {
      faults.push(fault("columns-wrong", { line: row.line, value: row.cells.join(",") }));
    }
    faults.forEach(onFault);
    return number && { ...number, ...use, voided: status === "voided", line: row.line };
  };
}

/** How many values are remembered before starting over: a period has 62 days, an office some hundred sellers. */
const REMEMBERED = 10_000;

/** A ledger repeats few dates and sellers a million times: each is read once. */
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
