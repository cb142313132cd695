import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import iconv from "iconv-lite";
import { ImapFlow } from "imapflow";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMailbox } from "../../../robot/mail/mailbox.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { ROOT } from "../../../robot/setup/node-runtime.mjs";
import {
  type Dovecot,
  type DovecotOptions,
  missingDovecot,
  selfSigned,
  startDovecot,
} from "../../support/servers/dovecot.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";

const MATCH = { from: [PORTAL], subjectWords: ["配號", "取號"] };
const reason = missingDovecot();

describe.skipIf(reason !== null)(`the mailbox, on a real Dovecot${reason === null ? "" : ` (${reason})`}`, () => {
  let server: Dovecot;
  let folder: string;
  const start = async (options?: DovecotOptions): Promise<void> => {
    server = await startDovecot(options);
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "mailbox-test-"));
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(changes: Partial<Parameters<typeof openMailbox>[0]> = {}): ReturnType<typeof openMailbox> {
    const { host, port, user } = server;
    const password = Secret.read(server.password, new Redactor(), "mailbox password");
    return openMailbox({ host, port, user, password, secure: false, allowPlain: true, folder: "INBOX", ...changes });
  }

  it("finds the one new notice behind 5,000 older ones without reading any of those", async () => {
    await start();
    for (let i = 0; i < 5_000; i += 1) server.deliver(notice({ id: `old-${i}` }));
    const box = open();
    const mark = await box.mark();
    expect(mark.uidNext).toBe(5_001);
    expect(await box.newSince(mark, MATCH)).toEqual([]);
    server.deliver(notice({ id: "new" }));
    expect(await box.newSince(mark, MATCH)).toMatchObject([{ uid: 5_001, messageId: "<new>" }]);
    // The server counts the bodies it gave in each session, and writes it down when the session has ended.
    const bodiesRead = (): string[] => [...server.log().matchAll(/body_count=\d+/g)].map(([count]) => count);
    await expect.poll(bodiesRead).toEqual(["body_count=0", "body_count=0", "body_count=1"]);
  });

  it("gives every match again, marked as not certainly new, when the server has renumbered the folder", async () => {
    await start();
    server.deliver(notice({ id: "old" }));
    const mark = await open().mark();
    server.deliver(notice({ id: "new" }));
    server.deliver(notice({ id: "other", subject: "尚有電子發票未上傳" }));
    expect(await open().newSince(mark, MATCH)).toMatchObject([{ messageId: "<new>", certainlyNew: true }]);

    server.renumber();
    const after = await open().newSince(mark, MATCH);
    expect(after.map((mail) => [mail.messageId, mail.certainlyNew])).toEqual([
      ["<old>", false],
      ["<new>", false],
    ]);
    expect(after[0]?.uidValidity).not.toBe(mark.uidValidity);
  });

  it("counts a mail once, however often it is delivered and forwarded, and not at all if it was there before", async () => {
    await start();
    server.deliver(notice({ id: "before" }));
    const mark = await open().mark();
    server.deliver(notice({ id: "before", headers: ["X-Forwarded-To: robot@example.tw"] }));
    server.deliver(notice({ id: "twice" }));
    server.deliver(notice({ id: "twice", headers: ["Delivered-To: robot@example.tw"] }));
    server.deliver(notice({ id: "once" }));
    const found = await open().newSince(mark, MATCH);
    expect(found.map((mail) => [mail.uid, mail.messageId])).toEqual([
      [3, "<twice>"],
      [5, "<once>"],
    ]);
  });

  it("counts a mail that came after the mark even if its date is years before it", async () => {
    await start();
    const mark = await open().mark();
    server.deliver(notice({ id: "dated", date: "Thu, 01 Jan 2015 00:00:00 +0800" }));
    server.deliver(notice({ id: "undated", date: "前天" }));
    expect(await open().newSince(mark, MATCH)).toMatchObject([
      { messageId: "<dated>", date: "2014-12-31T16:00:00.000Z" },
      { messageId: "<undated>", date: null },
    ]);
  });

  const BIG5_SUBJECT = iconv.encode("電子發票配號結果通知", "cp950");
  const BIG5_BODY = iconv.encode("營業人 12345675 的字軌已配號。", "cp950");
  it.each([
    ["an encoded word", Buffer.from(`=?big5?B?${BIG5_SUBJECT.toString("base64")}?=`)],
    ["bare bytes", BIG5_SUBJECT],
  ])("reads Big5 with the subject as %s, and a body that is only HTML", async (_, subject) => {
    await start();
    const mark = await open().mark();
    const head = [
      `From: <${PORTAL}>`,
      "To: Robot <robot+12345675@example.tw>",
      "Delivered-To: robot@example.tw",
      "Subject: ",
    ];
    const type = "\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=big5\r\n\r\n";
    const [before, after] = ["<style>p{color:red}</style><p>", "</p>\r\n"].map((text) => Buffer.from(text));
    const parts = [Buffer.from(head.join("\r\n")), subject, Buffer.from(type), before, BIG5_BODY, after];
    server.deliver(Buffer.concat(parts.map((part) => part ?? Buffer.alloc(0))));
    expect(await open().newSince(mark, MATCH)).toMatchObject([
      {
        subject: "電子發票配號結果通知",
        text: "營業人 12345675 的字軌已配號。",
        from: PORTAL,
        to: ["robot+12345675@example.tw", "robot@example.tw"],
        messageId: null,
      },
    ]);
  });

  it("leaves the mails unread for the person whose mailbox it is", async () => {
    await start();
    const mark = await open().mark();
    server.deliver(notice());
    expect(await open().newSince(mark, MATCH)).toHaveLength(1);
    const auth = { user: server.user, pass: server.password };
    const owner = new ImapFlow({ host: server.host, port: server.port, secure: false, auth, logger: false });
    await owner.connect();
    expect(await owner.status("INBOX", { unseen: true })).toMatchObject({ unseen: 1 });
    await owner.logout();
  });

  it("tells a wrong password from a server that can't look it up at the moment", async () => {
    await start();
    const wrong = Secret.read("wrong", new Redactor(), "mailbox password");
    await expect(open({ password: wrong }).mark()).rejects.toMatchObject({ code: "mailbox-rejected" });
    await server.close();
    await start({ accountsBroken: true });
    await expect(open().mark()).rejects.toMatchObject({ code: "mailbox-unreachable" });
  });

  it("says config-invalid for a folder that is not there", async () => {
    await start();
    await expect(open({ folder: "發票" }).mark()).rejects.toMatchObject({
      code: "config-invalid",
      detail: { wanted: expect.stringContaining("發票") },
    });
  });

  it("tells nobody the password whose certificate it can't trust, with STARTTLS and with TLS", async () => {
    await start({ tls: await selfSigned(folder) });
    const starttls = open({ host: "localhost", allowPlain: false });
    await expect(starttls.mark()).rejects.toMatchObject({ code: "certificate-untrusted" });
    const tls = open({ host: "localhost", secure: true, port: server.tlsPort });
    await expect(tls.mark()).rejects.toMatchObject({ code: "certificate-untrusted" });
    expect(server.log()).not.toMatch(/Login:/);
  });

  it("signs in over STARTTLS and over TLS where the certificate is trusted", async () => {
    const tls = await selfSigned(folder);
    await start({ tls });
    const at = (file: string): string => JSON.stringify(path.join(ROOT, "robot", file));
    const script = `
      const { openMailbox } = await import(${at("mail/mailbox.ts")});
      const { Secret } = await import(${at("lib/secret.ts")});
      const password = Secret.read(process.env.MAIL_PASSWORD, { enrol() {} }, "mailbox password");
      const account = { host: "localhost", user: ${JSON.stringify(server.user)}, password, folder: "INBOX" };
      await openMailbox({ ...account, port: ${server.port}, secure: false }).mark();
      await openMailbox({ ...account, port: ${server.tlsPort}, secure: true }).mark();`;
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: tls.certificate, MAIL_PASSWORD: server.password },
    });
    expect(server.log().match(/Login: .*TLS/g)).toHaveLength(2);
  });
});
