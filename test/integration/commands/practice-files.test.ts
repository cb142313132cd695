import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { command } from "../../support/kit/installation/command.ts";
import { envelopeOf } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

function fixture(name: string): string {
  return join(import.meta.dirname, "../../fixtures/cases", name);
}

const checked = z.looseObject({
  files: z.array(
    z.looseObject({ kind: z.string(), title: z.string(), warnings: z.array(z.looseObject({ code: z.string() })) }),
  ),
});
const tracksSchema = z.looseObject({
  tracks: z.array(z.looseObject({ ubn: z.string(), period: z.string(), begin: z.string(), end: z.string() })),
});

describe("files from practice on the command line", () => {
  test("files check accepts what is odd and understood, and names messages for what they are", async () => {
    const names = ["c21-tracks.csv", "c22-tracks.csv", "c23-tracks.csv", "c09-message.xml"];
    const ended = await command(await workplace(), ["files", "check", ...names.map(fixture), "--json"]);
    expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
    const { files } = checked.parse(envelopeOf(ended).data);
    expect(files.map(({ kind, warnings }) => [kind, warnings.map(({ code }) => code)])).toEqual([
      ["track-file", ["text-damaged"]],
      ["track-file", []],
      ["track-file", ["ubn-check-digit"]],
      ["e0501", []],
    ]);
    const other = await command(await workplace(), ["files", "check", fixture("c09-message-2.xml")]);
    expectExit(other, 1);
    expect(other.stdout).toContain("F0401 開立發票（存證）訊息");
    expect(other.stdout).not.toContain("E0402 空白未使用字軌訊息");
  });

  test.each(["c09-message.xml", "c21-tracks.csv", "c22-tracks.csv", "c23-tracks.csv"])(
    "handover takes the tracks of %s",
    async (name) => {
      const args = ["handover", "115年9-10月", "--to", "json", "--tracks", fixture(name), "--json"];
      const ended = await command(await workplace(), args);
      expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
      const { tracks } = tracksSchema.parse(envelopeOf(ended).data);
      expect(tracks.map(({ period, begin, end }) => [period, begin, end])).toEqual([["11510", "00000000", "00000049"]]);
    },
  );

  test("files blank takes E0501 as the tracks and E0401 as what was passed on, and no other message", async () => {
    const place = await workplace();
    const ledger = await place.put(
      "ledger.csv",
      "發票號碼,發票日期,狀態,賣方統編\nAB00000000,2026/09/01,開立,12345675\n",
    );
    const out = join(place.folder, "out");
    const blank = (tracks: string, more: readonly string[] = []) =>
      command(place, ["files", "blank", "--tracks", tracks, "--invoices", ledger, "--out", out, ...more, "--json"]);
    const ended = await blank(fixture("c09-message.xml"));
    expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
    expect(await readFile(join(out, "blank-12345675-11510.csv"), "utf8")).toContain("AB,00000001,00000049");
    const wrong = await blank(fixture("c09-message-2.xml"));
    expect([wrong.code, envelopeOf(wrong).failure?.code]).toEqual([1, "file-invalid"]);
    expect(envelopeOf(wrong).failure?.message).toContain("F0401 開立發票");
    const misplaced = await blank(fixture("tracks.csv"), ["--branches", fixture("c09-message.xml")]);
    expect(envelopeOf(misplaced).failure?.message).toContain("E0401 用在 --branches");
  });

  test("a number whose check digit fails is an error where a person types it", async () => {
    const place = await workplace({ companies: [{ name: "店", ubn: "90316313" }] });
    const ended = await command(place, ["status", "--json"]);
    expect([ended.code, envelopeOf(ended).failure?.code]).toEqual([2, "config-invalid"]);
    expect(envelopeOf(ended).failure?.message).toContain("檢查碼");
  });
});
