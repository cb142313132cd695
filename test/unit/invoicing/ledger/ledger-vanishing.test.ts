import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeXlsx } from "hucre/xlsx";
import { describe, expect, test } from "vitest";
import { computeBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import type { LedgerColumns } from "../../../../robot/invoicing/ledger/teaching.ts";
import { readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { readTrackFile } from "../../../../robot/invoicing/tracks/track-file.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { formatRange } from "../../../../robot/invoicing/values/track.ts";

/** Ledgers in which a used number could vanish without a word: each is understood, or stops at its line. */

const ALLOCATIONS = readTrackFile(readFileSync(join(import.meta.dirname, "../../../fixtures/cases/tracks.csv"))).rows;
const HEADER = "發票號碼,發票日期,狀態,賣方統編";

async function read(
  file: string | Uint8Array,
  columns: LedgerColumns = {},
): Promise<{ blank: string[]; stops: [number, string][]; odd: string[]; messages: string[] }> {
  const entries: LedgerEntry[] = [];
  const stops: [number, string][] = [];
  const messages: string[] = [];
  const found = readLedger(fileOfBytes("ledger.csv", Buffer.from(file)), {
    columns,
    onFault: ({ line, code, message }, doubt) => {
      if (doubt !== "numbers") return;
      stops.push([line, code]);
      messages.push(message);
    },
  });
  for await (const entry of found) entries.push(entry);
  const { blanks, findings } = await computeBlanks(parsePeriod("11510"), ALLOCATIONS, entries);
  return { blank: blanks.map(formatRange), stops, odd: findings.map(({ code }) => code), messages };
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
    expect(await read(text)).toMatchObject({ stops: [], blank: ["AB 00000002-00000049"], odd: ["named-elsewhere"] });
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
    expect(named).toMatchObject({ stops: [], blank: ["AB 00000002-00000049"], odd: ["named-elsewhere"] });
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

describe("what is no list of used numbers", () => {
  const sheets = (rows: readonly (readonly string[])[], name: string): Promise<Uint8Array> =>
    writeXlsx({
      sheets: [
        { name: "開立", rows: ["發票號碼,發票日期,狀態", "AB00000000,2026/09/01,開立"].map((row) => row.split(",")) },
        { name, rows: rows.map((row) => [...row]) },
      ],
    });

  test.each([
    ["below a title", "空白未使用發票號碼\nAB00000001\nAB00000002\n", 1],
    ["below a title and a header", "晨光小舖\n未使用號碼清單\n發票號碼\nAB00000001\n", 2],
    ["by what stands in the header's brackets", "發票號碼（空白）\nAB00000001\n", 1],
    ["from a row on", "已使用\nAB00000000\n空白\nAB00000001\n", 3],
    ["in a table of its own", "<table><tr><td>空白號碼</table><table><tr><td>AB00000001</table>", 1],
  ])("numbers that a title calls blank stop, %s", async (_where, text, line) => {
    expect((await read(text)).stops).toEqual([[line, "list-of-blanks"]]);
    expect((await read(text, { status: null })).stops).toEqual([]);
  });

  test("以下空白 at the end of a list, and a title that says nothing, change nothing", async () => {
    const text = "作廢發票清單\nAB00000000\nAB00000001~AB00000003\n以下空白\n";
    expect(await read(text)).toMatchObject({ stops: [], blank: ["AB 00000004-00000049"] });
  });

  test("numbers of a sheet that is called blank stop, with the sheet's name", async () => {
    for (const rows of [[["AB00000001"]], [["發票號碼"], ["AB00000001"]]]) {
      const { stops, messages } = await read(await sheets(rows, "空白"));
      expect([stops, messages]).toEqual([[[1, "list-of-blanks"]], [expect.stringContaining("工作表「空白」")]]);
    }
  });

  test("what stops in one of several sheets says in which", async () => {
    const { messages } = await read(await sheets([["AB00000001", "2026/09/02", "開立"]], "10月"));
    expect(messages).toEqual([expect.stringContaining("工作表「10月」")]);
  });

  test("a range alone above a table is a title of it, and stops", async () => {
    const text = "AB00000000~AB00000049\n發票號碼,發票日期,狀態\nAB00000000,2026/09/01,開立\n";
    expect((await read(text)).stops).toEqual([[1, "number-above-header"]]);
  });

  test("a table of how far tracks are used is no ledger; a person may say that its ranges are uses", async () => {
    for (const column of ["目前號碼", "剩餘張數", "已使用至", "下一張號碼"]) {
      const text = `字軌,起號,迄號,${column},狀態\nAB,00000000,00000049,00000010,已使用\n`;
      expect([column, (await read(text)).stops]).toEqual([column, [[1, "table-of-tracks"]]]);
      expect((await read(text, { number: "起號", end: "迄號" })).stops).toEqual([]);
    }
    const days = "日期,字軌,起號,迄號,狀態,剩餘張數\n2026/09/01,AB,00000000,00000009,開立,40\n";
    expect(await read(days)).toMatchObject({ stops: [], blank: ["AB 00000010-00000049"] });
  });

  test("a row that is called blank and has an amount is told", async () => {
    const rows = (amount: string) => read(`發票號碼,發票日期,狀態,總計\nAB00000049,,空白,"${amount}"\n`);
    for (const amount of ["105", "1,050", "NT$20"]) {
      expect(await rows(amount)).toMatchObject({ stops: [], odd: ["blank-with-amount"] });
    }
    for (const amount of ["0", "", "-", "0.00"]) expect((await rows(amount)).odd).toEqual([]);
  });

  test("a remark that calls a number blank stops, although it was said that the ledger has no status", async () => {
    const text = "發票號碼,發票日期,備註\nAB00000000,2026/09/01,\nAB00000001,,空白未使用\n";
    const { stops, messages } = await read(text, { status: null });
    expect(stops).toEqual([[3, "status-unknown"]]);
    expect(messages).toEqual([expect.stringContaining("空白未使用")]);
    expect((await read(text.replace("空白未使用", "補印"), { status: null })).stops).toEqual([]);
  });

  test("a table of a web page that was cut off stops where it ends", async () => {
    const page = "<table><tr><td>發票號碼<td>發票日期<td>狀態</tr><tr><td>AB00000000<td>2026/09/01<td>開立</tr>";
    expect((await read(page)).stops).toEqual([[2, "row-truncated"]]);
    expect((await read(`${page}</table>`)).stops).toEqual([]);
  });
});

describe("two tables side by side", () => {
  const text = "發票號碼,發票日期,狀態,發票號碼,發票日期,狀態\nAB00000000,2026/09/01,開立,AB00000001,2026/09/02,作廢\n";

  test("stop, and a name that stands there twice does not say which", async () => {
    const ambiguous = [1, "column-ambiguous"];
    expect((await read(text)).stops).toEqual([ambiguous, ambiguous, ambiguous]);
    const named = await read(text, { number: "發票號碼", date: "發票日期", status: "狀態" });
    expect(named.stops).toEqual([ambiguous, ambiguous, ambiguous]);
    expect(named.messages).toEqual(expect.arrayContaining([expect.stringContaining("#1,#4")]));
  });

  test("where one of them is chosen by its position, numbers of the other are not blank and are told", async () => {
    const found = await read(text, { number: "#1", date: "#2", status: "#3" });
    expect(found).toMatchObject({ stops: [], blank: ["AB 00000002-00000049"], odd: ["mentioned-only"] });
  });
});

describe("rows of allowances", () => {
  test("a row with the number of an allowance is of it: of an earlier invoice it is left aside, twice it is no second use", async () => {
    const text = [
      "折讓單號,發票號碼,折讓日期,狀態",
      "D0001,AB00000000,2026/09/01,開立",
      "D0002,AB00000000,2026/09/02,作廢",
      "D0003,ZZ00000001,2026/09/02,開立",
      "",
    ].join("\n");
    expect(await read(text)).toMatchObject({ stops: [], blank: ["AB 00000001-00000049"], odd: [] });
  });

  test("where invoices stand beside them, those without such a number are invoices", async () => {
    const text = "發票號碼,發票日期,狀態,折讓單號\nAB00000000,2026/09/02,開立,\nAB00000001,2026/11/02,開立,-\n";
    expect(await read(text)).toMatchObject({ blank: ["AB 00000002-00000049"], odd: ["outside-period"] });
  });
});
