import { CsvError, type Parser, parse } from "csv-parse";
import { type Encoding, decodeStream } from "./encoding.ts";
import { DomainError, type Fault } from "../problems/problems.ts";
import { type FileRow, binaryKind, csvFault, looksLikeHtml } from "./table.ts";

/** Far longer than any row: what is longer is a quotation mark without its partner, which would take in the rest of the file. */
const LONGEST_RECORD = 256 * 1024;

export type RowOptions = {
  /** Called where the text stops being CSV; the rows before that place have been given. */
  readonly onBroken: (fault: Fault) => void;
  /** Called once, when the encoding is known: at the end for a file of pure ASCII. */
  readonly onEncoding?: ((encoding: Encoding) => void) | undefined;
};

/**
 * The rows of a CSV file of any known encoding and size, one by one: memory does not grow with the file.
 * @throws DomainError for what is not text: a web page, a workbook, bytes of no known encoding
 */
export async function* fileRows(
  source: AsyncIterable<Uint8Array>,
  { onBroken, onEncoding }: RowOptions,
): AsyncGenerator<FileRow> {
  let lastWhole = 0;
  let rows: FileRow[] = [];
  const parser = parse({
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: LONGEST_RECORD,
    // Taken here and not from the stream, which forgets the rows before a break.
    on_record: (cells, { lines }) => {
      lastWhole = lines;
      rows.push({ line: lines, cells });
      return null;
    },
  });
  // Anyone who writes is told of an error; without a listener it would end the process as well.
  parser.on("error", () => undefined);
  for await (const text of decodeStream(refuseBinary(source), onEncoding)) {
    const broken = await fed(parser, text);
    yield* rows;
    rows = [];
    if (broken !== null) {
      onBroken(csvFault(broken, lastWhole));
      return;
    }
  }
  const broken = await fed(parser, null);
  yield* rows;
  if (broken !== null) onBroken(csvFault(broken, lastWhole));
}

/** Gives the parser a piece of text, or its end, and waits until it has read it. Answers with what it refuses. */
async function fed(parser: Parser, text: string | null): Promise<CsvError | null> {
  const error = await new Promise<Error | null | undefined>((resolve) => {
    if (text === null) parser.end(resolve);
    else parser.write(text, resolve);
  });
  if (error instanceof CsvError) return error;
  if (error) throw error;
  return null;
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
