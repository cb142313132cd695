import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { installed } from "../../support/kit/installation/installation.ts";
import { NEXT } from "../../support/kit/installation/portal.ts";
import { expectReadable } from "../../support/kit/record/record.ts";
import { envelopeOf, robot, runDataSchema } from "../../support/kit/installation/robot-process.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";
import { command } from "../../support/kit/installation/command.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const HEADER = "營業人統編,發票類別代號,發票類別,發票期別,發票字軌名稱,發票起號,發票迄號";
const TWO_PERIODS = [
  HEADER,
  "12345675,7,一般稅額計算,115/09 ~ 115/10,NQ,42519550,42522049",
  "12345675,7,一般稅額計算,115/09 ~ 115/10,AB,00000050,00000099",
  "12345675,7,一般稅額計算,115/11 ~ 115/12,CD,00000000,00000049",
  "",
].join("\r\n");

const dataSchema = z.strictObject({
  tracks: z.array(
    z.strictObject({
      ubn: z.string(),
      category: z.string(),
      period: z.string(),
      track: z.string(),
      begin: z.string(),
      end: z.string(),
      books: z.int(),
    }),
  ),
  files: z.array(z.strictObject({ name: z.string(), path: z.string(), sha256: z.string() })),
});

describe("handover", () => {
  test("hands over just the tracks that download-tracks brought; before that it says what to do first", async () => {
    const office = await installed({ companies: [{ portal: { taken: [{ period: "next", books: 3 }] } }] });
    const out = join(office.folder, "handed-over");
    const words = ["handover", NEXT, "--to", "portal-csv", "--out", out, "--json"];

    const early = await robot(office, words);
    const { failure } = envelopeOf(early);
    expect([early.code, failure?.code, existsSync(out)]).toEqual([1, "not-downloaded", false]);
    expect(failure?.next).toContain("run download-tracks");
    expect(failure?.message).toContain(office.ubn);
    if (failure) expectReadable(failure);

    const run = await robot(office, ["run", "download-tracks", "--company", office.ubn, "--period", NEXT, "--json"]);
    const downloaded = runDataSchema.parse(envelopeOf(run).data);
    const late = await robot(office, words);
    expectExit(late, 0);
    const { tracks, files } = dataSchema.parse(envelopeOf(late).data);
    const plain = (all: readonly { track: string; begin: string; end: string; books: number }[]) =>
      all.map(({ track, begin, end, books }) => ({ track, begin, end, books }));
    expect(plain(tracks)).toEqual(plain(downloaded.tracks));
    expect(files.map(({ path }) => path)).toEqual([join(out, `tracks-${office.ubn}-${NEXT}.csv`)]);
    const text = readFileSync(files[0]?.path ?? "", "utf8");
    for (const { track, begin, end } of downloaded.tracks) expect(text).toContain(`,${track},${begin},${end}\r\n`);
  });

  test("a named file is taken instead; without a folder the tracks of the period are printed for whoever types them in", async () => {
    const place = await workplace();
    const tracks = await place.put("tracks.csv", TWO_PERIODS);
    const printed = await command(place, ["handover", "115/09~115/10", "--to", "handheld", "--tracks", tracks]);
    expect([printed.code, printed.stdout, printed.stderr]).toEqual([
      0,
      "期別,字軌,起號,迄號\n11509,AB,00000050,00000099\n11509,NQ,42519550,42522049\n",
      "",
    ]);
  });

  test("what is there already is not overwritten", async () => {
    const place = await workplace();
    const words = [
      "--to",
      "json",
      "--tracks",
      await place.put("tracks.csv", TWO_PERIODS),
      "--out",
      place.folder,
      "--json",
    ];
    expectExit(await command(place, ["handover", "11510", ...words]), 0);
    expectExit(await command(place, ["handover", "11510", ...words]), 0);
    await place.put("tracks-12345675-11510.json", "{}");
    const refused = await command(place, ["handover", "11510", ...words]);
    expect([refused.code, envelopeOf(refused).failure?.code]).toEqual([2, "wrong-use"]);
    expect(readFileSync(join(place.folder, "tracks-12345675-11510.json"), "utf8")).toBe("{}");
  });

  test("wrong use ends with 2, a damaged file with 1, and each names what is wrong", async () => {
    const two = [
      { name: "甲", ubn: "12345675" },
      { name: "乙", ubn: "24681353" },
    ];
    const place = await workplace({ companies: two });
    const tracks = await place.put("tracks.csv", TWO_PERIODS);
    const damaged = await place.put("damaged.csv", TWO_PERIODS.replace("00000099", "99"));
    const cases: readonly (readonly [words: readonly string[], code: number, failure: string, named: string])[] = [
      [["11513", "--to", "json"], 2, "wrong-use", "11513"],
      [["11510", "--to", "fax"], 2, "wrong-use", "fax"],
      [["11510"], 2, "wrong-use", "--to"],
      [["11510", "--to", "json"], 2, "wrong-use", "--company"],
      [["11510", "--to", "json", "--company", "丙"], 2, "wrong-use", "丙"],
      [["11602", "--to", "json", "--tracks", tracks], 2, "wrong-use", "11602"],
      [["11510", "--to", "json", "--tracks", damaged], 1, "file-invalid", "第 3 行"],
      [["11510", "--to", "json", "--company", "乙"], 1, "not-downloaded", "24681353"],
    ];
    for (const [words, code, failed, named] of cases) {
      const ended = await command(place, ["handover", ...words, "--json"]);
      const { command: said, failure } = envelopeOf(ended);
      expect([said, ended.code, failure?.code]).toEqual(["handover", code, failed]);
      expect(failure?.message).toContain(named);
    }
  });
});
