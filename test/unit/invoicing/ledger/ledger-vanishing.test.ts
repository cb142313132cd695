import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { computeBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { readTrackFile } from "../../../../robot/invoicing/tracks/track-file.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { formatRange } from "../../../../robot/invoicing/values/track.ts";

/** Ledgers in which a used number could vanish without a word: each is understood, or stops at its line. */

const ALLOCATIONS = readTrackFile(readFileSync(join(import.meta.dirname, "../../../fixtures/cases/tracks.csv"))).rows;
const HEADER = "發票號碼,發票日期,狀態,賣方統編";

async function read(text: string): Promise<{ blank: string[]; stops: [number, string][]; odd: string[] }> {
  const entries: LedgerEntry[] = [];
  const stops: [number, string][] = [];
  const found = readLedger(fileOfBytes("ledger.csv", Buffer.from(text)), {
    onFault: ({ line, code }, doubt) => void (doubt === "numbers" && stops.push([line, code])),
  });
  for await (const entry of found) entries.push(entry);
  const { blanks, findings } = await computeBlanks(parsePeriod("11510"), ALLOCATIONS, entries);
  return { blank: blanks.map(formatRange), stops, odd: findings.map(({ code }) => code) };
}

describe("a used number never vanishes", () => {
  test.each([
    [
      "between track and digits in two columns, behind an order's number",
      '訂單,字軌,號碼,買方,日期,狀態\nA122,AB,00000000,"晨光,2026/09/01,開立\nA123,AB,00000001,明月",2026/09/01,開立\n',
      2,
    ],
    [
      "of a row of ranges whose own numbers stand behind the mark",
      '買方,發票起號,發票迄號,狀態,日期\n"乙,AB00000002,AB00000003,開立,115/09/01\n丙",AB00000004,AB00000005,開立,115/09/01\n',
      2,
    ],
    [
      "with digits in full width",
      '買方,字軌,號碼,狀態\n"甲,ＡＢ,００００００００,開立\n乙",ＡＢ,０００００００１,開立\n',
      2,
    ],
    [
      "from the last cell of a row to the first of the next",
      '買方,發票號碼,狀態,發票日期,備註\n甲,AB00000000,開立,2026/09/01,"外送\n乙",AB00000001,開立,2026/09/01,\n',
      2,
    ],
    [
      "from the last cell to the first, with track and digits apart",
      '買方,號碼,狀態,字軌,備註\n甲,00000000,開立,AB,"外送\n乙",00000001,開立,AB,\n',
      2,
    ],
  ])("in a quotation mark that lost its partner and found another: %s", async (_where, text, line) => {
    expect((await read(text)).stops).toEqual([[line, "csv-broken"]]);
  });

  test("a line break and commas inside a name's quotation marks are part of the name", async () => {
    const text = `${HEADER},買方\r\nAB00000000,2026/09/01,開立,12345675,"晨光,\r\n小舖"\r\nAB00000001,2026/09/01,作廢,12345675,"台北市,中正區\n一樓"\r\n`;
    expect(await read(text)).toMatchObject({ blank: ["AB 00000002-00000049"], stops: [] });
  });

  test("names of columns in several lines, below a title of fewer cells, are names of columns", async () => {
    const text = '晨光小舖,115/09\n"發票\n號碼","發票\n日期",狀態\nAB00000000,2026/09/01,開立\n';
    expect(await read(text)).toMatchObject({ stops: [], blank: ["AB 00000001-00000049"] });
  });

  test("a remark of several lines may name a number: it is told, and moves nothing", async () => {
    const text = `${HEADER},備註\r\nAB00000000,2026/09/01,開立,12345675,"原發票\r\nAB00000007 換開"\r\nAB00000001,2026/09/01,開立,12345675,\r\n`;
    expect(await read(text)).toEqual({ stops: [], blank: ["AB 00000002-00000049"], odd: ["named-elsewhere"] });
  });

  test("a row that counts several invoices and does not say where they end stops", async () => {
    const rows = (count: string, header = "發票號碼,發票日期,狀態,張數") =>
      read(`${header}\nAB00000000,2026/09/01,開立,${count}\n`);
    expect((await rows("10")).stops).toEqual([[2, "range-count"]]);
    expect((await rows("10", "發票起號,發票日期,狀態,彙總張數")).stops).toEqual([[2, "range-count"]]);
    for (const count of ["1", "", "0"])
      expect(await rows(count)).toMatchObject({ stops: [], blank: ["AB 00000001-00000049"] });
    const tickets = await read("發票號碼,發票日期,狀態,品名,張數\nAB00000000,2026/09/01,開立,門票,3\n");
    expect(tickets).toMatchObject({ stops: [], blank: ["AB 00000001-00000049"] });
  });

  test("a number that the row of another invoice names is blank and told; one that has its own row is not told", async () => {
    const header = `${HEADER},備註`;
    const rows = [
      "AB00000000,2026/09/01,開立,12345675,原 AB-00000007 換開",
      "AB00000001,2026/09/01,開立,12345675,AB00000001",
    ];
    const named = await read([header, ...rows, ""].join("\n"));
    expect(named).toEqual({ stops: [], blank: ["AB 00000002-00000049"], odd: ["named-elsewhere"] });
    const own = "AB00000007,2026/09/01,作廢,12345675,";
    expect((await read([header, ...rows, own, ""].join("\n"))).odd).not.toContain("named-elsewhere");
  });

  test("numbers of a second table whose columns nobody knows stop, in whatever spelling", async () => {
    for (const cells of ["ＡＢ,００００００１０", "AB,00000010", "AB-  00000010,"]) {
      const { stops } = await read(
        `${HEADER}\nAB00000000,2026/09/01,開立,12345675\n單據,品名,字,號\n甲,咖啡,${cells}\n`,
      );
      expect([cells, stops.map(([line]) => line)]).toEqual([cells, [4]]);
    }
  });
});

describe("rows of less than nothing", () => {
  test.each(["-105", "(105)", "−1,050", "-NT$105", "△105", "105-"])(
    "%s is of an allowance, not a second invoice",
    async (amount) => {
      const rows = [
        "AB00000000,2026/09/01,開立,105",
        `AB00000000,2026/09/20,開立,"${amount}"`,
        `AB00000002,2026/09/20,開立,"${amount}"`,
      ];
      const found = await read(["發票號碼,發票日期,狀態,總計", ...rows, ""].join("\n"));
      expect(found).toMatchObject({ stops: [], blank: ["AB 00000001-00000001", "AB 00000003-00000049"] });
      expect(found.odd).not.toContain("used-twice");
    },
  );

  test("an amount of nothing or more is an invoice's: the same number once more is told", async () => {
    for (const amount of ["105", "0", "-0"]) {
      const row = `AB00000000,2026/09/01,開立,${amount}`;
      expect((await read(["發票號碼,發票日期,狀態,總計", row, row, ""].join("\n"))).odd).toEqual(["used-twice"]);
    }
  });
});
