import type { Json } from "../engine/json.ts";
import { anyCase, anySpelling, base64Patterns, bytesOf, hexPattern, literal } from "./spelling.ts";

/** Where a secret was found: its name (never its value) and how it was written. */
export interface Hit {
  readonly name: string;
  readonly encoding: Encoding;
}

export type Encoding =
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

interface Pattern {
  readonly name: string;
  readonly value: string;
  readonly encoding: Encoding;
  /** What a find looks like. */
  readonly body: string;
  /** The same with what must or must not stand around it. */
  readonly source: string;
}

/** Shorter values are found everywhere by chance; they are taken out only where the field's name says what they are. */
const SHORTEST_ANYWHERE = 4;

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

/**
 * Takes secrets out of everything that is kept. Whoever reads a secret enrols it here first, so it is known before anything
 * can hold it. Use one for each run: the more values it knows, the slower it looks (about 30 MB/s with 20, 10 MB/s with 50).
 */
export class Redactor {
  readonly #names = new Map<string, string>();
  #compiled: Compiled | null = null;

  /**
   * Makes a value known. Every text, JSON value and file that passes from now on is searched for it in all spellings.
   * @param name what people call it, for example `portal password`; it appears in records in place of the value
   */
  enrol(value: string, name: string): void {
    const safeName = name.replace(/[\p{C}[\]"'\\<>&%:/?*|]+/gu, "-");
    for (const part of [value, ...keyLines(value)]) {
      if (part.trim() === "" || this.#names.has(part)) continue;
      this.#names.set(part, safeName);
      this.#compiled = null;
    }
  }

  /** The text with every enrolled value, however it is written, replaced by `[secret:name]`. */
  text(text: string): string {
    const { all, patternOf } = this.#ready();
    if (all === null) return text;
    return text.replace(all, (found) => {
      const pattern = patternOf(found);
      return pattern === null ? found : marker(pattern.name);
    });
  }

  /**
   * The same JSON value with all strings and keys redacted; `undefined` properties are dropped. A number that is an enrolled
   * value becomes text.
   */
  value(json: Json): Json {
    return this.#walk(json, null);
  }

  /** Enrolled values in a text, or in bytes read as UTF-8 and as UTF-16LE: each name and encoding once. */
  hits(content: Uint8Array | string): Hit[] {
    if (this.#names.size === 0) return [];
    if (typeof content === "string") return this.#hitsIn(content);
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const wide = [0, 1].flatMap((from) => this.#hitsIn(utf16Text(bytes.subarray(from))));
    return unique([
      ...this.#hitsIn(bytes.toString("utf8")),
      ...wide.map(({ name }): Hit => ({ name, encoding: "utf-16le" })),
    ]);
  }

  /** How many values are enrolled. */
  get size(): number {
    return this.#names.size;
  }

  #hitsIn(text: string): Hit[] {
    const { all, patternOf } = this.#ready();
    if (all === null) return [];
    const found: Hit[] = [];
    for (const [match] of text.matchAll(all)) {
      const pattern = patternOf(match);
      if (pattern) found.push({ name: pattern.name, encoding: encodingOf(pattern, match) });
    }
    return unique(found);
  }

  #walk(json: Json, field: string | null): Json {
    if (typeof json === "string") return this.#field(field, this.text(json.toWellFormed()));
    if (typeof json === "number") {
      const name = this.#names.get(String(json));
      return name === undefined || String(json).length < SHORTEST_ANYWHERE ? json : marker(name);
    }
    if (json === null || typeof json === "boolean") return json;
    if (isList(json)) return json.map((part) => this.#walk(part, field));
    const entries: [string, Json][] = [];
    const keys = new Set<string>();
    for (const [key, part] of Object.entries(json)) {
      if (part === undefined) continue;
      let safeKey = this.text(key.toWellFormed());
      while (keys.has(safeKey)) safeKey += "'";
      keys.add(safeKey);
      entries.push([safeKey, this.#walk(part, key)]);
    }
    return Object.fromEntries(entries);
  }

  /** Short values, where the field's name says what they are. */
  #field(field: string | null, text: string): string {
    if (field === null) return text;
    const { short } = this.#ready();
    const found = short.find(({ value, fields }) => text.includes(value) && fields.test(field));
    return found ? marker(found.name) : text;
  }

  #ready(): Compiled {
    this.#compiled ??= compile(this.#names);
    return this.#compiled;
  }
}

interface Compiled {
  /** Everything in one pattern, or null when nothing is enrolled. */
  readonly all: RegExp | null;
  readonly short: readonly { readonly value: string; readonly name: string; readonly fields: RegExp }[];
  readonly patternOf: (found: string) => Pattern | null;
}

function compile(names: ReadonlyMap<string, string>): Compiled {
  // The longest first, so that a value that contains another one is replaced as a whole.
  const values = [...names].sort(([a], [b]) => b.length - a.length);
  const patterns = values.flatMap(([value, name]) => patternsFor(value, name));
  // A marker that stands there already is passed over: a name may contain a value ("password" is a common password).
  const nameAlternatives = [...new Set(names.values())].map(anySpelling).join("|");
  // In the name of a file the colon has become `_`.
  const markers = `${anySpelling("[secret")}(?:${anySpelling(":")}|_)(?:${nameAlternatives})${anySpelling("]")}`;
  const all =
    patterns.length === 0 ? null : new RegExp([markers, ...patterns.map(({ source }) => source)].join("|"), "g");
  const isMarker = new RegExp(`^(?:${markers})$`);
  const bodies = patterns.map((pattern) => ({ pattern, whole: new RegExp(`^(?:${pattern.body})$`) }));
  // The same find comes again and again in one trace.
  const known = new Map<string, Pattern | null>();
  const patternOf = (found: string): Pattern | null => {
    let pattern = known.get(found);
    if (pattern === undefined) {
      pattern = isMarker.test(found) ? null : (bodies.find(({ whole }) => whole.test(found))?.pattern ?? null);
      known.set(found, pattern);
    }
    return pattern;
  };
  return {
    all,
    short: values
      .filter(([value]) => value.length < SHORTEST_ANYWHERE)
      .map(([value, name]) => ({ value, name, fields: new RegExp(fieldNames(name)) })),
    patternOf,
  };
}

function patternsFor(value: string, name: string): Pattern[] {
  if (value.length < SHORTEST_ANYWHERE) {
    const body = anySpelling(value);
    const source = `${body}(?<=(?:${fieldNames(name)})${FIELD_SEPARATOR}${body})(?![A-Za-z0-9])`;
    return [{ name, value, encoding: "named-field", body, source }];
  }
  const forms = new Map<string, Encoding>([[value, "raw"]]);
  for (const form of [value.normalize("NFC"), value.normalize("NFD")]) {
    if (!forms.has(form)) forms.set(form, "normalised");
  }
  for (const form of Array.from(forms.keys())) {
    // Headers are handed on as bytes read as Latin-1, whatever they were.
    const mistaken = Buffer.from(form, "utf8").toString("latin1");
    if (!forms.has(mistaken)) forms.set(mistaken, "latin-1");
  }
  const patterns: Pattern[] = [];
  const add = (encoding: Encoding, body: string, source = body) =>
    patterns.push({ name, value, encoding, body, source });
  for (const [form, encoding] of forms) {
    const body = anySpelling(form);
    add(
      encoding,
      body,
      FOUND_BY_CHANCE.test(value) ? `${body}(?<=${STANDS_ALONE_BEFORE}${body})${STANDS_ALONE_AFTER}` : body,
    );
    if (encoding === "latin-1") continue;
    for (const bytes of bytesOf(form)) {
      for (const found of base64Patterns(bytes)) add("base64", found);
      const hex = hexPattern(bytes);
      if (hex !== null) add("hex", hex);
    }
  }
  const seen = new Set<string>();
  return patterns.filter(({ source }) => !seen.has(source) && seen.add(source));
}

function fieldNames(name: string): string {
  return `${SECRET_FIELDS}|${literal(name)}`;
}

/** A private key is printed line by line as easily as whole, so each of its lines is a secret too. */
function keyLines(value: string): string[] {
  if (!/[\r\n]/.test(value)) return [];
  return value
    .split(/[\r\n]+/)
    .filter((line) => line.length >= 16 && !line.startsWith("-----") && !line.startsWith("#"));
}

function encodingOf(pattern: Pattern, found: string): Encoding {
  if (pattern.encoding !== "raw" || found === pattern.value) return pattern.encoding;
  if (/%[0-9A-Fa-f]{2}/.test(found) || found === pattern.value.replaceAll(" ", "+")) return "percent";
  if (/&[#A-Za-z0-9]+;/.test(found)) return "html";
  return found.includes("\\") ? "json" : "mixed";
}

function marker(name: string): string {
  return `[secret:${name}]`;
}

/**
 * Bytes as UTF-16LE. Node writes past the end of its memory when an odd number of bytes begins at an odd address
 * (nodejs/node#64697, seen in 24.21: the process dies later, anywhere), so it gets whole units in a copy of their own.
 */
function utf16Text(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).toString("utf16le");
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function unique(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [`${hit.encoding} ${hit.name}`, hit])).values()];
}
