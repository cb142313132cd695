import iconv from "iconv-lite";
import { DomainError } from "../problems/problems.ts";

/** How a text file is written. `big5` always means Microsoft's cp950, which is what Taiwanese systems write. */
export type Encoding = "utf-8" | "utf-8-bom" | "big5" | "utf-16";

/** Encodings that this program writes; UTF-16 is only read, as Excel's "Unicode text". */
export type WrittenEncoding = Exclude<Encoding, "utf-16">;

/** For messages to people. */
export const ENCODING_NAMES: Readonly<Record<Encoding, string>> = {
  "utf-8": "UTF-8",
  "utf-8-bom": "UTF-8 (BOM)",
  big5: "Big5",
  "utf-16": "UTF-16",
};

const BOM = "\uFEFF";
/** What a decoder writes for bytes that mean nothing. */
const REPLACEMENT = "\uFFFD";

/** cp950's name in iconv-lite; its `big5` is the Hong Kong extension and maps other characters. */
const CP950 = "cp950";

/**
 * Reads a file that may be UTF-8 with or without BOM or, as the portal wrote until its redesign, Big5.
 * A BOM decides; else the bytes are UTF-8 if they are valid UTF-8; else Big5.
 * @throws DomainError `encoding-unknown` when they are none of these (UTF-16, a damaged file)
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const text = strictUtf8(bytes);
  if (text === undefined) return { text: big5Decoder()(bytes, true), encoding: "big5" };
  refuseNul(text, bytes);
  return text.startsWith(BOM) ? { text: text.slice(1), encoding: "utf-8-bom" } : { text, encoding: "utf-8" };
}

function strictUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How many bytes, from the first one that is not ASCII, decide on a stream's encoding. */
const DECISIVE = 64 * 1024;

/**
 * Decodes a stream piece by piece by the rules of {@link decodeText}. ASCII reads the same in all of them, so nothing is decided
 * (and at most 64 KiB held back) before the first other character, which in a ledger is in the header row. `onEncoding` is told once.
 * @throws DomainError `encoding-unknown`, also later in the stream, where the bytes stop making sense
 */
export async function* decodeStream(
  source: AsyncIterable<Uint8Array>,
  onEncoding: (encoding: Encoding) => void = () => undefined,
): AsyncGenerator<string> {
  let undecided: Uint8Array = new Uint8Array();
  let decode: StreamDecoder | undefined;
  const decide = (): StreamDecoder => {
    const encoding = encodingOf(undecided);
    onEncoding(encoding);
    return encoding === "big5" ? big5Decoder() : utf8Decoder();
  };
  for await (const bytes of source) {
    if (decode !== undefined) {
      yield decode(bytes, false);
      continue;
    }
    undecided = Buffer.concat([undecided, bytes]);
    if (undecided.every((byte) => byte < 0x80)) {
      yield utf8Decoder()(undecided, true);
      undecided = new Uint8Array();
    } else if (undecided.length >= DECISIVE) {
      decode = decide();
      yield decode(undecided, false);
      undecided = new Uint8Array();
    }
  }
  yield (decode ?? decide())(undecided, true);
}

type StreamDecoder = (bytes: Uint8Array, last: boolean) => string;

/** By the first bytes that are not all ASCII; a character cut in two at the end of the piece is no reason to doubt. */
function encodingOf(head: Uint8Array): Encoding {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(head, { stream: true });
    return text.startsWith(BOM) ? "utf-8-bom" : "utf-8";
  } catch {
    return "big5";
  }
}

function utf8Decoder(): StreamDecoder {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return (bytes, last) => {
    try {
      return refuseNul(decoder.decode(bytes, { stream: !last }), bytes);
    } catch {
      throw new DomainError("encoding-unknown", hex(bytes));
    }
  };
}

function big5Decoder(): StreamDecoder {
  const decoder = iconv.getDecoder(CP950);
  return (bytes, last) => {
    const text = decoder.write(Buffer.from(bytes)) + (last ? (decoder.end() ?? "") : "");
    if (text.includes(REPLACEMENT)) throw new DomainError("encoding-unknown", hex(bytes));
    return refuseNul(text, bytes);
  };
}

/** NUL in a text file means UTF-16 without its mark. */
function refuseNul(text: string, bytes: Uint8Array): string {
  if (text.includes("\0")) throw new DomainError("encoding-unknown", hex(bytes));
  return text;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/**
 * Writes text in an encoding.
 * @throws DomainError `big5-loss` when a character has no place in Big5; nothing is ever replaced by a question mark
 */
export function encodeText(text: string, encoding: WrittenEncoding): Uint8Array {
  if (encoding !== "big5") return new TextEncoder().encode(encoding === "utf-8-bom" ? BOM + text : text);
  const bytes = iconv.encode(text, CP950);
  if (iconv.decode(bytes, CP950) !== text) throw new DomainError("big5-loss", lostCharacters(text));
  return Uint8Array.from(bytes);
}

function lostCharacters(text: string): string {
  const lost = Array.from(text).filter((char) => iconv.decode(iconv.encode(char, CP950), CP950) !== char);
  return Array.from(new Set(lost)).join("");
}
