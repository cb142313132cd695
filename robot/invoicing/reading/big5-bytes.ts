import iconv from "iconv-lite";

/** What stands for bytes that have no character; printers in Taiwan and Japan use it for the same. */
const NO_CHARACTER = "〓";

/** Text of a field of bytes, and the bytes in it that mean nothing (as hexadecimal digits), in order. */
export type Big5Text = { readonly text: string; readonly unreadable: readonly string[] };

/**
 * Decodes a fixed piece of cp950 bytes on its own. A system that fills fields by bytes cuts a long name in the middle of a character, and one with
 * characters of its own (造字) writes pairs that no code page has: each becomes `noCharacter` (〓 if not said) where it stands and is reported, and the bytes
 * beside it keep their meaning. Never throws.
 */
export function decodeBig5(bytes: Uint8Array, noCharacter = NO_CHARACTER): Big5Text {
  const plain = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  if (!/[\u0080-\u00ff]/.test(plain)) return { text: plain, unreadable: [] };
  const characters: string[] = [];
  const unreadable: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const width = widthAt(bytes, at);
    const character = width === 0 ? "\uFFFD" : decodeOne(bytes, at, width);
    const used = Math.max(width, 1);
    if (character.includes("\uFFFD")) {
      unreadable.push(Buffer.from(bytes.subarray(at, at + used)).toString("hex"));
      characters.push(noCharacter);
    } else characters.push(character);
    at += used;
  }
  return { text: characters.join(""), unreadable };
}

/** 1 for ASCII, 2 for a pair, 0 for a byte that begins nothing: half a character. */
function widthAt(bytes: Uint8Array, at: number): 0 | 1 | 2 {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const trail = bytes[at + 1] ?? 0;
  const pairs = (trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe);
  return lead > 0x80 && lead < 0xff && pairs ? 2 : 0;
}

/** Pairs are few beside their uses: a list of winners repeats its sellers' names and addresses. */
const known = new Map<number, string>();

function decodeOne(bytes: Uint8Array, at: number, width: 1 | 2): string {
  const first = bytes[at] ?? 0;
  if (width === 1) return String.fromCharCode(first);
  const pair = first * 256 + (bytes[at + 1] ?? 0);
  const before = known.get(pair);
  if (before !== undefined) return before;
  const character = iconv.decode(Buffer.from([first, bytes[at + 1] ?? 0]), "cp950");
  known.set(pair, character);
  return character;
}
