import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { FLOWS } from "../../../flows/index.ts";
import { failureIn } from "../../../robot/failures/failure.ts";
import { sendNotifications } from "../../../robot/mail/out/notifier.ts";
import { mailTransport } from "../../../robot/mail/out/smtp.ts";
import { openStore } from "../../../robot/store/store.ts";
import { failureCard } from "../../../robot/console/view/run/failure-card.ts";
import { allocatedRuns, blankJob, lastOf, listedRuns, type Run } from "../../support/kit/jobs/blanks.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { BEFORE_THE_TENTH, ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { startSmtp } from "../../support/servers/smtp.ts";

/** A correction deletes and uploads. What comes between the two leaves the portal without numbers that have to be there. */

const portal = await openPortal(BEFORE_THE_TENTH);
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const CORRECT = "correct-blank-numbers";
/** 匯入字軌 shows nothing in any time that anybody waits for. */
const unreadable = (ban: string) =>
  portal.order({ name: "late-render", ban, path: "/blank/upload", ms: 600_000, times: "always" });

async function wronglyReported(): Promise<{ readonly at: Installation; readonly wanted: readonly Run[] }> {
  const smtp = await startSmtp();
  onTestFinished(() => smtp.close());
  const mail = { host: smtp.host, port: smtp.port, secure: false, from: "robot@office.test", to: ["boss@office.test"] };
  const at = await installed({
    portal,
    companies: [{ portal: { taken: [{ period: "previous" as const, books: 2 }] } }],
    settings: { mail },
  });
  const runs = await allocatedRuns(at);
  const wrong = lastOf(runs, 20).map(({ track, begin, end }) => ({ track, begin: before(begin), end: before(end) }));
  await perform(at, await blankJob("upload-blank-numbers", at, wrong));
  return { at, wanted: lastOf(runs, 30) };
}

function before(number: string): string {
  return String(Number(number) - 20).padStart(8, "0");
}

test("nothing is deleted where the page for the upload is not what it should be", async () => {
  const { at, wanted } = await wronglyReported();
  const listed = await listedRuns(at);
  unreadable(at.ubn);
  const run = await perform(at, await blankJob(CORRECT, at, wanted), {}, () => "yes");
  expect(run.outcome).not.toBe("done");
  expect(run.failure?.message).not.toContain("已經做了");
  expect(recorded(run, "effect.intended")).toEqual([]);
  expect(ledgerOf(portal, "blank-deleted", at.ubn)).toEqual([]);
  expect(await listedRuns(at)).toEqual(listed);
});

test("what was deleted before the upload failed stands first, with what is missing now and until when: in the failure, the console and the mail", async () => {
  const { at, wanted } = await wronglyReported();
  const store = await openStore(at.config.store.kind === "sqlite" ? at.config.store : { kind: "sqlite", file: "" });
  onTestFinished(() => store.destroy());
  const { mail: settings } = at.config;
  if (!settings) throw new Error("no mail settings");
  const world = {
    store,
    companies: at.config.companies,
    flows: FLOWS,
    settings,
    transport: async () => mailTransport(settings, null),
  };
  await sendNotifications(world, new Date("2026-10-20T12:00:00+08:00"));

  const running = perform(at, await blankJob(CORRECT, at, wanted), {}, () => "yes");
  await waitUntil("the deletion", async () => (ledgerOf(portal, "blank-deleted", at.ubn).length > 0 ? true : null));
  unreadable(at.ubn);
  const run = await running;

  const count = wanted.length;
  expect(run.outcome).not.toBe("done");
  expect(run.failure).toMatchObject({
    done: ["「刪除空白號碼」"],
    missing: expect.stringMatching(new RegExp(`^${count} 段空白號碼還沒有列入（`)),
    until: "2026-11-10",
  });
  const first = new RegExp(
    `^已經做了：「刪除空白號碼」。平台上現在缺：${count} 段空白號碼還沒有列入（.*），最晚 2026-11-10 前要補上。之後：`,
  );
  expect(run.failure?.message).toMatch(first);
  const english = run.failure === null ? null : failureIn(run.failure, "en");
  expect(english?.message).toMatch(/^Already done: .* by 2026-11-10\. Then: /);

  const card = failureCard({ run, record: null, quarantined: false })?.toString() ?? "";
  expect(card).toMatch(/<p>已經做了：/);
  expect(card.indexOf("最晚")).toBeLessThan(card.indexOf("看到的"));
  await sendNotifications(world, new Date("2026-10-20T13:00:00+08:00"));
  const [news] = await store.selectFrom("news").select(["kind", "line"]).where("run_id", "=", run.id).execute();
  expect(news?.line).toMatch(/^.{0,60}已經做了：「刪除空白號碼」。平台上現在缺/);
  expect(ledgerOf(portal, "blank-deleted", at.ubn)).toHaveLength(1);
});
