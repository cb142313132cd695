import { z } from "zod";

/**
 * Long words in addresses that nobody can read, and that carry what is a person's: a token with card numbers in a path, a JWT in a
 * query, Base64 within Base64. What is carried there is found by decoding, whatever site made it.
 */

/** From this many characters on a word may be such a token. */
const SHORTEST = 20;
/** Base64 within Base64 within a JWT within Base64, and no further. */
const DEEPEST = 5;

const LETTERS = "[A-Za-z0-9_-]";
/** A percent sign may be percent-encoded again. */
const ENCODED = "%(?:25)*(?:2[bBfFeE]|3[dD])";
const WORD = `(?:${LETTERS}|[+=.~]|${ENCODED})`;
/** Where a word in an address begins: after a slash or an equals sign, plain, in JSON, or encoded. */
const BEGIN = String.raw`(?<=[/=]|\\u002[fF]|%(?:25)*(?:2[fF]|3[dD]))`;
const IN_ADDRESS = new RegExp(`${BEGIN}${WORD}{${SHORTEST},}`, "g");
/** `{"` in Base64, and the same in Base64 once and twice more: such a word is a token wherever it stands. */
const TOKEN = new RegExp(`(?<!${LETTERS})(?:eyJ|eyAi|ZXlK|ZXlB|WlhsS|WlhsQ)(?:${WORD}|/){${SHORTEST - 4},}`, "g");
/** An encoded slash, kept by `split`. */
const SLASH = /(%(?:25)*2[fF])/;
/** Whether either can find anything at all: most texts hold no such word. */
const MAY_HOLD = new RegExp(`eyJ|eyAi|ZXlK|ZXlB|WlhsS|WlhsQ|${BEGIN}${WORD}{${SHORTEST}}`);

/** What people call what is taken out. */
export const TOKEN_MARK = "[secret:token]";

/** The text with all such tokens taken out. */
export function withoutTokens(text: string): string {
  if (!MAY_HOLD.test(text)) return text;
  const mask = (word: string): string => {
    let masked = word;
    for (const { token } of carriedIn(word)) masked = masked.replaceAll(token, TOKEN_MARK);
    return masked;
  };
  return text.replace(TOKEN, mask).replace(IN_ADDRESS, mask);
}

/** A slash that is encoded may be one of a path in an address in an address, or one of Base64: both are tried, the longest first. */
function carriedIn(word: string): Carried[] {
  const pieces = word.split(SLASH);
  for (let from = 0; from < pieces.length; from += 2) {
    const rest = pieces.slice(from).join("");
    if (rest.length < SHORTEST - 4) break;
    const whole = carries(rest);
    if (whole !== null) return [whole];
  }
  return pieces.length === 1 ? [] : pieces.flatMap((piece) => (piece.length < SHORTEST ? [] : (carries(piece) ?? [])));
}

/** Whether there is any in the text. */
export function holdsToken(text: string): boolean {
  return MAY_HOLD.test(text) && withoutTokens(text) !== text;
}

/** A token of an address, and what is in it that is a person's. */
export interface Carried {
  readonly token: string;
  /** Its inner forms: the JWT, the texts that were encoded. */
  readonly inner: readonly string[];
  /** Card numbers, telephone numbers, addresses of mails. */
  readonly personal: readonly string[];
}

/** The tokens of one address, decoded: to enrol them before anything of the page is kept. */
export function tokensIn(address: string): Carried[] {
  const words = new Set([...address.matchAll(TOKEN), ...address.matchAll(IN_ADDRESS)].map(([word]) => word));
  return [...words].flatMap(carriedIn);
}

/** The same of the fields of a form that is sent: cards and tokens by their names. */
export function formTokens(body: string): Carried[] {
  if (!/^[^\s=&]+=\S*$/.test(body)) return [];
  return [...new URLSearchParams(body)].flatMap(([name, value]): Carried[] => {
    // What a person typed there is what was asked, and stands in the record as that.
    if (!CARD_OR_TOKEN.test(name)) return [];
    const inner = new Set<string>();
    const personal = new Set<string>();
    take(name, value, 0, inner, personal);
    const isToken = value.length >= SHORTEST_SINGLE_USE && /token/i.test(name);
    if (!isToken && inner.size === 0 && personal.size === 0) return [];
    return isToken || inner.size > 0
      ? [{ token: value, inner: [...inner], personal: [...personal] }]
      : [...personal].map((one) => ({ token: one, inner: [], personal: [one] }));
  });
}

const CARD_OR_TOKEN = /card_?no|卡號|token/i;
/** A single-use token of a form (characters). */
const SHORTEST_SINGLE_USE = 8;

/** Null for a word that can't be decoded, or in which there is nothing of anybody. */
function carries(token: string): Carried | null {
  const inner = new Set<string>();
  const personal = new Set<string>();
  const isToken = unpack(percentDecoded(token), 0, inner, personal);
  return isToken ? { token, inner: [...inner], personal: [...personal] } : null;
}

/**
 * Decodes a text as far as it goes.
 * @returns whether something in it is structured, or a person's
 */
function unpack(text: string, depth: number, inner: Set<string>, personal: Set<string>): boolean {
  if (depth > DEEPEST) return false;
  const json = structured(text);
  if (json !== null) {
    collect(json, null, depth, inner, personal);
    return true;
  }
  const own = isPersonal(text);
  if (own && depth > 0) personal.add(text);
  const fields = depth > 0 ? fieldsOf(text) : [];
  for (const [name, value] of fields) take(name, value, depth, inner, personal);
  if (own || fields.length > 0) return depth > 0;
  const parts = text.split(".");
  const decoded = (parts.length === 3 ? parts.slice(0, 2) : [text]).map(fromBase64);
  let found = false;
  for (const one of decoded) {
    if (one === null) continue;
    if (!unpack(one, depth + 1, inner, personal)) continue;
    found = true;
    inner.add(one);
  }
  if (found && depth > 0) inner.add(text);
  return found;
}

function collect(json: unknown, name: string | null, depth: number, inner: Set<string>, personal: Set<string>): void {
  if (typeof json === "string") take(name, json, depth, inner, personal);
  else if (typeof json === "number") take(name, String(json), depth, inner, personal);
  else if (Array.isArray(json)) for (const one of json) collect(one, name, depth, inner, personal);
  else if (typeof json === "object" && json !== null) {
    for (const [key, value] of Object.entries(json)) collect(value, key, depth, inner, personal);
  }
}

/** A value in a token: kept where its name or its look says that it is a person's, as it stands and decoded. */
function take(name: string | null, value: string, depth: number, inner: Set<string>, personal: Set<string>): void {
  const named = name !== null && PERSONAL_NAME.test(name);
  const decoded = fromBase64(value);
  if (named || isPersonal(value)) personal.add(value);
  if (decoded !== null && (named || isPersonal(decoded))) personal.add(decoded);
  // A token in a token.
  if (value.length >= SHORTEST) unpack(value, depth + 1, inner, personal);
}

/** Names of fields that hold what is one person's. */
const PERSONAL_NAME =
  /card_?no|card_?(?:id|num)|carrier_?(?:id|no|num)|卡號|載具(?:編號|號碼)|phone|mobile|手機|e-?mail|barcode/i;

/** Mobile barcode, certificate's barcode, mobile telephone, number of identity, mail address. */
const PERSONAL_LOOK =
  /^(?:\/[0-9A-Z.+-]{7}|[A-Z]{2}\d{14}|(?:\+?886-?|0)9\d{2}-?\d{3}-?\d{3}|[A-Z][A-D1289]\d{8}|[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,})$/;

function isPersonal(text: string): boolean {
  return PERSONAL_LOOK.test(text);
}

/** `card_no1=…&card_no2=…` */
function fieldsOf(text: string): [string, string][] {
  if (!/^[\w.-]+=[^&]*(?:&[\w.-]+=[^&]*)*$/.test(text)) return [];
  return [...new URLSearchParams(text)].filter(([name, value]) => PERSONAL_NAME.test(name) || isPersonal(value));
}

const object = z.record(z.string(), z.unknown()).or(z.array(z.unknown()));

function structured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return object.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Base64 or Base64url, read as text; null for what is neither, or no text. */
function fromBase64(word: string): string | null {
  const plain = word.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (plain.length < 4 || plain.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(plain)) return null;
  try {
    const text = strict.decode(Buffer.from(plain, "base64"));
    return /^[^\p{Cc}]*$/u.test(text.replaceAll(/[\t\r\n]/g, " ")) ? text : null;
  } catch {
    return null;
  }
}

function percentDecoded(word: string): string {
  let text = word;
  for (let n = 0; n < 3 && text.includes("%"); n++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      return text;
    }
  }
  return text;
}
