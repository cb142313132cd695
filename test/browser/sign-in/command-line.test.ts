import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { install, installed } from "../../support/kit/installation/installation.ts";
import { NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectReadable } from "../../support/kit/record/record.ts";
import { type Ended, envelopeOf, robot, runDataSchema } from "../../support/kit/installation/robot-process.ts";
import { command } from "../../support/kit/installation/command.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal();
const office = await install({ portal, companies: [{ portal: { taken: [{ period: "next", books: 13 }] } }] });
afterAll(async () => {
  await office.close();
  await portal.close();
});
afterEach(() => takeBackFaults(portal));

let run: Ended;
let runId: string;
beforeAll(async () => {
  run = await robot(office, [
    "run",
    "take-tracks",
    "--company",
    office.ubn,
    "--period",
    NEXT,
    "--books",
    "13",
    "--json",
  ]);
  runId = runDataSchema.parse(envelopeOf(run).data).runId;
});

const runsSchema = z.looseObject({ runs: z.array(z.looseObject({ runId: z.string(), outcome: z.string() })) });
const showSchema = z.looseObject({
  runId: z.string(),
  timeline: z.array(z.strictObject({ seq: z.int(), time: z.iso.datetime(), type: z.string(), line: z.string() })),
});
const verifySchema = z.strictObject({
  headsCompared: z.literal(true),
  heads: z.array(z.json()),
  headsNotUnderstood: z.array(z.json()),
  documents: z.looseObject({ days: z.int(), problems: z.array(z.json()) }),
  runs: z.array(z.looseObject({ folder: z.string(), verdict: z.string() })),
});
const doctorSchema = z.strictObject({
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), seen: z.string(), next: z.string().nullable() })),
});

describe("with --json", () => {
  test("run prints one envelope: the run, its outcome, tracks as texts, files with their SHA-256", () => {
    expectExit(run, 0);
    const envelope = envelopeOf(run);
    expect(envelope).toMatchObject({ ok: true, command: "run", failure: null });
    const data = runDataSchema.parse(envelope.data);
    expect(data.outcome).toBe("already-done");
    expect(data.tracks.length).toBeGreaterThan(1);
    for (const { track, begin, end } of data.tracks) {
      expect([track, begin, end].join(" ")).toMatch(/^[A-Z]{2} \d{6}[05]0 \d{6}[49]9$/);
    }
    expect(data.tracks[0]?.begin).toMatch(/^0/);
    expect(data.files).toMatchObject([{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test("what is being done goes to the standard error, line by line", () => {
    expect(run.stderr).toMatch(/^▶ 試作商行\d{8}：提交取號$/m);
    // Nothing that only a terminal understands.
    expect(run.stderr).not.toContain("\u001B");
    expect(run.stderr).not.toContain("\r");
  });

  test("runs, show and verify answer about it, by its id", async () => {
    const [runs, show, verify] = [
      await robot(office, ["runs", "--json"]),
      await robot(office, ["show", runId, "--json"]),
      await robot(office, ["verify", runId, "--json"]),
    ];
    expect([runs.code, show.code, verify.code]).toEqual([0, 0, 0]);
    expect(runsSchema.parse(envelopeOf(runs).data).runs).toMatchObject([{ runId, outcome: "already-done" }]);
    const shown = showSchema.parse(envelopeOf(show).data);
    expect(shown.timeline.map(({ type }) => type)).toEqual(expect.arrayContaining(["run-started", "run-ended"]));
    expect(verifySchema.parse(envelopeOf(verify).data).runs).toMatchObject([{ verdict: "intact" }]);
  });

  test("doctor names each thing it looked at; with one that is missing it says what to do and exits with 1", async () => {
    const well = await robot(office, ["doctor", "--json"]);
    const { checks } = doctorSchema.parse(envelopeOf(well).data);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expectExit(well, 0);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["瀏覽器與顯示環境", "中文字型", "密碼保管處", "收信信箱", "執行資料庫", "平台", "時鐘"]),
    );

    const gone = await openPortal();
    const orphan = await installed({ portal: gone });
    await gone.close();
    const ill = await robot(orphan, ["doctor", "--json"]);
    expectExit(ill, 1);
    const bad = doctorSchema.parse(envelopeOf(ill).data).checks.filter(({ ok }) => !ok);
    expect(bad.map(({ name }) => name)).toEqual(["收信信箱", "平台"]);
    for (const { next } of bad) expect(next).toMatch(/[\u4E00-\u9FFF]/);
  });

  test("credentials are stored from the standard input, listed by name, tested, removed; never shown", async () => {
    const one = await installed({ portal });
    const value = "never-to-be-seen-1";
    const ended: Ended[] = [];
    const answer = async (
      words: string[],
      input?: string,
    ): Promise<{ code: number | null; data: z.infer<typeof z.json> }> => {
      const end = await robot(one, ["credentials", ...words, "--json"], input);
      ended.push(end);
      return { code: end.code, data: envelopeOf(end).data };
    };
    const name = `portal/${new URL(portal.url).origin}/${one.ubn}/${one.ubn}/password`;
    expect(await answer(["set", "--company", one.ubn], `${value}\r\n`)).toMatchObject({ code: 0, data: { name } });
    expect(await answer(["list"])).toMatchObject({ code: 0, data: { names: expect.arrayContaining([name]) } });
    expect(await answer(["test", "--company", one.ubn])).toMatchObject({ code: 0, data: { name } });
    expect(await answer(["remove", "--company", one.ubn])).toMatchObject({ code: 0, data: { removed: true } });
    expect(await answer(["test", "--company", one.ubn])).toMatchObject({ code: 3 });
    expect(await answer(["set", "--company", one.ubn], "\n")).toMatchObject({ code: 2 });
    for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toContain(value);
  });
});

describe("without --json", () => {
  test("show and verify print lines for people", async () => {
    const show = await robot(office, ["show", runId]);
    const verify = await robot(office, ["verify", "--all"]);
    expect([show.code, verify.code]).toEqual([0, 0]);
    expect(show.stdout).toContain("提交取號");
    expect(verify.stdout).toMatch(/^✓ .+\n {2}紀錄完整/);
    for (const { stdout } of [show, verify]) expect(stdout).not.toContain("{");
  });

  test("every command has its help on the standard output", async () => {
    const commands = ["run", "runs", "show", "verify", "export", "doctor", "answer", "cancel", "practice", "demo"];
    const helps: Ended[] = [];
    for (const name of commands) helps.push(await command(office, [name, "--help"]));
    expect(helps.map(({ code, stderr }) => ({ code, stderr }))).toEqual(commands.map(() => ({ code: 0, stderr: "" })));
    expect(helps.map(({ stdout }) => /^Usage: robot (\S+)/.exec(stdout)?.[1])).toEqual(commands);
  });
});

describe("a run that fails tells it in the envelope and by its exit code", () => {
  test("1: failed", async () => {
    portal.order({ name: "outage", times: "always" });
    const failed = await robot(office, ["run", "download-tracks", "--company", office.ubn, "--period", NEXT, "--json"]);
    const { ok, data, failure } = envelopeOf(failed);
    expect([failed.code, ok, failure?.code]).toEqual([1, false, "portal-down"]);
    expect(runDataSchema.parse(data)).toMatchObject({ outcome: "failed", tracks: [], files: [] });
  });

  test("3: a person is needed", async () => {
    const wrong = await installed({ portal, companies: [{ stored: "Kit-wrong-3" }] });
    const failed = await robot(wrong, ["run", "download-tracks", "--company", wrong.ubn, "--period", NEXT, "--json"]);
    const { ok, data, failure } = envelopeOf(failed);
    expect([failed.code, ok, failure?.code]).toEqual([3, false, "credentials-rejected"]);
    expect(runDataSchema.parse(data).outcome).toBe("needs-person");
  });
});

describe("wrong use ends with 2, one envelope, and a sentence", () => {
  const take = ["run", "take-tracks", "--company", office.ubn];
  test.each([
    ["an unknown command", ["frobnicate"], "frobnicate"],
    ["an unknown option", [...take, "--frobnicate"], "frobnicate"],
    ["an unknown flow", ["run", "make-coffee", "--company", office.ubn], "make-coffee"],
    ["no company", ["run", "take-tracks", "--period", NEXT], "--company"],
    ["an unknown company", ["run", "take-tracks", "--company", "沒有這家"], "沒有這家"],
    ["a period that is none", [...take, "--period", "11513", "--books", "1"], "11513"],
    ["no books", [...take, "--period", NEXT], "--books"],
    ["books that are no number", [...take, "--books", "many"], "many"],
    ["no books at all", [...take, "--books", "0"], "0"],
    ["half a book", [...take, "--books", "1.5"], "1.5"],
    ["an unknown category", [...take, "--category", "09"], "09"],
    ["an unknown run", ["show", "20260101T000000-none"], "20260101T000000-none"],
    ["nothing to verify", ["verify"], "--all"],
    ["an unknown run to verify", ["verify", "20260101T000000-none"], "20260101T000000-none"],
    ["a secret of nobody", ["credentials", "test"], "--company"],
    ["an answer to no question", ["answer", "q-none", "yes"], "q-none"],
  ])("%s", async (_what, words, named) => {
    const ended = await command(office, [...words, "--json"]);
    expectExit(ended, 2);
    const { ok, command: said, data, failure } = envelopeOf(ended);
    expect([ok, data]).toEqual([false, null]);
    expect(words.join(" ")).toContain(said);
    expect(failure?.code).toMatch(/^(wrong-use|config-invalid)$/);
    if (failure) expectReadable(failure);
    expect(failure?.message).toContain(named);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  test("in English where that is asked for", async () => {
    const ended = await command(office, ["show", "20260101T000000-none", "--json", "--lang", "en"]);
    expect(envelopeOf(ended).failure?.next).toMatch(/^[\u0020-\u007E]+$/);
  });
});

describe("a configuration that is not right ends with 2, and every fault is named", () => {
  async function withConfig(name: string, content: string | null): Promise<Ended> {
    const folder = await mkdtemp(join(tmpdir(), "einvoice-config-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const configFile = join(folder, name);
    if (content !== null) await writeFile(configFile, content);
    return robot({ configFile, folder }, ["runs", "--json"]);
  }

  test.each([
    [
      "a UBN that is none, a portal that is no address, a setting that does not exist",
      "robot.config.json",
      '{"portal":{"address":"einvoice"},"companies":[{"name":"甲","ubn":"12345678"}],"colour":"teal"}',
      ["companies.0.ubn", "統一編號檢查碼不符", "portal.address", "colour"],
    ],
    [
      "two companies of one name",
      "robot.config.json",
      '{"portal":{"address":"http://127.0.0.1:1"},"companies":[{"name":"甲","ubn":"12345675"},{"name":"甲","ubn":"24681353"}]}',
      ["甲", "重複"],
    ],
    ["no JSON", "robot.config.json", "{", ["robot.config.json"]],
    ["no TypeScript", "robot.config.ts", "export default {", ["robot.config.ts"]],
    ["no file", "robot.config.ts", null, ["robot.config.ts"]],
  ])("%s", async (_what, name, content, named) => {
    const ended = await withConfig(name, content);
    expectExit(ended, 2);
    const { ok, failure } = envelopeOf(ended);
    expect([ok, failure?.code]).toEqual([false, "config-invalid"]);
    for (const word of named) expect(failure?.message).toContain(word);
    expect(failure?.message).not.toMatch(/\n\s+at /);
  });
});
