import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Allocation, computeBlanks } from "../robot/invoicing/blank.ts";
import { blankFiles } from "../robot/invoicing/blank-files.ts";
import { passToBranches } from "../robot/invoicing/branches.ts";
import { parseDay } from "../robot/invoicing/day.ts";
import { checkFile } from "../robot/invoicing/files.ts";
import type { Use } from "../robot/invoicing/ledger.ts";
import type { OddCode } from "../robot/invoicing/odd.ts";
import { parsePeriod } from "../robot/invoicing/period.ts";
import { DomainError } from "../robot/invoicing/problems.ts";
import {
  type Category,
  type NumberRun,
  numberOf,
  parseRun,
  runSize,
  splitInvoiceNumber,
} from "../robot/invoicing/track.ts";
import { parseUbn } from "../robot/invoicing/ubn.ts";

const PERIOD = parsePeriod("11512");
const SHOP = parseUbn("12345675");
const OTHER = parseUbn("01234569");

function books(track: string, begin: string, end: string, ubn = SHOP, category: Category = "07"): Allocation {
  return { ...parseRun(track, begin, end), ubn, category, period: PERIOD };
}

let line = 1;
function use(text: string, day?: string, more: Partial<Use> = {}): Use {
  line += 1;
  return {
    ...splitInvoiceNumber(text),
    day: day === undefined ? undefined : parseDay(day),
    ubn: SHOP,
    voided: false,
    line,
    ...more,
  };
}

function numbersOf(runs: readonly NumberRun[]): string[] {
  return runs.flatMap((run) =>
    Array.from({ length: runSize(run) }, (_, index) => `${run.track}${numberOf(Number(run.begin) + index)}`),
  );
}

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
      [use("AA00000000", "2026-11-01", { voided: true })],
    );
    expect(blanks).toMatchObject([{ begin: "00000001" }]);
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

describe("what is odd", () => {
  const two = [books("AA", "00000000", "00000099")];

  async function oddities(
    uses: readonly Use[],
    allocations = two,
  ): Promise<{ code: OddCode; where: string; count: number }[]> {
    const { findings } = await computeBlanks(PERIOD, allocations, uses);
    return findings.map(({ code, run, count }) => ({ code, where: `${run.track}${run.begin}-${run.end}`, count }));
  }

  test("numbers used in order from the start of the book are not odd", async () => {
    const sound = fc.record({ used: fc.integer({ min: 0, max: 100 }), perDay: fc.integer({ min: 1, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(sound, async ({ used, perDay }) => {
        const uses = Array.from({ length: used }, (_, index) =>
          use(`AA${numberOf(index)}`, `202611${String(1 + (Math.floor(index / perDay) % 28)).padStart(2, "0")}`),
        );
        const monotone = used <= perDay * 28;
        const found = await oddities(uses);
        expect(monotone ? found : []).toEqual([]);
      }),
    );
  });

  test("a number used but not allocated", async () => {
    expect(
      await oddities([
        use("AA00000100", "2026-11-03"),
        use("AA00000103", "2026-11-03"),
        use("ZZ00000000", "2026-11-03"),
      ]),
    ).toEqual([
      { code: "not-allocated", where: "AA00000100-00000103", count: 2 },
      { code: "not-allocated", where: "ZZ00000000-00000000", count: 1 },
    ]);
  });

  test("a number used twice; 開立 and then 作廢 of the same invoice is once", async () => {
    const issued = use("AA00000000", "2026-11-03");
    const voided = use("AA00000000", "2026-11-03", { voided: true });
    expect(await oddities([issued, voided])).toEqual([]);
    expect(await oddities([issued, voided, issued])).toEqual([
      { code: "used-twice", where: "AA00000000-00000000", count: 1 },
    ]);
  });

  test("a number of this period dated outside it", async () => {
    expect(await oddities([use("AA00000000", "2026-10-31")])).toEqual([
      { code: "outside-period", where: "AA00000000-00000000", count: 1 },
    ]);
    expect(await oddities([use("AA00000000", "2026-11-01"), use("AA00000001", "2026-12-31")])).toEqual([]);
  });

  test("invoices of another period in the same ledger are left out and counted", async () => {
    const { findings, totals } = await computeBlanks(PERIOD, two, [
      use("ZZ00000000", "2026-09-30"),
      use("ZZ00000001", "2026-10-01"),
    ]);
    expect(findings).toMatchObject([{ code: "other-period", severity: "warning", count: 2 }]);
    expect(findings[0]?.text).toContain("115年09-10月");
    expect(totals.used).toBe(0);
  });

  test("a number that another business used is not blank", async () => {
    const { findings, totals } = await computeBlanks(PERIOD, two, [use("AA00000000", "2026-11-03", { ubn: OTHER })]);
    expect(findings).toMatchObject([{ code: "other-seller", severity: "error" }]);
    expect(totals.used).toBe(1);
  });

  test("a seller whose tracks were not given is named once", async () => {
    const uses = [use("ZZ00000000", "2026-11-03", { ubn: OTHER }), use("ZY00000001", "2026-11-03", { ubn: OTHER })];
    expect(await oddities(uses)).toEqual([expect.objectContaining({ code: "unknown-seller", count: 2 })]);
  });

  test("a later number with an earlier date (跳號), within a book only", async () => {
    const uses = [
      use("AA00000000", "2026-11-05"),
      use("AA00000001", "2026-11-03"),
      use("AA00000002", "2026-11-04"),
      use("AA00000003", "2026-11-05"),
    ];
    expect((await oddities(uses)).filter(({ code }) => code === "out-of-order")).toEqual([
      { code: "out-of-order", where: "AA00000001-00000002", count: 2 },
    ]);
    const perMachine = [use("AA00000000", "2026-11-05"), use("AA00000050", "2026-11-01")];
    expect((await oddities(perMachine)).map(({ code }) => code)).not.toContain("out-of-order");
  });

  test("the day an invoice was voided is not the day its number was used, whichever row comes first", async () => {
    const issued = [use("AA00000000", "2026-11-03"), use("AA00000001", "2026-11-04")];
    const voided = use("AA00000000", "2026-11-20", { voided: true });
    expect(await oddities([...issued, voided])).toEqual([]);
    expect(await oddities([voided, ...issued])).toEqual([]);
  });

  test("a gap inside a used book, also at its beginning", async () => {
    expect(await oddities([use("AA00000000", "2026-11-03"), use("AA00000004", "2026-11-03")])).toEqual([
      { code: "gap-in-book", where: "AA00000001-00000003", count: 3 },
    ]);
    expect(await oddities([use("AA00000004", "2026-11-03")])).toEqual([
      { code: "gap-in-book", where: "AA00000000-00000003", count: 4 },
    ]);
  });

  test("a sale after a blank run", async () => {
    expect(await oddities([use("AA00000000", "2026-11-03"), use("AA00000050", "2026-11-03")])).toEqual([
      { code: "used-after-blank", where: "AA00000001-00000049", count: 49 },
    ]);
  });

  test("a hopeless ledger gives a bounded list, and says how much more there is", async () => {
    const uses = Array.from({ length: 3000 }, (_, index) => use(`ZZ${numberOf(index * 50)}`, "2026-11-03"));
    const { findings, omitted } = await computeBlanks(PERIOD, two, uses);
    expect(findings.length).toBe(1000);
    expect(omitted).toBe(2000);
  });

  test("says in Chinese which number, on which line, and what to do", async () => {
    const wrong = use("AA00000100", "2026-11-03");
    const { findings } = await computeBlanks(PERIOD, two, [wrong]);
    expect(findings[0]?.line).toBe(wrong.line);
    expect(findings[0]?.text).toBe("AA00000100 已開立，但不在配給的字軌裡。請核對字軌檔是否完整、號碼是否輸入錯誤。");
  });
});

describe("branches", () => {
  test("what the head office passed on is reported by the branch, the rest by itself, and nothing gets lost", async () => {
    const head = [books("AA", "00000000", "00000149")];
    const passed = [{ ...parseRun("AA", "00000050", "00000099"), branchUbn: OTHER }];
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
    const allocations = passToBranches(head, [{ ...parseRun("AA", "00000050", "00000099"), branchUbn: OTHER }]);
    const report = await computeBlanks(PERIOD, allocations, []);
    expect(blankFiles(report).map(({ name }) => name)).toEqual([
      "blank-12345675-11512.csv",
      "E0402-01234569-11512-07-AA.xml",
      "E0402-12345675-11512-07-AA.xml",
    ]);
    for (const { name, bytes } of blankFiles(report)) expect((await checkFile(bytes, name)).faults).toEqual([]);
    const allUsed = numbersOf(head).map((text) => use(text, "2026-11-03"));
    expect(blankFiles(await computeBlanks(PERIOD, head, allUsed))).toEqual([]);
  });

  test("numbers that are not the head office's, or passed on twice, are refused", () => {
    const head = [books("AA", "00000000", "00000049")];
    const run = { ...parseRun("AA", "00000000", "00000049"), branchUbn: OTHER };
    expect(() => passToBranches(head, [{ ...parseRun("AB", "00000000", "00000049"), branchUbn: OTHER }])).toThrow(
      DomainError,
    );
    expect(() => passToBranches(head, [run, run])).toThrow(DomainError);
  });
});
