import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBufferPromise } from "yauzl";

/**
 * The ways values are written, made with the encoders that really write them, and a search that knows nothing of the product's
 * redactor: what proves the redactor must not share its mistakes.
 */

const namedEntities: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };
const json = (value: string) => JSON.stringify(value).slice(1, -1);
const form = (value: string) => new URLSearchParams({ v: value }).toString().slice(2);
const html = (value: string) => value.replace(/[&<>"']/g, (c) => `&${namedEntities[c]};`);
const lowerHex = (value: string) => value.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
const asciiJson = (value: string) =>
  json(value).replace(/[^\x20-\x7e]|[<>&'/]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
export const htmlDecimal = (value: string) => value.replace(/[^A-Za-z0-9]/gu, (c) => `&#${c.codePointAt(0)};`);
const htmlHex = (value: string) =>
  value.replace(/[^A-Za-z0-9]/gu, (c) => `&#x${c.codePointAt(0)?.toString(16).toUpperCase()};`);

export const encoders: Readonly<Record<string, (value: string) => string>> = {
  raw: (value) => value,
  json,
  "json in ASCII": asciiJson,
  "json with escaped slashes": (value) => json(value).replaceAll("/", "\\/"),
  form,
  "form, lower hex": (value) => lowerHex(form(value)),
  encodeURIComponent,
  "encodeURIComponent, lower hex": (value) => lowerHex(encodeURIComponent(value)),
  encodeURI,
  "html, named": html,
  "html, decimal": htmlDecimal,
  "html, hex": htmlHex,
  base64: (value) => Buffer.from(value).toString("base64"),
  base64url: (value) => Buffer.from(value).toString("base64url"),
  "json in json": (value) => json(json(value)),
  "json in json in json": (value) => json(json(json(value))),
  "json in a form": (value) => form(json(value)),
  "json in html": (value) => html(json(value)),
  "html in json": (value) => json(html(value)),
  "form in json in ASCII": (value) => asciiJson(form(value)),
  "uri in uri": (value) => encodeURIComponent(encodeURIComponent(value)),
  "json in base64": (value) => Buffer.from(json(value)).toString("base64"),
  "form in base64": (value) => Buffer.from(form(value)).toString("base64"),
};

/** Every file under a folder, and every member of zips among them, with its bytes. */
export async function allContents(folder: string): Promise<{ where: string; bytes: Buffer }[]> {
  const found: { where: string; bytes: Buffer }[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!lstatSync(join(folder, name)).isFile()) continue;
    const bytes = readFileSync(join(folder, name));
    found.push({ where: name, bytes: Buffer.concat([Buffer.from(`${name}\n`), bytes]) });
    if (!name.endsWith(".zip")) continue;
    for (const member of await unzip(bytes)) found.push({ where: `${name}!${member.name}`, bytes: member.bytes });
  }
  return found;
}

export async function unzip(zip: Buffer): Promise<{ name: string; bytes: Buffer }[]> {
  const file = await fromBufferPromise(zip, { lazyEntries: true, autoClose: false });
  const members: { name: string; bytes: Buffer }[] = [];
  for await (const entry of file.eachEntry()) {
    const pieces: Buffer[] = [];
    for await (const piece of await file.openReadStreamPromise(entry)) pieces.push(piece);
    members.push({ name: entry.fileName, bytes: Buffer.concat(pieces) });
  }
  file.close();
  return members;
}

/** Where a value is found, as `place: encoding`; the encodings of `encoders` and those of bytes. */
export async function findCanary(folder: string, value: string): Promise<string[]> {
  const needles = new Map<string, Buffer>();
  for (const form of ["NFC", "NFD"] as const) {
    const text = value.normalize(form);
    for (const [name, encode] of Object.entries(encoders)) needles.set(`${name} ${form}`, Buffer.from(encode(text)));
    needles.set(`utf-16le ${form}`, Buffer.from(text, "utf16le"));
    needles.set(`utf-8 read as latin-1 ${form}`, Buffer.from(Buffer.from(text).toString("latin1")));
    for (const before of [1, 2]) {
      for (const encoding of ["base64", "base64url"] as const) {
        // Only the characters that don't depend on what stands around.
        const encoded = Buffer.from("q".repeat(before) + text)
          .toString(encoding)
          .replaceAll("=", "");
        needles.set(`${encoding} at ${before} ${form}`, Buffer.from(encoded.slice(before + 1, -1)));
      }
    }
  }
  return (await allContents(folder)).flatMap(({ where, bytes }) =>
    [...needles].filter(([, needle]) => bytes.includes(needle)).map(([encoding]) => `${where}: ${encoding}`),
  );
}
