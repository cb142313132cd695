import type { Source, SourceRow } from "./source.ts";

/** Bytes of a record of 營業稅媒體申報檔. */
export const RECORD_LENGTH = 81;
/** An editor may have cut the blanks at the end of a line; behind the tax amount (byte 72) nothing needs to stand. */
const SHORTEST = 72;

/** 格式代號, 稅籍編號, 流水號 and 資料所屬年月, as each record begins. */
const RECORD_START = /^(?:2[1-9]|3[1-8])[0-9A-Z]{9}[0-9A-Z ]{7}[0-9]{3}(?:0[1-9]|1[0-2])/;

/** Records of 81 bytes, each on a line or one behind the other, as 營業稅媒體申報檔 has them: read as a stream. A record is one cell. */
export const RECORDS: Source = {
  id: "records",
  dropsEmptyCells: false,
  recognise(head) {
    const text = latin1(head.subarray(0, 4096));
    const first = firstRecord(text);
    if (!RECORD_START.test(text)) return false;
    return isRecord(first) || (first.length > RECORD_LENGTH && RECORD_START.test(first.slice(RECORD_LENGTH)));
  },
  async *rows(file, head) {
    const text = latin1(head.subarray(0, 4096));
    const apart = firstRecord(text).length <= RECORD_LENGTH;
    let line = 0;
    let held = "";
    for await (const bytes of file.read()) {
      held += latin1(bytes);
      const { records, rest } = apart ? byLine(held) : byLength(held);
      held = rest;
      for (const record of records) {
        line += 1;
        const row = rowOf(record, line);
        if (row !== null) yield row;
      }
    }
    for (const record of held.split(/\r\n|\r|\n/)) {
      line += 1;
      const row = rowOf(record, line);
      if (row !== null) yield row;
    }
  },
};

/** What stands before the first line end; old programs end a file with the character that once meant its end. */
function firstRecord(text: string): string {
  const [first = ""] = text.replaceAll("\u001a", "\n").split(/[\r\n]/, 1);
  return first;
}

/** A record, or what stands in its place. The blanks that an editor cut are put back. */
function rowOf(record: string, line: number): SourceRow | null {
  const text = record.endsWith("\u001a") ? record.slice(0, -1) : record;
  if (text.trim() === "") return null;
  return { line, cells: [isRecord(text) ? text.padEnd(RECORD_LENGTH) : text], section: 0 };
}

export function isRecord(text: string): boolean {
  return text.length >= SHORTEST && text.length <= RECORD_LENGTH && RECORD_START.test(text);
}

function byLine(text: string): { records: string[]; rest: string } {
  // A return at the very end may be half of a line end.
  const end = text.endsWith("\r") ? text.length - 1 : text.length;
  const records = text.slice(0, end).split(/\r\n|\r|\n/);
  return { rest: `${records.pop() ?? ""}${text.slice(end)}`, records };
}

function byLength(text: string): { records: string[]; rest: string } {
  const records: string[] = [];
  let from = 0;
  for (; from + RECORD_LENGTH <= text.length; from += RECORD_LENGTH)
    records.push(text.slice(from, from + RECORD_LENGTH));
  return { records, rest: text.slice(from) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
