import { afterEach, beforeEach, expect, it } from "vitest";
import hoodiecrow from "hoodiecrow-imap";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { z } from "zod";
import { openMailbox } from "../../../robot/mail/mailbox.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { portOf } from "../../support/servers/port.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";

// The quick tests, on an IMAP server in memory that runs on every system; test/integration/mail/mailbox-dovecot.test.ts has the real one.

let imap: ReturnType<typeof hoodiecrow>;
let port: number;
const USER = "robot";
const PASSWORD = "mail password";
const MATCH = { from: [PORTAL], subjectWords: ["配號", "取號"] };

beforeEach(async () => {
  imap = hoodiecrow({ plugins: ["ID", "SASL-IR", "AUTH-PLAIN"], users: { [USER]: { password: PASSWORD } } });
  imap.server.listen(0, "127.0.0.1");
  await once(imap.server, "listening");
  port = portOf(imap.server);
});
afterEach(async () => {
  imap.server.close();
  await once(imap.server, "close");
});

function secret(password: string): Secret {
  return Secret.read(password, new Redactor(), "mailbox password");
}

function open(changes: Partial<Parameters<typeof openMailbox>[0]> = {}): ReturnType<typeof openMailbox> {
  const plain = { host: "127.0.0.1", port, secure: false, allowPlain: true, folder: "INBOX", user: USER };
  return openMailbox({ ...plain, password: secret(PASSWORD), ...changes });
}

function deliver(mail: string): void {
  imap.appendMessage("INBOX", [], new Date(), mail);
}

it("counts only mails that came after the mark, in an empty mailbox as well as behind older notices", async () => {
  const box = open();
  const empty = await box.mark();
  expect(await box.newSince(empty, MATCH)).toEqual([]);
  deliver(notice({ id: "old" }));
  expect(await box.newSince(empty, MATCH)).toMatchObject([{ messageId: "<old>", certainlyNew: true }]);

  const mark = await box.mark();
  expect(await box.newSince(mark, MATCH)).toEqual([]);
  deliver(notice({ id: "new" }));
  expect((await box.newSince(mark, MATCH)).map((mail) => mail.messageId)).toEqual(["<new>"]);
});

it("gives a mark that a run can keep as JSON over a restart", async () => {
  deliver(notice({ id: "old" }));
  const kept: unknown = JSON.parse(JSON.stringify(await open().mark()));
  deliver(notice({ id: "new" }));
  const mark = z.strictObject({ uidValidity: z.string(), uidNext: z.int() }).parse(kept);
  expect(await open().newSince(mark, MATCH)).toMatchObject([{ messageId: "<new>" }]);
});

it("compares the sender's address and nothing else of the sender", async () => {
  const box = open();
  const mark = await box.mark();
  deliver(notice({ id: "case", from: `財政部 <${PORTAL.toUpperCase()}>` }));
  deliver(notice({ id: "name", from: `"${PORTAL}" <somebody@example.tw>` }));
  deliver(notice({ id: "longer", from: `x${PORTAL}` }));
  expect((await box.newSince(mark, MATCH)).map((mail) => mail.messageId)).toEqual(["<case>"]);
});

it("takes any of the words anywhere in the subject, and no other subject of the same sender", async () => {
  const box = open();
  const mark = await box.mark();
  deliver(notice({ id: "classic", subject: "取號成功" }));
  deliver(notice({ id: "prefix", subject: "Fwd: 電子發票 配 號 結果通知" }));
  deliver(notice({ id: "reminder", subject: "尚有電子發票未上傳" }));
  expect((await box.newSince(mark, MATCH)).map((mail) => mail.messageId)).toEqual(["<classic>", "<prefix>"]);
});

it("says mailbox-rejected for a wrong password", async () => {
  const refused = open({ password: secret("wrong") }).mark();
  await expect(refused).rejects.toMatchObject({ code: "mailbox-rejected" });
});

it("says mailbox-unreachable where nobody listens, and where somebody hangs up", async () => {
  const silent: Server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const there = portOf(silent);
  await expect(open({ port: there }).mark()).rejects.toMatchObject({ code: "mailbox-unreachable" });
  silent.close();
  await once(silent, "close");
  await expect(open({ port: there }).mark()).rejects.toMatchObject({
    code: "mailbox-unreachable",
    detail: { wanted: `127.0.0.1:${there}`, seen: expect.stringContaining("ECONNREFUSED") },
  });
});

it("never sends the password unencrypted: not to another machine, and to this one only when told", async () => {
  await expect(open({ host: "mail.example.tw" }).mark()).rejects.toMatchObject({ code: "config-invalid" });
  const heard: string[] = [];
  imap.server.on("connection", (socket) => socket.on("data", (data) => heard.push(String(data))));
  await expect(open({ allowPlain: false }).mark()).rejects.toMatchObject({ code: "mailbox-unreachable" });
  expect(heard.join("")).toMatch(/CAPABILITY/);
  expect(heard.join("")).not.toMatch(/LOGIN|AUTHENTICATE/);
});

it("breaks off what is under way when it is closed", async () => {
  const mute: Server = createServer((socket) => socket.resume()).listen(0, "127.0.0.1");
  await once(mute, "listening");
  const box = open({ port: portOf(mute) });
  const closing = once(mute, "connection").then(() => box.close());
  await expect(box.mark()).rejects.toMatchObject({ code: "mailbox-unreachable" });
  await closing;
  mute.close();
});
