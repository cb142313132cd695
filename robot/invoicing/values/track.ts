import { DomainError } from "../problems/problems.ts";

declare const trackBrand: unique symbol;
declare const numberBrand: unique symbol;

/** 字軌: two capital letters. */
export type Track = string & { readonly [trackBrand]: true };
/** 號碼: 8 digits as text; leading zeros belong to it. */
export type InvoiceNumber = string & { readonly [numberBrand]: true };
/** 發票類別: `07` 一般稅額計算, `08` 特種稅額計算. */
export type Category = "07" | "08";

/** Consecutive numbers of one track, both ends included. */
export type NumberRange = { readonly track: Track; readonly begin: InvoiceNumber; readonly end: InvoiceNumber };

/** One 本 is 50 numbers: it begins at 00 or 50 and ends at 49 or 99. */
export const BOOK_SIZE = 50;

const CATEGORY_NAMES: Readonly<Record<Category, string>> = { "07": "一般稅額計算", "08": "特種稅額計算" };

export function isTrack(text: string): text is Track {
  return /^[A-Z]{2}$/.test(text);
}

/** @throws DomainError `track-invalid` */
export function parseTrack(text: string): Track {
  if (!isTrack(text)) throw new DomainError("track-invalid", text);
  return text;
}

export function isInvoiceNumber(text: string): text is InvoiceNumber {
  return /^[0-9]{8}$/.test(text);
}

/** @throws DomainError `number-invalid` */
export function parseInvoiceNumber(text: string): InvoiceNumber {
  if (!isInvoiceNumber(text)) throw new DomainError("number-invalid", text);
  return text;
}

/**
 * Takes `AB12345678` or `AB-12345678` apart.
 * @throws DomainError `invoice-number-invalid`
 */
export function splitInvoiceNumber(text: string): { track: Track; number: InvoiceNumber } {
  const [, track, number] = /^([A-Z]{2})-?([0-9]{8})$/.exec(text.trim()) ?? [];
  if (track === undefined || number === undefined) throw new DomainError("invoice-number-invalid", text);
  return { track: parseTrack(track), number: parseInvoiceNumber(number) };
}

/**
 * Reads the code as MIG and the upload file write it: `07` or `08`, nothing else.
 * @throws DomainError `category-invalid`
 */
export function parseCategoryCode(text: string): Category {
  if (text === "07" || text === "08") return text;
  throw new DomainError("category-invalid", text);
}

/**
 * Reads `7`, `07`, `8`, `08`, the names the portal prints, and both together (`07:一般稅額計算`).
 * @throws DomainError `category-invalid`
 */
export function parseCategory(text: string): Category {
  const plain = text.normalize("NFKC").replaceAll(/\s/g, "");
  const [, code, name] = /^(0?[78])?[:-]?(\D*)$/.exec(plain) ?? [];
  const byCode = code === undefined ? undefined : code.endsWith("7") ? "07" : "08";
  const byName = name === CATEGORY_NAMES["07"] ? "07" : name === CATEGORY_NAMES["08"] ? "08" : undefined;
  const nameIsUnknown = name !== undefined && name !== "" && byName === undefined;
  const category = byCode ?? byName;
  if (category === undefined || nameIsUnknown || (byName !== undefined && byName !== category)) {
    throw new DomainError("category-invalid", text);
  }
  return category;
}

/** The name the portal prints, for example 一般稅額計算. */
export function categoryName(category: Category): string {
  return CATEGORY_NAMES[category];
}

/** A number as an integer, for arithmetic only: 99,999,999 fits exactly. */
export function numberValue(number: InvoiceNumber): number {
  return Number(number);
}

/**
 * An integer back to 8 digits.
 * @throws DomainError `number-invalid` outside 0–99,999,999
 */
export function numberOf(value: number): InvoiceNumber {
  return parseInvoiceNumber(String(value).padStart(8, "0"));
}

/**
 * Makes a run of three texts.
 * @throws DomainError `track-invalid`, `number-invalid` or `run-reversed`
 */
export function parseRange(track: string, begin: string, end: string): NumberRange {
  const run = { track: parseTrack(track), begin: parseInvoiceNumber(begin), end: parseInvoiceNumber(end) };
  if (run.end < run.begin) throw new DomainError("run-reversed", formatRange(run));
  return run;
}

/** For people: `NQ 42519550-42522049`. */
export function formatRange(run: NumberRange): string {
  return `${run.track} ${run.begin}-${run.end}`;
}

/** How many numbers the run holds. */
export function rangeSize(run: NumberRange): number {
  return numberValue(run.end) - numberValue(run.begin) + 1;
}

export function beginsBook(number: InvoiceNumber): boolean {
  return numberValue(number) % BOOK_SIZE === 0;
}

export function endsBook(number: InvoiceNumber): boolean {
  return numberValue(number) % BOOK_SIZE === BOOK_SIZE - 1;
}

/**
 * How many books the run is.
 * @throws DomainError `run-not-books` for a run that is not whole books
 */
export function booksIn(run: NumberRange): number {
  if (!beginsBook(run.begin) || !endsBook(run.end) || run.end < run.begin) {
    throw new DomainError("run-not-books", formatRange(run));
  }
  return rangeSize(run) / BOOK_SIZE;
}

/** Whether two runs share a number. Numbers of one width compare as text. */
export function overlaps(a: NumberRange, b: NumberRange): boolean {
  return a.track === b.track && a.begin <= b.end && b.begin <= a.end;
}

/** Whether `inner` lies wholly in `outer`. */
export function covers(outer: NumberRange, inner: NumberRange): boolean {
  return outer.track === inner.track && outer.begin <= inner.begin && inner.end <= outer.end;
}

/** Order by track, then by first number. */
export function compareRanges(a: NumberRange, b: NumberRange): number {
  if (a.track !== b.track) return a.track < b.track ? -1 : 1;
  return numberValue(a.begin) - numberValue(b.begin);
}
