import * as fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { AnchorIndex } from "../../../robot/recording/redaction/anchors.ts";
import { safeFileName } from "../../../robot/lib/files/durable-files.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { encoders, htmlDecimal } from "../../support/recording/recording-canaries.ts";

const hostile = fc.constantFrom(...Array.from("aZ09\"'&+%<>\\/ =;#?.-_~!*()[]{}|^`$@,:\n\té漢🔑"));
const secrets = fc
  .array(hostile, { minLength: 5, maxLength: 20 })
  .map((characters) => characters.join(""))
  .filter((value) => value.trim().length > 3);

function redactorOf(value: string, name = "canary"): Redactor {
  const redactor = new Redactor();
  redactor.enrol(value, name);
  return redactor;
}

describe("a secret is taken out however it is written", () => {
  test.each(Object.entries(encoders))("%s", (_encoding, encode) => {
    fc.assert(
      fc.property(secrets, (value) => {
        const redactor = redactorOf(value);
        const text = `<a "x": '${encode(value)}' y>`;
        const redacted = redactor.text(text);
        expect(redactor.hits(text).map(({ name }) => name)).toContain("canary");
        expect(redacted).toContain("[secret:canary]");
        expect(redactor.hits(redacted)).toEqual([]);
        expect(redacted.startsWith('<a "x": \'')).toBe(true);
        expect(redacted.endsWith("' y>")).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  test("at each of the three places a byte can have in Base64 and Base64url", () => {
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: 2 }), fc.string({ maxLength: 9 }), (value, before, after) => {
        const bytes = Buffer.from("q".repeat(before) + value + after);
        const redactor = redactorOf(value);
        for (const text of [bytes.toString("base64"), bytes.toString("base64url")]) {
          const decoded = Buffer.from(redactor.text(text).replace(/\[secret:canary\]/g, ""), "base64").toString();
          expect(redactor.text(text)).toContain("[secret:canary]");
          expect(decoded).not.toContain(value);
        }
      }),
    );
  });

  test("in bytes of UTF-16LE, wherever they begin", () => {
    fc.assert(
      fc.property(secrets, fc.integer({ min: 0, max: 3 }), (value, before) => {
        const bytes = Buffer.concat([Buffer.alloc(before, "q"), Buffer.from(value, "utf16le")]);
        expect(redactorOf(value).hits(bytes)).toContainEqual({ name: "canary", encoding: "utf-16le" });
      }),
    );
  });

  test("in composed and decomposed Unicode, whichever was enrolled", () => {
    const value = "Zürich-é-한국-ガ";
    for (const form of ["NFC", "NFD"] as const) {
      const redactor = redactorOf(value.normalize(form));
      for (const written of ["NFC", "NFD"] as const) {
        expect(redactor.text(`<${encodeURIComponent(value.normalize(written))}>`)).toBe("<[secret:canary]>");
      }
    }
  });

  test("in bytes that were read as Latin-1, as headers are", () => {
    const value = "clé-🔑-密";
    expect(redactorOf(value).text(Buffer.from(value, "utf8").toString("latin1"))).toBe("[secret:canary]");
  });

  test("a private key line by line", () => {
    const body = "MC4CAQAwBQYDK2VwBCIEIHcanaryKeyBodyThatIsLong";
    const redactor = redactorOf(`-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`, "TSA key");
    expect(redactor.text(`line 2 is ${body}`)).toBe("line 2 is [secret:TSA key]");
    expect(redactor.text("-----BEGIN PRIVATE KEY-----")).toBe("-----BEGIN PRIVATE KEY-----");
  });
});

describe("what is no secret stays as it is", () => {
  test("text without an enrolled value", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(redactorOf("p@ss word&1").text(text)).toBe(text);
      }),
    );
  });

  test("a captcha counts only where it stands alone, not inside hashes, times and sizes", () => {
    const redactor = redactorOf("48213", "captcha");
    const chance = "af48213bc 1763748213.5 0.48213 148213 48213.75 08:48213 48213f";
    expect(redactor.text(chance)).toBe(chance);
    const marked = "[secret:captcha]";
    expect(redactor.text('captcha=48213&x {"captcha":"48213"} %2248213%22 \\n48213')).toBe(
      `captcha=${marked}&x {"captcha":"${marked}"} %22${marked}%22 \\n${marked}`,
    );
    expect(redactor.value({ captcha: 48213, other: 148213 })).toEqual({ captcha: marked, other: 148213 });
  });

  test("a value under four characters is replaced only where the field's name says what it is", () => {
    const redactor = redactorOf("ab1", "PIN of the card");
    expect(redactor.text("cab1net ab1 x=ab1")).toBe("cab1net ab1 x=ab1");
    expect(redactor.text('pin=ab1&x=ab1 {"userPassword":"ab1"}')).toBe(
      'pin=[secret:PIN of the card]&x=ab1 {"userPassword":"[secret:PIN of the card]"}',
    );
    expect(redactor.value({ password: "ab1", note: "ab1", list: { token: ["ab1"] } })).toEqual({
      password: "[secret:PIN of the card]",
      note: "ab1",
      list: { token: ["[secret:PIN of the card]"] },
    });
  });
});

test("the place of a secret is named by its own name, also where one contains another or a name contains a value", () => {
  const redactor = redactorOf("password", "portal password");
  redactor.enrol("password-of-the-mailbox", "mailbox password");
  const text = redactor.text("password password-of-the-mailbox");
  expect(text).toBe("[secret:portal password] [secret:mailbox password]");
  expect(redactor.text(text)).toBe(text);
  expect(redactor.hits(encodeURIComponent(text))).toEqual([]);
  expect(redactor.text(safeFileName(text))).toBe(safeFileName(text));
});

test("keys, nested values and numbers of JSON are redacted, the rest keeps its shape", () => {
  const redactor = redactorOf('a"b&c', "token");
  expect(redactor.value({ 'a"b&c': [1, true, null, { deep: 'x a"b&c' }], gone: undefined })).toEqual({
    "[secret:token]": [1, true, null, { deep: "x [secret:token]" }],
  });
});

test("keys that are the same once their secrets are out stay two, so that nothing of a record is lost", () => {
  const redactor = redactorOf("sesame-1");
  redactor.enrol("sesame-2", "canary");
  const safe = JSON.stringify(redactor.value({ "sesame-1": "first", "sesame-2": "second" }));
  expect(safe).toContain("first");
  expect(safe).toContain("second");
  expect(safe).not.toContain("sesame");
});

test("a hit tells the name and how the value was written, never the value", () => {
  const redactor = redactorOf('a"b&c d', "token");
  const encodingOf = (text: string) => redactor.hits(text).map(({ encoding }) => encoding);
  expect(encodingOf('a"b&c d')).toEqual(["raw"]);
  expect(encodingOf('a\\"b&c d')).toEqual(["json"]);
  expect(encodingOf("a%22b%26c+d")).toEqual(["percent"]);
  expect(encodingOf(htmlDecimal('a"b&c d'))).toEqual(["html"]);
  expect(encodingOf(Buffer.from('a"b&c d').toString("base64"))).toEqual(["base64"]);
  expect(JSON.stringify(redactor.hits('a"b&c d'))).not.toContain("b&c");
});

test("the index of anchors finds exactly the words that stand in a text, in each of its three readings", () => {
  const words = fc.string({ unit: fc.constantFrom("a", "Z"), minLength: 2, maxLength: 5 });
  const texts = fc.string({ unit: fc.constantFrom("a", "Z", "-", "密"), maxLength: 60 });
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), texts, (anchors, text) => {
      const index = new AnchorIndex([null, ...anchors]);
      const expected = [0, ...anchors.flatMap((anchor, at) => (text.includes(anchor) ? [at + 1] : []))];
      expect(index.inText(text)).toEqual(expected);
      expect(index.inBytes(Buffer.from(text))).toEqual(expected);
      expect(index.inWideBytes(Buffer.from(text, "utf16le"), 0)).toEqual(expected);
      expect(
        index.inWideBytes(Buffer.from(`?${Buffer.from(text, "utf16le").toString("latin1")}`, "latin1"), 1),
      ).toEqual(expected);
    }),
  );
});

describe("a Secret can't be seen by accident", () => {
  const read = () => Secret.read('p"a&ss', new Redactor(), "portal password");

  test("in texts, JSON, logs and inspection", () => {
    const secret = read();
    const shown = [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify(structuredClone(secret)),
    ].join("\n");
    expect(shown).not.toMatch(/p\\?"a&ss/);
    expect(shown).toContain("[secret]");
    expect(secret.reveal()).toBe('p"a&ss');
  });

  test("and reading one enrols it before anyone can use it", () => {
    const redactor = new Redactor();
    const secret = Secret.read("hunter-22", redactor, "portal password");
    expect(redactor.text(`typed ${secret.reveal()}`)).toBe("typed [secret:portal password]");
  });

  test("an empty one is refused", () => {
    expect(() => Secret.read("", new Redactor(), "portal password")).toThrow(/portal password.*empty/);
  });
});
