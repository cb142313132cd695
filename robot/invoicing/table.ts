import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { type Encoding, decodeText } from "./encoding.ts";
import { DomainError, type Fault, fault } from "./problems.ts";

/** One record of a CSV file: its line (1-based; the last one where a quoted cell spans several) and its cells. */
export type Row = { readonly line: number; readonly cells: readonly string[] };

/** A CSV file read whole. When it can't be read as CSV at all, `rows` is empty and `faults` says why. */
export type Table = {
  readonly encoding: Encoding | undefined;
  readonly rows: readonly Row[];
  readonly faults: readonly Fault[];
  /** Whether the last line is ended; a download that was cut off usually is not. */
  readonly endsWithNewline: boolean;
};

const recordsSchema = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

export type TableOptions = {
  /** Keep the spaces around values: for a file that the portal will read, where they are a mistake. */
  readonly exact?: boolean;
  /** Stop after so many rows. */
  readonly atMost?: number;
  /** What separates columns; a comma if nothing is said. */
  readonly delimiter?: string;
  /** Set to false to read quotes as any other character, where they turned out not to be balanced. */
  readonly quotes?: boolean;
};

/** Reads bytes as CSV of any of the known encodings and line endings, without deciding what the columns mean. */
export function readTable(bytes: Uint8Array, options: TableOptions = {}): Table {
  const none = { encoding: undefined, rows: [], endsWithNewline: false };
  const kind = binaryKind(bytes);
  if (kind !== undefined) return { ...none, faults: [fault(kind.code, { value: kind.seen })] };
  let decoded: ReturnType<typeof decodeText>;
  try {
    decoded = decodeText(bytes);
  } catch (error) {
    if (error instanceof DomainError) return { ...none, faults: [fault(error.code, { value: error.seen })] };
    throw error;
  }
  const { text, encoding } = decoded;
  if (text.trim() === "") return { ...none, encoding, faults: [fault("empty-file", {})] };
  if (looksLikeHtml(text)) {
    return { ...none, encoding, faults: [fault("html-not-csv", { line: 1, value: text.trim() })] };
  }
  try {
    return { encoding, rows: parseRows(text, options), faults: [], endsWithNewline: /[\r\n]$/.test(text) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = z.number().safeParse(error["lines"]).data ?? 0;
    return { ...none, encoding, faults: [fault("csv-broken", { line, value: error.code })] };
  }
}

function parseRows(text: string, options: TableOptions): Row[] {
  const { exact = false, atMost, delimiter = ",", quotes = true } = options;
  const records = recordsSchema.parse(
    parse(text, {
      info: true,
      trim: !exact,
      delimiter,
      ...(quotes ? {} : { quote: false }),
      skip_empty_lines: true,
      relax_column_count: true,
      ...(atMost === undefined ? {} : { to: atMost }),
      record_delimiter: ["\r\n", "\n", "\r"],
    }),
  );
  return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
}

/** What the first bytes betray before any text is read. */
export function binaryKind(
  bytes: Uint8Array,
): { code: "workbook-not-csv" | "encoding-unknown"; seen: string } | undefined {
  const startsWith = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return { code: "workbook-not-csv", seen: "PK（xlsx 或 zip）" };
  if (startsWith(0xd0, 0xcf, 0x11, 0xe0)) return { code: "workbook-not-csv", seen: "xls" };
  if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) return { code: "encoding-unknown", seen: "UTF-16" };
  return undefined;
}

/** Whether a text begins like the page that a portal sends instead of a file when the session is over. */
export function looksLikeHtml(text: string): boolean {
  return /^[^\w<]*<(!doctype html|html|head|body)/i.test(text);
}
