import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig, parseConfig } from "../../robot/config/load.ts";
import { readSettings } from "../../robot/config/settings-file.ts";
import { Failure } from "../../robot/failures/failure.ts";
import { explainFailures, readFailureDetails } from "../../robot/invoicing/blank-numbers/failure-details.ts";
import { readE0402 } from "../../robot/invoicing/blank-numbers/e0402.ts";
import { readMissingUploads } from "../../robot/invoicing/blank-numbers/missing-uploads.ts";
import { sampleDifferences } from "../../robot/invoicing/blank-numbers/sample.ts";
import { readUploadFile } from "../../robot/invoicing/blank-numbers/upload-file.ts";
import { readCarrierList } from "../../robot/invoicing/carriers/carrier-list.ts";
import { plannedOutageEnd } from "../../robot/invoicing/deadlines/planned-outage.ts";
import { readLedger } from "../../robot/invoicing/ledger/read-ledger.ts";
import { readE0401, readE0501 } from "../../robot/invoicing/messages/track-messages.ts";
import { DomainError } from "../../robot/invoicing/problems/problems.ts";
import { fileOfBytes, readTable } from "../../robot/invoicing/reading/table.ts";
import { checkFile } from "../../robot/invoicing/file-recognition.ts";
import { readTrackFile } from "../../robot/invoicing/tracks/track-file.ts";
import { readMembers, readOptedOut } from "../../robot/invoicing/winners/members.ts";
import { readRecipients } from "../../robot/invoicing/winners/recipients.ts";
import { readWinners } from "../../robot/invoicing/winners/winning-list.ts";
import { readWinningRecord } from "../../robot/invoicing/winners/winning-record.ts";
import { withZip, ZipError } from "../../robot/lib/zip.ts";
import { decodePicture } from "../../robot/login/captcha/decode.ts";
import { bouncesOf } from "../../robot/mail/bounces.ts";
import { parseMail } from "../../robot/mail/message.ts";
import { ownersOf } from "../../robot/mail/notices.ts";
import { mailTask } from "../../robot/mail/reminders.ts";
import { readManifest, readRun } from "../../robot/recording/format/documents.ts";
import { parseLine } from "../../robot/recording/format/chain.ts";
import { asHeads, documentsInText } from "../../robot/recording/format/heads-document.ts";
import { checkTimeStamp, StampRefused } from "../../robot/recording/verification/time-stamp.ts";
import { readGiven } from "../../robot/recording/verification/given.ts";
import { EVERY_TEST } from "../support/every-test.ts";

/**
 * Whatever bytes a reader of files, mails, archives, settings or pictures is given, it says what is wrong by its own means, and soon: nothing but
 * the errors that it is documented to throw, nothing that goes on without end, nothing that ends the process.
 */

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));
const SAMPLES: readonly Buffer[] = ["files", "cases"]
  .flatMap((folder) => readdirSync(join(FIXTURES, folder)).map((name) => join(FIXTURES, folder, name)))
  .filter((path) => /\.(csv|txt|xml|json)$/.test(path))
  .map((path) => readFileSync(path))
  .filter(({ length }) => length < 20_000);

const MAIL = Buffer.from(
  "From: 財政部 <einvoice@einvoice.nat.gov.tw>\r\nTo: a+12345675@office.test\r\nSubject: =?Big5?B?uXGkbLW4v6k=?=\r\nMessage-ID: <a@b>\r\nMIME-Version: 1.0\r\n" +
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n' +
    "Diagnostic-Code: smtp; 550 no\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <c@d>\r\n\r\n--x--\r\n",
);
const CONFIG = Buffer.from(
  JSON.stringify({
    portal: { address: "http://127.0.0.1:9", allocation: { mail: { first: "2m" } } },
    companies: [{ name: "甲商行", ubn: "12345675" }],
    schedules: [{ name: "n", flow: "take-tracks", companies: "all", cron: "0 9 * * *" }],
  }),
);
/** A stored zip with one member. */
const ZIP = Buffer.from(
  "504b03040a0000000000000021000000000005000000050000000100000061" +
    "68656c6c6f504b01021e030a00000000000000210000000000050000000500000001000000000000000000000000000000000061" +
    "504b05060000000001000100" +
    "2f00000024000000" +
    "0000",
  "hex",
);
const SEEDS: readonly Buffer[] = [...SAMPLES, MAIL, CONFIG, ZIP];

/** What pieces of files are made of that readers stumble over. */
const PIECES: readonly string[] = [
  "",
  "\0",
  "\r",
  "\n\n\n",
  '"',
  '""""',
  ",,,,,,,,,,,,",
  "\uFEFF",
  "9".repeat(400),
  "-1",
  "1e309",
  "AB00000000",
  "11510",
  "115/13/45",
  "\u{1F600}",
  "̈".repeat(50),
  "<![CDATA[",
  "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
  "<table><tr><td colspan=999999999>",
  "__proto__",
  "constructor",
  '{"__proto__":{"a":1}}',
  "=cmd|'/c'!A1",
  "PK\u0003\u0004",
  "%PDF-1.7",
  "Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
  "=?utf-8?B?////?=",
];

/** A file that was right once, cut, turned round, doubled, and with pieces of other things in it. */
const spoiled = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.oneof(
        fc.record({ how: fc.constant("cut" as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
        fc.record({
          how: fc.constant("put" as const),
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          what: fc.oneof(
            fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
            fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
          ),
        }),
        fc.record({
          how: fc.constant("over" as const),
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          what: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
        }),
        fc.record({
          how: fc.constant("again" as const),
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          long: fc.nat(300),
        }),
      ),
      { maxLength: 6 },
    ),
  )
  .map(([seed, changes]) => {
    let bytes = seed;
    for (const change of changes) {
      const at = Math.floor(change.at * bytes.length);
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
      if (change.how === "cut") bytes = before;
      else if (change.how === "put") bytes = Buffer.concat([before, change.what, after]);
      else if (change.how === "again") bytes = Buffer.concat([before, after.subarray(0, change.long), after]);
      else bytes = Buffer.concat([before, change.what, after.subarray(change.what.length)]);
    }
    return bytes;
  });

const someFile: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 6, arbitrary: spoiled },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => Buffer.from(parts.join(""))),
  },
);

const MANY = 60_000;
/** Files made to be slow: what is nested without end, opened and never closed, or of one sign. */
const HEAVY: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  zeros: Buffer.alloc(400_000),
  "line feeds": Buffer.alloc(60_000, "\n"),
  "carriage returns": Buffer.alloc(400_000, "\r"),
  commas: Buffer.alloc(100_000, ","),
  quotes: Buffer.alloc(400_001, '"'),
  spaces: Buffer.alloc(400_000, " "),
  "one digit": Buffer.alloc(400_000, "7"),
  "half characters of Big5": Buffer.alloc(400_001, 0xa4),
  "UTF-16 of half characters": Buffer.from(`fffe${"00d8".repeat(MANY)}`, "hex"),
  "angle brackets": Buffer.from("<".repeat(400_000)),
  "elements opened and never closed": Buffer.from(`<?xml version="1.0"?>${"<a>".repeat(MANY)}`),
  "elements within elements": Buffer.from(`<?xml version="1.0"?>${"<a>".repeat(MANY)}${"</a>".repeat(MANY)}`),
  "tables within tables": Buffer.from(`<html>${"<table><tr><td>".repeat(MANY / 4)}`),
  "entities of entities": Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, n) => `<!ENTITY a${n + 1} "&a${n === 0 ? "" : n};&a${n === 0 ? "" : n};">`).join("")}]><l>&a30;</l>`,
  ),
  "styles never closed, as a mail": Buffer.from(`Content-Type: text/html\r\n\r\n${"<style>".repeat(MANY)}`),
  "brackets never closed, as a mail": Buffer.from(`Content-Type: text/html\r\n\r\n${"<".repeat(400_000)}`),
  "parts within parts, as a mail": Buffer.from(
    Array.from({ length: 3_000 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join(
      "",
    ),
  ),
  "mails within mails": Buffer.from("Content-Type: message/rfc822\r\n\r\n".repeat(3_000)),
  "heads without end, as a mail": Buffer.from(`Subject: a\r\n${" b\r\n".repeat(MANY)}`),
  "encoded words without end, as a mail": Buffer.from(`Subject: ${"=?utf-8?Q?=".repeat(MANY)}\r\n\r\n`),
  "receivers without end, as a mail": Buffer.from(`To: ${"<".repeat(MANY)}${"a:b,".repeat(MANY)}\r\n\r\nx`),
  "lists within lists, as settings": Buffer.from(`{"companies":${"[".repeat(MANY)}${"]".repeat(MANY)}}`),
  "a zip that claims a million members": Buffer.from("504b050600000000ffffffffffffffffffffffff0000", "hex"),
  "a workbook that holds nothing": ZIP,
  "a beginning of winners without end": Buffer.alloc(474 * 300, "0"),
};

const UBN = ["12345675"];
const FILE = (bytes: Buffer) => fileOfBytes("file.csv", bytes);
const drain = async (entries: AsyncIterable<unknown>): Promise<void> => {
  for await (const entry of entries) void entry;
};
const nothing = (): undefined => undefined;
const folder = mkdtempSync(join(tmpdir(), "every-reader-"));
const put = (name: string, bytes: Buffer): string => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

type Reader = (bytes: Buffer) => unknown;
/** Each reader, with the errors that it may throw. */
const READERS: Readonly<Record<string, readonly [read: Reader, ...own: (abstract new (...args: never[]) => Error)[]]>> =
  {
    "any file": [(bytes) => checkFile(FILE(bytes))],
    "a table": [(bytes) => readTable(bytes)],
    "a file of tracks": [readTrackFile],
    E0501: [readE0501],
    E0401: [readE0401],
    E0402: [readE0402],
    "a file of blank numbers": [(bytes) => readUploadFile(bytes)],
    失敗明細: [(bytes) => explainFailures(readFailureDetails(bytes), [])],
    漏上傳資料清冊: [readMissingUploads],
    範例檔: [(bytes) => sampleDifferences(bytes)],
    "a list of carriers": [(bytes) => readCarrierList(bytes, null)],
    "a ledger": [(bytes) => drain(readLedger(FILE(bytes), { onFault: nothing, onReport: nothing })), DomainError],
    "winners as the portal lists them": [
      (bytes) => drain(readWinners("winning-list", FILE(bytes), { onFault: nothing })),
    ],
    "winners as a platform lists them": [
      (bytes) => drain(readWinners("winning-csv", FILE(bytes), { onFault: nothing })),
    ],
    "a line of winners": [(bytes) => readWinningRecord(1, bytes)],
    members: [readMembers],
    "who wants no mail": [readOptedOut],
    recipients: [readRecipients],
    "a mail": [
      async (bytes) => {
        const mail = await parseMail(bytes);
        return [mailTask(mail), ownersOf(mail, UBN), plannedOutageEnd(mail.text, new Date())];
      },
    ],
    "a mail that came back": [bouncesOf],
    "a zip": [(bytes) => withZip(bytes, async (members) => Promise.all(members.map(({ read }) => read()))), ZipError],
    "a configuration": [(bytes) => loadConfig(put("robot.config.json", bytes)), Failure],
    settings: [(bytes) => readSettings(put("robot.settings.json", bytes)), Failure],
    "a picture": [decodePicture],
    "a document of a day": [(bytes) => [asHeads(bytes.toString("utf8")), documentsInText(bytes.toString("utf8"))]],
    "a mail with heads": [(bytes) => readGiven(put("mail.eml", bytes))],
    "a run": [(bytes) => readRun(bytes.toString("utf8"))],
    "a manifest": [(bytes) => readManifest(bytes.toString("utf8"))],
    "a line of a record": [(bytes) => parseLine(bytes.toString("utf8"))],
    "a time-stamp": [(bytes) => checkTimeStamp(bytes, Buffer.from("x"), { trusted: null }), StampRefused],
  };

/** Milliseconds of the processor that any of these files may take: those that once held a reader up took minutes. */
const SOON = 10_000;

/** What is wrong with how a file was read; null where nothing is. */
async function complaint(name: string, bytes: Buffer): Promise<string | null> {
  const [reader, ...own] = READERS[name] ?? [];
  if (reader === undefined) return `no reader ${name}`;
  const began = process.cpuUsage();
  try {
    await reader(bytes);
  } catch (error) {
    const isOwn = error instanceof Error && error.message !== "" && own.some((kind) => error instanceof kind);
    if (!isOwn) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(began);
  const took = Math.round((user + system) / 1_000);
  return took < SOON ? null : `${took} ms`;
}

describe.each(Object.keys(READERS))("the reader of %s", (name) => {
  test("throws nothing but its own on files that were right once, or never", async () => {
    await fc.assert(
      fc.asyncProperty(someFile, async (bytes) => {
        expect(await complaint(name, bytes)).toBeNull();
      }),
      { numRuns: EVERY_TEST ? 3_000 : 60 },
    );
    rmSync(folder, { recursive: true, force: true });
  });

  test("is through soon with files that were made to be slow", async () => {
    const complaints: string[] = [];
    for (const [what, bytes] of Object.entries(HEAVY)) {
      const wrong = await complaint(name, bytes);
      if (wrong !== null) complaints.push(`${what}: ${wrong}`);
    }
    rmSync(folder, { recursive: true, force: true });
    expect(complaints).toEqual([]);
  });
});

test("a configuration of any shape is refused by its own error", () => {
  fc.assert(
    fc.property(
      fc.anything({ maxDepth: 4 }),
      fc.constantFrom("portal", "companies", "schedules", "mail", "store"),
      (value, key) => {
        for (const written of [value, { portal: { address: "http://127.0.0.1:9" }, [key]: value }])
          expect(["parsed", "Failure"]).toContain(parsedOrRefused(written));
      },
    ),
    { numRuns: 300 },
  );
});

function parsedOrRefused(written: unknown): string {
  try {
    parseConfig(written, "/tmp/robot.config.json");
    return "parsed";
  } catch (error) {
    return error instanceof Failure ? "Failure" : String(error);
  }
}
