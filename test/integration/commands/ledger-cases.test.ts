import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeXlsx } from "hucre/xlsx";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { command } from "../../support/kit/installation/command.ts";
import { type Ended, envelopeOf } from "../../support/kit/installation/robot-process.ts";
import { type Workplace, workplace } from "../../support/kit/installation/workplace.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

/** Ledgers from practice (`test/fixtures/cases`) on the command line: the right value of each, or the line at which it stops. */

const CASES = join(import.meta.dirname, "../../fixtures/cases");
const caseFile = (name: string): string => join(CASES, name);

const answer = z.looseObject({
  blanks: z.array(z.looseObject({ track: z.string(), begin: z.string(), end: z.string() })),
  totals: z.array(z.looseObject({ used: z.int(), blank: z.int() })).optional(),
  odd: z.array(z.looseObject({ code: z.string(), line: z.int() })),
  anomalies: z.array(z.looseObject({ code: z.string(), text: z.string() })).optional(),
  allowancesElsewhere: z.int().optional(),
  memory: z.array(z.string()),
  faults: z.array(z.looseObject({ line: z.int(), code: z.string(), remedy: z.string() })),
  readings: z.array(
    z.looseObject({
      rows: z.int(),
      layout: z.looseObject({ id: z.string() }).nullable(),
      kinds: z.array(z.looseObject({ kind: z.string(), count: z.int() })),
      questions: z.array(z.looseObject({ option: z.string() })),
      damaged: z.looseObject({ count: z.int() }),
    }),
  ),
});

async function blank(
  place: Workplace,
  ledgers: readonly string[],
  more: readonly string[] = [],
  tracks = caseFile("tracks.csv"),
): Promise<{ ended: Ended; data: z.infer<typeof answer>; runs: string }> {
  const out = join(place.folder, `out-${Math.random()}`);
  const words = ["files", "blank", "--tracks", tracks, "--invoices", ...ledgers, "--out", out];
  const ended = await command(place, [...words, ...more, "--json"]);
  const data = answer.parse(envelopeOf(ended).data);
  for (const { rows, kinds } of data.readings) expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
  return { ended, data, runs: data.blanks.map(({ begin, end }) => `${begin}-${end}`).join(" ") };
}

describe("files blank on ledgers from practice", () => {
  test.each([
    ["c01: allowances prove uses", "c01-ledger.csv", "00000003-00000049", 3, "invoice-table"],
    [
      "c02: a status column of another name, and rows that say blank",
      "c02-ledger.csv",
      "00000002-00000049",
      2,
      "invoice-table",
    ],
    ["c03: the portal's own list", "c03-ledger.csv", "00000002-00000049", 2, "portal-list"],
    ["c03: the portal's words", "c03-statuses.csv", "00000006-00000049", 6, "invoice-table"],
    ["c04: Big5 with a character of nobody's", "c04-ledger.csv", "00000002-00000049", 2, "invoice-table"],
    ["c04: half a character", "c04-ledger-2.csv", "00000003-00000049", 3, "invoice-table"],
    ["c05: times in another zone", "c05-ledger.csv", "00000003-00000049", 3, "invoice-table"],
    ["c07: a row an item", "c07-ledger.csv", "00000002-00000049", 2, "item-table"],
    ["c10: a total", "c10-ledger-1.csv", "00000002-00000049", 2, "invoice-table"],
    ["c10: titles", "c10-ledger-2.csv", "00000002-00000049", 2, "invoice-table"],
    ["c11: spellings of numbers", "c11-ledger-2.csv", "00000003-00000049", 3, "invoice-table"],
  ])("%s", async (_what, name, runs, used, layout) => {
    const found = await blank(await workplace(), [caseFile(name)]);
    expect([found.ended.code, found.runs, found.data.totals?.[0]?.used]).toEqual([0, runs, used]);
    expect(found.data.readings[0]?.layout?.id).toBe(layout);
  });

  test("c01: an allowance of a number that was never allocated is left aside and counted", async () => {
    const place = await workplace();
    const ledger = await place.put(
      "a.csv",
      `${readFileSync(caseFile("c01-ledger.csv"), "utf8").trimEnd()}\nZZ00000009,2026/09/03,折讓,12345675\n`,
    );
    const { data, runs } = await blank(place, [ledger]);
    expect([runs, data.allowancesElsewhere, data.odd]).toEqual(["00000003-00000049", 1, []]);
  });

  test("c02: without a column of the status it stops and asks, unless it is said that there is none", async () => {
    const place = await workplace();
    const ledger = await place.put("bare.csv", "發票號碼,發票日期,賣方統編\nAB00000000,2026/09/01,12345675\n");
    const asked = await blank(place, [ledger]);
    expect([asked.ended.code, asked.data.blanks, asked.data.faults.map(({ code }) => code)]).toEqual([
      1,
      [],
      ["column-missing"],
    ]);
    expect(asked.data.readings[0]?.questions[0]?.option).toContain("--columns status=");
    expect((await blank(place, [ledger], ["--columns", "status="])).runs).toBe("00000001-00000049");
    const configured = await workplace({ files: { ledger: { columns: { status: null } } } });
    expect((await blank(configured, [ledger])).runs).toBe("00000001-00000049");
  });

  test("c05: what is dated in the next month only in Greenwich is told with its day in Taipei", async () => {
    const { data } = await blank(await workplace(), [caseFile("c05-ledger.csv")]);
    expect(data.odd).toMatchObject([{ code: "outside-period", line: 4, text: expect.stringContaining("2026-11-01") }]);
  });

  test("c12: tables of web pages called .xls and workbooks are read; an old workbook says the way out", async () => {
    const place = await workplace();
    const rows = ["發票號碼,發票日期,狀態", "AB00000000,115/09/01,開立", "AB00000001,115/09/02,已折讓"].map((row) =>
      row.split(","),
    );
    const table = rows.map((cells) => `<tr><td>${cells.join("</td><td>")}</td></tr>`).join("");
    const html = await place.put("l.xls", `<html><table>${table}</table></html>`);
    const xlsx = await place.put("l.xlsx", await writeXlsx({ sheets: [{ name: "明細", rows }] }));
    for (const path of [html, xlsx]) expect((await blank(place, [path])).runs).toBe("00000002-00000049");
    const old = await blank(place, [await place.put("o.xls", Buffer.from("d0cf11e0a1b11ae100", "hex"))]);
    expect([old.ended.code, old.data.faults[0]?.code]).toEqual([1, "old-workbook"]);
    expect(old.data.faults[0]?.remedy).toContain("另存");
  });

  test("c21, c22: tracks whose text is damaged or whose period is spelled otherwise count as what they are", async () => {
    for (const tracks of ["c21-tracks.csv", "c22-tracks.csv", "c23-tracks.csv"]) {
      const place = await workplace();
      const ledger = await place.put("l.csv", "發票號碼,發票日期,狀態\nAB00000000,2026/09/01,開立\n");
      expect((await blank(place, [ledger], [], caseFile(tracks))).runs).toBe("00000001-00000049");
    }
  });

  test("c25: two systems, a wrong period and a strange track stay told", async () => {
    const { data, runs } = await blank(await workplace(), ["c25-ledger-1.csv", "c25-ledger-2.csv"].map(caseFile));
    expect(runs).toBe("00000002-00000009 00000011-00000049");
    expect(data.odd.map(({ code, line }) => [code, line])).toEqual([
      ["not-allocated", 4],
      ["outside-period", 3],
      ["used-twice", 2],
      ["gap-in-book", 0],
    ]);
    expect(data.anomalies?.map(({ code }) => code)).toContain("overlapping-files");
  });
});

describe("files check on ledgers from practice", () => {
  const checked = z.looseObject({
    files: z.array(
      z.looseObject({
        path: z.string(),
        kind: z.string(),
        ok: z.boolean(),
        faults: z.array(z.looseObject({ line: z.int() })),
      }),
    ),
  });

  test("every one of them is a ledger and right; their rows add up", async () => {
    const names = [
      "c01-ledger",
      "c02-ledger",
      "c03-ledger",
      "c03-statuses",
      "c04-ledger",
      "c04-ledger-2",
      "c05-ledger",
      "c07-ledger",
      "c10-ledger-1",
      "c10-ledger-2",
      "c11-ledger-2",
      "c25-ledger-1",
      "c25-ledger-2",
    ];
    const paths = names.map((name) => caseFile(`${name}.csv`));
    const ended = await command(await workplace(), ["files", "check", ...paths, caseFile("c12-ledger.xls"), "--json"]);
    expectExit(ended, 0);
    const { files } = checked.parse(envelopeOf(ended).data);
    expect(files.map(({ ok }) => ok)).toEqual(files.map(() => true));
    expect(new Set(files.map(({ kind }) => kind))).toEqual(new Set(["ledger"]));
  });

  test("a word that nobody knows ends it with its line and the option that says it; said, it is right", async () => {
    const place = await workplace();
    const ledger = await place.put(
      "l.csv",
      "發票號碼,發票日期,狀態\nAB00000000,2026/09/01,開立\nAB00000001,2026/09/01,已結案\n",
    );
    const asked = await command(place, ["files", "check", ledger]);
    expect([asked.code, asked.stdout]).toEqual([1, expect.stringContaining("--statuses 已結案=issued")]);
    expect(asked.stdout).toContain("第 3 行");
    const said = await command(place, ["files", "check", ledger, "--statuses", "已結案=issued"]);
    expect([said.code, said.stdout]).toEqual([0, expect.stringMatching(/狀態「已結案」1 列：開立/)]);
  });
});

describe("what the upload would show stands in files blank, too", () => {
  const rows = (count: number, day = "09/01"): string =>
    Array.from({ length: count }, (_, at) => `AB${String(at).padStart(8, "0")},2026/${day},開立,12345675\n`).join("");
  const HEADER = "發票號碼,發票日期,狀態,賣方統編\n";

  test("a ledger that ends early is told with its figures, and the files are there", async () => {
    const place = await workplace();
    const { ended, data } = await blank(place, [await place.put("l.csv", `${HEADER}${rows(3)}`)]);
    expectExit(ended, 0);
    expect(data.anomalies).toMatchObject([{ code: "ends-early", text: expect.stringContaining("還有 60 天") }]);
    const shown = await command(place, [
      "files",
      "blank",
      "--tracks",
      caseFile("tracks.csv"),
      "--invoices",
      join(place.folder, "l.csv"),
      "--out",
      join(place.folder, "o"),
    ]);
    expect(shown.stdout).toMatch(/上傳前要有人看過（1）：\n {2}⚠ 明細最後一張發票是 2026-09-01/);
  });

  test("an empty ledger, or one of other numbers, is a person's to look at: the files are there and it does not end with 0", async () => {
    const place = await workplace();
    for (const text of [HEADER, `${HEADER}ZZ00000001,2026/09/01,開立,12345675\n`]) {
      const { ended, data, runs } = await blank(place, [await place.put("l.csv", text)]);
      expect([ended.code, runs]).toEqual([3, "00000000-00000049"]);
      expect(envelopeOf(ended)).toMatchObject({
        ok: false,
        failure: { code: "person-needed", message: expect.stringContaining("50 號都會報成空白") },
      });
      expect(data.anomalies?.map(({ code }) => code)).toContain("none-used");
    }
  });

  test("a machine that stops weeks before the others is told by its name, whatever the column is called", async () => {
    for (const column of ["機台", "收銀機號", "門市名稱", "店別"]) {
      const place = await workplace();
      const row = (number: number, day: string, of: string): string =>
        `AB${String(number).padStart(8, "0")},2026/${day},開立,12345675,${of}\n`;
      const text = `${HEADER.trim()},${column}\n${row(0, "09/01", "A 機")}${row(1, "10/30", "A 機")}${row(2, "09/10", "B 機")}`;
      const { data } = await blank(place, [await place.put("l.csv", text)]);
      expect(data.anomalies).toContainEqual({ code: "place-ends-early", text: expect.stringContaining("「B 機」") });
    }
  });

  test("a branch of whose own numbers nothing was used is told", async () => {
    const place = await workplace({ files: { branches: [{ head: "12345675", branches: ["01234569"] }] } });
    const header = readFileSync(caseFile("tracks.csv"), "utf8").split(/\r?\n/)[0] ?? "";
    const tracks = await place.put(
      "t.csv",
      `${header}\n12345675,7,一般稅額計算,115/09 ~ 115/10,AB,00000000,00000099\n`,
    );
    const passed = await place.put(
      "p.csv",
      `${header}\n01234569,7,一般稅額計算,115/09 ~ 115/10,AB,00000050,00000099\n`,
    );
    const { data } = await blank(
      place,
      [await place.put("l.csv", `${HEADER}${rows(3)}`)],
      ["--branches", passed],
      tracks,
    );
    expect(data.anomalies).toContainEqual({ code: "nothing-of-branch", text: expect.stringContaining("01234569") });
  });
});

describe("what the command line is told of a ledger", () => {
  const WORDS =
    "發票號碼,發票日期,狀態,賣方統編\nAB00000000,2026/09/01,已結案,12345675\nAB00000001,2026/10/30,開立,12345675\n";
  const STRANGE = "單據,字,號,情形,日\nP1,AB,00000000,開立,2026/09/01\nP2,AB,00000001,作廢,2026/10/30\n";
  const TRACKS = readFileSync(caseFile("tracks.csv"), "utf8");

  test.each([
    ["words", WORDS, ["--statuses", "已結案=issued"]],
    ["columns", STRANGE, ["--columns", "track=字", "number=號", "status=情形", "date=日"]],
  ])(
    "is kept for the company and the layout, shown again when it applies, and only offered to another: %s",
    async (_what, text, words) => {
      const place = await workplace();
      const ledger = await place.put("l.csv", text);
      const asked = await blank(place, [ledger]);
      expect([asked.ended.code, asked.data.memory]).toEqual([1, []]);
      const said = await blank(place, [ledger], words);
      expect([said.ended.code, said.runs]).toEqual([0, "00000002-00000049"]);
      expect(said.data.memory).toEqual([expect.stringContaining("已記在 12345675")]);
      const again = await blank(place, [await place.put("october.csv", text)]);
      expect([again.ended.code, again.runs]).toEqual([0, "00000002-00000049"]);
      expect(again.data.memory).toEqual([
        expect.stringMatching(/october\.csv 沿用 2\d{3}\/\d\d\/\d\d .+ 對這家公司這種明細的說明/),
      ]);
      const shown = await command(place, [
        "files",
        "blank",
        "--tracks",
        caseFile("tracks.csv"),
        "--invoices",
        ledger,
        "--out",
        join(place.folder, "o"),
      ]);
      expect(shown.stdout).toContain("沿用");

      const tracks = await place.put("t.csv", TRACKS.replaceAll("12345675", "04595257"));
      const other = await blank(place, [await place.put("o.csv", text.replaceAll("12345675", "04595257"))], [], tracks);
      expect([other.ended.code, other.data.blanks]).toEqual([1, []]);
      expect(other.data.memory).toEqual([expect.stringMatching(/別家公司（12345675）說明過，沒有套用/)]);
      expect(other.data.memory[0]).toContain(words.join(" "));
    },
  );

  test("files check keeps it, too, for the one seller of the ledger, and shows it again", async () => {
    const place = await workplace();
    const ledger = await place.put("l.csv", WORDS);
    const check = (...words: string[]): Promise<Ended> => command(place, ["files", "check", ledger, ...words]);
    expectExit(await check(), 1);
    expect(await check("--statuses", "已結案=issued")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("已記在 12345675"),
    });
    expect(await check()).toMatchObject({ code: 0, stdout: expect.stringContaining("沿用") });
    const other = await place.put("o.csv", WORDS.replaceAll("12345675", "04595257"));
    const offered = await command(place, ["files", "check", other]);
    expect(offered).toMatchObject({ code: 1, stdout: expect.stringContaining("別家公司（12345675）說明過，沒有套用") });
  });

  test("of a run is kept before the run begins, and is the same for files blank; without a ledger it is wrong use", async () => {
    const place = await workplace({ companies: [{ name: "晨光小舖", ubn: "12345675" }] });
    const ledger = await place.put("l.csv", WORDS);
    const words = ["run", "upload-blank-numbers", "--company", "12345675", "--period", "11510", "--detach", "--json"];
    const begun = await command(place, [...words, "--invoices", ledger, "--statuses", "已結案=issued"]);
    expect([begun.code, begun.stderr]).toEqual([0, expect.stringContaining("已記在 12345675")]);
    expect((await blank(place, [ledger])).data.memory).toEqual([expect.stringContaining("沿用")]);
    const none = await command(place, [...words, "--file", ledger, "--statuses", "已結案=issued"]);
    expect([none.code, envelopeOf(none).failure?.code]).toEqual([2, "wrong-use"]);
    const other = [
      "run",
      "take-tracks",
      "--company",
      "12345675",
      "--period",
      "11512",
      "--statuses",
      "a=issued",
      "--json",
    ];
    expectExit(await command(place, other), 2);
  });

  test("may hold blanks and commas, and what it offers to another company can be typed as it stands", async () => {
    const place = await workplace();
    const text =
      'Invoice No,Issued on,State of it\nAB00000000,2026/09/01,"open, printed"\nAB00000001,2026/10/30,never used\n';
    const ledger = await place.put("l.csv", text);
    const words = ["--columns", "number=Invoice No", "date=Issued on", "status=State of it", "seller="];
    const statuses = ["--statuses", "open, printed=issued", "never used=blank"];
    expect((await blank(place, [ledger], [...words, ...statuses])).runs).toBe("00000001-00000049");
    const tracks = await place.put("t.csv", TRACKS.replaceAll("12345675", "04595257"));
    const [offer = ""] = (await blank(place, [ledger], [], tracks)).data.memory;
    expect(offer).toContain('--columns "number=Invoice No" "date=Issued on" "status=State of it" seller=');
    expect(offer).toContain('"open, printed=issued" "never used=blank"');
  });

  test("is of its layout: with other columns it is asked anew", async () => {
    const place = await workplace();
    await blank(place, [await place.put("l.csv", WORDS)], ["--statuses", "已結案=issued"]);
    const other = await place.put("m.csv", WORDS.replace("賣方統編", "賣方統一編號"));
    expect((await blank(place, [other])).ended.code).toBe(1);
  });

  test("of a word that says the opposite later, the later word counts", async () => {
    const place = await workplace();
    const ledger = await place.put("l.csv", WORDS);
    await blank(place, [ledger], ["--statuses", "已結案=issued"]);
    await blank(place, [ledger], ["--statuses", "已結案=blank"]);
    // The first saying made it understood; the second is asked for by the option and kept.
    expect((await blank(place, [ledger])).runs).toBe("00000000-00000000 00000002-00000049");
  });

  test("of tracks of several companies nothing is kept, and it says so", async () => {
    const place = await workplace();
    const [header, row = ""] = TRACKS.split(/\r?\n/);
    const tracks = await place.put(
      "t.csv",
      [header, row, row.replace("12345675", "04595257").replace(",AB,", ",CD,"), ""].join("\n"),
    );
    const said = await blank(place, [await place.put("l.csv", WORDS)], ["--statuses", "已結案=issued"], tracks);
    expect(said.data.memory).toEqual([expect.stringContaining("沒有記住")]);
  });

  test.each(["已結案", "已結案=used", "price=5"])(
    "%s is no word for it: wrong use, and nothing is read",
    async (word) => {
      const place = await workplace();
      const ended = await command(place, [
        "files",
        "blank",
        "--tracks",
        caseFile("tracks.csv"),
        "--invoices",
        caseFile("c01-ledger.csv"),
        "--out",
        join(place.folder, "o"),
        "--statuses",
        word,
        "--json",
      ]);
      expect([ended.code, envelopeOf(ended).failure?.code]).toEqual([2, "wrong-use"]);
    },
  );
});
