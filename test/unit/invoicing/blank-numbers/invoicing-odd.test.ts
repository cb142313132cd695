import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import type { FindingCode } from "../../../../robot/invoicing/blank-numbers/odd/findings.ts";
import { numberOf } from "../../../../robot/invoicing/values/track.ts";
import { books, OTHER, PERIOD, SHOP, use } from "../invoicing-support.ts";

describe("what is odd", () => {
  const two = [books("AA", "00000000", "00000099")];

  async function oddities(
    uses: readonly LedgerEntry[],
    allocations = two,
  ): Promise<{ code: FindingCode; where: string; count: number }[]> {
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

  test.each(["allowance", "blank", "mentioned", "named"] as const)(
    "what is said aside of a number (%s) is of any day, of any number, and as often as it likes",
    async (how) => {
      const aside = (text: string, day?: string): LedgerEntry => use(text, day, { how });
      const elsewhere = [aside("ZZ00000000", "2026-11-03"), aside("ZZ00000000", "2026-11-03")];
      expect(await oddities([use("AA00000000", "2026-11-03"), ...elsewhere])).toEqual([]);
      const of = [aside("AA00000001", "2026-10-01"), aside("AA00000001", "2026-10-02")];
      const codes = (await oddities([use("AA00000000", "2026-11-03"), ...of])).map(({ code }) => code);
      expect(codes.filter((code) => code === "outside-period" || code === "used-twice")).toEqual([]);
    },
  );

  test("a number of which only an item is there is told as that, one that is only mentioned as that", async () => {
    const first = use("AA00000000", "2026-11-03");
    expect(await oddities([first, use("AA00000001", "2026-11-03", { how: "item" })])).toEqual([
      { code: "item-only", where: "AA00000001-00000001", count: 1 },
    ]);
    expect(await oddities([first, use("AA00000001", "2026-11-03", { how: "mentioned" })])).toEqual([
      { code: "mentioned-only", where: "AA00000001-00000001", count: 1 },
    ]);
  });

  test("a ledger of one row per item has an invoice as often as it has items, of one day; of two days it is there twice", async () => {
    const item = (day: string): LedgerEntry => use("AA00000000", day, { perItem: true });
    expect(await oddities([item("2026-11-03"), item("2026-11-03"), item("2026-11-03")])).toEqual([]);
    expect(await oddities([item("2026-11-03"), item("2026-11-04")])).toEqual([
      { code: "used-twice", where: "AA00000000-00000000", count: 1 },
    ]);
  });

  test("a number without a date is in no order, and keeps no other from being out of order", async () => {
    const dated = (text: string, day: string): LedgerEntry => use(text, day);
    expect(await oddities([dated("AA00000000", "2026-11-05"), use("AA00000001")])).toEqual([]);
    const found = await oddities([
      dated("AA00000000", "2026-11-05"),
      use("AA00000001"),
      dated("AA00000002", "2026-11-03"),
    ]);
    expect(found).toMatchObject([{ code: "out-of-order", where: "AA00000002-00000002" }]);
  });

  test("the latest day of a book counts, not that of its first number: one between the two days is out of order", async () => {
    const day = (text: string, date: string): LedgerEntry => use(text, date);
    const found = await oddities([
      day("AA00000000", "2026-11-01"),
      day("AA00000001", "2026-11-05"),
      day("AA00000002", "2026-11-03"),
    ]);
    expect(found).toEqual([{ code: "out-of-order", where: "AA00000002-00000002", count: 1 }]);
    // Another book begins its own order.
    expect(await oddities([day("AA00000000", "2026-11-05"), day("AA00000050", "2026-11-01")])).not.toContainEqual(
      expect.objectContaining({ code: "out-of-order" }),
    );
  });

  test("a number used twice; 開立 and then 作廢 of the same invoice is once", async () => {
    const issued = use("AA00000000", "2026-11-03");
    const voided = use("AA00000000", "2026-11-03", { how: "voided" });
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
    expect(findings[0]?.text.zh).toContain("115年09-10月");
    expect(findings[0]?.text.en).toContain("11510");
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
    const voided = use("AA00000000", "2026-11-20", { how: "voided" });
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

  test("a sale after a blank run is one too where the later books do not adjoin, of the same owner and track only", async () => {
    const apart = [books("AA", "00000000", "00000049"), books("AA", "00000100", "00000149")];
    const sale = [use("AA00000100", "2026-11-03")];
    expect(await oddities(sale, apart)).toEqual([
      { code: "used-after-blank", where: "AA00000000-00000049", count: 50 },
    ]);
    const special = [books("AA", "00000000", "00000049", SHOP, "08"), books("AA", "00000100", "00000149")];
    const others = [books("AA", "00000000", "00000049", OTHER), books("AA", "00000100", "00000149")];
    const another = [books("AB", "00000000", "00000049"), books("AA", "00000100", "00000149")];
    for (const allocations of [special, others, another]) expect(await oddities(sale, allocations)).toEqual([]);
  });

  test("a hopeless ledger gives a bounded list, and says how much more there is", async () => {
    const uses = Array.from({ length: 3000 }, (_, index) => use(`ZZ${numberOf(index * 50)}`, "2026-11-03"));
    const { findings, omitted } = await computeBlanks(PERIOD, two, uses);
    expect(findings.length).toBe(1000);
    expect(omitted).toBe(2000);
  });

  test("says in both languages which number, on which line, and what to do", async () => {
    const wrong = use("AA00000100", "2026-11-03");
    const { findings } = await computeBlanks(PERIOD, two, [wrong]);
    expect(findings[0]?.line).toBe(wrong.line);
    expect(findings[0]?.text).toEqual({
      zh: "AA00000100 已開立，但不在配給的字軌裡。請核對字軌檔是否完整、號碼是否輸入錯誤。",
      en: "AA00000100 was used but is in no track that was given. See that the track file is complete and the number right.",
    });
  });
});
