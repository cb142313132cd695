import { once } from "node:events";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import hoodiecrow from "hoodiecrow-imap";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openEncrypted } from "../../../robot/app/decryption/decrypt.ts";
import { ensureDisplay } from "../../../robot/browser/display.ts";
import { chineseFonts, checkPortal } from "../../../robot/cli/commands/doctor.ts";
import { configSchema } from "../../../robot/config/schema.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { STALL_LIMITS } from "../../../robot/lib/stall-limits.ts";
import { openCaptchaReader } from "../../../robot/login/captcha/engine.ts";
import { accessToken } from "../../../robot/mail/access-token.ts";
import { openMailbox } from "../../../robot/mail/mailbox.ts";
import { type MailTransport, mailTransport } from "../../../robot/mail/out/smtp.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { timeStamper } from "../../../robot/recording/verification/time-stamp.ts";
import { openStore } from "../../../robot/store/store.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";
import { portOf } from "../../support/servers/port.ts";
import { mute, type Stalling, stallingAt } from "../../support/servers/stalling.ts";
import { startSmtp } from "../../support/servers/smtp.ts";
import { temporaryRoot } from "../../support/recording/recording-support.ts";

// A fiftieth of the real limits: the list is read once, when it is loaded.
vi.hoisted(() => {
  process.env["EINVOICE_STALL_LIMITS"] = "0.02";
});

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Nothing here may take longer than this, also on a loaded machine: less than the least of the real limits. */
const SOON = 9_000;

/**
 * The error with which work is given up, soon.
 * @param besides milliseconds that it may take besides: a server that has nothing to tell is waited for longer
 */
async function givenUp(work: () => Promise<unknown>, besides = 0): Promise<unknown> {
  const began = performance.now();
  const error: unknown = await work().then(
    () => new Error("It was not given up."),
    (thrown: unknown) => thrown,
  );
  expect(performance.now() - began).toBeLessThan(SOON + besides);
  return error;
}

afterEach(() => vi.unstubAllEnvs());

/** A program that says something, goes on for an hour and does not heed a polite signal; a child of its own holds its output. */
function program(name: string, says = "begun"): { readonly folder: string; readonly path: string } {
  const folder = temporaryRoot();
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\ntrap '' TERM INT\nprintf '${says}'\nsleep 20\n`);
  chmodSync(path, 0o755);
  return { folder, path };
}

const CASES = {
  mailbox() {
    const user = "robot";
    const mailbox = async (at: RegExp | null) => {
      const plugins = ["ID", "SASL-IR", "AUTH-PLAIN", "IDLE"];
      const imap = hoodiecrow({ plugins, users: { [user]: { password: "mail password" } } });
      imap.server.listen(0, "127.0.0.1");
      await once(imap.server, "listening");
      onTestFinished(() => void imap.server.close());
      imap.appendMessage("INBOX", [], new Date(), notice({ id: "one" }));
      const server = at === null ? await mute() : await stallingAt(portOf(imap.server), at);
      return { server, box: openMailbox({ ...plain(server), secure: false, allowPlain: true }) };
    };
    const plain = ({ port }: Stalling) => ({
      host: "127.0.0.1",
      port,
      folder: "INBOX",
      user,
      password: Secret.read("mail password", new Redactor(), "mailbox password"),
    });
    const match = { from: [PORTAL], subjectWords: ["配號"] };
    test.for([
      ["before its greeting", null],
      ["within its greeting", /\* OK .*\r\n/],
      ["within its answer to the sign-in", /\w+ OK .*(?:logged|authenticat|success).*\r\n/i],
      ["while the folder is opened", /\* \d+ EXISTS\r\n/],
      ["within a search", /\* SEARCH.*\r\n/],
      ["within a mail", /配|\{\d+\}\r\n[\s\S]{200}/],
    ] as const)("a mailbox that stalls %s is unreachable, and looked at later", async ([, at]) => {
      const { server, box } = await mailbox(at);
      const error = await givenUp(() => box.newSince({ uidValidity: "1", uidNext: 1 }, match));
      expect(error).toMatchObject({ code: "mailbox-unreachable" });
      expect(server.stalled()).toBe(1);
    });
    test("a mailbox that promises to tell and says nothing more", async () => {
      const { server, box } = await mailbox(/\+ idling\r\n/i);
      const stop = new AbortController();
      const asked = STALL_LIMITS.mailbox.maxIdleTime;
      const error = await givenUp(() => box.watch(match, () => Promise.resolve(), stop.signal), asked);
      expect(error).toMatchObject({ code: "mailbox-unreachable" });
      expect(server.stalled()).toBe(1);
    });
    test("a mailbox that never begins to encrypt", async () => {
      const box = openMailbox({ ...plain(await mute()), secure: true });
      expect(await givenUp(() => box.mark())).toMatchObject({ code: "mailbox-unreachable" });
    });
  },
  smtp() {
    const letter = { id: "a", subject: "s", text: "t", to: "winner@example.test" };
    const postAt = async (at: RegExp | null): Promise<MailTransport> => {
      const smtp = await startSmtp();
      onTestFinished(() => smtp.close());
      const server = at === null ? await mute() : await stallingAt(smtp.port, at);
      const mail = {
        host: "127.0.0.1",
        port: server.port,
        secure: false,
        from: "a@office.test",
        to: ["b@office.test"],
      };
      const { mail: settings } = configSchema.parse({ portal: { address: "http://127.0.0.1:9" }, mail });
      if (!settings) throw new Error("no mail settings");
      return mailTransport(settings, null);
    };
    test.for([
      ["before its greeting", null, "thrown"],
      ["within its greeting", /220 .*\r\n/, "thrown"],
      ["before the mail is sent", /354.*\r\n/, "unknown"],
      ["when the whole mail was sent", /250 OK: message.*\r\n/, "unknown"],
    ] as const)("a mail server that stalls %s", async ([, at, fate]) => {
      const news = await givenUp(async () => (await postAt(at)).send({ ...letter, attachments: [] }));
      expect(news).toMatchObject({ code: "smtp-unreachable" });
      // Of a letter that may have been taken nobody says that it was not.
      const began = performance.now();
      const posted = await (await postAt(at)).sendTo(letter).catch(() => ({ state: "thrown" }));
      expect(performance.now() - began).toBeLessThan(SOON);
      expect(posted.state).toBe(fate);
      expect(await givenUp(async () => (await postAt(null)).check())).toMatchObject({ code: "smtp-unreachable" });
    });
  },
  tokenCommand() {
    test("a command that begins to print a token and never ends", async () => {
      const error = await givenUp(() => accessToken([program("token").path], new Redactor()));
      expect(error).toMatchObject({ code: "token-missing", detail: { seen: expect.stringMatching(/秒內沒有結束/) } });
    });
  },
  keychain: {
    file: "test/integration/machine/secrets-keychain.test.ts",
    name: "does not wait for ever for a keychain",
  },
  captchaEngine() {
    const engine = (code: string): string => {
      const path = join(temporaryRoot(), "engine.mjs");
      writeFileSync(path, code);
      return path;
    };
    test("a captcha reader that never comes to be", async () => {
      const error = await givenUp(() =>
        openCaptchaReader(engine("export const createReader = () => new Promise(() => {});")),
      );
      expect(error).toMatchObject({ code: "config-invalid", detail: { seen: expect.stringMatching(/沒有回應/) } });
    });
    test("a captcha reader that never answers, and never closes: the picture is one that it can't read", async () => {
      const never = "{ read: () => new Promise(() => {}), close: () => new Promise(() => {}) }";
      const reader = await openCaptchaReader(engine(`export const createReader = () => (${never});`));
      const began = performance.now();
      expect(await reader.read(Uint8Array.of(1))).toEqual({ text: "", confidence: 0, refused: true });
      await reader.close();
      expect(performance.now() - began).toBeLessThan(SOON);
    });
  },
  display() {
    test.runIf(process.platform === "linux")("a virtual display that begins to say its number", async () => {
      const { folder } = program("Xvfb", "9");
      const error = await givenUp(() => ensureDisplay({ PATH: `${folder}:${process.env["PATH"] ?? ""}` }));
      expect(String(error)).toMatch(/Xvfb .*沒有反應/);
    });
  },
  database() {
    /** PostgreSQL's own bytes: let in without a password, ready for a statement; an answer is never given. */
    const READY = Buffer.from("5200000008000000005a0000000549", "hex");
    test.for([
      ["says nothing", ""],
      ["lets in and answers no statement", READY],
      ["stops in the middle of a word", READY.subarray(0, 4)],
    ] as const)("a database server that %s", async ([, beginning]) => {
      const { port } = await mute(beginning);
      const error = await givenUp(() =>
        openStore({ kind: "postgres", url: `postgres://robot@127.0.0.1:${port}/robot` }),
      );
      expect(error).toMatchObject({ code: "store-unavailable" });
    });
  },
  portalLook() {
    test.for(["", "HTTP/1.1 200 OK\r\nContent-"])("a portal whose front page begins with %j", async (beginning) => {
      const { port } = await mute(beginning);
      const { portal: settings } = configSchema.parse({ portal: { address: `http://127.0.0.1:${port}` } });
      expect(await givenUp(() => checkPortal({ portal: settings }))).toMatchObject({ code: "portal-down" });
    });
  },
  system() {
    test.runIf(process.platform === "linux")("a question to the operating system", async () => {
      const { folder } = program("fc-list", "Noto");
      vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
      expect(await givenUp(chineseFonts)).toMatchObject({ killed: true });
    });
  },
} as const satisfies Record<keyof typeof STALL_LIMITS, (() => void) | Elsewhere>;

/** A test of another file. */
interface Elsewhere {
  readonly file: string;
  readonly name: string;
}

/** Limits that stand beside the list: configured, of pages, of the console's visitors. */
const BESIDE = {
  "recordings.timeStamp.timeout"() {
    const stamped = (url: string): Promise<unknown> =>
      timeStamper({ url, ca: null, timeout: 500 }).stamp(Buffer.from("bytes"));
    test.for([
      ["says nothing", ""],
      ["stops within its head", "HTTP/1.1 200 OK\r\nContent-"],
      ["stops within its answer", "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n0\u0082"],
    ])("a time-stamp service that %s", async ([, beginning]) => {
      const { port } = await mute(beginning);
      const error = await givenUp(() => stamped(`http://127.0.0.1:${port}/`));
      expect(String(error)).toMatch(/在時限內沒有回應/);
    });
    test("a time-stamp service that never stops talking is read no further than a stamp can be long", async () => {
      let sent = 0;
      const server = createServer((_request, response) => {
        const timer = setInterval(() => {
          sent += 50_000;
          response.write("x".repeat(50_000));
        }, 10);
        response.once("close", () => clearInterval(timer));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      onTestFinished(() => {
        server.closeAllConnections();
        server.close();
      });
      const error = await givenUp(() => stamped(`http://127.0.0.1:${portOf(server)}/`));
      expect(String(error)).toMatch(/no time-stamp/);
      expect(sent).toBeLessThan(1_000_000);
    });
  },
  "winningList.decrypt.timeout"() {
    test("a decrypting tool that asks and never ends", async () => {
      const tool = { command: program("tool").path, args: ["{in}", "{out}"], timeout: 400 };
      const error = await givenUp(() => openEncrypted(tool, "/nowhere/list.bin"));
      expect(error).toMatchObject({ code: "decrypt-failed", detail: { seen: expect.stringMatching(/秒內沒有結束/) } });
    });
  },
  "pages: a download": { file: "test/browser/machine/callbacks.test.ts", name: "that begins and stalls is cancelled" },
  "pages: a script that never ends": {
    file: "test/browser/machine/callbacks.test.ts",
    name: "a page whose script never ends is slow",
  },
  "pages: an answer to a press": {
    file: "test/browser/tracks/take-tracks-faults.test.ts",
    name: "the answer is lost",
  },
  "the console's visitors": {
    file: "test/integration/security/strangers.test.ts",
    name: "are closed: without a word, with half a head",
  },
} as const satisfies Record<string, (() => void) | Elsewhere>;

const HELD = Object.entries({ ...CASES, ...BESIDE }).flatMap(([what, proof]) =>
  typeof proof === "function" ? [{ what, proof }] : [],
);
const ELSEWHERE = Object.values({ ...CASES, ...BESIDE }).flatMap((proof) =>
  typeof proof === "function" ? [] : [proof],
);

describe("what waits for somebody else's bytes has a limit:", () => {
  describe.each(HELD)("$what", ({ proof }) => {
    proof();
  });

  test.for(ELSEWHERE)("$name (in $file)", ({ file, name }) => {
    expect(readFileSync(join(ROOT, file), "utf8")).toContain(name);
  });
});

/** By whom something outside is called, and the limit that holds there. */
const CALLERS: Readonly<Record<string, keyof typeof CASES | keyof typeof BESIDE>> = {
  "robot/app/decryption/decrypt.ts": "winningList.decrypt.timeout",
  "robot/browser/display.ts": "display",
  "robot/browser/send-once.ts": "pages: an answer to a press",
  "robot/cli/commands/doctor.ts": "portalLook",
  "robot/login/captcha/engine.ts": "captchaEngine",
  "robot/mail/access-token.ts": "tokenCommand",
  "robot/mail/connection.ts": "mailbox",
  "robot/mail/out/smtp.ts": "smtp",
  "robot/recording/verification/time-stamp.ts": "recordings.timeStamp.timeout",
  "robot/secrets/keychain.ts": "keychain",
  "robot/store/database-place.ts": "system",
  "robot/store/postgres.ts": "database",
  "selectors/dom/network/download.ts": "pages: a download",
};

test("whoever calls something outside is on the list: a call that nobody stalls in a test would be seen here", () => {
  const CALL =
    /\bfetch\(|\bexecFile|[^.\w]spawn\(|createTransport\(|new ImapFlow\(|[= ]postgres\(|\bconnect\(\{|new AsyncEntry\(|\.createReadStream\(\)|\.createReader\b/;
  const found = ["robot", "selectors", "flows"].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `${room}/${name.replaceAll("\\", "/")}`)
      // The demonstration calls the practice portal, in a process that it has started itself.
      .filter((name) => !name.startsWith("robot/demo/"))
      .filter((name) => CALL.test(readFileSync(join(ROOT, name), "utf8"))),
  );
  expect(found.sort()).toEqual(Object.keys(CALLERS).sort());
});
