import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BlankReport, computeBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import { blankFiles } from "../../../../robot/invoicing/blank-numbers/blank-files.ts";
import { tallyPeriods } from "../../../../robot/invoicing/blank-numbers/blank-periods.ts";
import { passToBranches } from "../../../../robot/invoicing/blank-numbers/branches.ts";
import { checkFile } from "../../../../robot/invoicing/file-recognition.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { DomainError } from "../../../../robot/invoicing/problems/problems.ts";
import { type Category, numberOf, parseRange } from "../../../../robot/invoicing/values/track.ts";
import { readUploadFile } from "../../../../robot/invoicing/blank-numbers/upload-file.ts";
import { books, numbersOf, OTHER, PERIOD, SHOP, sourceOf, use } from "../invoicing-support.ts";

/** A few books scattered over two tracks, each with its owner, and any subset of their numbers used. */
const scene = fc
  .array(
    fc.record({
      track: fc.constantFrom("AA", "AB"),
      book: fc.nat(9),
      owner: fc.constantFrom<[typeof SHOP, Category]>([SHOP, "07"], [SHOP, "08"], [OTHER, "07"]),
    }),
    { maxLength: 10 },
  )
  .map((picked) => {
    const distinct = Array.from(new Map(picked.map((one) => [`${one.track}${one.book}`, one])).values());
    return distinct.map(({ track, book, owner: [ubn, category] }) =>
      books(track, numberOf(book * 50), numberOf(book * 50 + 49), ubn, category),
    );
  })
  .chain((allocations) => {
    const all = allocations.flatMap((one) => numbersOf([one]).map((text) => ({ text, ubn: one.ubn })));
    return fc.record({ allocations: fc.constant(allocations), used: fc.shuffledSubarray(all) });
  });

describe("blank numbers", () => {
  test("blank and used together are the allocated numbers, and no number is both", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ allocations, used }) => {
        const { blanks, totals } = await computeBlanks(
          PERIOD,
          allocations,
          used.map(({ text, ubn }) => use(text, undefined, { ubn })),
        );
        const blank = numbersOf(blanks);
        expect([...blank, ...used.map(({ text }) => text)].toSorted()).toEqual(numbersOf(allocations).toSorted());
        expect(totals).toEqual({ allocated: numbersOf(allocations).length, used: used.length, blank: blank.length });
      }),
    );
  });

  test("every blank run carries the owner of its numbers", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ allocations, used }) => {
        const owner = new Map(
          allocations.flatMap((one) => numbersOf([one]).map((text) => [text, `${one.ubn}${one.category}`])),
        );
        const { blanks } = await computeBlanks(
          PERIOD,
          allocations,
          used.map(({ text, ubn }) => use(text, undefined, { ubn })),
        );
        for (const run of blanks) {
          expect(new Set(numbersOf([run]).map((text) => owner.get(text)))).toEqual(
            new Set([`${run.ubn}${run.category}`]),
          );
        }
      }),
    );
  });

  test("the runs are as few as possible", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ allocations, used }) => {
        const { blanks } = await computeBlanks(
          PERIOD,
          allocations,
          used.map(({ text, ubn }) => use(text, undefined, { ubn })),
        );
        const gone = new Set(used.map(({ text }) => text));
        const owner = new Map(
          allocations.flatMap((one) => numbersOf([one]).map((text) => [text, `${one.ubn}${one.category}`])),
        );
        const before = (text: string) => `${text.slice(0, 2)}${String(Number(text.slice(2)) - 1).padStart(8, "0")}`;
        const stretches = Array.from(owner).filter(
          ([text, who]) => !gone.has(text) && (gone.has(before(text)) || owner.get(before(text)) !== who),
        );
        expect(blanks.length).toBe(stretches.length);
      }),
    );
  });

  test("the order of the ledger does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ allocations, used }) => {
        const uses = used.map(({ text, ubn }) => use(text, "2026-11-03", { ubn }));
        const forward = await computeBlanks(PERIOD, allocations, uses);
        const backward = await computeBlanks(PERIOD, allocations.toReversed(), uses.toReversed());
        expect(backward.blanks).toEqual(forward.blanks);
      }),
    );
  });

  test("adjoining rows of the track file give one run, and the same row twice changes nothing", async () => {
    const rows = [
      books("AA", "00000050", "00000099"),
      books("AA", "00000000", "00000049"),
      books("AA", "00000000", "00000049"),
    ];
    const { blanks, totals } = await computeBlanks(PERIOD, rows, []);
    expect(blanks.map(({ track, begin, end }) => `${track}${begin}-${end}`)).toEqual(["AA00000000-00000099"]);
    expect(totals.allocated).toBe(100);
  });

  test("leading zeros survive", async () => {
    const { blanks } = await computeBlanks(PERIOD, [books("AA", "00000000", "00000049")], [use("AA00000000")]);
    expect(blanks).toMatchObject([{ begin: "00000001", end: "00000049" }]);
  });

  test("a voided invoice has used its number", async () => {
    const { blanks } = await computeBlanks(
      PERIOD,
      [books("AA", "00000000", "00000049")],
      [use("AA00000000", "2026-11-01", { how: "voided" })],
    );
    expect(blanks).toMatchObject([{ begin: "00000001" }]);
  });

  test("a number in the ledger and on a list of used numbers is used once; twice on the list is odd", async () => {
    const listed = use("AA00000000", undefined, { how: "listed", ubn: undefined });
    const both = [use("AA00000000", "2026-11-01"), listed];
    const once = await computeBlanks(PERIOD, [books("AA", "00000000", "00000049")], both);
    expect([once.totals.used, once.findings]).toEqual([1, []]);
    const twice = await computeBlanks(PERIOD, [books("AA", "00000000", "00000049")], [...both, listed]);
    expect(twice.findings.map(({ code }) => code)).toEqual(["used-twice"]);
  });

  test("a number allocated to two businesses, or to two categories, stops the computation", async () => {
    for (const second of [
      books("AA", "00000000", "00000049", OTHER),
      books("AA", "00000000", "00000049", SHOP, "08"),
    ]) {
      await expect(computeBlanks(PERIOD, [books("AA", "00000000", "00000099"), second], [])).rejects.toThrow(
        DomainError,
      );
    }
  });

  test("tracks of another period stop the computation", async () => {
    const old = { ...books("AA", "00000000", "00000049"), period: parsePeriod("11510") };
    await expect(computeBlanks(PERIOD, [old], [])).rejects.toMatchObject({ code: "period-other" });
  });
});

describe("several periods in one track file", () => {
  const before = parsePeriod("11510");
  const old = (track: string, begin: string, end: string) => ({ ...books(track, begin, end), period: before });

  test("each is computed by itself, as if the others were not there", async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ allocations, used }) => {
        const earlier = [old("ZZ", "00000000", "00000099")];
        const tallies = tallyPeriods([...allocations, ...earlier]);
        for (const { text, ubn } of used) tallies.add(use(text, "2026-11-03", { ubn }));
        tallies.add(use("ZZ00000000", "2026-09-30"));
        const uses = used.map(({ text, ubn }) => use(text, "2026-11-03", { ubn }));
        const alone = [
          await computeBlanks(before, earlier, [use("ZZ00000000", "2026-09-30")]),
          ...(allocations.length > 0 ? [await computeBlanks(PERIOD, allocations, uses)] : []),
        ];
        const plain = (reports: readonly BlankReport[]) => reports.map(({ blanks, totals }) => ({ blanks, totals }));
        expect(plain(tallies.reports())).toEqual(plain(alone));
      }),
    );
  });

  test("the same letters in both: the date decides; a number of one dated in the other is outside its period", () => {
    const tallies = tallyPeriods([old("AA", "00000000", "00000049"), books("AA", "00000000", "00000099")]);
    tallies.add(use("AA00000001", "2026-09-01"));
    tallies.add(use("AA00000002", "2026-11-01"));
    tallies.add(use("AA00000060", "2026-09-01"));
    const [first, second] = tallies.reports();
    expect(first?.totals).toEqual({ allocated: 50, used: 1, blank: 49 });
    expect(second?.totals).toEqual({ allocated: 100, used: 2, blank: 98 });
    expect(second?.findings.map(({ code }) => code)).toContain("outside-period");
  });
});

describe("branches", () => {
  test("what the head office passed on is reported by the branch, the rest by itself, and nothing gets lost", async () => {
    const head = [books("AA", "00000000", "00000149")];
    const passed = [{ ...parseRange("AA", "00000050", "00000099"), branchUbn: OTHER }];
    const { blanks } = await computeBlanks(PERIOD, passToBranches(head, passed), [
      use("AA00000050", "2026-11-03", { ubn: OTHER }),
    ]);
    expect(blanks.map(({ ubn, headUbn, begin, end }) => ({ ubn, headUbn, begin, end }))).toEqual([
      { ubn: OTHER, headUbn: SHOP, begin: "00000051", end: "00000099" },
      { ubn: SHOP, headUbn: undefined, begin: "00000000", end: "00000049" },
      { ubn: SHOP, headUbn: undefined, begin: "00000100", end: "00000149" },
    ]);
  });

  test("head office and branches share one upload file, and have E0402 messages of their own; who has no blank has no file", async () => {
    const head = [books("AA", "00000000", "00000099")];
    const allocations = passToBranches(head, [{ ...parseRange("AA", "00000050", "00000099"), branchUbn: OTHER }]);
    const report = await computeBlanks(PERIOD, allocations, []);
    expect(blankFiles(report).map(({ name }) => name)).toEqual([
      "blank-12345675-11512.csv",
      "E0402-01234569-11512-07-AA.xml",
      "E0402-12345675-11512-07-AA.xml",
    ]);
    for (const { name, bytes } of blankFiles(report)) {
      expect((await checkFile(sourceOf(bytes, name))).faults).toEqual([]);
    }
    const allUsed = numbersOf(head).map((text) => use(text, "2026-11-03"));
    expect(blankFiles(await computeBlanks(PERIOD, head, allUsed))).toEqual([]);
  });

  test("a run passed on may reach over adjoining rows and need not be whole books", () => {
    const head = [books("AA", "00000000", "00000049"), books("AA", "00000050", "00000099")];
    const split = passToBranches(head, [{ ...parseRange("AA", "00000040", "00000059"), branchUbn: OTHER }]);
    expect(split.map(({ ubn, headUbn, begin, end }) => [ubn, headUbn, begin, end])).toEqual([
      [SHOP, undefined, "00000000", "00000039"],
      [OTHER, SHOP, "00000040", "00000049"],
      [SHOP, undefined, "00000060", "00000099"],
      [OTHER, SHOP, "00000050", "00000059"],
    ]);
  });

  test("more rows than five digits can number become several upload files that hold them all", async () => {
    const report = await computeBlanks(PERIOD, [books("AA", "00000000", "00199999")], []);
    const [all] = report.blanks;
    if (all === undefined) throw new Error("Nothing is blank.");
    const blanks = Array.from({ length: 100_000 }, (_, index) => ({
      ...all,
      begin: numberOf(index * 2),
      end: numberOf(index * 2),
    }));
    const files = blankFiles({ ...report, blanks }).filter(({ kind }) => kind === "upload-file");
    expect(files.map(({ name }) => name)).toEqual(["blank-12345675-11512-1.csv", "blank-12345675-11512-2.csv"]);
    const rows = files.map(({ bytes }) => readUploadFile(bytes));
    expect(rows.flatMap(({ faults }) => faults)).toEqual([]);
    expect(rows.flatMap((file) => file.rows.map(({ begin }) => begin))).toEqual(blanks.map(({ begin }) => begin));
  });

  test("numbers that are not the head office's, or passed on twice, are refused", () => {
    const head = [books("AA", "00000000", "00000049")];
    const run = { ...parseRange("AA", "00000000", "00000049"), branchUbn: OTHER };
    expect(() => passToBranches(head, [{ ...parseRange("AB", "00000000", "00000049"), branchUbn: OTHER }])).toThrow(
      DomainError,
    );
    expect(() => passToBranches(head, [run, run])).toThrow(DomainError);
  });
});
