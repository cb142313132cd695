import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import { shop } from "../portal/visitor.ts";
import {
  begins,
  blankList,
  BRANCH,
  ENDED,
  lines,
  OTHERS,
  type Place,
  place,
  shopWith,
  title,
  uploadList,
} from "./portal-blank-support.ts";

/** What the import job says of this file, sent to a portal of its own. */
async function problemsOf(
  file: (at: Place) => string | Uint8Array<ArrayBuffer>,
  config: PortalConfigInput = {},
): Promise<string[]> {
  const at = await place(config);
  await at.visitor.uploadBlanks({ period: ENDED, file: file(at) });
  at.portal.clock.advance(60);
  const [result] = lines(at.portal, "blank-import");
  expect(result?.ok).toBe(result?.problems.length === 0);
  expect(result?.taken === 0).toBe(!result?.ok);
  expect((await blankList(at.visitor)).total).toBe(result?.taken);
  return result?.problems.map(({ line, problem }) => `${line ?? "檔案"} ${problem}`) ?? ["not imported"];
}

describe("an upload of blank numbers", () => {
  it("waits for the job of the next hour, gets its verdict then, and only then is in the list", async () => {
    const { portal, visitor, line } = await place();
    const file = line(3, 9) + line(150, 199, { serial: "00002" });
    expect((await visitor.uploadBlanks({ period: ENDED, file, name: "my numbers.CSV" })).status).toBe(200);
    const [row] = (await uploadList(visitor)).rows;
    expect(row).toMatchObject({ time: "2027-01-03 09:10:00", state: "處理中", failed: false });
    expect(row?.name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\.csv$/);

    portal.clock.set(Date.parse("2027-01-03T10:04:00+08:00"));
    expect([(await uploadList(visitor)).rows[0]?.state, (await blankList(visitor)).total]).toEqual(["處理中", 0]);
    portal.clock.advance(1);
    expect([(await uploadList(visitor)).rows[0]?.state, (await blankList(visitor)).total]).toEqual(["已完成", 2]);

    const sha256 = createHash("sha256").update(file).digest("hex");
    const noted = { ban: shop.ban, account: shop.account, by: "own", period: ENDED, bytes: file.length, sha256 };
    expect(lines(portal, "blank-upload")).toMatchObject([
      { ...noted, originalName: "my numbers.CSV", accepted: true, refusal: null, upload: row?.name },
    ]);
    expect(lines(portal, "blank-import")).toMatchObject([
      { upload: row?.name, ok: true, taken: 2, problems: [], portalTime: "2027-01-03T10:05:00+08:00" },
    ]);
  });

  it("is taken in the order of arrival, and listed with the newest first, fifteen a page", async () => {
    const { portal, visitor, line } = await place();
    for (let at = 0; at < 17; at += 1) await visitor.uploadBlanks({ period: ENDED, file: line(at, at) });
    portal.clock.advance(60);
    const order = lines(portal, "blank-upload").map(({ upload }) => upload);
    expect(lines(portal, "blank-import").map(({ upload }) => upload)).toEqual(order);
    const [first, second] = [await uploadList(visitor, 1), await uploadList(visitor, 2)];
    expect([first.total, first.rows.length, second.rows.length]).toEqual([17, 15, 2]);
    expect([...first.rows, ...second.rows].map(({ name }) => name)).toEqual(order.toReversed());
    expect([(await blankList(visitor)).rows.length, (await blankList(visitor, 2)).rows.length]).toEqual([15, 2]);
  });

  it("is refused at once without a file, with another kind of file, and for a period that is closed", async () => {
    const { portal, visitor, line } = await place();
    const file = line(0, 9);
    expect(await title(await visitor.uploadBlanks({ period: ENDED }))).toContain("請選擇");
    expect(await title(await visitor.uploadBlanks({ period: ENDED, file, name: "blank.xlsx" }))).toContain(".csv");
    for (const period of ["11510", "11604"]) {
      expect(await title(await visitor.uploadBlanks({ period, file }))).toContain("非開放上傳期間");
    }
    expect((await uploadList(visitor)).total).toBe(0);
    expect(lines(portal, "blank-upload").map(({ refusal }) => refusal)).toEqual([
      "no-file",
      "not-csv",
      "period-closed",
      "period-closed",
    ]);
  });

  it("is possible for the periods that are configured", async () => {
    const { visitor, line } = await place({ blank: { periods: [-2] } });
    expect(await title(await visitor.uploadBlanks({ period: ENDED, file: line(0, 9) }))).toContain("非開放上傳期間");
    expect((await visitor.uploadBlanks({ period: "11510", file: line(0, 9) })).status).toBe(200);
  });

  it("is the page of those who were granted it", async () => {
    const companies = [shopWith({}, ["BTB013W", "BTB004W"])];
    const { visitor, line } = await place({ companies });
    expect((await visitor.uploadBlanks({ period: ENDED, file: line(0, 9) })).status).toBe(403);
    expect(await (await visitor.get("/ptl/api/menu")).text()).not.toContain("上傳空白未使用發票號碼");
    const { visitor: granted } = await place();
    expect(await (await granted.get("/ptl/api/menu")).text()).toContain("上傳空白未使用發票號碼");
  });
});

describe("the import job", () => {
  it.each<[string, (at: Place) => string, string[]]>([
    ["a 統一編號 of seven digits", ({ line }) => line(0, 9, { ban: "1234567" }), ["1 統編格式錯誤須為8碼數字"]],
    ["another company's 統一編號", ({ line }) => line(0, 9, { ban: OTHERS }), ["1 統編非本營業人或其分支機構"]],
    ["a month that is odd", ({ line }) => line(0, 9, { period: "11511" }), ["1 發票期別格式錯誤"]],
    ["another period", ({ line }) => line(0, 9, { period: "11602" }), ["1 所屬年月與所選字軌期別不符"]],
    ["a track of three letters", ({ line }) => line(0, 9, { track: "ABC" }), ["1 空白字軌長度不得超過2碼"]],
    ["a track in small letters", ({ line }) => line(0, 9, { track: "na" }), ["1 空白字軌須為2碼大寫英文字母"]],
    ["a begin without its zeros", ({ line }) => line(0, 9, { begin: "950" }), ["1 空白發票起號長度必為8碼"]],
    ["an end of nine digits", ({ line }) => line(0, 9, { end: "000009999" }), ["1 空白發票迄號長度必為8碼"]],
    ["a category of one digit", ({ line }) => line(0, 9, { category: "7" }), ["1 發票類別代號錯誤"]],
    ["a serial of one digit", ({ line }) => line(0, 9, { serial: "1" }), ["1 序號須為5碼數字"]],
    ["a begin after the end", ({ line }) => line(9, 0), ["1 空白發票起號不得大於迄號"]],
    ["one number too many", ({ line }) => line(190, 200), ["1 空白發票號碼非該期別已配賦之號碼"]],
    ["one number too early", ({ line }) => line(-1, 9), ["1 空白發票號碼非該期別已配賦之號碼"]],
    ["another category", ({ line }) => line(0, 9, { category: "08" }), ["1 空白發票號碼非該期別已配賦之號碼"]],
    ["lines that overlap", ({ line }) => line(0, 9) + line(9, 12), ["2 發票區間跟其他資料重疊"]],
    ["a column too few", ({ line }) => line(0, 9).replace(",07", ""), ["1 欄位數錯誤，應為7欄"]],
    ["a column too many", ({ line }) => line(0, 9).replace(",07", ",07,x"), ["1 欄位數錯誤，應為7欄"]],
    [
      "two stop notes",
      ({ line }) => line(0, 9).replace(",07", `,07${",註記停用:2026/12/31".repeat(2)}`),
      ["1 欄位數錯誤，應為7欄"],
    ],
    ["no bytes", () => "", ["檔案 檔案無資料"]],
    ["empty lines only", () => "\r\n\r\n", ["檔案 檔案無資料"]],
    ["a byte order mark", ({ line }) => `\uFEFF${line(0, 9)}`, ["1 序號須為5碼數字"]],
  ])("takes nothing of a file with %s", async (_, file, problems) => {
    expect(await problemsOf(file)).toEqual(problems);
  });

  it("takes nothing of a file whose header was left in, or that is not UTF-8", async () => {
    const header = "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n";
    const problems = await problemsOf(({ line }) => header + line(0, 9));
    expect(problems).toContain("1 統編格式錯誤須為8碼數字");
    expect(problems.every((problem) => problem.startsWith("1 "))).toBe(true);
    const big5 = Uint8Array.from([0xa7, 0xc7, 0xb8, 0xb9, 0x0a]);
    expect(await problemsOf(() => big5)).toEqual(["檔案 檔案編碼錯誤，須為UTF-8"]);
  });

  it("takes a file whatever ends its lines, with one vendor's eighth column, and over the border of two books", async () => {
    const file = ({ line }: Place): string =>
      line(40, 60).replace("\r\n", ",註記停用:2026/12/31\n") + line(70, 70).trimEnd();
    expect(await problemsOf(file)).toEqual([]);
    const books = { period: ENDED, books: 1 };
    const apart = { companies: [shopWith({ taken: [books, { ...books, by: "automatic" }] })] };
    expect(await problemsOf(({ line }) => line(40, 60), apart)).toEqual([]);
    expect(await problemsOf(({ line }) => line(40, 100), apart)).toEqual(["1 空白發票號碼非該期別已配賦之號碼"]);
  });

  it("takes the good lines of a bad file where that is set", async () => {
    const { portal, visitor, run, line } = await place({ blank: { onFailure: "partial" } });
    await visitor.uploadBlanks({ period: ENDED, file: line(0, 9) + line(5, 12) + line(20, 29) });
    portal.clock.advance(60);
    expect((await uploadList(visitor)).rows).toMatchObject([{ state: "處理失敗", failed: true }]);
    expect(await begins(visitor)).toEqual([Number(run.begin), Number(run.begin) + 20]);
  });

  it("wants the file as it is configured, and says so in the sample and the guide", async () => {
    const columns = ["ban", "category", "period", "track", "begin", "end", "serial"] as const;
    const { portal, visitor, run } = await place({ blank: { file: { columns: [...columns], encoding: "big5" } } });
    const sample = await visitor.get("/btb/api/blank/sample");
    expect(sample.headers.get("Content-Disposition")).toBe('attachment; filename="blank_sample.csv"');
    const [names, formats, example] = new TextDecoder("big5").decode(await sample.arrayBuffer()).split("\r\n");
    expect(names).toBe("統一編號,發票類別,所屬年月,字軌,空白發票起號,空白發票迄號,序號");
    expect([formats?.split(",").length, example?.split(",").length]).toEqual([7, 7]);
    const guide = new TextDecoder("big5").decode(await (await visitor.get("/btb/api/blank/guide")).arrayBuffer());
    expect(guide).toContain("Big5");
    expect(lines(portal, "blank-download").map(({ what }) => what)).toEqual(["sample", "guide"]);
    const file = [shop.ban, "07", ENDED, run.track, run.begin, run.begin, "00001"].join(",");
    await visitor.uploadBlanks({ period: ENDED, file });
    portal.clock.advance(60);
    expect(lines(portal, "blank-import")).toMatchObject([{ ok: true, taken: 1 }]);
  });

  it.each([
    ["refuse", 1, [0], ["發票區間跟其他資料重疊"]],
    ["duplicate", 2, [0, 0], []],
    ["overwrite", 1, [0], []],
  ] as const)("lets the same range come twice: %s", async (overlap, total, offsets, problems) => {
    const { portal, visitor, run, line } = await place({ blank: { overlap } });
    await visitor.uploadBlanks({ period: ENDED, file: line(0, 9) });
    portal.clock.advance(60);
    await visitor.uploadBlanks({ period: ENDED, file: line(0, 4) });
    portal.clock.advance(60);
    expect((await blankList(visitor)).total).toBe(total);
    expect(await begins(visitor)).toEqual(offsets.map((offset) => Number(run.begin) + offset));
    const second = lines(portal, "blank-import").at(-1);
    expect(second?.problems.map(({ problem }) => problem)).toEqual(problems);
  });

  it("takes a branch's numbers out of what its head office was allocated", async () => {
    const companies = [shopWith({ branches: [BRANCH] })];
    const { portal, visitor, line } = await place({ companies });
    await visitor.uploadBlanks({ period: ENDED, file: line(0, 9, { ban: BRANCH }) });
    portal.clock.advance(60);
    expect((await blankList(visitor)).rows.map(({ ban }) => ban)).toEqual([BRANCH]);
  });
});
