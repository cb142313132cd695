import { isUtf8 } from "node:buffer";
import { isList, type Json } from "../../lib/json.ts";
import { holdsToken } from "./opaque.ts";
import type { Hit, Redactor } from "./redactor.ts";
import { withZip, writeZip, type ZipMember } from "../../lib/zip.ts";

/** What is left of a value that is never kept, whether or not it is known to the redactor. */
const REMOVED = "[removed]";

/** Names of headers, hidden fields and cookies whose values let someone act as the user. */
const CREDENTIAL_NAME = /cookie|auth|csrf|xsrf|token|nonce|session|secret/i;
/** Lists of names and values that are credentials whatever their names: `cookies` of a request, storage states. */
const CREDENTIAL_LISTS = new Set(["cookies", "localStorage", "sessionStorage"]);
const CREDENTIAL_KEYS = new Set(["password", "passphrase", "httpCredentials", "clientCertificates"]);
const FIELD_VALUES = new Set(["value", "__playwright_value_"]);
/** Characters; what is longer is the program that reads a page, and what it read. The page itself stands in the trace as a snapshot. */
const LONGEST_ANSWER = 4_000;
const LONGEST_EXPRESSION = 400;

export interface ScrubbedTrace {
  /** Members left out: bodies of requests, and binary files with a secret in them. */
  readonly dropped: number;
  /** Secrets that are still there; a trace with any must not be kept. */
  readonly left: readonly (Hit & { readonly member: string })[];
}

/**
 * Writes a copy of a Playwright trace without secrets: enrolled values in every spelling, bodies of requests, values of cookies,
 * of credential headers and of password fields. What was written is read again and searched; the caller must throw it away when
 * anything is left.
 */
export async function scrubTrace(from: string, to: string, redactor: Redactor): Promise<ScrubbedTrace> {
  let dropped = 0;
  await withZip(from, async (members) => {
    const bodies = new Set<string>();
    async function* scrubbed(): AsyncGenerator<{ name: string; bytes: Buffer }> {
      // The network log says which resources are bodies of requests, so it goes first.
      for (const member of members.filter(isLog)) {
        yield { name: member.name, bytes: scrubLog((await member.read()).toString("utf8"), redactor, bodies) };
      }
      for (const member of members.filter((member) => !isLog(member))) {
        const bytes = bodies.has(baseName(member.name)) ? null : scrubResource(await member.read(), redactor);
        if (bytes === null) dropped++;
        else yield { name: redactor.text(member.name), bytes };
      }
    }
    await writeZip(to, scrubbed());
  });
  return { dropped, left: await secretsLeft(to, redactor) };
}

async function secretsLeft(path: string, redactor: Redactor): Promise<ScrubbedTrace["left"]> {
  return withZip(path, async (members) => {
    const left: (Hit & { member: string })[] = [];
    for (const { name, read } of members) {
      const hits = [...redactor.hits(name), ...redactor.hits(await read())];
      left.push(...hits.map((hit) => ({ ...hit, member: redactor.text(name) })));
    }
    return left;
  });
}

function isLog({ name }: ZipMember): boolean {
  return /\.(?:trace|network|stacks)$/.test(name);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A text is redacted; anything else can't be without breaking it, so it is kept only when it holds no secret. */
function scrubResource(bytes: Buffer, redactor: Redactor): Buffer | null {
  if (redactor.hits(bytes).length > 0) {
    return isUtf8(bytes) ? Buffer.from(redactor.text(bytes.toString("utf8")), "utf8") : null;
  }
  if (!isUtf8(bytes)) return bytes;
  const text = bytes.toString("utf8");
  return holdsToken(text) ? Buffer.from(redactor.text(text), "utf8") : bytes;
}

function scrubLog(text: string, redactor: Redactor, bodies: Set<string>): Buffer {
  const lines = text.split("\n").map((line) => (line === "" ? "" : scrubLine(line, redactor, bodies)));
  return Buffer.from(lines.join("\n"), "utf8");
}

function scrubLine(line: string, redactor: Redactor, bodies: Set<string>): string {
  let json: Json;
  try {
    json = JSON.parse(line);
  } catch {
    // The last line of a trace that was cut off.
    return redactor.text(line);
  }
  const clean = withoutCredentials(line.length > LONGEST_ANSWER ? withoutReading(json) : json, bodies);
  const text = JSON.stringify(clean);
  const isClean = redactor.hits(text).length === 0 && !holdsToken(text);
  return isClean ? text : JSON.stringify(redactor.value(clean));
}

/**
 * Of a call that asked the page something: without its long answer, and with the beginning only of a long program. They would be four fifths
 * of a trace, and of the time that searching it takes.
 */
function withoutReading(json: Json): Json {
  if (!isObject(json)) return json;
  if (json.type === "after") return { ...json, result: undefined };
  const { params } = json;
  if (json.type !== "before" || !isObject(params) || typeof params.expression !== "string") return json;
  return { ...json, params: { ...params, expression: params.expression.slice(0, LONGEST_EXPRESSION) } };
}

function withoutCredentials(json: Json, bodies: Set<string>): Json {
  if (json === null || typeof json !== "object") return json;
  if (isList(json)) {
    const attributes = json[1];
    const isField = json[0] === "INPUT" && isObject(attributes) && holdsSecret(attributes);
    return json.map((part, index) =>
      isField && index === 1 && isObject(part) ? withoutValue(part) : withoutCredentials(part, bodies),
    );
  }
  if (!isObject(json)) return json;
  if (typeof json.name === "string" && typeof json.value === "string" && CREDENTIAL_NAME.test(json.name)) {
    return { ...json, value: REMOVED };
  }
  const entries: [string, Json][] = [];
  for (const [key, part] of Object.entries(json)) {
    if (part === undefined) continue;
    if (key === "postData") noteBody(part, bodies);
    else if (CREDENTIAL_KEYS.has(key)) entries.push([key, REMOVED]);
    else if (CREDENTIAL_LISTS.has(key) && isList(part)) entries.push([key, part.map(withoutListedValue)]);
    else entries.push([key, withoutCredentials(part, bodies)]);
  }
  return Object.fromEntries(entries);
}

/** The body of a request stands in its own file. */
function noteBody(postData: Json, bodies: Set<string>): void {
  if (postData === null || typeof postData !== "object" || !isObject(postData)) return;
  for (const reference of [postData._file, postData._sha1]) {
    if (typeof reference === "string") bodies.add(baseName(reference));
  }
}

/** A field of a page in a DOM snapshot: `["INPUT", {attributes}]`. */
function holdsSecret(attributes: JsonObject): boolean {
  const text = (name: string) => {
    const value = attributes[name];
    return typeof value === "string" ? value.toLowerCase() : "";
  };
  return (
    text("type") === "password" ||
    text("style").includes("text-security") ||
    /password|one-time-code/.test(text("autocomplete")) ||
    (text("type") === "hidden" && CREDENTIAL_NAME.test(text("name") + text("id")))
  );
}

function withoutValue(attributes: JsonObject): Json {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, FIELD_VALUES.has(name) && value !== "" ? REMOVED : value]),
  );
}

function withoutListedValue(part: Json): Json {
  return isObject(part) && "value" in part ? { ...part, value: REMOVED } : part;
}

type JsonObject = { readonly [key: string]: Json | undefined };

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
