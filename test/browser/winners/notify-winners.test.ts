import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "../../../robot/config/load.ts";
import type { ConfigInput } from "../../../robot/config/schema.ts";
import type { QuestionRow } from "../../../robot/engine/people/questions.ts";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { putFile } from "../../support/kit/jobs/blanks.ts";
import { installed, type Installation } from "../../support/kit/installation/installation.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import { startRobot } from "../../support/kit/installation/robot-process.ts";
import { runGeneration } from "../../crash/support/generation.ts";
import { keptForEver, OUT, tool, won } from "../../support/kit/jobs/winners.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { SMTP_PASSWORD, SMTP_USER, type Smtp, type SmtpOptions, startSmtp } from "../../support/servers/smtp.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const LETTER = {
  subject: "{period}中獎通知：{invoice}",
  text: "{name}您好：\n您在{company}的發票 {invoice} 中了{prize} {amount} 元。\n",
};
/** A value-added platform's list: member, member without an address, member who wants no mail, another one. */
const LIST = [
  "字軌期別,發票號碼,發票日期,金額,獎項,中獎獎金,統一編號,會員識別",
  "11508,AB00000001,20260703,100,六獎,200,12345675,m-anna",
  "11508,AB00000002,20260704,100,六獎,200,12345675,m-bert",
  "11508,AB00000003,20260705,100,五獎,1000,12345675,m-cora",
  "11508,AB00000004,20260706,100,六獎,200,12345675,m-dora",
];
const MEMBERS = [
  "會員識別,姓名,電子郵件",
  "m-anna,王安娜,anna@example.com",
  "m-bert,,",
  "m-cora,柯拉,Cora@example.com",
  "m-dora,朵拉,dora@example.com",
];

type Notify = NonNullable<NonNullable<ConfigInput["winningList"]>["notify"]>;

async function server(options: SmtpOptions = {}): Promise<Smtp> {
  const smtp = await startSmtp(options);
  onTestFinished(() => smtp.close());
  return smtp;
}

/** An installation that mails over this server, with the opt-out list that has Cora on it. */
async function office(smtp: Pick<Smtp, "port">, notify: Partial<Notify> | null = {}): Promise<Installation> {
  const at = await installed({
    portal,
    companies: [{ portal: won }],
    settings: {
      winningList: {
        ...tool.winningList,
        ...(notify === null ? {} : { notify: { ...LETTER, optOut: "opt-out.txt", withoutAsking: true, ...notify } }),
      },
      mail: {
        host: "127.0.0.1",
        port: smtp.port,
        secure: false,
        user: SMTP_USER,
        from: SMTP_USER,
        to: ["boss@office.test"],
      },
    },
  });
  await writeFile(join(at.folder, "opt-out.txt"), "cora@EXAMPLE.com\n");
  return at;
}

interface Order {
  readonly list?: readonly string[] | null;
  readonly members?: readonly string[];
  readonly dryRun?: boolean;
}

async function inputOf(at: Installation, { list = LIST, members = MEMBERS, dryRun = false }: Order) {
  return {
    period: OUT,
    members: await putFile(at, `${members.join("\r\n")}\r\n`, "會員.csv"),
    ...(list === null ? {} : { list: await putFile(at, `${list.join("\r\n")}\r\n`, "中獎.csv") }),
    dryRun,
  };
}

async function notify(
  at: Installation,
  order: Order = {},
  answer?: (question: QuestionRow) => string,
): Promise<RunRow> {
  return perform(at, { flow: "notify-winners", input: await inputOf(at, order) }, {}, answer);
}

/** Receivers and subjects of all mails, in order of the receivers. */
function sent({ mails }: Smtp): string[] {
  return mails.map(({ to, subject }) => `${to?.[0]?.address ?? ""} ${subject ?? ""}`).toSorted();
}

const TO_ANNA = "anna@example.com 115年07-08月中獎通知：AB-00000001";
const TO_DORA = "dora@example.com 115年07-08月中獎通知：AB-00000004";

async function tableOf({ result }: RunRow, name: string): Promise<string[][]> {
  const path = result?.files?.find((file) => file.name === name)?.path ?? "";
  return z.array(z.array(z.string())).parse(parse(await readFile(path), { bom: true }));
}

describe("通知中獎人", () => {
  test("each winner gets one mail, or a sheet to print; again nobody gets a second one, and what came back is listed", async () => {
    const smtp = await server({ asksForPassword: true });
    const at = await office(smtp);
    const done = await notify(at);
    expect(done).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(done)?.notified).toEqual({ mailed: 2, paper: 2, person: 0 });
    expect(sent(smtp)).toEqual([TO_ANNA, TO_DORA]);
    const toAnna = smtp.mails.find(({ to }) => to?.[0]?.address === "anna@example.com");
    expect(toAnna?.text).toContain("王安娜您好：");
    expect(toAnna?.text).toContain("發票 AB-00000001 中了六獎 200 元");
    const table = await tableOf(done, "通知結果.csv");
    expect(table.map(([invoice, , , way, address]) => [invoice, way, address])).toEqual([
      ["發票號碼", "通知方式", "電子郵件"],
      ["AB00000001", "已寄信", "anna@example.com"],
      ["AB00000004", "已寄信", "dora@example.com"],
      ["AB00000002", "紙本", ""],
      ["AB00000003", "紙本", ""],
    ]);
    expect(table[1]?.[6]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
    const sheets = await readFile(done.result?.files?.find(({ name }) => name === "紙本通知.html")?.path ?? "", "utf8");
    expect(sheets.match(/<section>/g)).toHaveLength(2);
    const events = await readFile(join(done.folder ?? "", "events.jsonl"), "utf8");
    expect(events).toContain("letter.sent");
    expect(`${events}${JSON.stringify(done.result)}`).not.toMatch(/anna@|dora@|王安娜/);
    expect(await keptForEver(done)).toEqual([]);
    await expectIntact(done);

    await portal.mailbox.deliver(SMTP_USER, Buffer.from(report(toAnna?.messageId ?? "")));
    const again = await notify(at);
    expect(again).toMatchObject({ outcome: "already-done", failure: null });
    expect(smtp.mails).toHaveLength(2);
    expect(again.result?.notes?.join("\n")).toMatch(/AB-00000001 → an\*\*\*om：退信（smtp; 550 5\.1\.1 no such user）/);
    expect(resultOf(again)?.notified).toEqual({ mailed: 1, paper: 3, person: 0 });

    const known = new Redactor();
    known.enrol(SMTP_PASSWORD, "smtp password");
    expect(await scanFolder(at.folder, known)).toMatchObject({ leaks: [], unreadable: [] });
  });

  test("a preview says who would get what and sends nothing", async () => {
    const smtp = await server();
    const at = await office(smtp);
    const done = await notify(at, { dryRun: true });
    expect(done).toMatchObject({ outcome: "done" });
    expect(smtp.mails).toEqual([]);
    expect(done.result?.notes?.join("\n")).toContain("AB-00000001　六獎 → an***om　115年07-08月中獎通知：AB-00000001");
    const [, anna] = await tableOf(done, "通知預覽.csv");
    expect(anna?.[7]).toContain("王安娜您好");
  });

  test("the lists that were fetched from the portal are used where none is given; carriers are matched too", async () => {
    const smtp = await server();
    const at = await office(smtp);
    expect(await perform(at, { flow: "fetch-winning-list", input: { period: OUT } })).toMatchObject({
      outcome: "done",
    });
    const members = ["手機條碼,姓名,電子郵件", "/ABC1234,陳,chen@example.com"];
    const done = await notify(at, { list: null, members });
    expect(done).toMatchObject({ outcome: "done" });
    expect(sent(smtp)).toEqual(["chen@example.com 115年07-08月中獎通知：AB-00000001"]);
    expect(resultOf(done)?.notified).toEqual({ mailed: 1, paper: 2, person: 0 });
  });

  test("one receiver whom the server refuses keeps nobody else from the mail", async () => {
    const smtp = await server({ refuses: (address) => address === "anna@example.com" });
    const at = await office(smtp);
    const done = await notify(at);
    expect(done).toMatchObject({ outcome: "done" });
    expect(sent(smtp)).toEqual([TO_DORA]);
    expect(done.result?.notes?.join("\n")).toContain("伺服器不收（550 no mailbox an***om）");
    expect(resultOf(done)?.notified).toEqual({ mailed: 1, paper: 3, person: 0 });
  });

  test("a line of the list that can't be read is left to a person, and its words are in the table", async () => {
    const smtp = await server();
    const at = await office(smtp);
    const done = await notify(at, { list: [...LIST, "11508,XX,,,,,,m-emil"] });
    expect(resultOf(done)?.notified).toEqual({ mailed: 2, paper: 2, person: 1 });
    expect((await tableOf(done, "通知結果.csv")).at(-1)?.[3]).toContain("人工");
  });
});

describe("a process that is killed while it mails", () => {
  test.for([
    { at: "mail", what: "after the server has taken a mail", answer: "sent" },
    { at: "receiver", what: "before the server has taken a mail", answer: "again" },
  ] as const)("$what: a person is asked, and nobody gets two", async ({ at: place, answer }) => {
    let reached = (): void => undefined;
    const there = new Promise<void>((resolve) => (reached = resolve));
    let holds = true;
    const smtp = await server({
      mayAnswer: async (to, mails) => {
        // The first mail goes through; the second one is held.
        if (!holds || to !== place || mails !== (place === "mail" ? 2 : 1)) return;
        reached();
        await new Promise(() => undefined);
      },
    });
    const at = await office(smtp);
    const { members, list } = await inputOf(at, {});
    const args = ["--period", OUT, "--members", members.path, "--file", list?.path ?? "", "--json"];
    const killed = startRobot(at, ["run", "notify-winners", "--company", at.ubn, ...args]);
    await there;
    await killed.kill();
    holds = false;
    const asked: string[] = [];
    const done = await notify(at, {}, ({ text }) => {
      asked.push(text);
      return answer;
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("不知道對方有沒有收到：AB-0000000");
    expect(asked[0]).not.toContain("@");
    expect(done).toMatchObject({ failure: null });
    expect(sent(smtp)).toEqual([TO_ANNA, TO_DORA]);
  });
});

describe("a process that dies by itself while it mails,", () => {
  const job = { flow: "notify-winners", company: {}, prepare: () => Promise.resolve({}), happened: {} };

  test.for([
    { point: "intended", answer: "again" },
    { point: "answered", answer: "sent" },
    { point: "settled", answer: null },
  ] as const)("when a letter is $point: each winner has one mail in the end", async ({ point, answer }) => {
    const smtp = await server();
    const at = await office(smtp);
    const life = await runGeneration(at, { job, input: await inputOf(at, {}) }, [`AB00000001@${point}`]);
    expect(life).toMatchObject({ killed: true });
    expect(life.points.at(-1)).toBe(`AB00000001@${point}`);
    const asked: string[] = [];
    const done = await notify(at, {}, ({ text }) => {
      asked.push(text);
      return answer ?? "sent";
    });
    // Where it was noted that the server has it, nobody need be asked.
    expect(asked).toHaveLength(answer === null ? 0 : 1);
    expect(done).toMatchObject({ failure: null });
    expect(sent(smtp)).toEqual([TO_ANNA, TO_DORA]);
  });
});

describe("通知中獎人 is refused with its own reason:", () => {
  const cases: readonly {
    readonly what: string;
    readonly code: string;
    readonly seen: string;
    readonly order?: Order;
    readonly notify?: Partial<Notify> | null;
    readonly says?: string;
  }[] = [
    { what: "no letter is configured", code: "config-invalid", seen: "一封都沒有寄", notify: null },
    { what: "the opt-out list is gone", code: "config-invalid", seen: "ENOENT", notify: { optOut: "gone.txt" } },
    { what: "nothing was fetched", code: "winning-list-missing", seen: "", order: { list: null } },
    {
      what: "one member with two addresses",
      code: "file-invalid",
      seen: "第 6 行",
      order: { members: [...MEMBERS, "m-anna,,other@example.com"] },
    },
    {
      what: "no column of addresses",
      code: "file-invalid",
      seen: "電子郵件",
      order: { members: ["會員識別", "m-anna"] },
    },
    {
      what: "another period's list",
      code: "file-invalid",
      seen: "11506",
      order: { list: LIST.map((line) => line.replace("11508", "11506")) },
    },
    { what: "no list of winners", code: "file-invalid", seen: "不是中獎清冊", order: { list: MEMBERS } },
    {
      what: "a person who does not agree",
      code: "cancelled",
      seen: "一封都沒有寄",
      notify: { withoutAsking: false },
      says: "no",
    },
  ];

  test.for(cases)("$what: $code", async ({ code, seen, order = {}, notify: settings = {}, says }) => {
    const smtp = await server();
    const at = await office(smtp, settings);
    const failed = await notify(at, order, says === undefined ? undefined : () => says);
    expect(failed).toMatchObject({ state: "ended", failure: { code } });
    expect(failed.failure?.seen ?? "").toContain(seen);
    expect(smtp.mails).toEqual([]);
  });

  test("a mail server that is away: smtp-unreachable, and nothing is in doubt", async () => {
    const dead = await startSmtp();
    await dead.close();
    const at = await office(dead);
    await writeFile(
      at.configFile,
      JSON.stringify({
        ...z.record(z.string(), z.json()).parse(JSON.parse(await readFile(at.configFile, "utf8"))),
        portal: { address: portal.url, retry: { times: 0, after: "100ms" } },
      }),
    );
    const config = await loadConfig(at.configFile);
    expect(await notify({ ...at, config })).toMatchObject({ failure: { code: "smtp-unreachable" } });
    const back = await server({ port: dead.port });
    expect(await notify({ ...at, config })).toMatchObject({ outcome: "done" });
    expect(sent(back)).toEqual([TO_ANNA, TO_DORA]);
  });

  test("a place that no letter can fill is told when the configuration is read", async () => {
    const place = await workplace({ winningList: { notify: { subject: "恭喜 {prise}", text: "x" } } });
    await expect(loadConfig(place.configFile)).rejects.toMatchObject({
      code: "config-invalid",
      detail: { seen: expect.stringContaining("不認得 {prise}；可以用的是 {name}") },
    });
  });
});

/** What a mail server reports of a mail that it could not deliver (RFC 3464). */
function report(messageId: string): string {
  const id = createHash("sha256").update(messageId).digest("hex").slice(0, 12);
  return [
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>",
    `To: ${SMTP_USER}`,
    "Subject: Undelivered Mail Returned to Sender",
    `Message-ID: <${id}@mx.example.com>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=report"',
    "",
    "--=report",
    "Content-Type: text/plain",
    "",
    "I'm sorry.",
    "--=report",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.com",
    "",
    "Final-Recipient: rfc822; anna@example.com",
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 no such user",
    "",
    "--=report",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${messageId}`,
    "Subject: x",
    "",
    "--=report--",
    "",
  ].join("\r\n");
}
