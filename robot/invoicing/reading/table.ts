import { CsvError, parse } from "csv-parse/sync";
import { type Encoding, decodeText } from "./encoding.ts";
import { DomainError, type Fault, type Words, fault } from "../problems/problems.ts";

/** A file that can be read from its beginning as often as wanted. */
export type FileSource = { readonly name: string; readonly read: () => AsyncIterable<Uint8Array> };

/** Bytes that are at hand as a file. */
export function fileOfBytes(name: string, bytes: Uint8Array): FileSource {
  return {
    name,
    async *read() {
      yield bytes;
    },
  };
}

/** One record of a CSV file: its line (1-based; the last one where a quoted cell spans several) and its cells. */
export type FileRow = { readonly line: number; readonly cells: readonly string[] };

/** A CSV file read whole. Where it can't be read as CSV, `rows` are those before that place and `faults` says why. */
export type Table = {
  readonly encoding: Encoding | undefined;
  readonly rows: readonly FileRow[];
  readonly faults: readonly Fault[];
  /** Whether the last line is ended; a download that was cut off usually is not. */
  readonly endsWithNewline: boolean;
};

export type TableOptions = {
  /** Keep the spaces around values: for a file that the portal will read, where they are a mistake. */
  readonly exact?: boolean;
  /** Stop after this many rows. */
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
  const rows: FileRow[] = [];
  const faults: Fault[] = [];
  try {
    parseRows(text, options, rows);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.push(csvFault(error, rows.at(-1)?.line ?? 0));
  }
  return { encoding, rows, faults, endsWithNewline: /[\r\n]$/.test(text) };
}

/**
 * What the CSV parser refuses. Nearly all of it comes from a quotation mark without its partner, which also makes a record endless:
 * the parser then names the end of the file, and the line that helps is the one behind the last whole record.
 */
export function csvFault(error: CsvError, lastWhole: number): Fault {
  const aboutQuotes = /QUOTE|MAX_RECORD_SIZE/.test(error.code);
  return fault("csv-broken", { line: lastWhole + 1, value: aboutQuotes ? '"' : error.code });
}

/** Adds the rows to `rows` as they are read, so that those before a break are known. */
function parseRows(text: string, options: TableOptions, rows: FileRow[]): void {
  const { exact = false, atMost, delimiter = ",", quotes = true } = options;
  parse(text, {
    trim: !exact,
    delimiter,
    ...(quotes ? {} : { quote: false }),
    skip_empty_lines: true,
    relax_column_count: true,
    // `="00000050"`, by which exporters keep Excel from dropping zeros, is to be named and not refused as broken CSV.
    relax_quotes: true,
    ...(atMost === undefined ? {} : { to: atMost }),
    record_delimiter: ["\r\n", "\n", "\r"],
    on_record: (cells, { lines }) => {
      rows.push({ line: lines, cells });
      return null;
    },
  });
}

/** What is wanted of a row that is too short. */
export function atLeast(columns: number): Words {
  return { zh: `至少 ${columns} 欄`, en: `at least ${columns} columns` };
}

/** A column name without what editors and samples put around it: spaces, quotes, the asterisk of a required field. */
export function columnName(cell: string): string {
  return cell.normalize("NFKC").replaceAll(/[\s*"']/g, "");
}

/** What the first bytes betray before any text is read. */
export function binaryKind(
  bytes: Uint8Array,
): { code: "workbook-not-csv" | "encoding-unknown"; seen: string } | undefined {
  const startsWith = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return { code: "workbook-not-csv", seen: "PK (xlsx, zip)" };
  if (startsWith(0xd0, 0xcf, 0x11, 0xe0)) return { code: "workbook-not-csv", seen: "xls" };
  if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) return { code: "encoding-unknown", seen: "UTF-16" };
  return undefined;
}

/** Whether a text begins like the page that a portal sends instead of a file when the session is over. */
export function looksLikeHtml(text: string): boolean {
  return /^[^\w<]*<(!doctype html|html|head|body)/i.test(text);
}
