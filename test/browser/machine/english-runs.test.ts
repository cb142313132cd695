import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { install, type Installation } from "../../support/kit/installation/installation.ts";
import { NEXT, openPortal, THIS } from "../../support/kit/installation/portal.ts";
import { runsOf } from "../../support/kit/installation/runs.ts";
import { type Ended, envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { ENDED, lastOf, putFile, uploadLines, allocatedRuns } from "../../support/kit/jobs/blanks.ts";
import { OUT, tool, won } from "../../support/kit/jobs/winners.ts";
import { chineseIn } from "../../support/words/names.ts";

const portal = await openPortal();
let office: Installation;
afterAll(async () => {
  await office.close();
  await portal.close();
});

const questionsSchema = z.looseObject({ questions: z.array(z.looseObject({ id: z.string() })) });

/** A command in English and all that it printed. */
async function inEnglish(...words: readonly string[]): Promise<Ended & { readonly said: string }> {
  const ended = await robot(office, [...words, "--lang", "en"]);
  return { ...ended, said: `${ended.stdout}\n${ended.stderr}` };
}

beforeAll(async () => {
  const taken = [
    { period: "next" as const, books: 13 },
    { period: "this" as const, books: 3 },
    { period: ENDED, books: 1 },
  ];
  office = await install({
    portal,
    companies: [{ configured: { name: "Morning Shop" }, portal: { taken, ...won } }],
    settings: tool,
  });
});

describe("with --lang en, a flow", () => {
  const period = (of: string): string[] => ["--period", of];
  const jobs: readonly [flow: string, ...words: string[]][] = [
    ["take-tracks", ...period(NEXT), "--books", "13"],
    ["take-tracks", ...period(NEXT), "--books", "20"],
    ["take-tracks", ...period("11710"), "--books", "1"],
    ["take-tracks", ...period(THIS), "--category", "08", "--books", "1", "--rehearse"],
    ["download-tracks", ...period("11502"), "--to", THIS],
    ["download-tracks", ...period("11402")],
    ["verify-blank-numbers", ...period(ENDED)],
    ["download-failure-details", ...period(ENDED)],
    ["learn-file-formats"],
    ["keep-notice-list"],
    ["check-missing-uploads", ...period(THIS)],
    ["fetch-winning-list", ...period(OUT)],
    ["check-pages"],
    ["platform-blank-numbers", ...period(ENDED)],
  ];
  test.each(jobs)("%s says nothing in Chinese but names and data (%s %s %s %s)", async (flow, ...words) => {
    const { code, said } = await inEnglish("run", flow, "--company", office.ubn, ...words);
    expect({ lines: chineseIn(said), code }).toEqual({ lines: [], code: expect.any(Number) });
    expect(said.length).toBeGreaterThan(80);
  });

  test("uploads, proves, corrects and is refused in English, questions and answers too", async () => {
    const runs = lastOf(await allocatedRuns(office), 2);
    const file = await putFile(office, "blank.csv", uploadLines(office.ubn, runs));
    const of = ["--company", office.ubn, ...period(ENDED)];
    const said: string[] = [];
    for (const words of [
      ["upload-blank-numbers", ...of, "--file", file.path],
      ["verify-blank-numbers", ...of, "--file", file.path],
      ["upload-blank-numbers", ...of, "--file", file.path],
    ]) {
      said.push((await inEnglish("run", ...words)).said);
    }
    const fewer = await putFile(office, "fewer.csv", uploadLines(office.ubn, runs.slice(1)));
    const correct = ["run", "correct-blank-numbers", ...of, "--file", fewer.path];
    const asked = await robot(office, [...correct, "--json", "--lang", "en"]);
    const envelope = envelopeOf(asked);
    const { questions } = questionsSchema.parse(envelope.data);
    for (const { id } of questions) {
      said.push((await inEnglish("answer", id)).said, (await inEnglish("answer", id, "yes")).said);
    }
    said.push((await inEnglish(...correct)).said);
    expect(questions.length).toBe(1);
    expect(said.flatMap((one) => chineseIn(one))).toEqual([]);
    expect(chineseIn(JSON.stringify(envelope.failure))).toEqual([]);
  });

  test("has its runs listed, shown and verified in English", async () => {
    const all = await runsOf(office);
    const said = [
      (await inEnglish("runs")).said,
      (await inEnglish("status")).said,
      (await inEnglish("verify", "--all")).said,
    ];
    for (const { id } of all) said.push((await inEnglish("show", id)).said);
    expect(said.flatMap((one) => chineseIn(one))).toEqual([]);
    expect(all.length).toBeGreaterThan(10);
  });
});
