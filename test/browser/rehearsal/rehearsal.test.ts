import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { bind, bindings, newCard, newHolder } from "../../support/kit/jobs/carriers.ts";
import { allocatedRuns, blankJob, lastOf, listedRuns } from "../../support/kit/jobs/blanks.ts";
import { type Job, perform, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal } from "../../support/kit/installation/portal.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectIntact, recorded } from "../../support/kit/record/record.ts";

/** Rehearsed at the practice portal, whose ledger says what truly happened: nothing. A real run afterwards works as if nobody had rehearsed. */

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

const DESIGNS = ["current", "classic"] as const;
type Design = (typeof DESIGNS)[number];
/** Each day on the design where more comes up around the press. */
const daily = (design: Design, wanted: Design): boolean => EVERY_TEST || design === wanted;
/** Everything that changes something at the portal. */
const CHANGES = ["mailbox-list", "take-submitted", "blank-upload", "blank-deleted", "carrier-bound"] as const;

function changesOf({ ubn }: Installation): unknown[] {
  return CHANGES.flatMap((type) => ledgerOf(portal, type, ubn));
}

/** Rehearses, and looks that the portal's ledger, our table of acts and the questions are as before. */
async function rehearsed(at: Installation, job: Job): Promise<RunRow> {
  const before = changesOf(at);
  const run = await perform(at, { ...job, rehearsal: true });
  expect(run).toMatchObject({ outcome: "done", failure: null, rehearsal: true });
  expect(changesOf(at)).toEqual(before);
  expect(recorded(run, "effect.intended")).toEqual([]);
  expect(recorded(run, "question.asked")).toEqual([]);
  expect(recorded(run, "effect.rehearsed")).toHaveLength(1);
  expect(run.result?.notes?.[0]).toContain("演練：沒有送出任何東西");
  expect(run.result?.rehearsal?.wouldPress?.picture).toMatch(/^pictures\//);
  expect(run.result?.rehearsal?.wouldPress?.page).toContain("127.0.0.1");
  await expectIntact(run);
  return run;
}

describe.for(DESIGNS)("a rehearsal sends nothing, and a real run afterwards everything (%s)", (design) => {
  test.runIf(daily(design, "classic"))("取號", async () => {
    const at = await installed({ portal, companies: [{ portal: { mailboxList: [NOTICE_ADDRESS] } }] });
    portal.show(design);
    const run = await rehearsed(at, take(NEXT, 3));
    expect(run.result?.rehearsal?.wouldPress).toMatchObject({
      act: "提交取號",
      button: "提交取號",
      fields: { 發票期別: NEXT, 取用本數: "3" },
    });
    expect(await perform(at, take(NEXT, 3))).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", at.ubn)).toMatchObject([{ books: 3, accepted: true }]);
  });

  test.runIf(daily(design, "current"))("取號Email維護: an addition, and a deletion", async () => {
    const at = await installed({
      portal,
      companies: [
        {
          portal: { mailboxList: ["left@office.test", "own@office.test"] },
          configured: { noticeAddress: "own@office.test", noticeList: ["new@office.test"] },
        },
      ],
    });
    portal.show(design);
    const job = { flow: "keep-notice-list", input: {} };
    const run = await rehearsed(at, job);
    expect(run.result?.rehearsal?.wouldPress?.fields).toEqual({ 電子郵件信箱: "new@office.test" });
    const other = await installed({
      portal,
      companies: [
        {
          portal: { mailboxList: ["left@office.test", "own@office.test"] },
          configured: { noticeAddress: "own@office.test", noticeList: [] },
        },
      ],
    });
    const deletion = await rehearsed(other, job);
    expect(deletion.result?.rehearsal?.wouldPress?.fields).toEqual({ 電子郵件信箱: "left@office.test" });
    expect(await perform(other, job)).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "mailbox-list", other.ubn)).toMatchObject([{ action: "delete" }]);
  });

  test.runIf(daily(design, "classic"))("匯入字軌, and 刪除 of what is listed wrongly", async () => {
    const companies = [{ portal: { taken: [{ period: "previous" as const, books: 2 }] } }];
    const at = await installed({ portal, companies });
    portal.show(design);
    const runs = await allocatedRuns(at);
    const job = await blankJob("upload-blank-numbers", at, lastOf(runs, 20));
    const run = await rehearsed(at, job);
    const { sha256 } = job.input["file"] as { sha256: string };
    expect(run.result?.rehearsal?.wouldPress?.fields).toMatchObject({ "檔案 SHA-256": sha256 });
    expect(await perform(at, job, {}, () => "agree")).toMatchObject({ outcome: "done", failure: null });
    const listed = await listedRuns(at);
    expect(listed).toEqual(lastOf(runs, 20));
    const right = await blankJob("correct-blank-numbers", at, lastOf(runs, 10));
    const correction = await rehearsed(at, right);
    expect(correction.result?.rehearsal?.wouldPress?.act).toBe("刪除空白號碼");
    expect(await listedRuns(at)).toEqual(listed);
    expect(await perform(at, right, {}, () => "yes")).toMatchObject({ outcome: "done", failure: null });
    expect(await listedRuns(at)).toEqual(lastOf(runs, 10));
  });
});

test("會員載具歸戶: a rehearsal binds nothing and tries no 驗證碼, and a real run afterwards binds", async () => {
  const holder = newHolder(portal);
  const at = await installed({ portal, codes: { [holder.phone]: holder.code } });
  const { card, link } = newCard(at);
  await rehearsed(at, bind(link, holder));
  expect(portal.ledger().filter((line) => line.type === "carrier-code" && line.phone === holder.phone)).toEqual([]);
  expect(bindings(at)).toEqual([]);
  expect(await perform(at, bind(link, holder))).toMatchObject({ outcome: "done", failure: null });
  expect(bindings(at)).toEqual([`${card} ${holder.barcode}`]);
});

test("a rehearsal of what only reads is refused: there is nothing to stop before", async () => {
  const at = await installed({ portal });
  const job = { flow: "download-tracks", input: { period: NEXT, to: NEXT }, rehearsal: true };
  await expect(perform(at, job)).rejects.toMatchObject({ code: "wrong-use" });
});
