import { readFile } from "node:fs/promises";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { QuestionRow } from "../../../robot/engine/people/questions.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { ENDED, putFile } from "../../support/kit/jobs/blanks.ts";
import { type Job, perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, type InstallationOptions, installed } from "../../support/kit/installation/installation.ts";
import {
  lettersOf,
  PLATFORM_PASSWORD,
  recipientLines,
  winnerOf,
  withPlatform,
} from "../../support/kit/jobs/platform.ts";
import { ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectIntact, recorded, stepsDone } from "../../support/kit/record/record.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const [FIRST, SECOND, LAST] = ["KK12351156", "KK12351157", "KK12351158"] as const;
const WINNERS = [
  winnerOf(FIRST),
  winnerOf(SECOND, { prize: "四獎", money: 4_000, member: "lin.siao.ming" }),
  winnerOf(LAST),
];
const SETTINGS = {
  portal: {
    retry: { times: 0, after: "100ms" },
    reconcile: { first: "100ms", every: "300ms", timeout: "1s" },
  },
};

function office(options: InstallationOptions = {}): Promise<Installation> {
  return installed({ portal, companies: [withPlatform({ winners: WINNERS })], settings: SETTINGS, ...options });
}

function winners(about: Job["input"] = {}): Job {
  return { flow: "platform-winning-list", input: { period: ENDED, ...about } };
}

async function mailing(at: Installation, text: string): Promise<Job> {
  return winners({ recipients: await putFile(at, text, "recipients.csv") });
}

describe("會員載具中獎發票清冊 at the value-added platform", () => {
  test("downloads and reads the list and prints each invoice, without asking or sending anything", async () => {
    const at = await office();
    const run = await perform(at, winners({ print: true }));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    const files = run.result?.files ?? [];
    expect(files.map(({ name }) => name)).toEqual([
      `中獎清冊_${ENDED}.csv`,
      ...[FIRST, SECOND, LAST].map((number) => `中獎發票-${number}.pdf`),
    ]);
    expect(files.map(({ sha256 }) => sha256)).toEqual(
      ledgerOf(portal, "platform-download", at.ubn).map(({ sha256 }) => sha256),
    );
    expect(await readFile(files[2]?.path ?? "", "latin1")).toContain(SECOND);
    expect(run.result?.notes).toEqual(["115年09-10月：3 張中獎發票，獎金合計 4,400 元"]);
    expect(lettersOf(at)).toEqual([]);
    await expectIntact(run);
  });

  test("mails what was not mailed before, after a yes, once each, and proves it by 發票寄送歷程", async () => {
    const at = await office();
    const asked: QuestionRow[] = [];
    const answer = (question: QuestionRow): string => {
      asked.push(question);
      return "yes";
    };
    const one = await perform(at, await mailing(at, recipientLines([SECOND])), {}, answer);
    expect(one).toMatchObject({ outcome: "done", failure: null });
    expect(lettersOf(at)).toEqual([`${SECOND} 林小明`]);
    expect(recorded(one, "effect.confirmed")).toMatchObject([{ data: { evidence: { words: "郵寄申請成功" } } }]);
    expect(stepsDone(one)).toContain("讀回發票寄送歷程");
    await expectIntact(one);

    const two = await perform(at, await mailing(at, recipientLines([FIRST, SECOND])), {}, answer);
    expect(two).toMatchObject({ outcome: "done", failure: null });
    expect(lettersOf(at)).toEqual([`${SECOND} 林小明`, `${FIRST} 林小明`]);
    // The second question is about the one that is still to be sent.
    expect(asked.map(({ text }) => text).filter((text) => text.includes("付費"))).toHaveLength(2);
    expect(asked.at(-1)?.text).toContain("KK-12351156 寄給 林***");
    expect(asked.at(-1)?.text).not.toContain("12351157");

    const three = await perform(at, await mailing(at, recipientLines([FIRST, SECOND])), {}, answer);
    expect(three).toMatchObject({ outcome: "already-done", failure: null });
    expect(asked).toHaveLength(2);
    expect(lettersOf(at)).toHaveLength(2);

    const known = new Redactor();
    known.enrol(PLATFORM_PASSWORD, "platform password");
    expect(await scanFolder(at.folder, known)).toMatchObject({ leaks: [], unreadable: [] });
    for (const run of [one, two, three]) {
      const told = JSON.stringify([run.result, recorded(run, "effect.looked", "effect.compared", "effect.confirmed")]);
      expect(told).not.toContain("林小明");
      expect(told).not.toContain("重慶南路");
    }
  });

  test("sends nothing without the yes", async () => {
    const at = await office();
    const run = await perform(at, await mailing(at, recipientLines([FIRST])), {}, () => "no");
    expect(run).toMatchObject({ failure: { code: "cancelled" } });
    expect(lettersOf(at)).toEqual([]);
  });

  test.for([
    ["a line without 收件人名稱", recipientLines([FIRST], ""), "收件人名稱"],
    ["an invoice that has not won", recipientLines(["KK99999999"]), "不在中獎清冊上"],
    ["the same invoice twice", recipientLines([FIRST, FIRST]), "出現兩次"],
    ["no header", "KK12351156,林小明\r\n", "發票號碼"],
  ] as const)("refuses a list of recipients with %s, before anybody is asked", async ([, text, told]) => {
    const at = await office();
    const run = await perform(at, await mailing(at, text));
    expect(run).toMatchObject({ failure: { code: "file-invalid" } });
    expect(run.failure?.seen).toContain(told);
    expect(lettersOf(at)).toEqual([]);
  });

  test("says that nobody has won where the platform does; but with recipients that is a mistake", async () => {
    const at = await office({ companies: [withPlatform()] });
    const run = await perform(at, winners());
    expect(run).toMatchObject({ outcome: "done", result: { notes: ["115年09-10月：加值平台沒有列出中獎發票"] } });
    const other = await perform(at, await mailing(at, recipientLines([FIRST])));
    expect(other).toMatchObject({ failure: { code: "file-invalid" } });
  });
});
