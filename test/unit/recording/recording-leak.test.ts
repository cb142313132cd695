import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Recorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { isQuarantined } from "../../../robot/recording/redaction/scan.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { writeZip } from "../../../robot/lib/zip.ts";
import { JPEG } from "../../support/recording/recording-samples.ts";
import { unzip } from "../../support/recording/recording-canaries.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";

const SECRET = 'p"a&ss密';
const origin = { direction: "in", origin: "portal" } as const;

async function recording(): Promise<{ root: string; recorder: Recorder }> {
  const root = temporaryRoot();
  const redactor = new Redactor();
  redactor.enrol(SECRET, "portal password");
  return { root, recorder: await record(root, redactor) };
}

async function zipOf(root: string, members: Record<string, string | Buffer>): Promise<Buffer> {
  const path = join(root, "made.zip");
  rmSync(path, { force: true });
  await writeZip(path, each(members));
  return readFileSync(path);
}

async function* each(members: Record<string, string | Buffer>) {
  for (const [name, content] of Object.entries(members)) yield { name, bytes: Buffer.from(content) };
}

describe("a secret in a file that must stay as it is", () => {
  test("quarantines the run: file, member, name and encoding are told, the value is not", async () => {
    const { root, recorder } = await recording();
    const inner = await zipOf(root, { "b.txt": Buffer.from(`x${SECRET}`, "utf16le") });
    await recorder.file("包.zip", await zipOf(root, { "a.zip": inner }), origin);
    await recorder.picture("頁", Buffer.concat([JPEG, Buffer.from(encodeURIComponent(SECRET))]), {});
    expect(await isQuarantined(recorder.folder)).toBe(false);
    await recorder.end({ outcome: "done" });

    expect(await isQuarantined(recorder.folder)).toBe(true);
    const quarantine = readFileSync(join(recorder.folder, "QUARANTINE.json"), "utf8");
    expect(JSON.parse(quarantine)).toMatchObject({
      format: 1,
      runId: "run-1",
      found: [
        { file: "files/0002-包.zip", member: "a.zip!b.txt", name: "portal password", encoding: "utf-16le" },
        { file: "pictures/0003-頁.jpg", member: null, name: "portal password", encoding: "percent" },
      ],
    });
    expect(quarantine).not.toContain("&ss");
    const types = eventsOf(recorder.folder).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(["quarantined", "leak-scan", "run-ended"]);
    expect(eventsOf(recorder.folder).at(-1)?.data).toMatchObject({ outcome: "done", quarantined: true });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact", quarantined: true });
  });

  test("quarantines it already when the process lets go of the run, and for good", async () => {
    const { root, recorder } = await recording();
    await recorder.file("x.txt", Buffer.from(`x ${SECRET} y`), origin);
    await recorder.suspend();
    expect(await isQuarantined(recorder.folder)).toBe(true);
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", unrecorded: null });
    // The next process may know other secrets only.
    const next = await record(root);
    await next.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact", quarantined: true });
  });

  test("a damaged zip is searched as it is, and said not to have been looked into", async () => {
    const { root, recorder } = await recording();
    const zip = await zipOf(root, { "a.txt": "x".repeat(500) });
    await recorder.file("broken.zip", zip.subarray(0, 60), origin);
    await recorder.end({ outcome: "done" });
    const scan = eventsOf(recorder.folder).find(({ type }) => type === "leak-scan");
    expect(scan?.data).toMatchObject({ leaks: [], unreadable: ["files/0002-broken.zip"] });
    expect(await isQuarantined(recorder.folder)).toBe(false);
  });
});

describe("a trace", () => {
  test("that can't be cleaned is not kept, and the record says why", async () => {
    const { root, recorder } = await recording();
    const redactor = new Redactor();
    redactor.enrol("1795248605", "one-time code");
    await recorder.suspend();
    const second = await record(root, redactor);
    // A number can't be cut in two and stay a number.
    await zipOf(root, { "trace.trace": '{"type":"context-options","wallTime":1795248605266}\n' });
    expect(await second.trace("visit-1", join(root, "made.zip"))).toBeNull();
    await second.end({ outcome: "done" });
    expect(eventsOf(recorder.folder).find(({ type }) => type === "trace-refused")?.data).toEqual({
      visit: "visit-1",
      left: [{ member: "trace.trace", name: "one-time code", encoding: "raw" }],
    });
    expect(existsSync(join(root, "made.zip"))).toBe(false);
    expect(existsSync(join(recorder.folder, "traces"))).toBe(false);
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact", quarantined: false });
  });

  test("that can't be read is not kept, and goes away", async () => {
    const { root, recorder } = await recording();
    const zip = join(root, "raw.zip");
    writeFileSync(zip, `no zip, but ${SECRET}`);
    expect(await recorder.trace("visit-1", zip)).toBeNull();
    await recorder.suspend();
    expect(existsSync(zip)).toBe(false);
    expect(eventsOf(recorder.folder).at(-1)).toMatchObject({ type: "trace-refused" });
  });

  test("loses binary members with a secret in them and keeps texts without it", async () => {
    const { root, recorder } = await recording();
    await zipOf(root, {
      "trace.trace": `${JSON.stringify({ type: "log", message: `fill("${SECRET}")` })}\n{"torn":"${encodeURIComponent(SECRET)}`,
      "resources/a.html": `<p>${SECRET}</p>`,
      "resources/b.jpeg": Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(SECRET)]),
      "resources/c.png": Buffer.from([1, 2, 255]),
    });
    const path = await recorder.trace("visit-1", join(root, "made.zip"));
    expect(await recorder.trace("visit-1", join(root, "none.zip"))).toBeNull();
    await recorder.suspend();
    const members = await unzip(readFileSync(join(recorder.folder, path ?? "")));
    expect(members.map(({ name, bytes }) => [name, bytes.toString("latin1")])).toEqual([
      [
        "trace.trace",
        '{"type":"log","message":"fill(\\"[secret:portal password]\\")"}\n{"torn":"[secret:portal password]',
      ],
      ["resources/a.html", "<p>[secret:portal password]</p>"],
      ["resources/c.png", "\u0001\u0002\u00ff"],
    ]);
  });

  test("of a second visit of the same name gets a name of its own", async () => {
    const { root, recorder } = await recording();
    const traces = [];
    for (const n of [1, 2, 3]) {
      await zipOf(root, { "trace.trace": `{"n":${n}}\n` });
      traces.push(await recorder.trace("visit/1", join(root, "made.zip")));
    }
    await recorder.end({ outcome: "done" });
    expect(traces).toEqual(["traces/visit_1.zip", "traces/visit_1-2.zip", "traces/visit_1-3.zip"]);
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
  });
});
