import { DomainError } from "../problems/problems.ts";
import { type InvoiceNumber, type Track, numberOf, numberValue, splitInvoiceNumber } from "../values/track.ts";

/** The numbers of one row: a single one has the same begin and end. */
export type RowNumbers = { readonly track: Track; readonly begin: InvoiceNumber; readonly end: InvoiceNumber };

/** A row that stands for more numbers than this is a mistake: no business sells a whole track in one row. */
const LONGEST_RANGE = 1_000_000;

const SINGLE = /^([A-Z]{2})-?([0-9]{8})$/;
const RANGE = /^([A-Z]{2})-?([0-9]{8})(?:~|-|至|到)(?:([A-Z]{2})-?)?([0-9]{8})$/;

/**
 * A cell without what programs put around a value: blanks of any kind, width, case, an apostrophe or `="…"` that keeps a spreadsheet
 * from counting, other dashes.
 */
export function plainCell(text: string): string {
  return text
    .normalize("NFKC")
    .replaceAll(/[\s\u200b-\u200d\u2060\ufeff"'`]/g, "")
    .replace(/^=/, "")
    .replaceAll(/[‐‑‒–—―−﹣_]/g, "-")
    .replaceAll(/[〜∼～]/g, "~")
    .toUpperCase();
}

/**
 * Reads an invoice number in any spelling (`AB00000001`, `AB-00000001`, `AB 00000001`, lower case, full width, `="AB00000001"`), or a
 * range of them (`AB00000010~AB00000019`, `AB00000010-00000019`).
 * @throws DomainError `invoice-number-invalid`; `run-reversed` where the range ends before it begins or in another track
 */
export function readNumbers(text: string): RowNumbers {
  const plain = plainCell(text);
  const [, track, number] = SINGLE.exec(plain) ?? [];
  if (track !== undefined && number !== undefined) {
    const single = splitInvoiceNumber(`${track}${number}`);
    return { track: single.track, begin: single.number, end: single.number };
  }
  const [, from, first, to, last] = RANGE.exec(plain) ?? [];
  if (from === undefined || first === undefined || last === undefined) {
    throw new DomainError("invoice-number-invalid", text);
  }
  const begin = splitInvoiceNumber(`${from}${first}`);
  return upTo({ ...begin, text }, splitInvoiceNumber(`${to ?? from}${last}`));
}

/**
 * The number of a row whose track and digits stand in two columns; digits that a workbook keeps as a number have lost their zeros, in a
 * text they must be there. The digits' column may also hold the whole number.
 * @throws DomainError as {@link readNumbers}
 */
export function readTrackAndDigits(track: string, digits: string, isNumeric: boolean): RowNumbers {
  const plain = plainCell(digits);
  const whole = /^[0-9]+$/.test(plain) && isNumeric ? plain.padStart(8, "0") : plain;
  const own = plainCell(track);
  if (/^[A-Z]{2}/.test(whole)) {
    const numbers = readNumbers(whole);
    if (own !== "" && own !== numbers.track) throw new DomainError("invoice-number-invalid", `${track} ${digits}`);
    return numbers;
  }
  if (!/^[A-Z]{2}$/.test(own)) throw new DomainError("invoice-number-invalid", `${track} ${digits}`);
  return readNumbers(`${own}${whole}`);
}

/**
 * Extends a number to the range that ends with the number of another cell (with or without its track; empty: it is a single one).
 * @throws DomainError as {@link readNumbers}
 */
export function readEnd(begin: RowNumbers, text: string, isNumeric: boolean): RowNumbers {
  const plain = plainCell(text);
  if (plain === "") return begin;
  const digits = /^[0-9]+$/.test(plain) && isNumeric ? plain.padStart(8, "0") : plain;
  const end = readNumbers(/^[0-9]/.test(digits) ? `${begin.track}${digits}` : digits);
  if (end.begin !== end.end) throw new DomainError("invoice-number-invalid", text);
  return upTo({ track: begin.track, number: begin.begin, text }, { track: end.track, number: end.begin });
}

function upTo(
  begin: { readonly track: Track; readonly number: InvoiceNumber; readonly text: string },
  end: { readonly track: Track; readonly number: InvoiceNumber },
): RowNumbers {
  const numbers = { track: begin.track, begin: begin.number, end: end.number };
  if (end.track !== begin.track || end.number < begin.number) throw new DomainError("run-reversed", begin.text);
  if (countOf(numbers) > LONGEST_RANGE) throw new DomainError("run-too-long", begin.text);
  return numbers;
}

export function countOf({ begin, end }: RowNumbers): number {
  return numberValue(end) - numberValue(begin) + 1;
}

/** Each number of the row, in order. */
export function* eachNumber({ begin, end }: RowNumbers): Generator<InvoiceNumber> {
  if (begin === end) {
    yield begin;
    return;
  }
  for (let value = numberValue(begin); value <= numberValue(end); value += 1) yield numberOf(value);
}

const WHOLE_NUMBER = /(?<![A-Z0-9])([A-Z]{2})[-\s]{0,3}([0-9]{8})(?![0-9])/g;

/** Invoice numbers that stand anywhere in a text. */
export function numbersIn(text: string): string[] {
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[\u200b-\u200d\u2060\ufeff]/g, "")
    .toUpperCase();
  return Array.from(plain.matchAll(WHOLE_NUMBER), ([, track, number]) => `${track}${number}`);
}

/**
 * Whether the cell of a number's column may have been a number before something happened to it: letters and digits without a word
 * of Chinese, Excel's hashes and errors or scientific notation. Such a row is never passed over.
 */
export function isNearlyNumber(text: string): boolean {
  const plain = plainCell(text);
  return (
    plain.startsWith("#") || (/[0-9]/.test(plain) && /^[A-Z0-9.+#*=/:,~-]+$/.test(plain.replaceAll("\uFFFD", "#")))
  );
}
