import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import { type Encoding, decodeText } from "./encoding.ts";
import { DomainError, type Fault, fault } from "./problems.ts";

/** One record of a CSV file: its line (1-based; the last one where a quoted cell spans several) and its cells, trimmed. */
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

/** Reads bytes as CSV of any of the known encodings and line endings, without deciding what the columns mean. */
export function readTable(bytes: Uint8Array): Table {
  const none = { encoding: undefined, rows: [], endsWithNewline: false };
  const kind = fileKind(bytes);
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
  if (/^\s*<(!doctype|html|head|body|\?xml)/i.test(text)) {
    return { ...none, encoding, faults: [fault("html-not-csv", { line: 1, value: text.trim() })] };
  }
  try {
    return { encoding, rows: parseRows(text), faults: [], endsWithNewline: /[\r\n]$/.test(text) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = z.number().safeParse(error["lines"]).data ?? 0;
    return { ...none, encoding, faults: [fault("csv-broken", { line, value: error.message })] };
  }
}

function parseRows(text: string): Row[] {
  const records = recordsSchema.parse(
    parse(text, {
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      record_delimiter: ["\r\n", "\n", "\r"],
    }),
  );
  return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
}

/** What the first bytes betray before any text is read. */
function fileKind(bytes: Uint8Array): { code: "workbook-not-csv" | "encoding-unknown"; seen: string } | undefined {
  const startsWith = (...magic: number[]) => magic.every((byte, index) => bytes[index] === byte);
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return { code: "workbook-not-csv", seen: "PK（xlsx 或 zip）" };
  if (startsWith(0xd0, 0xcf, 0x11, 0xe0)) return { code: "workbook-not-csv", seen: "xls" };
  if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff)) return { code: "encoding-unknown", seen: "UTF-16" };
  return undefined;
}
