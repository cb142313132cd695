import { anchorOf } from "./anchors.ts";

/**
 * How one secret value may be written in what a browser, a page or a server leaves behind.
 *
 * Listing whole encoded values is not enough: encoders disagree about which characters they touch (`encodeURI` leaves `&`, a
 * form writes a space as `+`, one HTML escaper writes `&#39;`, another `&apos;`), and they are nested (JSON in a form in JSON).
 * So a value becomes a pattern in which every character stands in each of its spellings.
 */

/** Names of HTML entities for the ASCII characters that passwords are made of. */
const ENTITY_NAMES: Readonly<Record<string, readonly string[]>> = {
  "\t": ["Tab"],
  "\n": ["NewLine"],
  "!": ["excl"],
  '"': ["quot", "QUOT"],
  "#": ["num"],
  $: ["dollar"],
  "%": ["percnt"],
  "&": ["amp", "AMP"],
  "'": ["apos"],
  "(": ["lpar"],
  ")": ["rpar"],
  "*": ["ast", "midast"],
  "+": ["plus"],
  ",": ["comma"],
  ".": ["period"],
  "/": ["sol"],
  ":": ["colon"],
  ";": ["semi"],
  "<": ["lt", "LT"],
  "=": ["equals"],
  ">": ["gt", "GT"],
  "?": ["quest"],
  "@": ["commat"],
  "[": ["lsqb", "lbrack"],
  "\\": ["bsol"],
  "]": ["rsqb", "rbrack"],
  "^": ["Hat"],
  _: ["lowbar"],
  "`": ["grave"],
  "{": ["lcub", "lbrace"],
  "|": ["vert", "verbar"],
  "}": ["rcub", "rbrace"],
};

const JSON_LETTERS: Readonly<Record<string, string>> = { "\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r" };

// Encodings on top of encodings: a percent sign may itself be percent-encoded any number of times, an escaping backslash
// escaped or percent-encoded, and the ampersand of an entity may be an entity.
const PERCENT = "%(?:25)*";
const BACKSLASH = `(?:\\\\|${PERCENT}5[cC]|&#92;|&#[xX]5[cC];|&bsol;)`;
const AMPERSAND = `(?:&|${PERCENT}26|${BACKSLASH}+u0026)(?:amp(?:;|${PERCENT}3[bB]))*`;
const SEMICOLON = `(?:;|${PERCENT}3[bB])`;
const HASH = `(?:#|${PERCENT}23)`;

/** The source of a regular expression (no flags) for one text with every character in any of its spellings. */
export function anyEncoding(text: string): string {
  return [...text.matchAll(/\\+|[^\\]/gu)].map(([piece]) => spell(piece)).join("");
}

function spell(piece: string): string {
  if (/^[A-Za-z0-9]$/.test(piece)) return piece;
  // JSON in JSON doubles backslashes, so a run of them may be longer than it was, never shorter.
  if (piece.startsWith("\\")) return `${BACKSLASH}{${piece.length},}`;
  const spellings = [percentEncoded(piece), entity(piece), ...escapes(piece)];
  if (piece === " ") spellings.push(`\\+`, `${PERCENT}2[bB]`);
  // Last, so that of `&amp;` not only the `&` is taken.
  spellings.push(literal(piece));
  const mayBeEscaped = "\"'/`".includes(piece) ? `${BACKSLASH}*` : "";
  return `${mayBeEscaped}(?:${spellings.join("|")})`;
}

function percentEncoded(character: string): string {
  return [...Buffer.from(character, "utf8")].map((byte) => PERCENT + anyCaseHex(byte, 2)).join("");
}

function entity(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const names = [...(ENTITY_NAMES[character] ?? []), `${HASH}0*${code}`, `${HASH}[xX]0*${anyCaseHex(code, 1)}`];
  return `${AMPERSAND}(?:${names.join("|")})${SEMICOLON}`;
}

/** Backslash escapes of JSON and JavaScript. */
function escapes(character: string): string[] {
  const code = character.codePointAt(0) ?? 0;
  const units = character.split("").map((unit) => `${BACKSLASH}+u${anyCaseHex(unit.charCodeAt(0), 4)}`);
  const found = [units.join(""), `${BACKSLASH}+u\\{0*${anyCaseHex(code, 1)}\\}`];
  if (code < 0x100) found.push(`${BACKSLASH}+x${anyCaseHex(code, 2)}`);
  const letter = JSON_LETTERS[character];
  if (letter !== undefined) found.push(`${BACKSLASH}+${letter}`);
  return found;
}

/** A literal, as the source of a regular expression. */
export function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A word in upper or lower case, without needing the `i` flag for the whole pattern. */
export function anyCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

function anyCaseHex(number: number, digits: number): string {
  return anyCase(number.toString(16).padStart(digits, "0"));
}

/** What may have been turned into Base64 or hexadecimal: the value itself, and its usual encodings (a JWT holds JSON). */
export function bytesOf(value: string): Buffer[] {
  const wellFormed = value.toWellFormed();
  const json = JSON.stringify(wellFormed).slice(1, -1);
  const asciiJson = json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // Both escape what the other leaves: `encodeURIComponent` not `!'()*~`, a form not `*-._`.
  const uri = encodeURIComponent(wellFormed);
  const form = new URLSearchParams({ v: wellFormed }).toString().slice(2);
  const texts = [wellFormed, json, asciiJson, uri, form, form.replaceAll("+", "%20")];
  return [...new Set(texts)].map((text) => Buffer.from(text, "utf8"));
}

/** From this many bytes on, a value inside Base64 is distinguished from chance: its stable middle has at least six characters. */
const BASE64_MIN_BYTES = 5;
/** A longer value is known by its beginning; the rest of its Base64 goes with it. */
const BASE64_MAX_BYTES = 48;

/**
 * Patterns for bytes inside Base64 or Base64url, at each of the three positions they can have there. Only the characters that
 * depend on nothing else are looked for. Values too short for that are found as a whole Base64 word.
 */
export function base64Patterns(bytes: Buffer): { source: string; anchor: string | null }[] {
  if (bytes.length < BASE64_MIN_BYTES) {
    const word = bytes.toString("base64").replaceAll("=", "");
    const source = `(?<![A-Za-z0-9+/_-])${base64Literal(word)}(?![A-Za-z0-9+/_-])`;
    return [{ source, anchor: anchorOf(word) }];
  }
  const part = bytes.subarray(0, BASE64_MAX_BYTES);
  const rest = bytes.length > BASE64_MAX_BYTES ? "[A-Za-z0-9+/_-]*" : "";
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), part])
      .toString("base64")
      .replaceAll("=", "");
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + part.length) * 8) / 6);
    const core = encoded.slice(from, to);
    return { source: base64Literal(core) + rest, anchor: anchorOf(core) };
  });
}

function base64Literal(encoded: string): string {
  return encoded.replace(/[+/]/g, (sign) =>
    sign === "+" ? `(?:[+-]|${PERCENT}2[bB])` : `(?:\\\\*\\/|_|${PERCENT}2[fF])`,
  );
}

/** The bytes as hexadecimal digits in small and in capital letters; none where that would be found by chance. */
export function hexPatterns(bytes: Buffer): string[] {
  const digits = bytes.toString("hex");
  return bytes.length < BASE64_MIN_BYTES ? [] : [digits, digits.toUpperCase()];
}
