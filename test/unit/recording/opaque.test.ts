import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tokensIn, withoutTokens } from "../../../robot/recording/redaction/opaque.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { isQuarantined } from "../../../robot/recording/redaction/scan.ts";
import { writeZip } from "../../../robot/lib/zip.ts";
import { encoders, findCanary } from "../../support/recording/recording-canaries.ts";
import { JPEG } from "../../support/recording/recording-samples.ts";
import { record, temporaryRoot } from "../../support/recording/recording-support.ts";

const CARD = "EINV70031592";
const HIDDEN = "HX88210467";
const PHONE = "0912345678";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");

/** A JWT with the fields of a binding, inside Base64: how the portal's address carries them. */
function tokenOf(claims: object): string {
  const jwt = [{ alg: "HS256", typ: "JWT" }, claims].map((part) => base64url(JSON.stringify(part))).join(".");
  return `${jwt}.${base64url("signature-of-32-bytes-or-so------")}`;
}
const CLAIMS = { card_ban: "12345675", card_no1: base64(CARD), card_no2: base64(HIDDEN), card_type: base64("BG0001") };
const PATH = "https://www.einvoice.nat.gov.tw/portal/btc/btc103w/main/";

const TOKENS: readonly (readonly [what: string, token: string])[] = [
  ["a JWT inside Base64", base64(tokenOf(CLAIMS))],
  ["a JWT inside Base64url", base64url(tokenOf(CLAIMS))],
  ["a JWT", tokenOf(CLAIMS)],
  ["Base64 within Base64 of JSON", base64(base64(JSON.stringify(CLAIMS)))],
  ["Base64 of a form", base64(new URLSearchParams(CLAIMS).toString())],
  ["Base64 within Base64 of a form", base64(base64(`card_no1=${CARD}&card_no2=${HIDDEN}`))],
  [
    "JSON with the cards in clear, deep inside",
    base64(JSON.stringify({ a: [{ b: { cardNo: CARD, x: HIDDEN, card_no2: HIDDEN } }] })),
  ],
  ["a JWT in a claim of a JWT", tokenOf({ t: tokenOf(CLAIMS) })],
];

describe.each(TOKENS)("%s", (_what, token) => {
  const places = (word: string): string[] => [
    `${PATH}${word}`,
    `${PATH}${encodeURIComponent(word)}`,
    `${PATH}${word}?a=1#b`,
    `https://m.example.tw/bind?token=${word}&x=1`,
    `https://m.example.tw/go?to=${encodeURIComponent(`${PATH}${encodeURIComponent(word)}`)}`,
    JSON.stringify({ location: `${PATH}${word}` }),
    JSON.stringify({ location: `${PATH}${word}` }).replaceAll("/", String.raw`\/`),
    `停在 ${PATH}${word}，沒有這一頁`,
  ];

  test("is taken out of every address, seen before or not", () => {
    for (const text of places(token)) {
      const masked = new Redactor().text(text);
      expect(masked).toContain("[secret:token]");
      for (const part of [token, encodeURIComponent(token), token.slice(0, 40), token.slice(-30)]) {
        expect(masked).not.toContain(part);
      }
    }
  });

  test("is enrolled when it is seen, and its card numbers in every encoding", () => {
    for (const text of places(token).slice(0, 5)) {
      const redactor = new Redactor();
      redactor.seeAddress(text);
      for (const secret of [token, CARD, HIDDEN]) {
        for (const [name, encode] of Object.entries(encoders)) {
          const written = encode(secret);
          expect(redactor.text(`vor ${written} nach`), `${name} of ${secret}`).not.toContain(written);
        }
      }
      expect(redactor.text("賣方 12345675 取號完成")).toBe("賣方 12345675 取號完成");
    }
  });
});

test("what the form carried to the portal is known too: cards as they stand and decoded, and the token", () => {
  const redactor = new Redactor();
  redactor.seeForm(
    new URLSearchParams({ ...CLAIMS, token: "A1b2C3d4E5f6", back_url: "https://m.example.tw/back" }).toString(),
  );
  for (const secret of [CARD, HIDDEN, base64(CARD), "A1b2C3d4E5f6"])
    expect(redactor.text(`x ${secret} y`)).not.toContain(secret);
  expect(redactor.text("https://m.example.tw/back 12345675")).toBe("https://m.example.tw/back 12345675");
});

test("addresses that carry nothing of anybody stay as they are", () => {
  const plain = [
    "https://www.einvoice.nat.gov.tw/dashboard/btb/btb004w/search",
    "https://www.einvoice.nat.gov.tw/static/js/main.4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c.chunk.js",
    `https://m.example.tw/c/${"0f".repeat(32)}`,
    "https://m.example.tw/c/3f2504e0-4f89-11d3-9a0c-0305e82c3301?lang=zh-TW",
    "https://m.example.tw/memberCarrierBindingAndUnbinding/confirmationOfTheHolder",
    "SHA-256 = 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  ];
  for (const text of plain) {
    expect(withoutTokens(text)).toBe(text);
    expect(tokensIn(text)).toEqual([]);
  }
});

test("a text of a million characters that could be a token everywhere is looked through at once", () => {
  const began = process.cpuUsage().user;
  withoutTokens(`${"eyJ".repeat(100_000)}/${"A".repeat(400_000)}/${"=eyJ/".repeat(60_000)}`);
  expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(5);
});

test("planted in a whole record, nothing of it is found: events, captions, errors, names, a trace, the log", async () => {
  const token = base64(tokenOf({ ...CLAIMS, mobile: PHONE }));
  const address = `${PATH}${token}`;
  const redactor = new Redactor();
  const root = temporaryRoot();
  const recorder = await record(root, redactor);
  redactor.seeAddress(address);
  await recorder.event("step.failed", {
    failure: { seen: `停在 ${address}`, page: `歸戶（${address}）` },
    [address]: token,
  });
  await recorder.picture(`歸戶 ${CARD}`, JPEG, { address, encoded: encodeURIComponent(address) });
  await recorder.event("note", { line: `${CARD} ${base64(HIDDEN)} ${PHONE}`, data: [CARD, { card: base64url(CARD) }] });
  const zip = join(root, "raw.zip");
  const log = [
    { type: "resource-snapshot", snapshot: { request: { url: address }, response: { redirectURL: address } } },
    { type: "frame-snapshot", snapshot: { frameUrl: address, html: ["A", { href: address }, CARD] } },
  ];
  await writeZip(zip, [
    { name: "trace.network", bytes: Buffer.from(log.map((line) => `${JSON.stringify(line)}\n`).join("")) },
    { name: "resources/page.html", bytes: Buffer.from(`<a href="${address}">${CARD}</a><i>${base64(CARD)}</i>`) },
  ]);
  await recorder.trace("visit-1", zip);
  // The result of the job is about the card, and stays as it is.
  await recorder.file("歸戶結果.csv", Buffer.from(`卡號\n${CARD}\n`), {
    direction: "out",
    origin: "歸戶",
    personal: true,
  });
  await recorder.end({ outcome: "done", summary: { address, cards: [CARD] } });

  expect(await isQuarantined(recorder.folder)).toBe(false);
  for (const secret of [token, tokenOf({ ...CLAIMS, mobile: PHONE }), CARD, HIDDEN, PHONE]) {
    const found = await findCanary(recorder.folder, secret);
    expect(found.filter((place) => !place.startsWith("files/"))).toEqual([]);
  }
  expect(readFileSync(join(recorder.folder, "events.jsonl"), "utf8")).toContain("[secret:token]");
});

test("what stands between the layers of a token is a secret as well, where it comes by itself", () => {
  const [encoded, claim] = [base64(JSON.stringify(CLAIMS)), tokenOf(CLAIMS)];
  const redactor = new Redactor();
  for (const outer of [base64(encoded), tokenOf({ t: claim })])
    for (const carried of tokensIn(`${PATH}${outer}`)) for (const part of carried.inner) redactor.enrol(part, "token");
  for (const inner of [encoded, claim]) {
    expect(redactor.hits(`the page says ${inner}`)).not.toEqual([]);
  }
});

test("a token whose Base64url has a hyphen in it is taken out", () => {
  const token = base64url(JSON.stringify({ card_no1: "~~~~>>>>", card_no2: HIDDEN, x: "ÿ>ÿ>ÿ>" }));
  expect(token).toMatch(/-/);
  expect(new Redactor().text(`${PATH}${token}`)).not.toContain(token);
});
