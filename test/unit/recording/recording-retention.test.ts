import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { lineOf, nextEvent } from "../../../robot/recording/format/chain.ts";
import { exportRun } from "../../../robot/recording/export/export.ts";
import { prune, type RetentionRules } from "../../../robot/recording/maintenance/prune.ts";
import { readRecord } from "../../../robot/recording/format/read.ts";
import { openRecorder, type Recorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { changeHold } from "../../../robot/recording/format/retention.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { writeZip } from "../../../robot/lib/zip.ts";
import { recordOffice } from "../../support/recording/recording-office.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const KEEP_ALL: RetentionRules = { picturesAfter: null, tracesAfter: null, personalAfter: null, maxBytes: null };
const DAY = 86_400_000;
const PICTURE = Buffer.concat([JPEG, Buffer.alloc(20_000)]);

/** Records what every run has: pictures, a file, a trace. */
async function fill(root: string, recorder: Recorder): Promise<void> {
  await recorder.picture("登入後", PICTURE, {});
  await recorder.file("字軌.csv", Buffer.from("NQ,42519550\n"), { direction: "in", origin: "平台" });
  const zip = join(root, `${basename(recorder.folder)}.raw`);
  await writeZip(zip, [{ name: "trace.trace", bytes: Buffer.from("{}\n") }]);
  await recorder.trace("visit-1", zip);
  await recorder.picture("之後", PICTURE, {});
}

async function ended(root: string, runId = "run-1"): Promise<string> {
  const recorder = await record(root, new Redactor(), runId);
  await fill(root, recorder);
  await recorder.end({ outcome: "done" });
  return recorder.folder;
}

/** Prunes as it would be done so many days from now. */
function pruneIn(days: number, root: string, folders: string[], rules: Partial<RetentionRules>, dryRun = false) {
  return prune(root, folders, { ...KEEP_ALL, ...rules }, { now: new Date(Date.now() + days * DAY), dryRun });
}

function hold(root: string, folder: string, held = true) {
  const first = eventsOf(folder)[0]?.hash ?? "";
  return changeHold({ root, folder, runId: basename(folder), first }, { held, by: "會計", why: "國稅局調閱" });
}

const inFolder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));

describe("by age", () => {
  test("files that name people go at their time, and no rule takes any other file", async () => {
    const root = temporaryRoot();
    const recorder = await record(root, new Redactor(), "run-1");
    await fill(root, recorder);
    await recorder.file("中獎.csv", Buffer.from("AB00000001,王\n"), {
      direction: "out",
      origin: "清冊",
      personal: true,
    });
    await recorder.end({ outcome: "done" });
    const { folder } = recorder;
    const everything = { picturesAfter: 0, tracesAfter: 0, maxBytes: 1 };
    await pruneIn(2, root, [folder], everything);
    const named = inFolder(folder).filter((path) => path.startsWith("files/"));
    expect(named).toHaveLength(2);
    expect((await pruneIn(9, root, [folder], { personalAfter: 10 * DAY })).pruned).toEqual([]);
    await pruneIn(11, root, [folder], { personalAfter: 10 * DAY });
    expect(inFolder(folder).filter((path) => path.startsWith("files/"))).toEqual([named[0]]);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 4 });
    rmSync(join(folder, named[0] ?? ""));
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered", problem: { kind: "missing" } });
  });

  test("pictures and traces go each at its time; events, documents and files stay, and the record verifies", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    const head = eventsOf(folder).at(-1)?.hash;
    const rules = { picturesAfter: 30 * DAY, tracesAfter: 10 * DAY };
    expect((await pruneIn(9, root, [folder], rules)).pruned).toEqual([]);
    expect((await pruneIn(11, root, [folder], rules)).pruned).toMatchObject([{ runId: "run-1", files: 1 }]);
    expect(inFolder(folder)).toContain("pictures/0002-登入後.jpg");
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 1, head: { hash: head } });
    expect((await pruneIn(31, root, [folder], rules)).pruned).toMatchObject([{ files: 2, bytes: 2 * PICTURE.length }]);
    expect(inFolder(folder).sort()).toEqual(
      ["events.jsonl", "files", "files/0003-字軌.csv", "manifest.json", "retention.jsonl", "run.json"].sort(),
    );
    const verdict = await verifyRun(folder);
    expect(verdict).toMatchObject({ verdict: "intact", pruned: 3, head: { hash: head } });
    expect(verdict.words.zh).toContain("另有 3 個圖片、軌跡或有個人資料的檔案已依保存規定刪除");
    expect((await pruneIn(31, root, [folder], rules)).pruned).toEqual([]);
  });

  test("an exported page says in the picture's place that it is gone, with its hash", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    await pruneIn(2, root, [folder], { picturesAfter: DAY });
    const pruned = await readRecord(folder);
    if (pruned === null) throw new Error("no record");
    const html = join(root, "run.html");
    await exportRun(pruned, { html, zip: null });
    const page = readFileSync(html, "utf8");
    expect(page).not.toContain("<img");
    expect(page.match(/這張圖片不在資料夾裡了/g)).toHaveLength(2);
  });
});

test("by size, the oldest go first, and no more than must", async () => {
  const root = temporaryRoot();
  const folders = [await ended(root, "run-1"), await ended(root, "run-2"), await ended(root, "run-3")];
  const all = await pruneIn(0, root, folders, {}, true);
  const maxBytes = all.before - PICTURE.length;
  const { pruned, after } = await pruneIn(0, root, folders.toReversed(), { maxBytes });
  expect(pruned.map(({ runId }) => runId)).toEqual(["run-1"]);
  expect(after).toBeLessThanOrEqual(maxBytes);
  for (const folder of folders) expect(await verifyRun(folder)).toMatchObject({ verdict: "intact" });
});

test("what only would be done is told and not done", async () => {
  const root = temporaryRoot();
  const folder = await ended(root);
  const before = inFolder(folder);
  const rules = { picturesAfter: DAY, maxBytes: 1 };
  const told = await pruneIn(2, root, [folder], rules, true);
  expect(told.pruned).toMatchObject([{ files: 3 }]);
  expect(inFolder(folder)).toEqual(before);
  expect((await pruneIn(2, root, [folder], rules)).pruned).toEqual(told.pruned);
});

describe("kept whatever the rules say", () => {
  const everything = { picturesAfter: 0, tracesAfter: 0, maxBytes: 1 };

  test("a held run, until the hold is taken off", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    expect(await hold(root, folder)).toEqual({ by: "會計", why: "國稅局調閱" });
    await hold(root, folder);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 0 });
    const { pruned, kept } = await pruneIn(9, root, [folder], everything);
    expect([pruned, kept]).toMatchObject([[], [{ runId: "run-1", why: "held" }]]);
    expect(await hold(root, folder, false)).toBeNull();
    expect((await pruneIn(9, root, [folder], everything)).pruned).toMatchObject([{ files: 3 }]);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 3 });
  });

  test("a run that is going on, also when it is held meanwhile", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await fill(root, recorder);
    await hold(root, recorder.folder);
    expect((await pruneIn(9, root, [recorder.folder], everything)).kept).toMatchObject([{ why: "not-ended" }]);
    await recorder.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact", pruned: 0 });
    expect((await pruneIn(9, root, [recorder.folder], everything)).kept).toMatchObject([{ why: "held" }]);
  });

  test("a record that was altered: it is evidence of that", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    writeFileSync(join(folder, "files/0003-字軌.csv"), "NQ,42519500\n");
    const before = inFolder(folder);
    expect((await pruneIn(9, root, [folder], everything)).kept).toMatchObject([{ why: "altered" }]);
    expect(inFolder(folder)).toEqual(before);
  });
});

describe("after a pruning", () => {
  const pictures = { picturesAfter: 0 };

  test("that was cut off between tombstone and deletion, the record verifies, and the next one deletes", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    const copy = join(temporaryRoot(), "copy.jpg");
    const picture = join(folder, "pictures/0002-登入後.jpg");
    copyFileSync(picture, copy);
    await pruneIn(1, root, [folder], pictures);
    const tombstones = readFileSync(join(folder, "retention.jsonl"), "utf8");
    cpSync(copy, picture);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 1 });
    await pruneIn(1, root, [folder], pictures);
    expect(existsSync(picture)).toBe(false);
    expect(readFileSync(join(folder, "retention.jsonl"), "utf8")).toBe(tombstones);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 2 });
  });

  test("the run can go on and end again", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    await pruneIn(1, root, [folder], pictures);
    const recorder = await openRecorder({ root, header: headerOf("run-1"), redactor: new Redactor() });
    expect(await verifyRun(folder)).toMatchObject({ verdict: "interrupted" });
    await recorder.picture("again", PICTURE, {});
    await recorder.end({ outcome: "done" });
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", pruned: 2 });
  });

  test("a file that goes without a tombstone, with another one's, or that is no picture, is missing", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    const trace = join(folder, "traces/visit-1.zip");
    const bytes = readFileSync(trace);
    rmSync(trace);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered", problem: { kind: "missing" } });
    writeFileSync(trace, bytes);
    const first = eventsOf(folder)[0]?.hash ?? "";
    for (const path of ["traces/visit-1.zip", "files/0003-字軌.csv"]) {
      const copy = join(temporaryRoot(), "run");
      cpSync(folder, copy, { recursive: true });
      rmSync(join(copy, path));
      const known = eventsOf(folder).find(({ data }) => JSON.stringify(data).includes(path))?.data;
      const sha256 = path.startsWith("files/") && known !== null && typeof known === "object" ? known : {};
      const file = { path, bytes: 1, sha256: "0".repeat(64), ...pick(sha256) };
      const forged = nextEvent({ seq: 0, hash: first }, new Date(), "pruned", { files: [file], why: "age", rule: "x" });
      writeFileSync(join(copy, "retention.jsonl"), lineOf(forged));
      expect(await verifyRun(copy)).toMatchObject({ verdict: "tampered", problem: { kind: "missing", file: path } });
    }
  });

  test("every line of its own chain that is changed, removed, doubled, moved or cut is found", async () => {
    const root = temporaryRoot();
    const folder = await ended(root);
    await hold(root, folder);
    await hold(root, folder, false);
    await pruneIn(1, root, [folder], pictures);
    const file = join(folder, "retention.jsonl");
    const whole = readFileSync(file, "utf8");
    const lines = whole.split("\n").slice(0, -1);
    expect(lines).toHaveLength(3);
    const after = async (changed: string[]) => {
      writeFileSync(file, changed.map((line) => `${line}\n`).join(""));
      return verifyRun(folder);
    };
    const found = (kind: string, line: number) => ({
      verdict: "tampered",
      problem: { kind, file: "retention.jsonl", line },
    });
    for (const [index, line] of lines.entries()) {
      const changed = line.replace(/"time":"2/, '"time":"3');
      expect(await after(lines.with(index, changed))).toMatchObject(found("changed", index + 1));
      expect(await after(lines.toSpliced(index, 0, line))).toMatchObject({ verdict: "tampered" });
    }
    expect(await after(lines.toSpliced(0, 1))).toMatchObject(found("removed", 1));
    expect(await after(lines.toSpliced(1, 1))).toMatchObject(found("removed", 2));
    expect(await after(lines.toSpliced(0, 2, lines[1] ?? "", lines[0] ?? ""))).toMatchObject(found("reordered", 1));
    // Without its last line the pictures have no tombstone.
    expect(await after(lines.slice(0, 2))).toMatchObject({ verdict: "tampered", problem: { kind: "missing" } });
    writeFileSync(file, whole.slice(0, -20));
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered" });
    rmSync(file);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered", problem: { kind: "missing" } });
  });
});

function pick(entry: object): { sha256?: string } {
  const hash = Object.entries(entry).find(([key]) => key === "sha256")?.[1];
  return typeof hash === "string" ? { sha256: hash } : {};
}

describe("the commands", () => {
  test("hold, prune and release do what they say, one run at a time", async () => {
    const office = recordOffice({ recordings: { retention: { picturesAfter: "0s", tracesAfter: "0s" } } });
    await ended(office.root, "run-1");
    await ended(office.root, "run-2");
    const held = await office.command("recordings", "hold", "run-2", "--why", "國稅局調閱");
    expect([held.code, held.envelope.data]).toMatchObject([0, { runId: "run-2", hold: { why: "國稅局調閱" } }]);
    const pruned = await office.command("recordings", "prune");
    expect([pruned.code, pruned.envelope.data]).toMatchObject([
      0,
      { pruned: [{ runId: "run-1", files: 3 }], kept: [{ runId: "run-2", why: "held" }] },
    ]);
    const released = await office.command("recordings", "release", "run-2", "--why", "調閱完畢");
    expect([released.code, released.envelope.data]).toMatchObject([0, { hold: null }]);
    expect((await office.command("recordings", "prune")).envelope.data).toMatchObject({ pruned: [{ runId: "run-2" }] });
    expectExit(await office.command("verify", "--all"), 0);
  });

  test("without any rule nothing is deleted, and what to write is said", async () => {
    const office = recordOffice();
    await ended(office.root);
    const { code, envelope } = await office.command("recordings", "prune");
    expect([code, envelope.failure?.code]).toEqual([2, "wrong-use"]);
    expect(envelope.failure?.message).toContain("picturesAfter");
    expectExit(await office.command("recordings", "hold", "run-1"), 2);
    expect((await office.command("recordings", "hold", "run-9", "--why", "x")).envelope.failure?.message).toContain(
      "run-9",
    );
  });
});
