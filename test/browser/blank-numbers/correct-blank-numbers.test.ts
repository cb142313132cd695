import { afterAll, afterEach, describe, expect, test } from "vitest";
import { allocatedRuns, blankJob, ENDED, lastOf, listedRuns, type Run } from "../../support/kit/jobs/blanks.ts";
import type { QuestionRow } from "../../../robot/engine/people/questions.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type CompanySetup, type Installation, installed } from "../../support/kit/installation/installation.ts";
import { BEFORE_THE_TENTH, ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const portal = await openPortal(BEFORE_THE_TENTH);
afterAll(() => portal.close());
afterEach(() => portal.show("current"));

/** The other design is driven by the same page objects; uploading is tried on both in every run. */
const DESIGNS = EVERY_TEST ? (["current", "classic"] as const) : (["current"] as const);

const OFFICE = { portal, companies: [{ portal: { taken: [{ period: "previous" as const, books: 4 }] } }] };

/** The portal lists the last 20 numbers of each run; right would be the last 30. */
async function wronglyReported(
  configured: CompanySetup["configured"] = {},
): Promise<{ readonly at: Installation; readonly wanted: readonly Run[] }> {
  const [company] = OFFICE.companies;
  const at = await installed({ ...OFFICE, companies: [{ ...company, configured }] });
  const runs = await allocatedRuns(at);
  await perform(at, await blankJob("upload-blank-numbers", at, shifted(lastOf(runs, 20))), {}, agreeing);
  return { at, wanted: lastOf(runs, 30) };
}

/** Agrees to an upload. */
const agreeing = (): string => "agree";

/** Each run ten numbers earlier: they overlap with what is right and are not part of it as a whole. */
function shifted(runs: readonly Run[]): Run[] {
  const back = (number: string): string => String(Number(number) - 20).padStart(8, "0");
  return runs.map(({ track, begin, end }) => ({ track, begin: back(begin), end: back(end) }));
}

describe("更正空白號碼", () => {
  test("changes nothing without a person's yes", async () => {
    const { at, wanted } = await wronglyReported();
    const before = await listedRuns(at);
    const run = await perform(at, await blankJob("correct-blank-numbers", at, wanted), {}, () => "no");
    expect(run).toMatchObject({ failure: { code: "cancelled" } });
    expect(await listedRuns(at)).toEqual(before);
    expect(ledgerOf(portal, "blank-deleted", at.ubn)).toEqual([]);
  });

  test.for(DESIGNS)("with a yes the list is what the file says: one deletion, one upload (%s)", async (design) => {
    portal.show(design);
    const { at, wanted } = await wronglyReported();
    const run = await perform(at, await blankJob("correct-blank-numbers", at, wanted), {}, () => "yes");
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(await listedRuns(at)).toEqual(wanted);
    expect(ledgerOf(portal, "blank-deleted", at.ubn)).toHaveLength(1);
    expect(recorded(run, "effect.intended")).toHaveLength(2);
    const verified = await perform(at, await blankJob("verify-blank-numbers", at, wanted));
    expect(verified).toMatchObject({ outcome: "done" });
  });

  test("where every act has to be agreed to, one question covers the deletion and the upload, and nothing else", async () => {
    const { at, wanted } = await wronglyReported({ approve: "always" });
    const asked: QuestionRow[] = [];
    const run = await perform(at, await blankJob("correct-blank-numbers", at, wanted), {}, (question) => {
      asked.push(question);
      return "yes";
    });
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(new Set(asked.map(({ id, version }) => `${id} ${version}`)).size).toBe(1);
    expect(asked[0]).toMatchObject({ topic: "approval", text: expect.stringMatching(/刪除 \d+ 段.*上傳 \d+ 段/) });
    const [, upload] = wanted.map(({ track, begin }) => `${track} ${begin}`);
    expect(JSON.stringify(asked[0]?.context)).toContain(upload ?? "");
    expect(recorded(run, "effect.intended")).toMatchObject([
      { data: { approval: expect.stringMatching(/-1$/) } },
      { data: { approval: expect.stringMatching(/-2$/) } },
    ]);
    expect(await listedRuns(at)).toEqual(wanted);
  });

  test("that needs nothing does nothing", async () => {
    const at = await installed(OFFICE);
    const blank = lastOf(await allocatedRuns(at), 20);
    await perform(at, await blankJob("upload-blank-numbers", at, blank));
    const run = await perform(at, await blankJob("correct-blank-numbers", at, blank));
    expect(run).toMatchObject({ outcome: "already-done" });
    expect(recorded(run, "effect.intended")).toEqual([]);
  });
});

test("what the portal offers as its sample and its guide is kept, and compared with what is configured", async () => {
  const at = await installed(OFFICE);
  const run = await perform(at, { flow: "learn-file-formats", input: {} });
  expect(run).toMatchObject({ outcome: "done" });
  const downloads = ledgerOf(portal, "blank-download", at.ubn);
  expect(new Set(downloads.map(({ what }) => what))).toEqual(new Set(["sample", "guide"]));
  expect(run.result?.files?.map(({ sha256 }) => sha256).sort()).toEqual(downloads.map(({ sha256 }) => sha256).sort());
  expect(run.result?.notes).toEqual(["範例檔和設定的欄位相同"]);
});

test("the details of a refused upload are fetched later, each reason with the line that it means", async () => {
  const at = await installed(OFFICE);
  const blank = lastOf(await allocatedRuns(at), 20);
  portal.order({ name: "import-error", ban: at.ubn });
  await perform(at, await blankJob("upload-blank-numbers", at, blank));
  const run = await perform(at, { flow: "download-failure-details", input: { period: ENDED } });
  expect(run).toMatchObject({ outcome: "done" });
  expect(run.result?.files?.[0]?.sha256).toBe(ledgerOf(portal, "blank-download", at.ubn).at(-1)?.sha256);
});
