import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { FLOWS } from "../../../flows/index.ts";
import { downloadTracks } from "../../../flows/download-tracks.ts";
import { configSchema, type ConfigInput } from "../../../robot/config/schema.ts";
import { answerQuestion, askDigits, askPerson } from "../../../robot/engine/people/questions.ts";
import { endRun, enterRun } from "../../../robot/engine/runs/runs.ts";
import type { Store } from "../../../robot/store/store.ts";
import { failureData } from "../../../robot/failures/failure.ts";
import { type NotifierContext, type Delivered, sendNotifications } from "../../../robot/mail/out/notifier.ts";
import { mailTransport } from "../../../robot/mail/out/smtp.ts";
import { keepHead, closeDays, unmailedDays } from "../../../robot/recording/verification/heads.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { robot, startRobot } from "../../support/kit/installation/robot-process.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { SMTP_PASSWORD, SMTP_USER, type Smtp, startSmtp } from "../../support/servers/smtp.ts";
import { databases, openedStore, titleOf } from "../../support/store/store-databases.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const COMPANIES = [
  { name: "甲商行", ubn: "12345675" },
  { name: "乙商行", ubn: "10458575", blanksReportedBy: { name: "加值中心", day: 6 } },
];
const LATE = { timeout: 3 * 86_400_000, answerers: [] };
/** Noon in Taipei; the fifth of an odd month has five days left for the blank numbers of 11510. */
const at = (text: string): Date => new Date(`${text}T12:00:00+08:00`);
const QUIET = at("2026-10-20");
const NEAR = at("2026-11-05");
const later = (date: Date, minutes: number): Date => new Date(date.getTime() + minutes * 60_000);

async function server(options: Parameters<typeof startSmtp>[0] = {}): Promise<Smtp> {
  const smtp = await startSmtp(options);
  onTestFinished(() => smtp.close());
  return smtp;
}

/** What mails go out of a store. */
function notifier(store: Store, { port }: Pick<Smtp, "port">, more: object = {}): NotifierContext {
  const input: ConfigInput = {
    portal: { address: "http://127.0.0.1:9" },
    companies: COMPANIES,
    mail: { host: "127.0.0.1", port, secure: false, from: SMTP_USER, to: ["boss@office.test"], ...more },
  };
  const { companies, mail: settings } = configSchema.parse(input);
  if (!settings) throw new Error("no mail settings");
  return { store, companies, flows: FLOWS, settings, transport: () => Promise.resolve(mailTransport(settings, null)) };
}

/** For a server that asks for a password. */
function settingsFor({ port }: Smtp): NonNullable<ConfigInput["mail"]> {
  return { host: "127.0.0.1", port, secure: false, user: SMTP_USER, from: SMTP_USER, to: ["boss@office.test"] };
}

function textOf(content: string | ArrayBuffer | Uint8Array): string {
  return typeof content === "string" ? content : new TextDecoder().decode(content);
}

async function newRun(store: Store, period: "11510" | "11512"): Promise<string> {
  const input = downloadTracks.parse({ period, to: period });
  const company = { name: "甲商行", ubn: "12345675" };
  return (await enterRun(store, { flow: downloadTracks, company, input, startedBy: "test" })).run.id;
}

const fail = (store: Store, run: string): Promise<void> =>
  endRun(store, run, { outcome: "failed", failure: failureData("portal-down", {}), result: null });

const question = { text: "平台要求變更密碼。", choices: { changed: "已變更", stop: "不要" } };

describe.each(databases().map((database) => ({ title: titleOf(database), ...database })))("on $title", (database) => {
  it.skipIf(database.missing !== null)(
    "of several processes that look for news at the same moment one mails them, and each is mailed once",
    async () => {
      const config = await database.empty();
      const stores = await Promise.all([openedStore(config), openedStore(config), openedStore(config)]);
      const [first] = stores;
      if (!first) throw new Error("no store");
      const smtp = await server();
      await sendNotifications(notifier(first, smtp), QUIET);
      await fail(first, await newRun(first, "11512"));
      const sent = await Promise.all(stores.map((store) => sendNotifications(notifier(store, smtp), later(QUIET, 1))));
      expect(sent.reduce((sum, one) => sum + (one?.news ?? 0), 0)).toBe(1);
      expect(smtp.mails).toHaveLength(1);
      expect(await sendNotifications(notifier(first, smtp), later(QUIET, 60))).toEqual({ news: 0, headDays: 0 });
      expect(smtp.mails).toHaveLength(1);
    },
  );
});

describe("mail to people", () => {
  const [sqlite] = databases();
  const newStore = async (): Promise<Store> => {
    return openedStore(await sqlite.empty());
  };

  it("says in one short letter who is needed, what failed and which deadline is near, with links to the console", async () => {
    const store = await newStore();
    const smtp = await server();
    const world = notifier(store, smtp, { console: "https://robot.office.test" });
    await fail(store, await newRun(store, "11512"));
    // What failed before there were mails is old news.
    expect(await sendNotifications(world, at("2099-03-20"))).toEqual({ news: 0, headDays: 0 });
    const run = await newRun(store, "11512");
    await askPerson(store, run, "登入", question, LATE);
    await askDigits(store, run, "圖形驗證碼", { ...question, picture: Uint8Array.of(1) }, LATE);
    await store
      .updateTable("settings")
      .set({ value: "2026-01-01T00:00:00.000Z" })
      .where("name", "=", "mail:since")
      .execute();
    expect(await sendNotifications(world, NEAR)).toEqual({ news: 3, headDays: 0 });
    const [mail, ...more] = smtp.mails;
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("電子發票作業機器人：1 件要您處理、1 件沒有完成、1 件期限將到");
    expect(mail?.to).toMatchObject([{ address: "boss@office.test" }]);
    expect(mail?.text).toContain(`https://robot.office.test/runs/${run}`);
    expect(mail?.text).toContain("平台要求變更密碼。");
    expect(mail?.text).toContain("甲商行（12345675）115年09-10月的空白未使用號碼最晚 2026-11-10 要上傳（還有 5 天");
    // Somebody else reports for 乙商行, and the captcha is asked of somebody who sits there already.
    expect(mail?.text).not.toMatch(/乙商行|圖形驗證碼/);
    expect((mail?.text ?? "").length).toBeLessThan(600);
  });

  it("loses nothing while the server is dead; when it is back all comes in one letter", async () => {
    const store = await newStore();
    const dead = await startSmtp();
    await dead.close();
    const world = notifier(store, dead);
    await sendNotifications(world, QUIET);
    for (let n = 1; n <= 3; n++) {
      await fail(store, await newRun(store, "11512"));
      await expect(sendNotifications(world, later(QUIET, n))).rejects.toMatchObject({ code: "smtp-unreachable" });
    }
    const smtp = await server({ port: dead.port });
    expect(await sendNotifications(world, later(QUIET, 4))).toMatchObject({ news: 3 });
    expect(smtp.mails.map(({ subject }) => subject)).toEqual(["電子發票作業機器人：3 件沒有完成"]);
  });

  it("comes not more often than is set, however much happens, and never about a question that was answered meanwhile", async () => {
    const store = await newStore();
    const smtp = await server();
    const world = notifier(store, smtp, { every: "10m" });
    await sendNotifications(world, QUIET);
    const counts: (Delivered | null)[] = [];
    for (let minute = 1; minute <= 12; minute++) {
      await fail(store, await newRun(store, "11512"));
      counts.push(await sendNotifications(world, later(QUIET, minute)));
    }
    expect(counts.map((one) => one?.news)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0]);
    const { id } = await askPerson(store, await newRun(store, "11510"), "登入", question, LATE);
    await sendNotifications(world, later(QUIET, 13));
    await answerQuestion(store, { id, answer: "changed", by: "甲" });
    expect(await sendNotifications(world, later(QUIET, 30))).toMatchObject({ news: 1 });
    expect(smtp.mails).toHaveLength(3);
    expect(smtp.mails.at(-1)?.subject).toBe("電子發票作業機器人：1 件沒有完成");
  });

  it("reminds of a deadline on the days that are set, once each, also when nothing ran on that day, and not when the upload is proved", async () => {
    const store = await newStore();
    const smtp = await server();
    const world = notifier(store, smtp);
    const told: (number | undefined)[] = [];
    for (const day of ["01", "04", "06", "07", "09", "10", "11"])
      told.push((await sendNotifications(world, at(`2026-11-${day}`)))?.news);
    expect(told).toEqual([0, 0, 1, 0, 1, 1, 0]);
    const done = await newStore();
    const run = await newRun(done, "11510");
    await done.updateTable("runs").set({ flow: "verify-blank-numbers" }).execute();
    await endRun(done, run, { outcome: "done", failure: null, result: null });
    expect(await sendNotifications(notifier(done, smtp), NEAR)).toEqual({ news: 0, headDays: 0 });
  });

  it("brings the chain heads of the days that are over as files, and of many days in one letter", async () => {
    const store = await newStore();
    const smtp = await server();
    const world = notifier(store, smtp);
    for (const day of ["2026-10-17", "2026-10-18"])
      await keepHead(store, "run-1", { seq: Number(day.slice(-2)), hash: "0".repeat(64) }, at(day));
    const days = await closeDays(store, QUIET);
    expect(await sendNotifications(world, QUIET)).toEqual({ news: 0, headDays: 2 });
    expect(await unmailedDays(store)).toEqual([]);
    const [mail, ...more] = smtp.mails;
    expect(more).toEqual([]);
    expect(mail?.attachments.map(({ filename, content }) => [filename, textOf(content)])).toEqual(
      days.map(({ day, document }) => [`heads-${day}.json`, document]),
    );
    expect(await sendNotifications(world, later(QUIET, 1))).toEqual({ news: 0, headDays: 0 });
  });

  it("says by its own code that the server does not take the password, and sends with the right one", async () => {
    const smtp = await server({ asksForPassword: true });
    const store = await newStore();
    const world = notifier(store, smtp, { user: SMTP_USER });
    const { mail } = configSchema.parse({ portal: { address: "http://127.0.0.1:9" }, mail: settingsFor(smtp) });
    if (!mail) throw new Error("no mail settings");
    const withPassword = (password: string): NotifierContext => {
      const secret = Secret.read(password, new Redactor(), "smtp password");
      return { ...world, transport: () => Promise.resolve(mailTransport(mail, { password: secret })) };
    };
    await sendNotifications(world, QUIET);
    await fail(store, await newRun(store, "11512"));
    await expect(sendNotifications(withPassword("wrong"), later(QUIET, 1))).rejects.toMatchObject({
      code: "smtp-rejected",
    });
    expect(await sendNotifications(withPassword(SMTP_PASSWORD), later(QUIET, 2))).toMatchObject({ news: 1 });
    expect(smtp.mails).toHaveLength(1);
  });

  it("is sent by `serve` itself, with the password that `credentials set` has stored", async () => {
    const smtp = await server({ asksForPassword: true });
    const keys = await mkdtemp(join(tmpdir(), "mail-key-"));
    onTestFinished(() => rm(keys, { recursive: true, force: true }));
    const identity = { file: join(keys, "identity.txt") };
    const place = await workplace({
      companies: COMPANIES,
      mail: settingsFor(smtp),
      secrets: { provider: "vault", file: "vault.age", identity },
    });
    await createVault(join(place.folder, "vault.age"), identity.file, new Redactor());
    const set = await robot(place, ["credentials", "set", "--smtp", "--json"], `${SMTP_PASSWORD}\n`);
    expectExit(set, 0);
    const store = await openedStore({ kind: "sqlite", file: join(place.folder, "robot.sqlite") });
    await askPerson(store, await newRun(store, "11512"), "登入", question, LATE);
    const serving = startRobot(place, ["serve", "--json"]);
    onTestFinished(() => serving.kill());
    const mail = await waitUntil("the mail", () => smtp.mails[0]);
    expect(mail.subject).toContain("要您處理");
    serving.tellToEnd();
    expectExit(await serving.ended, 0);
    const settled = await store.selectFrom("news").select("settled_at").execute();
    expect(settled).not.toContainEqual({ settled_at: null });
  });
});
