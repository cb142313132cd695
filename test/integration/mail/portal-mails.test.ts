import hoodiecrow from "hoodiecrow-imap";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { noteMailsOf } from "../../../robot/app/portal-mail-reader.ts";
import { attentionList } from "../../../robot/console/view/attention.ts";
import { portalMails } from "../../../robot/engine/runs/portal-mails.ts";
import { openMailbox } from "../../../robot/mail/mailbox.ts";
import { digest } from "../../../robot/mail/out/digest.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";
import { portOf } from "../../support/servers/port.ts";
import { databases, openedStore } from "../../support/store/store-databases.ts";

const [sqlite] = databases();

const COMPANIES = [
  { name: "甲商行", ubn: "12345675" },
  { name: "乙商行", ubn: "10458575" },
];
const NOW = new Date("2026-11-22T04:00:00Z");

test("mails of the portal become tasks on the console, once each, the urgent ones first, and go out by mail", async () => {
  const imap = hoodiecrow({
    plugins: ["ID", "SASL-IR", "AUTH-PLAIN"],
    users: { robot: { password: "mail password" } },
  });
  imap.server.listen(0, "127.0.0.1");
  await once(imap.server, "listening");
  onTestFinished(() => void imap.server.close());
  const store = await openedStore(await sqlite.empty());
  const password = Secret.read("mail password", new Redactor(), "mailbox password");
  const plain = { host: "127.0.0.1", secure: false, allowPlain: true, folder: "INBOX", user: "robot" };
  const mailbox = openMailbox({ ...plain, port: portOf(imap.server), password });
  const look = (): Promise<number> =>
    noteMailsOf(mailbox, { store, companies: COMPANIES, senders: [PORTAL], now: NOW });
  const deliver = (parts: Parameters<typeof notice>[0]): void =>
    imap.appendMessage("INBOX", [], new Date(), notice(parts));

  deliver({ id: "long-ago", subject: "尚有電子發票未上傳", date: "Mon, 07 Sep 2026 09:00:00 +0800" });
  deliver({ id: "allocated" });
  deliver({ id: "omitted", subject: "尚有電子發票未上傳", text: "統一編號 12345675 總分支機構配號檔未上傳。" });
  deliver({ id: "stranger", subject: "尚有電子發票未上傳", text: "統一編號 01234569" });
  expect(await look()).toBe(1);
  expect(await look()).toBe(0);
  deliver({ id: "misused", subject: "使用非當期字軌通知", text: "統一編號：10458575" });
  expect(await look()).toBe(1);

  const tasks = await portalMails(store, new Date());
  expect(tasks.map(({ urgent, line }) => [urgent, line])).toEqual([
    [true, expect.stringMatching(/^乙商行（10458575）：.*今天.*使用非當期字軌通知/)],
    [false, expect.stringMatching(/^甲商行（12345675）：.*總分支機構配號檔/)],
  ]);
  const shown = (
    await attentionList([], [], null, { store, now: new Date(), portal: "https://portal.test" })
  ).toString();
  expect(shown.indexOf("今天要處理")).toBeGreaterThan(0);
  expect(shown.indexOf("來信提醒")).toBeGreaterThan(shown.indexOf("今天要處理"));
  const rows = await store.selectFrom("news").selectAll().execute();
  const letter = digest(
    rows.map(({ key, kind, line }) => ({ key, kind, line, runId: null, questionId: null })),
    null,
  );
  expect(letter.subject).toBe("電子發票作業機器人：1 件今天就要處理、1 件來信提醒");
});
