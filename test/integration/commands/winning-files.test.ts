import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { XMLParser } from "fast-xml-parser";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { type Entry, type ZipFile, fromBuffer } from "yauzl";
import { z } from "zod";
import { encodeText } from "../../../robot/invoicing/reading/encoding.ts";
import { expectReadable } from "../../support/kit/record/record.ts";
import { command } from "../../support/kit/installation/command.ts";
import { envelopeOf, envelopeSchema, robot } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { footer, listOf, record } from "../../support/winning/record.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const START = fileURLToPath(new URL("../../../robot/start.mjs", import.meta.url));

const answerSchema = z.looseObject({
  kind: z.string(),
  winners: z.int(),
  prizeSum: z.int(),
  faults: z.array(z.looseObject({ line: z.int(), code: z.string() })),
  files: z.array(z.strictObject({ name: z.string(), path: z.string(), sha256: z.string() })),
});

/** One entry of a zip as text. */
async function entryOf(zip: Buffer, wanted: string): Promise<string> {
  const file = await promisify<Buffer, { lazyEntries: boolean }, ZipFile>(fromBuffer)(zip, {
    lazyEntries: true,
  });
  return new Promise((resolve, reject) => {
    file.on("entry", (entry: Entry) => {
      if (entry.fileName !== wanted) return file.readEntry();
      file.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const pieces: Buffer[] = [];
        stream.on("data", (piece: Buffer) => void pieces.push(piece));
        stream.on("end", () => resolve(Buffer.concat(pieces).toString("utf8")));
      });
    });
    file.on("end", () => reject(new Error(`no ${wanted}`)));
    file.readEntry();
  });
}

const cellSchema = z.looseObject({
  "@_t": z.string().optional(),
  v: z.string().optional(),
  is: z.looseObject({ t: z.string() }).optional(),
});
const sheetSchema = z.looseObject({
  worksheet: z.looseObject({ sheetData: z.looseObject({ row: z.array(z.looseObject({ c: z.array(cellSchema) })) }) }),
});

/** The cells of the first sheet: a text as it is, a number as a number. */
async function cellsOf(path: string): Promise<(string | number)[][]> {
  const xml = await entryOf(await readFile(path), "xl/worksheets/sheet1.xml");
  const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });
  const { worksheet } = sheetSchema.parse(parser.parse(xml));
  return worksheet.sheetData.row.map(({ c }) =>
    c.map((cell) => (cell["@_t"] === "inlineStr" ? (cell.is?.t ?? "") : Number(cell.v))),
  );
}

const HEADER = "字軌期別,發票號碼,發票日期,金額,獎項,中獎獎金,統一編號,會員識別";

describe("files winners", () => {
  test("writes every line as CSV and workbook: numbers are text, amounts can be added up; a second time changes nothing", async () => {
    const place = await workplace();
    const list = listOf([
      record(),
      record({ number: "00000007", carrierClear: "=1+1" }),
      footer({ count: 2, sum: 400 }),
    ]);
    const path = await place.put("A_12345675_11512_20270128.txt", list);
    const out = join(place.folder, "out");
    const ended = await command(place, ["files", "winners", path, "--out", out, "--json"]);
    expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
    const answer = answerSchema.parse(envelopeOf(ended).data);
    expect(answer).toMatchObject({
      kind: "winning-list",
      winners: 2,
      prizeSum: 400,
      faults: [],
      notifyBy: [{ period: "11512", by: "2027-02-04" }],
    });
    expect(answer.files.map(({ name }) => name)).toEqual([
      "winners-A_12345675_11512_20270128.csv",
      "winners-A_12345675_11512_20270128.xlsx",
    ]);
    const [csv = "", xlsx = ""] = answer.files.map(({ path }) => path);
    const rows = z.array(z.array(z.string())).parse(parse(await readFile(csv), { bom: true }));
    const cells = await cellsOf(xlsx);
    const at = (name: string): number => rows[0]?.indexOf(name) ?? -1;
    expect(rows.map((row) => row[at("發票號碼")])).toEqual(["發票號碼", "AB00012345", "AB00000007"]);
    expect(cells.map((row) => row[at("發票號碼")])).toEqual(["發票號碼", "AB00012345", "AB00000007"]);
    expect(cells[1]?.[at("隨機碼")]).toBe("0042");
    expect(cells[1]?.[at("獎別代號")]).toBe("6");
    expect([cells[1]?.[at("中獎獎金")], cells[1]?.[at("金額")]]).toEqual([200, 100]);
    expect([rows[2]?.[at("載具明碼")], cells[2]?.[at("載具明碼")]]).toEqual(["'=1+1", "=1+1"]);
    const again = await command(place, ["files", "winners", path, "--out", out, "--json"]);
    expect(answerSchema.parse(envelopeOf(again).data).files).toEqual(answer.files);
  });

  test("prizes with the codes D and E have their names on the screen, in the table and in the workbook", async () => {
    const place = await workplace();
    const list = await readFile(new URL("../../fixtures/cases/c06-winners.txt", import.meta.url));
    const path = await place.put("A_12345675_11510_20261128.txt", list);
    const ended = await command(place, ["files", "winners", path, "--out", join(place.folder, "out"), "--json"]);
    expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
    const [csv = "", xlsx = ""] = answerSchema.parse(envelopeOf(ended).data).files.map(({ path: written }) => written);
    const rows = z.array(z.array(z.string())).parse(parse(await readFile(csv), { bom: true }));
    const prizes = ["雲端發票獎 500 元", "雲端發票獎 800 元", "六獎", "雲端發票獎 2,000 元"];
    const at = rows[0]?.indexOf("獎項") ?? -1;
    expect(rows.slice(1).map((row) => row[at])).toEqual(prizes);
    expect((await cellsOf(xlsx)).slice(1).map((row) => row[at])).toEqual(prizes);
    const shown = await command(place, ["files", "winners", path, "--out", join(place.folder, "out")]);
    expect(shown.stdout).toContain("雲端發票獎 500 元  500");
  });

  test("who won is hidden on the screen", async () => {
    const place = await workplace();
    const text = `${HEADER}\n10712,KK12351158,20181121,1,六獎,200,12345675,mongodb@example.com\n`;
    const path = await place.put("list.csv", encodeText(text, "utf-8"));
    const ended = await command(place, ["files", "winners", path, "--out", join(place.folder, "out")]);
    expect(ended.stdout).toContain("KK-12351158  20181121  六獎  200  mo***om\n");
    expect(ended.stdout).not.toContain("mongodb");
  });

  test("a list that does not add up is written whole, and the command ends with 1 and says where", async () => {
    const place = await workplace();
    const broken = record().subarray(0, 300);
    const path = await place.put("list.txt", listOf([record(), broken, footer({ count: 3, sum: 600 })]));
    const ended = await command(place, ["files", "winners", path, "--out", join(place.folder, "out"), "--json"]);
    expectExit(ended, 1);
    const { data, failure } = envelopeOf(ended);
    const { winners, faults, files } = answerSchema.parse(data);
    expect([failure?.code, winners]).toEqual(["file-invalid", 2]);
    if (failure) expectReadable({ ...failure, message: failure.message.replace(path, "") });
    expect(faults.map(({ line, code }) => [line, code])).toEqual([
      [2, "record-length"],
      [3, "footer-count"],
    ]);
    const rows = z.array(z.array(z.string())).parse(parse(await readFile(files[0]?.path ?? ""), { bom: true }));
    expect(rows[2]?.at(-1)).toContain("AB00012345晨光小舖");
  });

  test("an encrypted list, another file, and a file of that name with other content are refused in words", async () => {
    const place = await workplace();
    const out = join(place.folder, "out");
    const encrypted = await place.put("A_12345675_11512_20270128.bin", Buffer.from([7, 1, 2, 3, 200, 0]));
    const other = await place.put("used.csv", "AB00000001\n");
    for (const [path, words] of [
      [encrypted, "解密程式"],
      [other, "已使用號碼清單"],
    ] as const) {
      const ended = await command(place, ["files", "winners", path, "--out", out, "--json"]);
      expect([ended.code, envelopeOf(ended).failure?.code]).toEqual([1, "file-invalid"]);
      expect(envelopeOf(ended).failure?.message).toContain(words);
    }
    const path = await place.put("list.txt", listOf([record(), footer()]));
    expectExit(await command(place, ["files", "winners", path, "--out", out, "--json"]), 0);
    await place.put("list.txt", listOf([record({ number: "00000008" }), footer()]));
    const changed = await command(place, ["files", "winners", path, "--out", out, "--json"]);
    expect([changed.code, envelopeOf(changed).failure?.code]).toEqual([2, "wrong-use"]);
  });

  test("an encrypted list is opened by the tool that the configuration names, and nothing of it stays behind", async () => {
    const tool = join(import.meta.dirname, "../../support/winning", "stand-in-tool.ts");
    // Only of the one that asks is it known that it never ends: a busy machine takes its time to start a program.
    const decrypt = (...more: string[]) => {
      const timeout = more.includes("asks") ? "3s" : "2m";
      return {
        winningList: { decrypt: { command: process.execPath, args: [tool, "{in}", "{out}", ...more], timeout } },
      };
    };
    const place = await workplace(decrypt());
    const sealed = Buffer.concat([
      Buffer.from("SEALED1\0", "latin1"),
      listOf([record(), footer()]).map((byte) => byte ^ 0x5a),
    ]);
    const path = await place.put("A_12345675_11512_20270128.bin", sealed);
    const temporary = await mkdtemp(join(place.folder, "tmp-"));
    const ended = await promisify(execFile)(
      process.execPath,
      [START, "files", "winners", path, "--out", join(place.folder, "out"), "--json", "--config", place.configFile],
      { cwd: place.folder, env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary } },
    );
    const { data } = envelopeSchema.parse(JSON.parse(ended.stdout));
    expect(answerSchema.parse(data)).toMatchObject({ kind: "winning-list", winners: 1, prizeSum: 200, faults: [] });
    expect((await readdir(temporary)).filter((name) => name.startsWith("einvoice-winners-"))).toEqual([]);

    const wrong = await place.put("A_12345675_11512_2.bin", Buffer.from([9, 9, 9, 0]));
    const missing = decrypt();
    missing.winningList.decrypt.command = join(place.folder, "none");
    for (const [settings, file, words] of [
      [decrypt(), wrong, "結束代碼 3：not a list of this business"],
      [decrypt("silent"), path, "沒有寫出檔案"],
      [decrypt("asks"), path, "3 秒內沒有結束"],
      [missing, path, "找不到"],
    ] as const) {
      const other = await workplace(settings);
      const refused = await robot(other, ["files", "winners", file, "--out", join(other.folder, "out"), "--json"]);
      expect([refused.code, envelopeOf(refused).failure?.code]).toEqual([1, "decrypt-failed"]);
      expect(envelopeOf(refused).failure?.message).toContain(words);
    }
  });
});
