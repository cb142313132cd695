import iconv from "iconv-lite";
import { decodeBig5 } from "../reading/big5-bytes.ts";
import type { Encoding } from "../reading/encoding.ts";
import { type Period, parsePeriod } from "../values/period.ts";
import { DomainError } from "../problems/problems.ts";
import { categoryName } from "../values/track.ts";

/** What programs write for a character that they could not: question marks, boxes, printers' 〓. Also bytes of Latin-1 that were UTF-8. */
const MARKS = /[?？\uFFFD〓□■\u0080-\u00ff]/;

/** A text of the track file that was read in a wrong encoding shows such marks, or none of the characters that the portal writes there. */
export function looksDamaged(text: string): boolean {
  return MARKS.test(text) || (/\P{ASCII}/u.test(text) && !/[字軌發票期別號統編類稅額計算一般特種]/.test(text));
}

/** Whether a cell that should name the category is damaged: unreadable, cut off, or away. The code beside it says the same. */
export function isDamagedCategory(text: string): boolean {
  const names = [categoryName("07"), categoryName("08")];
  if (names.includes(text.normalize("NFKC").replaceAll(/\s/g, ""))) return false;
  const isCutOff = text.length >= 2 && names.some((name) => name.startsWith(text) || name.endsWith(text));
  return text === "" || looksDamaged(text) || isCutOff;
}

/**
 * The period of a text in which `~`, 年 and 期 were damaged but no digit: `115/09 ? 115/10`, `2026?09-10?`.
 * @returns null for a text without such damage, or with more of it
 */
export function damagedPeriod(text: string): Period | null {
  if (!MARKS.test(text)) return null;
  const marks = `${MARKS.source.slice(0, -1)}]+`;
  const plain = text.replaceAll(/\s+/g, "");
  const undone = [
    plain.replace(new RegExp(`^(\\d{2,4}/\\d{1,2})${marks}(\\d{2,4}/\\d{1,2})$`), "$1~$2"),
    plain.replace(new RegExp(`^(\\d{2,4}/\\d{1,2})${marks}(\\d{1,2})$`), "$1~$2"),
    plain.replace(new RegExp(`^(\\d{2,4})${marks}(\\d{1,2})(?:[-~]|${marks})(\\d{1,2})(?:${marks})?$`), "$1/$2~$3"),
  ];
  for (const one of undone) {
    try {
      if (one !== plain) return parsePeriod(one);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return null;
}

/**
 * Bytes that are wholly valid in no known encoding, decoded in the one that leaves fewer of them without a meaning; null for what is no text.
 */
export function decodeDamaged(bytes: Uint8Array): { text: string; encoding: Encoding; damage: string } | null {
  if (bytes.includes(0)) return null;
  const utf8 = iconv.decode(Buffer.from(bytes), "utf-8");
  const lost = utf8.split("\uFFFD").length - 1;
  const big5 = decodeBig5(bytes);
  return lost <= big5.unreadable.length
    ? { text: utf8, encoding: "utf-8", damage: `${lost} × \uFFFD` }
    : { text: big5.text, encoding: "big5", damage: big5.unreadable.slice(0, 4).join(" ") };
}
