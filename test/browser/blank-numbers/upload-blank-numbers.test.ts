import { afterAll, afterEach, describe, expect, test } from "vitest";
import {
  allocatedRuns,
  blankJob,
  ENDED,
  lastOf,
  listedRuns,
  putFile,
  type Run,
  uploadLines,
} from "../../support/kit/jobs/blanks.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { BEFORE_THE_TENTH, ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectIntact, expectReadable, folderOf, recorded } from "../../support/kit/record/record.ts";
import { envelopeOf, robot, runDataSchema } from "../../support/kit/installation/robot-process.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal(BEFORE_THE_TENTH);
afterAll(() => portal.close());
afterEach(async () => {
  portal.show("current");
  await takeBackFaults(portal);
});

const UPLOAD = "upload-blank-numbers";
const OFFICE = { portal, companies: [{ portal: { taken: [{ period: "previous" as const, books: 4 }] } }] };

async function office(): Promise<{ readonly at: Installation; readonly blank: readonly Run[] }> {
  const at = await installed(OFFICE);
  return { at, blank: lastOf(await allocatedRuns(at), 20) };
}

function uploadsOf({ ubn }: Installation): number {
  return ledgerOf(portal, "blank-upload", ubn).filter(({ accepted }) => accepted).length;
}

describe.for(EVERY_TEST ? (["current", "classic"] as const) : (["current"] as const))("in the %s design", (design) => {
  test("from the command line, from zero to verified: one upload, every run listed, the proof in the record", async () => {
    portal.show(design);
    const { at, blank } = await office();
    const file = await putFile(at, uploadLines(at.ubn, blank));
    const ended = await robot(at, [
      "run",
      UPLOAD,
      "--company",
      at.ubn,
      "--period",
      ENDED,
      "--file",
      file.path,
      "--json",
    ]);
    const data = runDataSchema.parse(envelopeOf(ended).data);
    expectExit(ended, 0);
    expect(data).toMatchObject({ outcome: "done", blanks: blank, files: [{ sha256: file.sha256 }] });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toMatchObject([
      { accepted: true, sha256: file.sha256, by: "own" },
    ]);
    expect(await listedRuns(at)).toEqual(blank);
    const again = await robot(at, [
      "run",
      UPLOAD,
      "--company",
      at.ubn,
      "--period",
      ENDED,
      "--file",
      file.path,
      "--json",
    ]);
    expect(envelopeOf(again).data).toMatchObject({ outcome: "already-done" });
    expect(uploadsOf(at)).toBe(1);
  });
});

describe("what can't be right is refused before anything reaches the portal, with the line and the remedy", () => {
  const CASES: readonly {
    readonly what: string;
    readonly text: (ubn: string, blank: readonly Run[]) => string;
    readonly says: RegExp;
    /** Sign-ins at the portal: what a file shows by itself costs none. */
    readonly signIns: number;
  }[] = [
    {
      what: "a file that Excel has damaged",
      text: (ubn, blank) =>
        uploadLines(ubn, blank)
          .replace(/^00001,/, "1,")
          .replace(/,(\d)(\d{7}),/, ",$1.$2E+07,"),
      says: /第 1 行.*Excel/s,
      signIns: 0,
    },
    {
      what: "a file for another period",
      text: (ubn, blank) => uploadLines(ubn, blank, "11512"),
      says: /第 1 行.*11510/s,
      signIns: 0,
    },
    {
      what: "somebody else's file",
      text: (_ubn, blank) => uploadLines("12345675", blank),
      says: /第 1 行.*統一編號/s,
      signIns: 0,
    },
    {
      what: "numbers that were not allocated",
      text: (ubn, blank) =>
        uploadLines(
          ubn,
          blank.map((run) => ({ ...run, track: run.track === "ZZ" ? "ZY" : "ZZ" })),
        ),
      says: /第 1 行/,
      signIns: 1,
    },
  ];
  test.for(CASES)("$what", async ({ text, says, signIns }) => {
    const { at, blank } = await office();
    const file = await putFile(at, text(at.ubn, blank));
    const run = await perform(at, { flow: UPLOAD, input: { period: ENDED, file } });
    expect(run).toMatchObject({
      outcome: "failed",
      failure: { code: "file-invalid", seen: expect.stringMatching(says) },
    });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toEqual([]);
    expect(ledgerOf(portal, "sign-in", at.ubn)).toHaveLength(signIns);
    await expectIntact(run);
  });

  test.runIf(EVERY_TEST)("numbers that the portal lists already", async () => {
    const { at, blank } = await office();
    await perform(at, await blankJob(UPLOAD, at, blank));
    const wider = blank.map((run) => ({ ...run, begin: String(Number(run.begin) - 5).padStart(8, "0") }));
    const run = await perform(at, await blankJob(UPLOAD, at, wider));
    expect(run).toMatchObject({ failure: { code: "file-invalid", seen: expect.stringMatching(/第 1 行.*已經列出/) } });
    expect(uploadsOf(at)).toBe(1);
  });
});

function before(number: string): string {
  return String(Number(number) - 1).padStart(8, "0");
}

describe("what the portal refuses after the import", () => {
  test("is told with its words, and the details are kept as they came; the same file again needs a person", async () => {
    const { at, blank } = await office();
    portal.order({ name: "import-error", ban: at.ubn });
    const run = await perform(at, await blankJob(UPLOAD, at, blank));
    expect(run).toMatchObject({ outcome: "needs-person", failure: { code: "upload-refused" } });
    if (run.failure) expectReadable(run.failure);
    const [details] = ledgerOf(portal, "blank-download", at.ubn);
    expect(recorded(run, "file").map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ direction: "in", sha256: details?.sha256 }),
    );
    const again = await perform(at, await blankJob(UPLOAD, at, blank));
    expect(again).toMatchObject({ state: "needs-person" });
    expect(uploadsOf(at)).toBe(1);
  });

  test("in part: what is listed is told from what is not, and a person's 「已成功」 is not judged again", async () => {
    const partial = await openPortal({ ...BEFORE_THE_TENTH, blank: { onFailure: "partial" } });
    try {
      const at = await installed({ ...OFFICE, portal: partial });
      const blank = lastOf(await allocatedRuns(at), 20);
      const [first, ...others] = blank;
      if (!first) throw new Error("Nothing was allocated.");
      // Another party reports one number of the first run while our file is on its way.
      const taken = { ...first, begin: first.end };
      partial.order({ name: "someone-else-at-submit", at: "upload", ban: at.ubn, file: uploadLines(at.ubn, [taken]) });
      // Of two uploads of one moment nothing tells which is ours before they are imported: a person looks.
      const run = await perform(at, await blankJob(UPLOAD, at, [first, ...others]), {}, () => "happened");
      expect(run).toMatchObject({
        outcome: "needs-person",
        failure: {
          code: "upload-partly-done",
          seen: expect.stringMatching(new RegExp(`已列入.*沒有列入.*${first.begin}`)),
        },
      });
      const mended = await perform(at, await blankJob("correct-blank-numbers", at, blank), {}, () => "yes");
      expect(mended).toMatchObject({ outcome: "done" });
      expect(await listedRuns(at)).toEqual(
        blank.flatMap((run) =>
          run === first
            ? [
                { ...run, end: before(run.end) },
                { ...run, begin: run.end },
              ]
            : [run],
        ),
      );
      expect(ledgerOf(partial, "blank-upload", at.ubn).filter(({ by }) => by === "own")).toHaveLength(2);
    } finally {
      await partial.close();
    }
  });
});

test.runIf(EVERY_TEST)("our upload is found among others': theirs fails, ours is proved by its content", async () => {
  const { at, blank } = await office();
  portal.order({ name: "someone-else-at-submit", at: "upload", ban: at.ubn, file: "這不是上傳檔\r\n" });
  const run = await perform(at, await blankJob(UPLOAD, at, blank));
  expect(run).toMatchObject({ outcome: "done", failure: null });
  expect(await listedRuns(at)).toEqual(blank);
  expect(ledgerOf(portal, "blank-upload", at.ubn)).toHaveLength(2);
  expect(folderOf(run)).not.toBe("");
});

test("a company whose numbers a centre reports is only verified", async () => {
  const configured = { blanksReportedBy: { name: "盟立", day: 6 } };
  const at = await installed({ ...OFFICE, companies: [{ ...OFFICE.companies[0], configured }] });
  const blank = lastOf(await allocatedRuns(at), 20);
  const refused = await perform(at, await blankJob(UPLOAD, at, blank));
  expect(refused).toMatchObject({ failure: { code: "reported-by-other" } });
  const missing = await perform(at, { flow: "verify-blank-numbers", input: { period: ENDED } });
  expect(missing).toMatchObject({ failure: { code: "blanks-missing", seen: expect.stringContaining("盟立") } });
  expect(ledgerOf(portal, "blank-upload", at.ubn)).toEqual([]);
});
