import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { encodeText } from "../../../robot/invoicing/reading/encoding.ts";
import { faultSchema } from "../../support/kit/fault.ts";
import { expectReadable } from "../../support/kit/record/record.ts";
import { command } from "../../support/kit/installation/command.ts";
import { envelopeOf } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const CORPUS = join(import.meta.dirname, "../../fixtures", "files");
const expectations = z
  .record(z.string(), z.looseObject({ kind: z.string(), rows: z.number(), faults: z.array(z.string()) }))
  .parse(JSON.parse(readFileSync(join(CORPUS, "expected.json"), "utf8")));
const corpus = readdirSync(CORPUS).filter((name) => name !== "expected.json");

const checkSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.string(),
      title: z.string(),
      ok: z.boolean(),
      encoding: z.string().nullable(),
      rows: z.int(),
      ubns: z.array(z.string()),
      periods: z.array(z.string()),
      faults: z.array(faultSchema),
      omitted: z.int(),
      reading: z.looseObject({ rows: z.int(), kinds: z.array(z.looseObject({ count: z.int() })) }).nullable(),
      warnings: z.array(faultSchema),
    }),
  ),
});
describe("files check", () => {
  const pathsOf = (names: readonly string[]): string[] => names.map((name) => join(CORPUS, name));

  test("says of every broken file what it is and each fault with line, column, value and remedy; ends with 1", async () => {
    const names = corpus.filter((name) => !name.includes("-good"));
    const ended = await command(await workplace(), ["files", "check", ...pathsOf(names), "--json"]);
    expectExit(ended, 1);
    const { ok, command: said, data, failure } = envelopeOf(ended);
    expect([ok, said, failure?.code]).toEqual([false, "files check", "file-invalid"]);
    const { files } = checkSchema.parse(data);
    expect(files.map(({ path }) => path)).toEqual(pathsOf(names));
    for (const [index, { kind, rows, faults }] of files.entries()) {
      const told = faults.map(({ line, column, code, message }) => [line, column, code, message].join(" | "));
      expect({ kind, rows, faults: told }).toMatchObject({
        kind: expectations[names[index] ?? ""]?.kind,
        rows: expectations[names[index] ?? ""]?.rows,
        faults: expectations[names[index] ?? ""]?.faults,
      });
      for (const { message, remedy } of faults) expectReadable({ message, next: remedy });
    }
  });

  test("has nothing to say against right files; ends with 0", async () => {
    const names = corpus.filter((name) => name.includes("-good"));
    const ended = await command(await workplace(), ["files", "check", ...pathsOf(names), "--json"]);
    expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
    const { files } = checkSchema.parse(envelopeOf(ended).data);
    expect(files.filter(({ ok }) => !ok)).toEqual([]);
    expect(files.length).toBe(names.length);
  });

  test("tells it to people line by line, in English where that is asked for", async () => {
    const path = join(CORPUS, "upload-excel-zeros.csv");
    const place = await workplace();
    const chinese = await command(place, ["files", "check", path]);
    expect(chinese.stdout).toMatch(/^✗ .+：空白未使用發票號碼上傳檔/);
    expect(chinese.stdout).toContain(
      "  第 1 行　空白發票起號　被 Excel 去掉了前面的 0。應該是：00000081；看到的是「81」。\n",
    );
    const english = await command(place, ["files", "check", path, "--lang", "en"]);
    expect(english.stdout).toContain('Excel removed the leading zeros. Expected: 00000081; seen: "81".\n');
    expect(english.stderr).toMatch(/^✗ The file is not right\. .+\n→ Mend the listed lines/);
  });

  test("a file that can't be read ends with 2 and names it; nothing is half checked", async () => {
    const place = await workplace();
    for (const missing of [join(place.folder, "nowhere.csv"), place.folder]) {
      const ended = await command(place, [
        "files",
        "check",
        join(CORPUS, "track-good-ce-years.csv"),
        missing,
        "--json",
      ]);
      const { data, failure } = envelopeOf(ended);
      expect([ended.code, data, failure?.code]).toEqual([2, null, "wrong-use"]);
      expect(failure?.message).toContain(missing);
      if (failure) expectReadable({ ...failure, message: failure.message.replace(missing, "") });
    }
  });

  test("knows the layout, column names and statuses that are configured", async () => {
    const place = await workplace({
      files: {
        upload: { columns: ["ubn", "period", "category", "track", "begin", "end"], header: true, encoding: "big5" },
        ledger: { columns: { number: "單號", date: null, seller: null }, statuses: { 已印: "issued" } },
      },
    });
    const text =
      "統一編號,所屬年月,發票類別,字軌,空白發票起號,空白發票迄號\r\n12345675,11510,07,AB,00000003,00000149\r\n";
    const upload = await place.put("upload.csv", encodeText(text, "big5"));
    const ledger = await place.put("ledger.csv", "單號,狀態\nAB00000001,已印\n");
    const ended = await command(place, ["files", "check", upload, ledger, "--json"]);
    const { files } = checkSchema.parse(envelopeOf(ended).data);
    expect(files.map(({ kind, rows, faults }) => ({ kind, rows, faults }))).toEqual([
      { kind: "upload-file", rows: 1, faults: [] },
      { kind: "ledger", rows: 1, faults: [] },
    ]);
  });
});
