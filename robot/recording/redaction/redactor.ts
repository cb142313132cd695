import { isList, type Json } from "../../lib/json.ts";
import { AnchorIndex } from "./anchors.ts";
import {
  type SecretEncoding,
  encodingOf,
  fieldNames,
  type Pattern,
  patternsFor,
  SHORTEST_ANYWHERE,
} from "./patterns.ts";
import { anyEncoding } from "./encodings.ts";
import { type Carried, formTokens, tokensIn, withoutTokens } from "./opaque.ts";

export type { SecretEncoding } from "./patterns.ts";

/** Where a secret was found: its name (never its value) and how it was written. */
export interface Hit {
  readonly name: string;
  readonly encoding: SecretEncoding;
}

/**
 * Takes secrets out of everything that is kept. Anyone who reads a secret enrols it here first, so it is known before anything
 * can hold it. Use one for each run, so that what was a secret of one run is forgotten with it.
 */
export class Redactor {
  readonly #names = new Map<string, string>();
  /** Names of what is no secret to those whom it belongs to: it is taken out like one, but may stand in a file that is about it. */
  readonly #personal = new Set<string>();
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

  /**
   * Makes known what an address carries: tokens with a person's card numbers in them, whatever they are encoded in. Call it with every
   * address before anything of its page is kept.
   */
  seeAddress(address: string): void {
    for (const carried of tokensIn(address)) this.#enrolCarried(carried);
  }

  /** The same of the body of a form that is sent (`application/x-www-form-urlencoded`). */
  seeForm(body: string): void {
    for (const carried of formTokens(body)) this.#enrolCarried(carried);
  }

  #enrolCarried({ token, inner, personal }: Carried): void {
    // A card's own number is its holder's, not a secret: what was recorded of it before the form was sent is no leak.
    const words = [token, ...inner.filter((one) => /^[\w.+/=~-]{16,}$/.test(one))];
    for (const word of words.filter((one) => !personal.includes(one))) this.enrol(word, "token");
    for (const value of personal) {
      if (value.length < SHORTEST_ANYWHERE) continue;
      this.#personal.add(PERSONAL);
      this.enrol(value, PERSONAL);
    }
  }

  /** Whether a find of this name is of a person's data that files about it may hold: no leak there. */
  isPersonal(name: string): boolean {
    return this.#personal.has(name);
  }

  /**
   * The text with every enrolled value, however it is written, replaced by `[secret:name]`; and every token of an address that carries
   * what is a person's, enrolled or not, by `[secret:token]`.
   */
  text(text: string): string {
    return withoutTokens(this.#withoutEnrolled(text));
  }

  #withoutEnrolled(text: string): string {
    if (this.#names.size === 0) return text;
    const { index, finderOf } = this.#ready();
    const finder = finderOf(index.inText(text));
    if (finder === null) return text;
    return text.replace(finder.pattern, (found) => {
      const pattern = finder.patternOf(found);
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
    const { index } = this.#ready();
    if (typeof content === "string") return this.#hitsIn(() => content, index.inText(content));
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
    const narrow = this.#hitsIn(() => bytes.toString("utf8"), index.inBytes(bytes));
    const wide = ([0, 1] as const).flatMap((from) =>
      this.#hitsIn(() => utf16Text(bytes.subarray(from)), index.inWideBytes(bytes, from)),
    );
    return unique([...narrow, ...wide.map(({ name }): Hit => ({ name, encoding: "utf-16le" }))]);
  }

  /** How many values are enrolled. */
  get size(): number {
    return this.#names.size;
  }

  #hitsIn(read: () => string, candidates: readonly number[]): Hit[] {
    const finder = this.#ready().finderOf(candidates);
    if (finder === null) return [];
    const found: Hit[] = [];
    for (const [match] of read().matchAll(finder.pattern)) {
      const pattern = finder.patternOf(match);
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

/** How records call a card number, a telephone number and the like. */
const PERSONAL = "personal data";

interface Compiled {
  /** Tells which patterns a text can hold at all. */
  readonly index: AnchorIndex;
  /** Looks for some of the patterns; null for none. */
  readonly finderOf: (candidates: readonly number[]) => Finder | null;
  readonly short: readonly { readonly value: string; readonly name: string; readonly fields: RegExp }[];
}

interface Finder {
  readonly pattern: RegExp;
  /** The pattern of a find; null for the marker of a secret that was taken out before. */
  readonly patternOf: (found: string) => Pattern | null;
}

function compile(names: ReadonlyMap<string, string>): Compiled {
  // The longest first, so that a value that contains another one is replaced as a whole.
  const values = [...names].sort(([a], [b]) => b.length - a.length);
  const patterns = values.flatMap(([value, name]) => patternsFor(value, name));
  // A marker that stands there already is passed over: a name may contain a value ("password" is a common password). In the name
  // of a file its colon has become `_`.
  const nameAlternatives = [...new Set(names.values())].map(anyEncoding).join("|");
  const markers = `${anyEncoding("[secret")}(?:${anyEncoding(":")}|_)(?:${nameAlternatives})${anyEncoding("]")}`;
  // The same few secrets come together again and again.
  const finders = new Map<string, Finder>();
  const finderOf = (candidates: readonly number[]): Finder | null => {
    if (candidates.length === 0) return null;
    const key = candidates.join();
    const finder =
      finders.get(key) ??
      finderFor(
        candidates.flatMap((index) => patterns[index] ?? []),
        markers,
      );
    finders.set(key, finder);
    return finder;
  };
  return {
    index: new AnchorIndex(patterns.map(({ anchor }) => anchor)),
    finderOf,
    short: values
      .filter(([value]) => value.length < SHORTEST_ANYWHERE)
      .map(([value, name]) => ({ value, name, fields: new RegExp(fieldNames(name)) })),
  };
}

function finderFor(patterns: readonly Pattern[], markers: string): Finder {
  const isMarker = new RegExp(`^(?:${markers})$`);
  const bodies = patterns.map((pattern) => ({ pattern, whole: new RegExp(`^(?:${pattern.body})$`) }));
  const known = new Map<string, Pattern | null>();
  return {
    pattern: new RegExp([markers, ...patterns.map(({ source }) => source)].join("|"), "g"),
    patternOf(found) {
      let pattern = known.get(found);
      if (pattern === undefined) {
        pattern = isMarker.test(found) ? null : (bodies.find(({ whole }) => whole.test(found))?.pattern ?? null);
        known.set(found, pattern);
      }
      return pattern;
    },
  };
}

/** A private key is printed line by line as easily as whole, so each of its lines is a secret too. */
function keyLines(value: string): string[] {
  if (!/[\r\n]/.test(value)) return [];
  return value
    .split(/[\r\n]+/)
    .filter((line) => line.length >= 16 && !line.startsWith("-----") && !line.startsWith("#"));
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

function unique(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.map((hit) => [`${hit.encoding} ${hit.name}`, hit])).values()];
}
