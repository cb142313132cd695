import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { parseMail } from "../../../robot/mail/message.ts";
import { subjectIn } from "../../../robot/mail/subject.ts";

const SUBJECT = "電子發票配號結果通知";

type Charset = { readonly label: string; readonly bytes: (text: string) => Buffer };
const UTF8: Charset = { label: "UTF-8", bytes: (text) => Buffer.from(text) };
const BIG5: Charset = { label: "big5", bytes: (text) => iconv.encode(text, "cp950") };

function word(label: string, encoding: string, bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  return `=?${label}?${encoding}?${/b/i.test(encoding) ? Buffer.from(bytes).toString("base64") : hex}?=`;
}

function mail(subject: string | Uint8Array): Buffer {
  const head = Buffer.from("From: einvoice@einvoice.nat.gov.tw\r\nSubject: ");
  const rest = Buffer.from("\r\nDate: Mon, 30 Nov 2026 10:00:00 +0800\r\n\r\n統一編號：12345675");
  return Buffer.concat([head, typeof subject === "string" ? Buffer.from(subject) : subject, rest]);
}

describe("the subject of a mail", () => {
  test("a character that is split between two encoded words is read whole", async () => {
    const source = await readFile(new URL("../../fixtures/cases/c13-mail.eml", import.meta.url));
    expect((await parseMail(source)).subject).toBe(SUBJECT);
  });

  test("however it is cut into words, lines and encodings, it is the same subject", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(UTF8, BIG5),
        fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
        fc.array(fc.constantFrom("B", "Q", "b", "q"), { minLength: 7, maxLength: 7 }),
        fc.array(fc.constantFrom(" ", "\r\n ", "\r\n\t", "\n  ", ""), { minLength: 7, maxLength: 7 }),
        fc.array(fc.constantFrom("", "*zh", "*zh-TW"), { minLength: 7, maxLength: 7 }),
        ({ label, bytes }, cuts, encodings, blanks, languages) => {
          const all = bytes(SUBJECT);
          const places = [0, ...cuts.map((cut) => cut % all.length), all.length].toSorted((a, b) => a - b);
          const words = places
            .slice(1)
            .map((to, index) =>
              word(label + (languages[index] ?? ""), encodings[index] ?? "B", all.subarray(places[index], to)),
            );
          const subject = words
            .map((one, index) => one + (index + 1 < words.length ? (blanks[index] ?? "") : ""))
            .join("");
          expect(subjectIn(mail(subject))).toBe(SUBJECT);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ["bare UTF-8", Buffer.from(SUBJECT)],
    [
      "bare UTF-8 folded inside a character",
      Buffer.concat([Buffer.from(SUBJECT).subarray(0, 7), Buffer.from("\r\n "), Buffer.from(SUBJECT).subarray(7)]),
    ],
    ["bare Big5", iconv.encode(SUBJECT, "cp950")],
    [
      "bare Big5 folded inside a character",
      Buffer.concat([
        iconv.encode(SUBJECT, "cp950").subarray(0, 7),
        Buffer.from("\r\n\t"),
        iconv.encode(SUBJECT, "cp950").subarray(7),
      ]),
    ],
    ["another name of Big5", Buffer.from(word("x-windows-950", "B", iconv.encode(SUBJECT, "cp950")))],
    ["Base64 without its padding", Buffer.from(word("utf-8", "B", Buffer.from(SUBJECT)).replaceAll("=?=", "?="))],
    ["a charset that nobody knows", Buffer.from(word("x-unknown", "B", Buffer.from(SUBJECT)))],
  ])("%s", (_name, subject) => {
    expect(subjectIn(mail(subject))).toBe(SUBJECT);
  });

  test("one that is cut off inside its last character keeps the words before it", () => {
    const cut = Buffer.from(SUBJECT).subarray(0, 29);
    expect(subjectIn(mail(word("utf-8", "B", cut)))).toContain("電子發票配號結果通");
    expect(subjectIn(mail(cut))).toContain("電子發票配號結果通");
  });

  test("plain words around and between encoded ones stay", () => {
    const encoded = word("utf-8", "Q", Buffer.from("配號"));
    expect(subjectIn(mail(`Re: ${encoded} and ${encoded} x`))).toBe("Re: 配號 and 配號 x");
    expect(subjectIn(Buffer.from("From: a@example.com\r\n\r\nSubject: no\r\n"))).toBeNull();
  });
});
