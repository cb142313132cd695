import iconv from "iconv-lite";
import { DomainError } from "../problems/problems.ts";
import { decodeBig5 } from "./big5-bytes.ts";
import type { Encoding } from "./encoding.ts";

/** What stands in a text where bytes are no character. A cell that holds it is damaged. */
export const DAMAGED = "\uFFFD";

/** How many bytes, from the first one that is not ASCII, decide on the encoding. */
const DECISIVE = 64 * 1024;
/** A line longer than this is cut where it stands: it is no row of a table, and memory stays bounded. */
const LONGEST_LINE = 512 * 1024;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Words that stand in the header of nearly every ledger: they settle what a count of damaged bytes leaves open. */
const TELLING = /發票|號碼|日期|統編|統一編號|狀態/;

/**
 * Decodes a text of any known encoding piece by piece, and reads on where bytes are no character: names with characters of a
 * system's own (造字) or cut in half are normal in ledgers. Each such place becomes {@link DAMAGED}; commas, quotes and line ends beside
 * it keep their meaning. A mark (BOM) decides the encoding, UTF-16 among them; else what damages the fewest characters.
 * ASCII reads the same in all, so nothing is decided before the first other byte.
 * @throws DomainError `encoding-unknown` for bytes that are no text (NUL outside UTF-16)
 */
export async function* decodeLeniently(
  source: AsyncIterable<Uint8Array>,
  onEncoding: (encoding: Encoding) => void = () => undefined,
): AsyncGenerator<string> {
  let encoding: Encoding | undefined;
  let utf16: TextDecoder | undefined;
  let held: Uint8Array = new Uint8Array();
  let started = false;
  const decide = (): void => {
    encoding = encodingOf(held, started);
    onEncoding(encoding);
  };
  for await (const bytes of source) {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    if (!started && held.length < 2) continue;
    if (encoding === undefined) {
      utf16 ??= started ? undefined : utf16Decoder(held);
      if (utf16 !== undefined || held.some((byte) => byte >= 0x80)) {
        if (utf16 === undefined && held.length < DECISIVE) continue;
        decide();
      }
    }
    const whole = utf16 === undefined ? wholeLines(held) : held.length;
    if (whole === 0) continue;
    yield decode(held.subarray(0, whole), encoding, utf16, false, !started);
    held = held.subarray(whole);
    started = true;
  }
  if (encoding === undefined) {
    utf16 ??= started ? undefined : utf16Decoder(held);
    decide();
  }
  yield decode(held, encoding, utf16, true, !started);
}

/** The beginning of a text, decoded by the same rules. @throws DomainError as {@link decodeLeniently} */
export function decodeHead(head: Uint8Array): string {
  const utf16 = utf16Decoder(head);
  return decode(head, encodingOf(head, false), utf16, true, true);
}

function decode(
  bytes: Uint8Array,
  encoding: Encoding | undefined,
  utf16: TextDecoder | undefined,
  last: boolean,
  first: boolean,
): string {
  const text =
    utf16 === undefined
      ? encoding === "big5"
        ? big5(bytes)
        : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
      : utf16.decode(bytes, { stream: !last });
  if (text.includes("\0")) {
    const seen = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw new DomainError("encoding-unknown", seen);
  }
  return first && text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function big5(bytes: Uint8Array): string {
  const text = iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), "cp950");
  // Byte by byte only where something is wrong: pairs stay pairs, so that no half of one is taken for a letter.
  return text.includes(DAMAGED) ? decodeBig5(bytes, DAMAGED).text : text;
}

/** Up to and with the last line end, so that no character is cut; all of it where a line is too long to be one. */
function wholeLines(bytes: Uint8Array): number {
  const end = Math.max(bytes.lastIndexOf(NEWLINE), bytes.lastIndexOf(RETURN)) + 1;
  return end === 0 && bytes.length > LONGEST_LINE ? bytes.length : end;
}

function utf16Decoder(head: Uint8Array): TextDecoder | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le");
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}

function encodingOf(head: Uint8Array, started: boolean): Encoding {
  if (!started && utf16Decoder(head) !== undefined) return "utf-16";
  if (!started && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8-bom";
  // A character cut by the end of the piece is no reason to doubt.
  const whole = wholeLines(head) || head.length;
  const piece = head.subarray(0, whole);
  const utf8 = new TextDecoder("utf-8").decode(piece);
  if (!utf8.includes(DAMAGED)) return "utf-8";
  const other = big5(piece);
  const [first, second] = [damage(utf8), damage(other)];
  if (first !== second) return first < second ? "utf-8" : "big5";
  return TELLING.test(utf8) && !TELLING.test(other) ? "utf-8" : "big5";
}

function damage(text: string): number {
  return text.split(DAMAGED).length - 1;
}
