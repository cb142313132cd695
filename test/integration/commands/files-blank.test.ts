import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { encodeText } from "../../../robot/invoicing/reading/encoding.ts";
import { readE0402 } from "../../../robot/invoicing/blank-numbers/e0402.ts";
import { faultSchema } from "../../support/kit/fault.ts";
import { expectReadable } from "../../support/kit/record/record.ts";
import { command } from "../../support/kit/installation/command.ts";
import { type Ended, envelopeOf } from "../../support/kit/installation/robot-process.ts";
import { type Workplace, workplace } from "../../support/kit/installation/workplace.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const savedFile = z.strictObject({ name: z.string(), path: z.string(), sha256: z.string() });
const blankSchema = z.looseObject({
  blanks: z.array(
    z.strictObject({
      ubn: z.string(),
      headUbn: z.string().optional(),
      period: z.string(),
      category: z.string(),
      track: z.string(),
      begin: z.string(),
      end: z.string(),
    }),
  ),
  odd: z.array(z.looseObject({ code: z.string(), file: z.string(), line: z.int(), text: z.string() })),
  files: z.array(savedFile),
});

const TRACK_HEADER = "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號";
const TRACKS = `${TRACK_HEADER}\r\n12345675,7,一般稅額計算,115/09 ~ 115/10,AB,00000000,00000149\r\n`;
const LEDGER_HEADER = "發票號碼,發票日期,狀態,賣方統編";

/** Invoices from AB00000000 on, all issued on one day. */
function invoices(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, index) => `AB${String(index).padStart(8, "0")},2026/09/01,開立,12345675`,
  );
  return `${[LEDGER_HEADER, ...rows].join("\r\n")}\r\n`;
}

/** `files blank` on a track file and a ledger. */
async function blank(
  place: Workplace,
  { tracks = TRACKS, ledger, more = [] }: { tracks?: string; ledger: string | Uint8Array; more?: readonly string[] },
): Promise<Ended & { readonly out: string }> {
  const out = join(place.folder, "out", "new");
  const files = [
    "--tracks",
    await place.put("tracks.csv", tracks),
    "--invoices",
    await place.put("ledger.csv", ledger),
  ];
  return { ...(await command(place, ["files", "blank", ...files, "--out", out, ...more, "--json"])), out };
}

function dataOf(ended: Ended): z.infer<typeof blankSchema> {
  return blankSchema.parse(envelopeOf(ended).data);
}

/** Runs as short texts: `12345675 07 AB 00000003-00000149`. */
function runsOf(ended: Ended): string[] {
  return dataOf(ended).blanks.map(
    ({ ubn, category, track, begin, end }) => `${ubn} ${category} ${track} ${begin}-${end}`,
  );
}

describe("files blank", () => {
  test("writes the blank numbers as upload file and E0402 into a new folder, each with its SHA-256", async () => {
    const ended = await blank(await workplace(), { ledger: invoices(3) });
    expect([ended.code, envelopeOf(ended).command]).toEqual([0, "files blank"]);
    const { blanks, odd, files } = dataOf(ended);
    const run = { period: "11510", category: "07", track: "AB", begin: "00000003", end: "00000149" };
    expect(blanks).toEqual([{ ubn: "12345675", ...run }]);
    expect(odd).toEqual([]);
    expect(files.map(({ name, path }) => [name, path])).toEqual(
      ["blank-12345675-11510.csv", "E0402-12345675-11510-07-AB.xml"].map((name) => [name, join(ended.out, name)]),
    );
    expect(readdirSync(ended.out).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
    for (const { path, sha256 } of files) {
      expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(sha256);
    }
    expect(readFileSync(files[0]?.path ?? "", "utf8")).toBe("00001,12345675,11510,AB,00000003,00000149,07\r\n");
    expect(readE0402(readFileSync(files[1]?.path ?? ""))).toMatchObject({ faults: [], rows: [run] });
  });

  test("a void invoice has used its number, and so has one of which there is an allowance; Big5 reads the same", async () => {
    const rows = ["AB00000000,2026/09/01,作廢,12345675", "AB00000149,2026/09/01,折讓,12345675"];
    const ledger = encodeText(`${LEDGER_HEADER}\r\n${rows.join("\r\n")}\r\n`, "big5");
    expect(runsOf(await blank(await workplace(), { ledger }))).toEqual(["12345675 07 AB 00000001-00000148"]);
  });

  test("says everything that is odd, with where it stands", async () => {
    const rows = [
      "AB00000000,2026/09/02,開立,12345675",
      "AB00000002,2026/09/03,開立,12345675",
      "AB00000003,2026/09/01,開立,12345675",
      "AB00000003,2026/09/01,開立,12345675",
      "AB00000100,2026/11/05,開立,12345675",
      "ZZ00000000,2026/09/01,開立,12345675",
    ];
    const ended = await blank(await workplace(), { ledger: `${[LEDGER_HEADER, ...rows].join("\n")}\n` });
    expectExit(ended, 0);
    const { odd } = dataOf(ended);
    expect(odd.map(({ code, line }) => [code, line])).toEqual([
      ["not-allocated", 7],
      ["outside-period", 6],
      ["used-twice", 5],
      ["gap-in-book", 0],
      ["out-of-order", 0],
      ["used-after-blank", 0],
    ]);
    expect(odd.filter(({ line }) => line > 0).map(({ file }) => file.endsWith("ledger.csv"))).toEqual([
      true,
      true,
      true,
    ]);
    for (const { text } of odd) expectReadable({ message: text, next: text });
  });

  test("several ledgers and a list of used numbers count together", async () => {
    const place = await workplace();
    const files = await Promise.all([
      place.put("tracks.csv", TRACKS),
      place.put("september.csv", `${LEDGER_HEADER}\nAB00000000,2026/09/01,開立,12345675\n`),
      place.put("october.csv", `${LEDGER_HEADER}\nAB00000001,2026/10/01,開立,12345675\n`),
      place.put("used.txt", "AB00000001\nAB00000002\n"),
    ]);
    const [tracks, september, october, used] = files;
    const words = ["--tracks", tracks, "--invoices", september, october, "--used", used];
    const ended = await command(place, ["files", "blank", ...words, "--out", join(place.folder, "out"), "--json"]);
    expect(runsOf(ended)).toEqual(["12345675 07 AB 00000003-00000149"]);
    expect(dataOf(ended).odd).toEqual([]);
  });

  test.each([
    ["by their names here", ["number=單號", "date=日", "status=", "seller="]],
    ["by their usual names, with commas", ["發票號碼=單號,發票日期=日,狀態=,賣方統編="]],
  ])("other columns are given %s", async (_how, pairs) => {
    const ended = await blank(await workplace(), {
      ledger: "日,單號\n2026/09/01,AB00000000\n",
      more: ["--columns", ...pairs],
    });
    expect(runsOf(ended)).toEqual(["12345675 07 AB 00000001-00000149"]);
    expect(envelopeOf(ended).data).toMatchObject({ faults: [] });
  });

  test("the same files again are left as they are; other content of the same name is never overwritten", async () => {
    const place = await workplace();
    const first = await blank(place, { ledger: invoices(3) });
    const again = await blank(place, { ledger: invoices(3) });
    expect([again.code, dataOf(again).files]).toEqual([0, dataOf(first).files]);
    const [upload] = dataOf(first).files;
    const before = await readFile(upload?.path ?? "");
    await writeFile(join(first.out, "E0402-12345675-11510-07-AB.xml"), "不是我們的");
    const other = await blank(place, { ledger: invoices(4) });
    expect([other.code, envelopeOf(other).failure?.code]).toEqual([2, "wrong-use"]);
    expect(envelopeOf(other).failure?.message).toContain("E0402-12345675-11510-07-AB.xml");
    expect(await readFile(upload?.path ?? "")).toEqual(before);
    expect(await readFile(join(first.out, "E0402-12345675-11510-07-AB.xml"), "utf8")).toBe("不是我們的");
    expect(readdirSync(first.out).length).toBe(2);
  });

  test.each([
    ["a number that Excel damaged", `${invoices(3)}5.01E+07,2026/09/01,開立,12345675\r\n`, "5.01E+07"],
    ["a status that nobody knows", `${invoices(3)}AB00000003,2026/09/01,取消,12345675\r\n`, "取消"],
    ["an empty status", `${invoices(3)}AB00000003,2026/09/01,,12345675\r\n`, "第 5 行"],
    ["no column of the status", "發票號碼,發票日期\r\nAB00000003,2026/09/01\r\n", "狀態"],
    ["a ledger that breaks off in a quotation", `${invoices(3)}AB00000003,"2026/09/01\r\n`, "第 5 行"],
    ["a web page in place of the ledger", "<!DOCTYPE html><html>逾時</html>", "網頁"],
  ])("with %s nothing is written, as a used number might be reported as blank", async (_what, ledger, named) => {
    const ended = await blank(await workplace(), { ledger });
    const { ok, data, failure } = envelopeOf(ended);
    expect([ended.code, ok, failure?.code]).toEqual([1, false, "file-invalid"]);
    expect(failure?.message).toContain(named);
    expect(data).toMatchObject({ blanks: [], files: [] });
    expect(existsSync(ended.out)).toBe(false);
  });

  test("a date or seller that can't be read is told, and changes no blank number", async () => {
    const rows = ["AB00000000,########,開立,12345675", "AB00000001,2026/09/01,開立,1234567"];
    const ended = await blank(await workplace(), { ledger: `${[LEDGER_HEADER, ...rows].join("\n")}\n` });
    expect(runsOf(ended)).toEqual(["12345675 07 AB 00000002-00000149"]);
    expect(z.looseObject({ faults: z.array(faultSchema) }).parse(envelopeOf(ended).data).faults).toMatchObject([
      { line: 2, column: "發票日期", value: "########" },
      { line: 3, column: "賣方統編", value: "1234567" },
    ]);
  });

  test("a damaged track file is refused with its line", async () => {
    const ended = await blank(await workplace(), { tracks: TRACKS.replace("00000149", "149"), ledger: invoices(3) });
    expect([ended.code, envelopeOf(ended).failure?.code]).toEqual([1, "file-invalid"]);
    expect(envelopeOf(ended).failure?.message).toMatch(/第 2 行　發票迄號　被 Excel 去掉了前面的 0/);
    expect(existsSync(ended.out)).toBe(false);
  });

  test("a head office uploads for its branches: one upload file, E0402 messages that name both", async () => {
    const place = await workplace({ files: { branches: [{ head: "12345675", branches: ["24681353"] }] } });
    const tracks = `${TRACKS}24681353,7,一般稅額計算,115/09 ~ 115/10,CD,00000000,00000049\r\n`;
    const passed = `${TRACK_HEADER}\r\n01234569,7,一般稅額計算,115/09 ~ 115/10,AB,00000050,00000099\r\n`;
    const ended = await blank(place, {
      tracks,
      ledger: invoices(3),
      more: ["--branches", await place.put("passed.csv", passed)],
    });
    expect(
      dataOf(ended).blanks.map(({ ubn, headUbn, track, begin, end }) => [ubn, headUbn, track, begin, end]),
    ).toEqual([
      ["01234569", "12345675", "AB", "00000050", "00000099"],
      ["12345675", undefined, "AB", "00000003", "00000049"],
      ["12345675", undefined, "AB", "00000100", "00000149"],
      ["24681353", "12345675", "CD", "00000000", "00000049"],
    ]);
    const { files } = dataOf(ended);
    expect(files.filter(({ name }) => name.endsWith(".csv")).map(({ name }) => name)).toEqual([
      "blank-12345675-11510.csv",
    ]);
    const heads = files
      .filter(({ name }) => name.endsWith(".xml"))
      .map(({ path }) => readE0402(readFileSync(path)))
      .map(({ headUbn, rows }) => [headUbn, rows[0]?.ubn]);
    expect(heads).toEqual([
      ["12345675", "01234569"],
      ["12345675", "12345675"],
      ["12345675", "24681353"],
    ]);
  });

  test("each period of the track file is computed by itself, or only the one that is asked for", async () => {
    const place = await workplace();
    const tracks = `${TRACKS}12345675,7,一般稅額計算,115/07 ~ 115/08,CD,00000000,00000049\r\n`;
    const ledger = `${invoices(3)}CD00000000,2026/08/31,開立,12345675\r\n`;
    const all = await blank(place, { tracks, ledger });
    expect(dataOf(all).blanks.map(({ period, begin }) => [period, begin])).toEqual([
      ["11508", "00000001"],
      ["11510", "00000003"],
    ]);
    const one = await blank(place, { tracks, ledger, more: ["--period", "2026年09-10期"] });
    expect(dataOf(one).blanks.map(({ period }) => period)).toEqual(["11510"]);
    expect(dataOf(one).odd.map(({ code }) => code)).toEqual(["other-period"]);
  });

  test("everything used leaves nothing to upload, and says so", async () => {
    const place = await workplace();
    const files = ["--tracks", await place.put("t.csv", TRACKS), "--invoices", await place.put("i.csv", invoices(150))];
    const ended = await command(place, ["files", "blank", ...files, "--out", join(place.folder, "out")]);
    expect([ended.code, ended.stderr]).toEqual([0, ""]);
    expect(ended.stdout).toMatch(/(?:^|\n)115年09-10月：配給 150 號，已用 150 號，空白 0 號（0 段）\n$/);
    expect(ended.stdout).toContain("開立 150 列");
  });

  test("wrong use ends with 2 and names what is wrong", async () => {
    const place = await workplace();
    const tracks = ["--tracks", await place.put("tracks.csv", TRACKS)];
    const ledger = ["--invoices", await place.put("ledger.csv", invoices(1))];
    const out = ["--out", join(place.folder, "out")];
    const cases: readonly (readonly [words: readonly string[], named: string])[] = [
      [[...tracks, ...out], "--invoices"],
      [[...ledger, ...out], "--tracks"],
      [[...tracks, ...ledger], "--out"],
      [[...tracks, ...ledger, ...out, "--columns", "price=金額"], "price=金額"],
      [[...tracks, ...ledger, ...out, "--period", "11513"], "11513"],
      [[...tracks, ...ledger, ...out, "--period", "11602"], "11602"],
      [[...tracks, ...ledger, "--out", join(place.folder, "ledger.csv")], "ledger.csv"],
    ];
    for (const [words, named] of cases) {
      const ended = await command(place, ["files", "blank", ...words, "--json"]);
      const { command: said, failure } = envelopeOf(ended);
      expect([ended.code, said, failure?.code]).toEqual([2, "files blank", "wrong-use"]);
      expect(failure?.message).toContain(named);
    }
    expect(existsSync(join(place.folder, "out"))).toBe(false);
  });
});
