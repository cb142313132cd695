import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { FailureCode } from "../../../robot/failures/failure.ts";
import { ENDED, putFile } from "../../support/kit/jobs/blanks.ts";
import { type Job, perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { lettersOf, leaveUnused, recipientLines, winnerOf, withPlatform } from "../../support/kit/jobs/platform.ts";
import { ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import type { FaultInput } from "../../portal/model/faults.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const [FIRST, LAST] = ["KK12351156", "KK12351158"] as const;
/** Nothing is tried twice: what passes by itself is not the subject. */
const SETTINGS = {
  portal: {
    retry: { times: 0, after: "100ms" },
    reconcile: { first: "100ms", every: "300ms", timeout: "1s" },
  },
  platform: { fileGenerationWait: { first: "300ms", every: "300ms", timeout: "3s" } },
};

function office(): Promise<Installation> {
  const companies = [withPlatform({ winners: [winnerOf(FIRST), winnerOf(LAST)] })];
  return installed({ portal, companies, settings: SETTINGS });
}

async function mailing(at: Installation, text: string): Promise<Job> {
  const recipients = await putFile(at, text, "recipients.csv");
  return { flow: "platform-winning-list", input: { period: ENDED, recipients } };
}

const yes = (): string => "yes";

describe("空白字軌下載 in trouble", () => {
  test.for<[FailureCode, FaultInput]>([
    ["platform-refused", { name: "batch-job", how: "refused" }],
    ["platform-job-failed", { name: "batch-job", how: "failed" }],
    ["platform-late", { name: "batch-job", how: "stuck" }],
    ["download-broken", { name: "download-missing" }],
    ["file-invalid", { name: "download-broken", at: "platform", kind: "wrong-company" }],
    ["file-invalid", { name: "download-broken", at: "platform", kind: "html" }],
    ["portal-down", { name: "outage" }],
    ["session-expired", { name: "session-expired", path: "/batch/blank" }],
  ])("ends with %s, nothing uploaded, after %o", async ([code, fault]) => {
    const at = await office();
    await leaveUnused(at);
    portal.order({ ...fault, ban: at.ubn });
    const run = await perform(at, { flow: "platform-blank-numbers", input: { period: ENDED, upload: true } });
    expect(run).toMatchObject({ failure: { code } });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toEqual([]);
    await expectIntact(run);
  });
});

describe("郵寄實體中獎發票 in trouble", () => {
  test("goes on with the others where one was sent to somebody else", async () => {
    const at = await office();
    await perform(at, await mailing(at, recipientLines([FIRST], "王大同")), {}, yes);
    const run = await perform(at, await mailing(at, recipientLines([FIRST, LAST])), {}, yes);
    expect(run).toMatchObject({ failure: { code: "mailings-unfinished" } });
    expect(run.failure?.seen).toContain("寄給別的收件人");
    expect(lettersOf(at)).toEqual([`${FIRST} 王大同`, `${LAST} 林小明`]);
  });

  test("finds in 發票寄送歷程 what was ordered where the answer was lost, and orders it once", async () => {
    const at = await office();
    portal.order({ name: "cut-submit", at: "mailing", when: "after", ban: at.ubn });
    const run = await perform(at, await mailing(at, recipientLines([FIRST])), {}, yes);
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(lettersOf(at)).toHaveLength(1);
    expect(run.result?.notes?.at(-1)).toContain("清單上已出現這一筆");
  });

  test("tells with which words the platform refused one, and goes on with the others", async () => {
    const at = await office();
    portal.order({ name: "mailing-refused", ban: at.ubn });
    const run = await perform(at, await mailing(at, recipientLines([FIRST, LAST])), {}, yes);
    expect(run).toMatchObject({ failure: { code: "mailings-unfinished" } });
    expect(run.failure?.seen).toContain("點數不足，無法郵寄");
    expect(lettersOf(at)).toEqual([`${LAST} 林小明`]);
  });
});
