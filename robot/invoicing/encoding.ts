import iconv from "iconv-lite";
import { DomainError } from "./problems.ts";

/** How a text file is written. `big5` always means Microsoft's cp950, which is what Taiwanese systems write. */
export type Encoding = "utf-8" | "utf-8-bom" | "big5";

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
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    // Excel's "Unicode text" without its mark is valid UTF-8 full of NUL characters.
    if (text.includes("\0")) throw new DomainError("encoding-unknown", "NUL");
    return text.startsWith(BOM) ? { text: text.slice(1), encoding: "utf-8-bom" } : { text, encoding: "utf-8" };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    const text = iconv.decode(bytes, CP950);
    if (text.includes(REPLACEMENT) || text.includes("\0")) throw new DomainError("encoding-unknown", hex(bytes));
    return { text, encoding: "big5" };
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/**
 * Writes text in an encoding.
 * @throws DomainError `big5-loss` when a character has no place in Big5; nothing is ever replaced by a question mark
 */
export function encodeText(text: string, encoding: Encoding): Uint8Array {
  if (encoding !== "big5") return new TextEncoder().encode(encoding === "utf-8-bom" ? BOM + text : text);
  const bytes = iconv.encode(text, CP950);
  if (iconv.decode(bytes, CP950) !== text) throw new DomainError("big5-loss", lostCharacters(text));
  return Uint8Array.from(bytes);
}

function lostCharacters(text: string): string {
  const lost = Array.from(text).filter((char) => iconv.decode(iconv.encode(char, CP950), CP950) !== char);
  return Array.from(new Set(lost)).join("");
}
