import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { accessToken } from "../../../robot/mail/access-token.ts";
import { type Mailbox, openMailbox } from "../../../robot/mail/mailbox.ts";
import type { MailSeen } from "../../../robot/mail/message.ts";
import { ownersOf } from "../../../robot/mail/notices.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { type Dovecot, type DovecotOptions, missingDovecot, startDovecot } from "../../support/servers/dovecot.ts";
import { notice, PORTAL } from "../../support/servers/mails.ts";
import { portOf } from "../../support/servers/port.ts";

const MATCH = { from: [PORTAL], subjectWords: ["配號", "取號"] };
const reason = missingDovecot();

function open({ host, port, user }: Dovecot, password: Secret, isToken = false): Mailbox {
  return openMailbox({ host, port, user, password, isToken, secure: false, allowPlain: true, folder: "INBOX" });
}

const passwordOf = ({ password }: Dovecot): Secret => Secret.read(password, new Redactor(), "mailbox password");

describe.skipIf(reason !== null)(`a watched mailbox, on a real Dovecot${reason === null ? "" : ` (${reason})`}`, () => {
  let server: Dovecot;
  const start = async (options?: DovecotOptions): Promise<void> => {
    server = await startDovecot(options);
  };
  afterEach(() => server.close());

  /** Watches until the test has ended; what it was told of, and how the watching ended. */
  function watched(mailbox: Mailbox): { seen: MailSeen[]; ended: Promise<boolean> } {
    const stop = new AbortController();
    const seen: MailSeen[] = [];
    const ended = mailbox.watch(MATCH, (mail) => Promise.resolve(void seen.push(mail)), stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await ended.catch(() => undefined);
    });
    return { seen, ended };
  }

  const idles = (): Promise<true> =>
    waitUntil("the server's log of IDLE", () => (/Login:/.test(server.log()) ? true : null));

  it("tells of each new notice once and of nothing else, without anybody looking again", async () => {
    await start();
    server.deliver(notice({ id: "old" }));
    const { seen } = watched(open(server, passwordOf(server)));
    await idles();
    // One that comes before the watching has begun is an old one; so mails are sent until the first is told of.
    let n = 0;
    await waitUntil("the first notice", () => {
      if (seen.length > 0) return true;
      server.deliver(notice({ id: `first-${++n}` }));
      return null;
    });
    server.deliver(notice({ id: "advertisement", subject: "週年慶" }));
    server.deliver(notice({ id: "stranger", from: "someone@example.tw" }));
    server.deliver(notice({ id: "last" }));
    await waitUntil("the last notice", () => seen.find(({ messageId }) => messageId === "<last>"));
    const ids = seen.map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => id === "<last>" || id?.startsWith("<first-"))).toBe(true);
  });

  it("says that the connection broke, and another watch goes on when the server is back", async () => {
    await start();
    const { port } = server;
    const { ended } = watched(open(server, passwordOf(server)));
    await idles();
    await server.close();
    await expect(ended).rejects.toMatchObject({ code: "mailbox-unreachable" });
    await start({ port });
    const { seen } = watched(open(server, passwordOf(server)));
    await waitUntil("a notice", () => {
      if (seen.length > 0) return true;
      server.deliver(notice());
      return null;
    });
  });

  it("is signed in to with an access token that a command prints, and with a bad one is not", async () => {
    const good = "token-1234567890";
    const issuer: Server = createServer((request, response) => {
      const active = request.url?.includes(good) === true;
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(active ? { active: "true", username: "robot@example.tw" } : { active: "false" }));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    onTestFinished(() => void issuer.close());
    await start({ tokensAskedAt: `http://127.0.0.1:${portOf(issuer)}/?token=` });
    const redactor = new Redactor();
    const printed = (text: string) =>
      accessToken([process.execPath, "-e", `console.log(${JSON.stringify(text)})`], redactor);
    server.deliver(notice());
    expect((await open(server, await printed(good), true).mark()).uidNext).toBe(2);
    expect(redactor.hits(`a line with ${good}`)).not.toEqual([]);
    await expect(open(server, await printed("token-0000000000"), true).mark()).rejects.toMatchObject({
      code: "mailbox-rejected",
    });
  });
});

it("a command that prints no token, or fails, is told without what it printed", async () => {
  const say = (script: string) => accessToken([process.execPath, "-e", script], new Redactor());
  for (const script of ["", "console.log('two words')", "console.log('halfsecret'); process.exit(1)"]) {
    const refused = await say(script).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "token-missing" });
    expect(String(refused)).not.toMatch(/halfsecret|two words/);
  }
});

describe("of several companies that share a mailbox, a notice is for", () => {
  const OURS = ["12345675", "10458575"];
  const mail = { subject: "電子發票配號結果通知", text: "配號完成。", to: ["shop@example.tw"] };
  it.each([
    ["the one that the text names", { text: "營業人 12345675 配號完成。" }, ["12345675"]],
    ["the one that it names in wide digits", { text: "統一編號：１０４５８５７５" }, ["10458575"]],
    ["both that it names", { text: "12345675、10458575" }, ["12345675", "10458575"]],
    ["somebody else whom it names", { text: "統編：04595257 配號完成" }, ["04595257"]],
    ["the one behind the plus, where the text names none", { to: ["robot+10458575@example.tw"] }, ["10458575"]],
    [
      "the one that the text names, whatever is behind the plus",
      { text: "統編 12345675", to: ["r+10458575@e.tw"] },
      ["12345675"],
    ],
    ["nobody that it tells of: a number of a document is no UBN", { text: "文號 99912345675001" }, null],
    ["nobody that it tells of, without any number", {}, null],
  ])("%s", (_, change, owners) => {
    expect(ownersOf({ ...mail, ...change }, OURS)).toEqual(owners);
  });
});
