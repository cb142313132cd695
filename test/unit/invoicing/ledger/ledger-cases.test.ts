import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { computeBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import { joinWithLedger } from "../../../../robot/invoicing/blank-numbers/missing-uploads.ts";
import type { LedgerEntry } from "../../../../robot/invoicing/ledger/entry.ts";
import { type LedgerOptions, readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../../../robot/invoicing/ledger/reading-report.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { readTrackFile } from "../../../../robot/invoicing/tracks/track-file.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { formatRange } from "../../../../robot/invoicing/values/track.ts";

const CASES = join(import.meta.dirname, "../../../fixtures/cases");
const PERIOD = parsePeriod("11510");
const bytesOf = (name: string): Buffer => readFileSync(join(CASES, name));
const ALLOCATIONS = readTrackFile(bytesOf("tracks.csv")).rows;

async function entriesOf(
  names: readonly (string | { readonly name: string; readonly text: string | Uint8Array })[],
  taught: Pick<LedgerOptions, "columns" | "statuses"> = {},
): Promise<{
  entries: LedgerEntry[];
  stops: [number, string][];
  checks: [number, string][];
  reports: ReadingReport[];
}> {
  const entries: LedgerEntry[] = [];
  const stops: [number, string][] = [];
  const checks: [number, string][] = [];
  const reports: ReadingReport[] = [];
  for (const given of names) {
    const [name, bytes] = typeof given === "string" ? [given, bytesOf(given)] : [given.name, Buffer.from(given.text)];
    const found = readLedger(fileOfBytes(name, bytes), {
      ...taught,
      onFault: ({ line, code }, doubt) => (doubt === "numbers" ? stops : checks).push([line, code]),
      onReport: (report) => reports.push(report),
    });
    for await (const entry of found) entries.push(entry);
  }
  return { entries, stops, checks, reports };
}

/** Blank numbers of the allocation AB 00000000-00000049 by these ledgers, or the lines at which the reading stops. */
async function blanksOf(
  names: Parameters<typeof entriesOf>[0],
  taught: Parameters<typeof entriesOf>[1] = {},
): Promise<{ blank: string[]; used: number; odd: string[]; stops: [number, string][]; reports: ReadingReport[] }> {
  const { entries, stops, reports } = await entriesOf(names, taught);
  const { blanks, totals, findings } = await computeBlanks(PERIOD, ALLOCATIONS, entries);
  for (const report of reports) {
    expect(report.kinds.reduce((sum, { count }) => sum + count, 0)).toBe(report.rows);
    expect(report.understood).toBe(stops.length === 0);
  }
  return { blank: blanks.map(formatRange), used: totals.used, odd: findings.map(({ code }) => code), stops, reports };
}

const HEADER = "發票號碼,發票日期,狀態,賣方統編";
/** Rows of a ledger below the usual header. */
const ledger = (rows: readonly string[], header = HEADER): { name: string; text: string } => ({
  name: "ledger.csv",
  text: `${[header, ...rows].join("\r\n")}\r\n`,
});

describe("ledgers from practice", () => {
  test.each([
    ["c01-ledger.csv", ["AB 00000003-00000049"], 3],
    ["c02-ledger.csv", ["AB 00000002-00000049"], 2],
    ["c03-ledger.csv", ["AB 00000002-00000049"], 2],
    ["c03-statuses.csv", ["AB 00000006-00000049"], 6],
    ["c04-ledger.csv", ["AB 00000002-00000049"], 2],
    ["c04-ledger-2.csv", ["AB 00000003-00000049"], 3],
    ["c07-ledger.csv", ["AB 00000002-00000049"], 2],
    ["c10-ledger-1.csv", ["AB 00000002-00000049"], 2],
    ["c10-ledger-2.csv", ["AB 00000002-00000049"], 2],
    ["c11-ledger-2.csv", ["AB 00000003-00000049"], 3],
  ])("%s", async (name, blank, used) => {
    expect(await blanksOf([name])).toMatchObject({ blank, used, stops: [] });
  });

  test("c01: an allowance proves that the ledger has the invoice; numbers never allocated are left aside and counted", async () => {
    const { entries } = await entriesOf([
      "c01-ledger.csv",
      ledger(["ZZ00000001,2026/09/03,折讓,12345675", "ZZ00000002,2026/09/03,作廢折讓,12345675"]),
    ]);
    const report = await computeBlanks(PERIOD, ALLOCATIONS, entries);
    expect(report).toMatchObject({ findings: [], allowancesElsewhere: 2, totals: { used: 3, blank: 47 } });
    const [lacked] = await joinWithLedger(
      entries
        .filter(({ number }) => number === "00000002")
        .slice(0, 1)
        .map(({ track, number }) => ({ line: 2, track, number, cells: {} })),
      from(entries),
    );
    expect(lacked?.known).toMatchObject({ how: "allowance", line: 4 });
  });

  test("c02: a ledger without any column of the status stops, unless it is said to have none", async () => {
    const text = "發票號碼,發票日期,賣方統編\nAB00000000,2026/09/01,12345675\n";
    const bare = { name: "bare.csv", text };
    const asked = await blanksOf([bare]);
    expect(asked.stops).toEqual([[1, "column-missing"]]);
    expect(asked.reports[0]?.questions).toMatchObject([{ about: "column", field: "status" }]);
    expect(await blanksOf([bare], { columns: { status: null } })).toMatchObject({ used: 1, stops: [] });
  });

  test("c03: a comma without quotes in a buyer's name moves nothing; an item proves its invoice", async () => {
    const text = bytesOf("c03-ledger.csv").toString("utf8").replace("0000000000,消費者", "0000000000,Acme, Inc.");
    const { entries, checks, stops } = await entriesOf([
      { name: "c03.csv", text: `${text}D,AB00000005,茶,1,60,60\r\n` },
    ]);
    expect([stops, checks]).toEqual([[], []]);
    expect(entries.map(({ number, how, ubn }) => [number, how, ubn])).toEqual([
      ["00000000", "issued", "12345675"],
      ["00000001", "voided", "12345675"],
      ["00000005", "item", undefined],
    ]);
  });

  test("c03: a cancelled number (註銷) is not blank; issued again it is one use and not odd", async () => {
    expect(await blanksOf(["c03-statuses.csv"])).toMatchObject({ odd: ["cancelled-only"] });
    const pair = ["AB00000000,2026/09/01,已註銷,12345675", "AB00000000,2026/09/02,已開立,12345675"];
    for (const rows of [pair, pair.toReversed(), ["AB00000000,2026/09/01,已開立,12345675", ...pair]]) {
      expect(await blanksOf([ledger(rows)])).toMatchObject({ used: 1, odd: [], stops: [] });
    }
    const twice = ["AB00000000,2026/09/01,已開立,12345675", ...pair, "AB00000000,2026/09/03,已開立,12345675"];
    expect(await blanksOf([ledger(twice)])).toMatchObject({ used: 1, odd: ["used-twice"] });
  });

  test("c04: a damaged byte is a fault only where a needed cell is hit, with its line", async () => {
    const damaged = (row: string): Buffer => {
      const bytes = Buffer.from(`${HEADER},買方名稱\r\nAB00000000,2026/09/01,開立,12345675,甲\r\n${row}\r\n`);
      const at = bytes.lastIndexOf("?");
      bytes[at] = 0xe5;
      return bytes;
    };
    const reading = (row: string) => blanksOf([{ name: "d.csv", text: damaged(row) }]);
    expect(await reading("AB00000001,2026/09/01,開立,12345675,乙?")).toMatchObject({ used: 2, stops: [] });
    expect((await reading("AB00000001,2026/09/01,開立,12345675,乙?")).reports[0]?.damaged).toMatchObject({
      count: 1,
      examples: [{ line: 3 }],
    });
    expect((await reading("AB0000?001,2026/09/01,開立,12345675,乙")).stops).toEqual([[3, "bytes-damaged"]]);
    expect((await reading("AB00000001,2026/09/01,開?,12345675,乙")).stops).toEqual([[3, "bytes-damaged"]]);
    expect((await reading("AB00000001,2026/09/?1,開立,12345675,乙")).stops).toEqual([]);
  });

  test("c05: the day of a time with a zone is the day in Taipei", async () => {
    const { entries } = await entriesOf(["c05-ledger.csv"]);
    expect(entries.map(({ day }) => day)).toEqual(["2026-09-01", "2026-09-01", "2026-11-01"]);
    expect((await blanksOf(["c05-ledger.csv"])).odd).toEqual(["outside-period"]);
  });

  test("c10: what adds up, remarks or stands at the foot is passed over and told; a number that is nearly one stops", async () => {
    const { reports } = await blanksOf(["c10-ledger-1.csv", "c10-ledger-2.csv"]);
    expect(reports[0]?.kinds.find(({ kind }) => kind === "total")).toMatchObject({ count: 1, examples: [{ line: 4 }] });
    expect(reports[1]?.kinds.find(({ kind }) => kind === "title")).toMatchObject({ count: 3 });
    const rows = [
      "AB00000000,2026/09/01,開立,12345675",
      "小計,,,",
      "備註：以上為九月,,,",
      "第 1 頁,,,",
      "列印日期：115/11/05,,,",
    ];
    expect(await blanksOf([ledger(rows)])).toMatchObject({ used: 1, stops: [] });
    for (const cell of ["AB0000001", "5.01E+07", "########", "#N/A", "00000001", "AB0000000l", "A800000001"]) {
      const { stops } = await blanksOf([ledger([...rows, `${cell},2026/09/01,開立,12345675`])]);
      expect([cell, stops.map(([line]) => line)]).toEqual([cell, [7]]);
    }
    expect((await blanksOf([ledger([...rows, ",2026/09/01,開立,12345675"])])).stops.map(([line]) => line)).toEqual([7]);
  });

  test("c10: a number that only a remark names is not counted as blank without a word", async () => {
    const found = await blanksOf([ledger(["AB00000000,2026/09/01,開立,12345675", "備註：AB00000007 換開,,,"])]);
    expect(found).toMatchObject({ odd: expect.arrayContaining(["mentioned-only"]), stops: [] });
    expect(found.blank).not.toContainEqual(expect.stringContaining("00000007"));
  });

  test("c11: track and number in two columns, also with a range", async () => {
    const split = ledger(
      ["AB,00000000,2026/09/01,開立", "ab,００００００01,2026/09/01,作廢"],
      "字軌,號碼,發票日期,狀態",
    );
    expect(await blanksOf([split])).toMatchObject({ blank: ["AB 00000002-00000049"], stops: [] });
    const range = ledger(["AB00000010,AB00000019,115/09/01,開立,10"], "發票起號,發票迄號,發票日期,狀態,張數");
    expect(await blanksOf([range])).toMatchObject({
      blank: ["AB 00000000-00000009", "AB 00000020-00000049"],
      stops: [],
    });
    const wrong = ledger(["AB00000010,AB00000019,115/09/01,開立,9"], "發票起號,發票迄號,發票日期,狀態,張數");
    expect((await blanksOf([wrong])).stops).toEqual([[2, "range-count"]]);
    const inCell = ledger(["AB00000010~AB00000019,2026/09/01,開立,12345675", "AB00000020-00000029,,空白,"]);
    expect(await blanksOf([inCell])).toMatchObject({ used: 10, stops: [] });
  });

  test("c12: a table of a web page that is called .xls is read; a page of a sign-in, an old workbook are named", async () => {
    expect(await blanksOf(["c12-ledger.xls"])).toMatchObject({ used: 0, stops: [] });
    const html =
      "<html><head><style>td{color:red}</style></head><table border=1><tr><th colspan=3>銷項明細</th></tr><tr><th>發票號碼</th><th>發票日期</th><th>狀態</th></tr>" +
      "<tr><td rowspan=2>AB00000000</td><td>115/09/01</td><td>開立</td></tr><tr><td>115/09/01</td><td>開立</td></tr>" +
      "<tr><td>AB-00000001&nbsp;</td><td>115/09/02<td>作&#24290;</tr><tr><td>合計<td>2</table>";
    expect(await blanksOf([{ name: "a.xls", text: html }])).toMatchObject({
      blank: ["AB 00000002-00000049"],
      stops: [],
    });
    const page = await blanksOf([{ name: "a.xls", text: "<!DOCTYPE html><html><body>連線逾時</body></html>" }]);
    expect(page.stops).toEqual([[1, "html-not-csv"]]);
    const old = await blanksOf([{ name: "a.xls", text: Buffer.from("d0cf11e0a1b11ae1", "hex") }]);
    expect(old.stops).toEqual([[0, "old-workbook"]]);
    for (const text of [
      '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>',
      "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n<html><table><tr><td>發票號碼</table></html>",
    ]) {
      expect((await blanksOf([{ name: "a.xls", text }])).stops).toEqual([[0, "old-workbook"]]);
    }
  });

  test("c25: the same number in two systems is told with both, and stays used once; strangers are told", async () => {
    const { entries } = await entriesOf(["c25-ledger-1.csv", "c25-ledger-2.csv"]);
    const { findings, totals, blanks } = await computeBlanks(PERIOD, ALLOCATIONS, entries);
    expect(findings.map(({ code, run, file, line }) => [code, run.begin, file, line])).toEqual([
      ["not-allocated", "00000001", "c25-ledger-2.csv", 4],
      ["outside-period", "00000010", "c25-ledger-2.csv", 3],
      ["used-twice", "00000001", "c25-ledger-2.csv", 2],
      ["gap-in-book", "00000002", "", 0],
    ]);
    const twice = findings.find(({ code }) => code === "used-twice");
    for (const name of ["c25-ledger-1.csv", "c25-ledger-2.csv"]) expect(twice?.text.zh).toContain(name);
    expect([totals.used, blanks.map(formatRange)]).toEqual([3, ["AB 00000002-00000009", "AB 00000011-00000049"]]);
  });
});

describe("teaching a ledger", () => {
  test("an unknown word stops with its line and asks; taught, it is understood", async () => {
    const rows = ["AB00000000,2026/09/01,已結案,12345675", "AB00000001,2026/09/01,存查,12345675", "AB00000002,,未用,"];
    const asked = await blanksOf([ledger(rows)]);
    expect(asked.stops.map(([line, code]) => [line, code])).toEqual([2, 3, 4].map((line) => [line, "status-unknown"]));
    expect(asked.reports[0]?.questions.map(({ word, option }) => [word, option])).toEqual([
      ["已結案", "--statuses 已結案=issued"],
      ["存查", "--statuses 存查=issued"],
      ["未用", "--statuses 未用=issued"],
    ]);
    const taught = { statuses: { 已結案: "issued", 存查: "voided", 未用: "blank" } } as const;
    const known = await blanksOf([ledger(rows)], taught);
    expect(known).toMatchObject({ blank: ["AB 00000002-00000049"], stops: [] });
    expect(known.reports[0]?.taught).toEqual({ columns: {}, statuses: taught.statuses });
  });

  test("an unknown layout shows its first rows and asks for the columns; taught, by names or by positions, it is understood", async () => {
    const foreign = {
      name: "pos.csv",
      text: "單據,字,號,情形,日\nP1,AB,00000000,開立,2026/09/01\nP2,AB,00000001,作廢,2026/09/02\n",
    };
    const asked = await blanksOf([foreign]);
    expect(asked.stops).toHaveLength(1);
    expect(asked.reports[0]).toMatchObject({ layout: null, questions: [{ about: "columns" }] });
    expect(asked.reports[0]?.firstRows[0]?.cells).toEqual(["單據", "字", "號", "情形", "日"]);
    const columns = { track: "字", number: "號", status: "情形", date: "日" };
    expect(await blanksOf([foreign], { columns })).toMatchObject({ blank: ["AB 00000002-00000049"], stops: [] });
    const headless = { name: "h.csv", text: "AB00000000,2026/09/01,開立\nAB00000001,2026/09/02,作廢\n" };
    expect((await blanksOf([headless])).stops).toHaveLength(1);
    const positions = { number: "#1", date: "#2", status: "#3" };
    expect(await blanksOf([headless], { columns: positions })).toMatchObject({
      blank: ["AB 00000002-00000049"],
      stops: [],
    });
  });

  test("two columns that could both be it are asked for, and what is said decides", async () => {
    const both = ledger(["AB00000000,2026/09/01,開立,已上傳"], "發票號碼,發票日期,發票狀態,狀態");
    expect((await blanksOf([both])).stops).toEqual([[1, "column-ambiguous"]]);
    expect(await blanksOf([both], { columns: { status: "發票狀態" } })).toMatchObject({ used: 1, stops: [] });
  });

  test("issuing that has not ended stops where the row has a number, and is passed over where it has none", async () => {
    const rows = ["AB00000000,2026/09/01,開立,12345675", ",2026/09/01,待開立,12345675"];
    expect(await blanksOf([ledger(rows)])).toMatchObject({ used: 1, stops: [] });
    for (const word of ["待開立", "開立失敗", "未開立"]) {
      const { stops } = await blanksOf([ledger([...rows, `AB00000001,2026/09/01,${word},12345675`])]);
      expect([word, stops]).toEqual([word, [[4, "status-unknown"]]]);
    }
  });
});

describe("the media file of a VAT return (媒體申報檔)", () => {
  const record = (
    format: string,
    number: string,
    taxType: string,
    { buyer = "", seller = "12345675", mark = "" } = {},
  ): string =>
    `${format}123456789000000111510${buyer.padEnd(8)}${seller.padEnd(8)}${number}${"0".repeat(12)}${taxType}${"0".repeat(10)}${" ".repeat(7)}${mark.padEnd(1)} `;
  const records = [
    record("35", "AB00000000", "1", { buyer: "24681353" }),
    record("35", "AB00000001", "F"),
    record("32", "AB00000002", "1", { buyer: "00000004", mark: "A" }),
    record("33", "AB00000005", "1"),
    record("21", "ZZ00000009", "1"),
    record("35", "AB00000010", "D", { buyer: "00000049", mark: "A" }),
  ];

  test.each([
    ["a record a line", `${records.join("\r\n")}\r\n`],
    ["one behind the other", records.join("")],
    ["with the blanks at the ends cut", `${records.map((one) => one.trimEnd()).join("\n")}\n`],
  ])("is read with voids, ranges, allowances and blanks: %s", async (_what, text) => {
    expect(records.every((one) => one.length === 81)).toBe(true);
    const found = await blanksOf([{ name: "12345675.TXT", text }]);
    expect(found).toMatchObject({ blank: ["AB 00000006-00000049"], used: 6, stops: [] });
    expect(found.reports[0]?.layout?.id).toBe("media-file");
  });

  test("says the period of its records; the mark that ended files long ago ends it", async () => {
    const of = (period: string): string => record("35", "AB00000001", "1").replace("11510", period);
    const whole = { name: "m.txt", text: `${of("11509")}\u001a` };
    expect(await blanksOf([whole])).toMatchObject({ used: 1, stops: [], odd: ["gap-in-book"] });
    expect((await blanksOf([{ name: "m.txt", text: `${of("11508")}\r\n` }])).odd).toContain("outside-period");
  });

  test("stops at a code that is not known, at a summary without its end and at a damaged record", async () => {
    for (const wrong of [
      record("35", "AB00000006", "X"),
      record("39", "AB00000006", "1"),
      record("32", "AB00000006", "1", { mark: "A" }),
      record("32", "AB00000006", "1", { buyer: "00000009", mark: "B" }),
      record("35", "AB0000006 ", "1"),
      "35123",
    ]) {
      const { stops } = await blanksOf([{ name: "m.txt", text: `${[...records, wrong].join("\r\n")}\r\n` }]);
      expect([wrong, stops.map(([line]) => line)]).toEqual([wrong, [7]]);
    }
  });
});

describe("the media file as a table", () => {
  test.each([
    [
      "with the official names and words for codes",
      "格式代號,統一發票字軌號碼,買受人統一編號,銷售人統一編號,課稅別,彙加註記\n35,AB00000000,,12345675,應稅,\n35,AB00000001,,12345675,作廢,\n35,AB00000002,00000049,12345675,空白,A\n",
    ],
    [
      "with track and digits apart",
      "格式代號,統一發票字軌,統一發票號碼,買受人統一編號,課稅別\n35,AB,00000000,,1\n32,AB,00000001,24681353,F\n35,AB,00000002,00000049,D\n",
    ],
  ])("%s", async (_what, text) => {
    expect(await blanksOf([{ name: "m.csv", text }])).toMatchObject({ blank: ["AB 00000002-00000049"], stops: [] });
  });

  test("a period in it is the invoice's where no date is: another one is told", async () => {
    const text = (period: string, number: string): string =>
      `格式代號,資料所屬年月,統一發票字軌號碼,課稅別\n35,${period},${number},1\n`;
    expect((await blanksOf([{ name: "m.csv", text: text("11509", "AB00000049") }])).odd).toEqual(["gap-in-book"]);
    expect((await blanksOf([{ name: "m.csv", text: text("11508", "AB00000049") }])).odd).toContain("outside-period");
    expect((await blanksOf([{ name: "m.csv", text: text("11508", "YZ00000049") }])).odd).toEqual(["other-period"]);
  });
});

async function* from<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  yield* values;
}
