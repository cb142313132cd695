import { describe, expect, test } from "vitest";
import {
  type AnomalyLimits,
  comparedWithEarlier,
  formatBlanks,
  watchLedger,
} from "../../../../robot/invoicing/blank-numbers/odd/anomalies.ts";
import { type Allocation, tallyBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { numberOf } from "../../../../robot/invoicing/values/track.ts";
import { books, OTHER, PERIOD, SHOP, use } from "../invoicing-support.ts";

const LIMITS: AnomalyLimits = { moreThanUsual: { times: 2, numbers: 50 }, distance: 100, days: 14 };
const BOOK = [books("AA", "00000000", "00000049")];

function watched(
  uses: readonly LedgerEntry[],
  allocations: readonly Allocation[] = BOOK,
  limits = LIMITS,
  branches: (typeof SHOP)[] = [],
): { code: string; zh: string; en: string }[] {
  const tally = tallyBlanks(PERIOD, allocations);
  const watch = watchLedger(PERIOD, { ubn: SHOP, branches }, allocations);
  for (const one of uses) {
    tally.add(one);
    watch.add(one);
  }
  return watch.anomalies(tally.report(), limits).map(({ code, text }) => ({ code, ...text }));
}

/** Numbers in order, from the first day of the period to the last. */
function wholePeriod(count: number, track = "AA", more: Partial<LedgerEntry> = {}): LedgerEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const day = 1 + Math.floor((index / Math.max(1, count - 1)) * 60);
    const month = day > 30 ? "12" : "11";
    return use(`${track}${numberOf(index)}`, `2026${month}${String(day > 30 ? day - 30 : day).padStart(2, "0")}`, more);
  });
}

describe("what is odd about a ledger", () => {
  test("nothing where numbers are used in order through the whole period, however many are left", () => {
    for (const count of [20, 35, 50]) expect(watched(wholePeriod(count))).toEqual([]);
  });

  test("it uses not one number of the period, whether it has no rows or is another one's: always, whatever is usual", () => {
    const empty = [{ code: "none-used", zh: expect.stringContaining("50 號都會報成空白") }];
    expect(watched([])).toMatchObject(empty);
    expect(watched([use("ZZ00000001", "2026-11-02")]).map(({ code }) => code)).toContain("none-used");
    expect(watched([use("AA00000000", "2026-11-01")]).map(({ code }) => code)).not.toContain("none-used");
  });

  test("a machine or shop that the ledger names stops weeks before the others, and numbers are left", () => {
    const of = (place: string, days: readonly string[], from: number): LedgerEntry[] =>
      days.map((day, index) => use(`AA${numberOf(from + index)}`, day, { place }));
    const first = of("1 號機", ["2026-11-01", "2026-11-20", "2026-12-31"], 0);
    const stopped = of("2 號機", ["2026-11-02", "2026-11-20"], 10);
    expect(watched([...first, ...stopped])).toContainEqual({
      code: "place-ends-early",
      zh: expect.stringMatching(/「2 號機」最後一張發票是 2026-11-20，別的到 2026-12-31 還在開/),
      en: expect.any(String),
    });
    const going = of("2 號機", ["2026-11-02", "2026-12-30"], 10);
    const codes = (uses: readonly LedgerEntry[]): string[] => watched(uses).map(({ code }) => code);
    expect(codes([...first, ...going])).not.toContain("place-ends-early");
    // A column in which every cell is another is none of machines.
    const many = Array.from({ length: 20 }, (_, at) => of(`客戶 ${at}`, ["2026-11-05"], at)).flat();
    expect(codes([...many, ...of("客戶 99", ["2026-12-31"], 30)])).not.toContain("place-ends-early");
  });

  test("of numbers that were passed to a branch none is used, while others are", () => {
    const both = [books("AA", "00000000", "00000049"), { ...books("AA", "00000050", "00000099"), ubn: OTHER }];
    const found = watched(wholePeriod(20), both, LIMITS, [OTHER]).filter(({ code }) => code === "nothing-of-branch");
    expect(found).toMatchObject([{ zh: expect.stringContaining(`配給 ${OTHER} 的號碼`) }]);
    const used = [...wholePeriod(20), use("AA00000050", "2026-12-31")];
    expect(watched(used, both, LIMITS).map(({ code }) => code)).not.toContain("nothing-of-branch");
  });

  test("it ends before the period does, or begins after it, by more days than are usual; not where every number was used", () => {
    const september = [use("AA00000000", "2026-11-01"), use("AA00000001", "2026-11-20")];
    expect(watched(september)).toMatchObject([
      { code: "ends-early", zh: expect.stringContaining("2026-11-20，離期末（2026-12-31）還有 41 天") },
    ]);
    expect(watched(september, BOOK, { ...LIMITS, days: 42 })).toEqual([]);
    const late = [use("AA00000000", "2026-11-15"), use("AA00000001", "2026-12-31")];
    expect(watched(late)).toMatchObject([
      { code: "begins-late", zh: expect.stringContaining("2026-11-15，期初（2026-11-01）已過 14 天") },
    ]);
    expect(watched([use("AA00000000", "2026-11-14"), use("AA00000001", "2026-12-18")])).toEqual([]);
    expect(watched(wholePeriod(50).map((one) => ({ ...one, day: use("AA00000000", "2026-11-01").day })))).toEqual([]);
  });

  test("the last used number lies far behind the first blank one, with both and the distance", () => {
    const many = [books("AA", "00000000", "00000499")];
    const far = [...wholePeriod(20), use("AA00000200", "2026-12-31")];
    expect(watched(far, many).filter(({ code }) => code === "far-from-last")).toMatchObject([
      {
        zh: expect.stringMatching(/AA00000020.*AA00000200.*180 號/),
        en: expect.stringMatching(/AA00000020.*AA00000200.*180/),
      },
    ]);
    expect(watched(far, many, { ...LIMITS, distance: 180 }).map(({ code }) => code)).not.toContain("far-from-last");
  });

  test("a sale after a blank run, rows of other periods, a seller that is not the company", () => {
    const gap = [...wholePeriod(20), use("AA00000030", "2026-12-31")];
    expect(watched(gap)).toMatchObject([{ code: "after-blank", zh: expect.stringContaining("AA 00000020-00000029") }]);
    const others = [
      ...wholePeriod(20),
      use("ZZ00000001", "2026-09-30"),
      use("ZY00000000", "2026-11-03", { ubn: OTHER }),
    ];
    expect(watched(others)).toMatchObject([
      { code: "other-period", zh: expect.stringContaining("115年09-10月") },
      { code: "other-seller", zh: expect.stringContaining(OTHER) },
    ]);
    const wrong = watched([use("ZY00000000", "2026-11-03", { ubn: OTHER })]);
    expect(wrong).toContainEqual(
      expect.objectContaining({ zh: expect.stringContaining(`沒有一張是這家公司（${SHOP}）`) }),
    );
  });

  test("a branch, or a track, of which nothing came", () => {
    expect(watched(wholePeriod(20), BOOK, LIMITS, [OTHER])).toMatchObject([{ code: "nothing-of-branch" }]);
    expect(watched(wholePeriod(20, "AA", { ubn: undefined }), BOOK, LIMITS, [OTHER])).toEqual([]);
    const two = [...BOOK, books("AB", "00000000", "00000049")];
    expect(watched(wholePeriod(20), two)).toMatchObject([
      { code: "nothing-of-track", zh: expect.stringContaining("AB") },
    ]);
    expect(watched([...wholePeriod(20), ...wholePeriod(20, "AB")], two)).toEqual([]);
  });

  test("two ledgers whose numbers reach into each other; not two that lie side by side", () => {
    const first = wholePeriod(20, "AA", { file: "門市.csv" });
    const inside = { ...use("AA00000019", "2026-12-31"), file: "網路.csv" };
    const [overlap] = watched([...first, inside, { ...use("AA00000025", "2026-12-31"), file: "網路.csv" }]).filter(
      ({ code }) => code === "overlapping-files",
    );
    expect(overlap?.zh).toMatch(/門市.csv 有 AA00000000–00000019，網路.csv 有 AA00000019–00000025/);
    const beside = { ...use("AA00000020", "2026-12-31"), file: "網路.csv" };
    expect(watched([...first, beside])).toEqual([]);
  });

  test("many of one kind are told as some, and how many more", () => {
    const every = wholePeriod(50).filter((_, index) => index % 4 === 0);
    const many = Array.from({ length: 9 }, (_, book) => books("AA", numberOf(book * 50), numberOf(book * 50 + 49)));
    const uses = Array.from({ length: 9 }, (_, book) =>
      every.map((one) => ({ ...one, number: numberOf(Number(one.number) + book * 50) })),
    ).flat();
    const told = watched(uses, many).filter(({ code }) => code === "after-blank");
    expect(told).toHaveLength(6);
    expect(told.at(-1)?.zh).toMatch(/另有 \d+ 處，共 \d+ 號/);
  });
});

describe("compared with earlier periods", () => {
  const earlier = [
    { period: parsePeriod("11508"), blank: 20, allocated: 100 },
    { period: parsePeriod("11510"), blank: 30, allocated: null },
    { period: parsePeriod("11506"), blank: 10, allocated: 50 },
  ];

  test("all blank though earlier periods were not, with their figures", () => {
    const [odd, ...others] = comparedWithEarlier({ blank: 100, allocated: 100 }, earlier, LIMITS);
    expect([odd?.code, others]).toEqual(["all-blank", []]);
    expect(odd?.text.zh).toContain("100 號全部空白");
    expect(odd?.text.zh).toMatch(/115年09-10月 30 號、115年07-08月 20／100 號、115年05-06月 10／50 號/);
    expect(odd?.text.en).toContain("11508: 20 of 100");
  });

  test("far more than usual is so many times as many and so many more", () => {
    const codes = (blank: number, limits = LIMITS): string[] =>
      comparedWithEarlier({ blank, allocated: 500 }, earlier, limits).map(({ code }) => code);
    expect(codes(69)).toEqual([]);
    expect(codes(70)).toEqual(["far-more"]);
    expect(codes(70, { ...LIMITS, moreThanUsual: { times: 4, numbers: 1 } })).toEqual([]);
    expect(codes(81, { ...LIMITS, moreThanUsual: { times: 4, numbers: 1 } })).toEqual(["far-more"]);
  });

  test("without earlier periods nothing is said, and an earlier one that was all blank too makes this one usual", () => {
    expect(comparedWithEarlier({ blank: 100, allocated: 100 }, [], LIMITS)).toEqual([]);
    const idle = [{ period: parsePeriod("11510"), blank: 100, allocated: 100 }];
    expect(comparedWithEarlier({ blank: 100, allocated: 100 }, idle, LIMITS)).toEqual([]);
  });
});

test("the numbers are told run by run with how many they are", () => {
  const run = books("AA", "00000003", "00000049");
  expect(formatBlanks([run])).toEqual(["12345675　AA 00000003-00000049（47 號）"]);
});
