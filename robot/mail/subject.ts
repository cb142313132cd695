import iconv from "iconv-lite";

/**
 * The subject of a mail, out of its bytes. Senders cut long subjects by bytes: a character may begin in one encoded word and end in the next, of
 * the other encoding (B or Q) or on the next line. So adjacent words of one charset are joined as bytes before they are decoded, which RFC 2047
 * does not ask of a reader and no mail library here does for all of them. Bare bytes, which no standard allows, are UTF-8 or else Big5.
 * @returns null for a mail without a subject
 */
export function subjectIn(source: Uint8Array): string | null {
  const written = headerLine(source, "subject");
  if (written === null) return null;
  return /[\u0080-\u00ff]/.test(written) ? bareBytes(written) : joinedWords(unfolded(written)).trim();
}

/** How far into a mail its header is looked for: a header of this size is no header. */
const LONGEST_HEADER = 256 * 1024;

/** The value of the first header of that name, folded as it is, one character for each byte. */
function headerLine(source: Uint8Array, name: string): string | null {
  const bytes = source.subarray(0, LONGEST_HEADER);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  const [header = ""] = text.split(/\r?\n\r?\n/, 1);
  const found = new RegExp(`^${name}[ \\t]*:[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)`, "im").exec(header);
  return found?.[1] ?? null;
}

function unfolded(written: string): string {
  return written.replaceAll(/\r?\n(?=[ \t])/g, "");
}

/** A line may be folded in the middle of a character; then the blank that folding put in does not belong to it. */
function bareBytes(written: string): string {
  const kept = Buffer.from(unfolded(written), "latin1");
  const tight = Buffer.from(written.replaceAll(/\r?\n[ \t]+/g, ""), "latin1");
  const decoded = [decode(kept, "utf-8"), decode(tight, "utf-8"), decode(kept, "cp950"), decode(tight, "cp950")];
  const whole = decoded.find((text) => !text.includes("\uFFFD"));
  const [first = ""] = decoded.toSorted((a, b) => damage(a) - damage(b));
  return joinedWords(whole ?? first).trim();
}

function damage(text: string): number {
  return text.split("\uFFFD").length - 1;
}

/** `=?charset*language?encoding?text?=` */
const WORD = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?]*)\?=/gi;

/** Replaces the encoded words of a text, and drops the blanks between two of them. */
function joinedWords(text: string): string {
  const parts: string[] = [];
  let pending: { charset: string; bytes: Buffer } | null = null;
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    const [whole, charset = "", encoding = "", content = ""] = match;
    const between = text.slice(end, match.index);
    const bytes = /b/i.test(encoding) ? Buffer.from(content, "base64") : quoted(content);
    const joins: boolean = pending !== null && between.trim() === "" && sameCharset(pending.charset, charset);
    if (pending !== null && joins) pending = { charset, bytes: Buffer.concat([pending.bytes, bytes]) };
    else {
      if (pending !== null) parts.push(decode(pending.bytes, pending.charset));
      if (pending === null || between.trim() !== "") parts.push(between);
      pending = { charset, bytes };
    }
    end = match.index + whole.length;
  }
  if (pending !== null) parts.push(decode(pending.bytes, pending.charset));
  return [...parts, text.slice(end)].join("");
}

function quoted(content: string): Buffer {
  const plain = content
    .replaceAll("_", " ")
    .replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, "latin1");
}

function sameCharset(a: string, b: string): boolean {
  return known(a) === known(b);
}

/** The name by which the decoder knows a charset. Of Taiwanese systems Big5 is always cp950; an unknown charset is taken for UTF-8. */
function known(charset: string): string {
  const name = charset.toLowerCase();
  if (/big-?5|950/.test(name)) return "cp950";
  return iconv.encodingExists(name) ? name : "utf-8";
}

function decode(bytes: Buffer, charset: string): string {
  return iconv.decode(bytes, known(charset));
}
