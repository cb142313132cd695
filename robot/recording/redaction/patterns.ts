import { anchorOf } from "./anchors.ts";
import { anyCase, anyEncoding, base64Patterns, bytesOf, hexPatterns, literal } from "./encodings.ts";

/** How a value was written. */
export type SecretEncoding =
  | "raw"
  | "json"
  | "percent"
  | "html"
  | "mixed"
  | "base64"
  | "hex"
  | "utf-16le"
  | "normalised"
  | "latin-1"
  | "named-field";

/** One way in which one value may be written. */
export interface Pattern {
  readonly name: string;
  readonly value: string;
  readonly encoding: SecretEncoding;
  /** What a find looks like. */
  readonly body: string;
  /** The same with what must or must not stand around it. */
  readonly source: string;
  /** Letters and digits that stand in every find, or null when there are none. */
  readonly anchor: string | null;
}

/** Shorter values are found everywhere by chance; they are taken out only where the field's name says what they are. */
export const SHORTEST_ANYWHERE = 4;

/** Beginnings of field names that say "this is secret", as pages and programs call them. */
const SECRET_FIELDS =
  "pass pwd pin otp captcha verif token secret csrf xsrf auth cookie session 密碼 驗證碼 通行碼 憑證"
    .split(" ")
    .map(anyCase)
    .join("|");

/** Between a field's name and its value: `name=value`, `"name":"value"`, `name%22%3A%22value`. */
const FIELD_SEPARATOR = `[\\w-]{0,20}(?:["'\\\\\\]\\s]|%22|&quot;)*(?:[:=]|%3[aAdD])(?:["'\\\\[\\s]|%22|&quot;)*`;

// Short hexadecimal words (a captcha, a PIN) are part of many hashes, times and sizes by chance. They count only when they stand
// alone; an encoded character before them (`%22`, `\n`, `\u0022`) is no part of them.
const STANDS_ALONE_BEFORE = `(?:^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\\\[bfnrt]|\\\\u[0-9A-Fa-f]{4})(?<![0-9][.:-])`;
const STANDS_ALONE_AFTER = `(?![A-Za-z0-9]|[.:-]?[0-9])`;
const FOUND_BY_CHANCE = /^(?:[0-9a-f]{1,9}|[0-9A-F]{1,9})$/;

/** All ways in which a value may be written. */
export function patternsFor(value: string, name: string): Pattern[] {
  if (value.length < SHORTEST_ANYWHERE) {
    const body = anyEncoding(value);
    const source = `${body}(?<=(?:${fieldNames(name)})${FIELD_SEPARATOR}${body})(?![A-Za-z0-9])`;
    return [{ name, value, encoding: "named-field", body, source, anchor: anchorOf(value) }];
  }
  const forms = new Map<string, SecretEncoding>([[value, "raw"]]);
  for (const form of [value.normalize("NFC"), value.normalize("NFD")]) {
    if (!forms.has(form)) forms.set(form, "normalised");
  }
  for (const form of Array.from(forms.keys())) {
    // Headers are handed on as bytes read as Latin-1, whatever they were.
    const mistaken = Buffer.from(form, "utf8").toString("latin1");
    if (!forms.has(mistaken)) forms.set(mistaken, "latin-1");
  }
  const patterns: Pattern[] = [];
  const add = (encoding: SecretEncoding, anchor: string | null, body: string, source = body) =>
    patterns.push({ name, value, encoding, body, source, anchor });
  for (const [form, encoding] of forms) {
    const body = anyEncoding(form);
    add(
      encoding,
      anchorOf(form),
      body,
      FOUND_BY_CHANCE.test(value) ? `${body}(?<=${STANDS_ALONE_BEFORE}${body})${STANDS_ALONE_AFTER}` : body,
    );
    if (encoding === "latin-1") continue;
    for (const bytes of bytesOf(form)) {
      for (const { source, anchor } of base64Patterns(bytes)) add("base64", anchor, source);
      for (const digits of hexPatterns(bytes)) add("hex", anchorOf(digits), digits);
    }
  }
  const seen = new Set<string>();
  return patterns.filter(({ source }) => !seen.has(source) && seen.add(source));
}

/** Source of a pattern for names of fields that may hold the secret of this name. */
export function fieldNames(name: string): string {
  return `${SECRET_FIELDS}|${literal(name)}`;
}

/** How a find of the pattern is written. */
export function encodingOf(pattern: Pattern, found: string): SecretEncoding {
  if (pattern.encoding !== "raw" || found === pattern.value) return pattern.encoding;
  if (/%[0-9A-Fa-f]{2}/.test(found) || found === pattern.value.replaceAll(" ", "+")) return "percent";
  if (/&[#A-Za-z0-9]+;/.test(found)) return "html";
  return found.includes("\\") ? "json" : "mixed";
}
