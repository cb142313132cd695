/** Bytes of one record of the portal's list of winners. */
export const RECORD_BYTES = 474;

/** A piece of the list: a record, the last line, or what is neither. `line` counts pieces where the file has no line ends. */
export type Piece = { readonly line: number; readonly bytes: Uint8Array };

/** 總公司統編, 期別, 字軌 and 號碼, which no address or name looks like. */
const RECORD_START = /^(?:\d{8} {2}|\d{10}| {10})\d{5}[A-Z]{2}\d{8}/;
const START_BYTES = 25;

/** Main, 期別, 筆數, 獎金合計, and when the prizes are paid from and until; numbers filled up with zeros or blanks. */
const LAST_LINE = /^\S{1,4}?(\d{3}(?:0\d|1[0-2]))([\d ]{6}\d)([\d ]{14}\d)(\d{3}[01]\d[0-3]\d)(\d{3}[01]\d[0-3]\d) *$/;
const LONGEST_LAST_LINE = 60;

export type LastLine = {
  readonly period: string;
  readonly count: string;
  readonly prizeSum: string;
  readonly claimFrom: string;
  readonly claimBy: string;
};

/** Reads the last line of the list; nothing where it is none. */
export function readLastLine(bytes: Uint8Array): LastLine | undefined {
  if (bytes.length > LONGEST_LAST_LINE) return undefined;
  const [, period, count, prizeSum, claimFrom, claimBy] = LAST_LINE.exec(asciiOf(bytes)) ?? [];
  if (
    period === undefined ||
    count === undefined ||
    prizeSum === undefined ||
    claimFrom === undefined ||
    claimBy === undefined
  ) {
    return undefined;
  }
  return { period, count, prizeSum, claimFrom, claimBy };
}

/** Whether a record begins at this byte. */
export function beginsRecord(bytes: Uint8Array, at = 0): boolean {
  return RECORD_START.test(asciiOf(bytes.subarray(at, at + START_BYTES)));
}

function asciiOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

const LF = 0x0a;
const CR = 0x0d;
/** Ctrl-Z, by which programs of old end a text file. */
const END_OF_FILE = 0x1a;
/** With so much at hand, a record and the beginning of the next one can be distinguished although one of them is too long. */
const LOOKAHEAD = 3 * RECORD_BYTES;

/**
 * Takes the list apart: lines with CRLF or LF, or records that follow each other without any. No byte of a Chinese character is a
 * line end in Big5, so lines are safe to look for. What is too long or too short is its own piece; the ones behind it are found again
 * by how a record begins. Holds some records in memory, whatever the size of the file.
 */
export async function* piecesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  let held: Uint8Array = new Uint8Array();
  let line = 0;
  const numbered = (bytes: Uint8Array): Piece => ({ line: ++line, bytes });
  for await (const chunk of source) {
    const bytes = Buffer.concat([held, chunk]);
    let at = 0;
    for (;;) {
      const end = bytes.indexOf(LF, at);
      if (end < 0) break;
      const pieces = apart(withoutEnd(bytes.subarray(at, end)), 0);
      // An empty line is counted, as an editor counts it, but says nothing.
      if (pieces.taken.length === 0) line += 1;
      yield* pieces.taken.map(numbered);
      at = end + 1;
    }
    const { taken, rest } = apart(bytes.subarray(at), LOOKAHEAD);
    yield* taken.map(numbered);
    held = Uint8Array.from(rest);
  }
  yield* apart(withoutEnd(held), 0).taken.map(numbered);
}

function withoutEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === CR || bytes[end - 1] === END_OF_FILE)) end -= 1;
  return bytes.subarray(0, end);
}

/** Takes pieces off the front as long as more than `keep` bytes are left. */
function apart(bytes: Uint8Array, keep: number): { taken: Uint8Array[]; rest: Uint8Array } {
  const taken: Uint8Array[] = [];
  let rest = bytes;
  while (rest.length > keep) {
    const size = sizeOfFirst(rest);
    taken.push(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  return { taken, rest };
}

/** Up to where the next record or the last line begins. */
function sizeOfFirst(bytes: Uint8Array): number {
  const usual = Math.min(bytes.length, RECORD_BYTES);
  if (usual === bytes.length && beginsRecord(bytes)) return usual;
  if (beginsRecord(bytes) && beginsNext(bytes, RECORD_BYTES)) return RECORD_BYTES;
  const furthest = Math.min(bytes.length, 2 * RECORD_BYTES);
  for (let at = 1; at < furthest; at += 1) if (beginsNext(bytes, at)) return at;
  return furthest;
}

function beginsNext(bytes: Uint8Array, at: number): boolean {
  if (beginsRecord(bytes, at)) return true;
  return bytes.length - at <= LONGEST_LAST_LINE && readLastLine(bytes.subarray(at)) !== undefined;
}
