import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { lineOf, nextEvent, NO_EVENTS } from "../../../robot/recording/format/chain.ts";
import { openRecorder, runFolder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { headerOf, JPEG } from "../../support/recording/recording-samples.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";

describe("the chain", () => {
  test("begins with the whole header, and each event names the one before it", async () => {
    const recorder = await record(temporaryRoot());
    await recorder.event("step.done", { z: 1, a: "取號" });
    await recorder.suspend();
    const [first, second] = eventsOf(recorder.folder);
    expect(first).toMatchObject({ seq: 1, type: "run-started", prevHash: "0".repeat(64) });
    expect(first?.data).toEqual({ format: 1, header: headerOf("run-1") });
    expect(second).toMatchObject({ seq: 2, type: "step.done", prevHash: first?.hash, data: { a: "取號", z: 1 } });
    expect(second?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("goes on when the run is opened again, also after it was ended", async () => {
    const root = temporaryRoot();
    const first = await record(root);
    await first.event("step.done", {});
    await first.suspend();
    const second = await record(root);
    await second.event("step.done", {});
    await second.end({ outcome: "done" });
    const third = await record(root);
    expect(await verifyRun(third.folder)).toMatchObject({ verdict: "interrupted" });
    await third.end({ outcome: "already-done" });
    expect(await verifyRun(first.folder)).toMatchObject({ verdict: "intact", outcome: "already-done" });
    expect(eventsOf(first.folder).map(({ type }) => type)).toEqual([
      "run-started",
      "step.done",
      "run-resumed",
      "step.done",
      "leak-scan",
      "run-ended",
      "run-resumed",
      "leak-scan",
      "run-ended",
    ]);
  });

  test("keeps the order of calls that come at once", async () => {
    const recorder = await record(temporaryRoot());
    await Promise.all(Array.from({ length: 30 }, (_, n) => recorder.event("n", { n })));
    await recorder.suspend();
    const events = eventsOf(recorder.folder).slice(1);
    expect(events.map(({ data }) => data)).toEqual(Array.from({ length: 30 }, (_, n) => ({ n })));
  });

  test("refuses the recorder's own types and anything that is no type", async () => {
    const recorder = await record(temporaryRoot());
    for (const type of ["run-ended", "file", "", "With Space", 'x"']) {
      await expect(recorder.event(type, {})).rejects.toThrow(RangeError);
    }
    await recorder.suspend();
    await expect(recorder.event("late", {})).rejects.toMatchObject({ problem: "closed" });
  });

  test("is not added to where it is broken or tells of another run", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await recorder.event("a", {});
    await recorder.suspend();
    const events = join(recorder.folder, "events.jsonl");
    const text = readFileSync(events, "utf8");
    writeFileSync(events, text.replace('"type":"a"', '"type":"b"'));
    await expect(record(root)).rejects.toMatchObject({
      problem: "damaged",
      message: expect.stringContaining("Line 2"),
    });
    const other = runFolder(root, "run-2", new Date(headerOf("run-2").startedAt));
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "events.jsonl"), text);
    await expect(record(root, new Redactor(), "run-2")).rejects.toMatchObject({ problem: "damaged" });
  });
});

test("a record of a later format is refused, not called tampered", async () => {
  const root = temporaryRoot();
  const recorder = await record(root);
  await recorder.suspend();
  const later = nextEvent(NO_EVENTS, new Date(), "run-started", { format: 2, header: {} });
  writeFileSync(join(recorder.folder, "events.jsonl"), lineOf(later));
  await expect(verifyRun(recorder.folder)).rejects.toThrow("format 2");
  await expect(record(root)).rejects.toThrow("format 2");
});

describe("the folder", () => {
  test("is named by the date in Taiwan", () => {
    expect(runFolder("r", "x", new Date("2026-11-30T15:59:59Z"))).toBe(join("r", "2026", "11", "30", "x"));
    expect(runFolder("r", "x", new Date("2026-11-30T16:00:00Z"))).toBe(join("r", "2026", "12", "01", "x"));
    expect(() => runFolder("r", "../x", new Date())).toThrow(RangeError);
  });

  test("keeps files byte by byte under names that every system takes", async () => {
    const recorder = await record(temporaryRoot());
    const bytes = Buffer.from([0, 255, 13, 10, 0xef, 0xbb, 0xbf]);
    const about = { direction: "in", origin: "portal" } as const;
    const names = [
      "字軌.csv",
      "../../etc/passwd",
      "CON.txt",
      "a:b\u0000c?.csv",
      "",
      `${"長".repeat(300)}.csv`,
      "字軌.csv",
    ];
    const kept = [];
    for (const name of names) kept.push(await recorder.file(name, bytes, about));
    expect(new Set(kept.map(({ path }) => path)).size).toBe(names.length);
    for (const { path } of kept) {
      expect(path).toMatch(/^files\/\d{4}-[^/\\:?]+$/);
      expect(readFileSync(join(recorder.folder, path))).toEqual(bytes);
    }
    expect(kept[0]).toMatchObject({ name: "字軌.csv", path: "files/0002-字軌.csv", bytes: 7 });
    expect(kept[5]?.path).toMatch(/長\.csv$/);
    await recorder.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
  });

  test("holds no secret in events, names or the outcome", async () => {
    const redactor = new Redactor();
    redactor.enrol('p"a&ss', "portal password");
    const recorder = await record(temporaryRoot(), redactor);
    await recorder.event("failed", { message: 'fill(p"a&ss)', 'p"a&ss': "x=p%22a%26ss" });
    await recorder.picture('at p"a&ss', JPEG, { url: "?q=p%22a%26ss" });
    await recorder.file('p"a&ss.csv', Buffer.from("x"), { direction: "out", origin: 'p"a&ss' });
    await recorder.end({ outcome: "failed", failure: { code: "x", message: 'p"a&ss', next: "-" } });
    expect(eventsOf(recorder.folder).find(({ type }) => type === "leak-scan")?.data).toMatchObject({ leaks: [] });
    const text = readFileSync(join(recorder.folder, "events.jsonl"), "utf8");
    expect(text.match(/\[secret:portal password\]/g)).toHaveLength(8);
    expect(text.match(/\[secret_portal password\]/g)).toHaveLength(2);
  });

  test("can't be read by others on the machine", async (context) => {
    if (process.platform === "win32") context.skip();
    const recorder = await record(temporaryRoot());
    await recorder.picture("x", JPEG, {});
    await recorder.end({ outcome: "done" });
    const paths = ["", "events.jsonl", "run.json", "manifest.json", "pictures", "pictures/0002-x.jpg"];
    expect(paths.filter((path) => (statSync(join(recorder.folder, path)).mode & 0o077) !== 0)).toEqual([]);
  });
});

describe("a process that ended in the middle", () => {
  test("of a line: wherever it was cut, the run was interrupted, and the next process says what it repaired", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await recorder.event("whole", {});
    await recorder.event("cut", { text: "長" });
    await recorder.suspend();
    const file = join(recorder.folder, "events.jsonl");
    const bytes = readFileSync(file);
    const start = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
    for (let end = start + 1; end < bytes.length; end++) {
      writeFileSync(file, bytes.subarray(0, end));
      expect(await verifyRun(recorder.folder)).toMatchObject({
        verdict: "interrupted",
        after: 2,
        tornBytes: end - start,
      });
    }
    const again = await record(root);
    await again.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
    expect(eventsOf(recorder.folder).slice(2, 4)).toMatchObject([
      { type: "torn-line-repaired", data: { bytes: bytes.length - 1 - start } },
      { type: "run-resumed" },
    ]);
  });

  test("of the very first line", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await recorder.suspend();
    truncateSync(join(recorder.folder, "events.jsonl"), 40);
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", after: 0 });
    rmSync(join(recorder.folder, "events.jsonl"));
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", after: 0 });
    const again = await record(root);
    await again.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
  });

  test("between a file and its event: the next process records it as unfinished", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await recorder.suspend();
    mkdirSync(join(recorder.folder, "pictures"));
    writeFileSync(join(recorder.folder, "pictures", "0002-x.jpg"), JPEG);
    expect(await verifyRun(recorder.folder)).toMatchObject({
      verdict: "interrupted",
      after: 1,
      unrecorded: "pictures/0002-x.jpg",
    });
    const again = await record(root);
    await again.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
    expect(eventsOf(recorder.folder)[2]).toMatchObject({
      type: "unfinished-file",
      data: { path: "pictures/0002-x.jpg" },
    });
  });

  test("of ending: at each point the run is interrupted, and can be ended again", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    const open = join(root, "open-run.json");
    copyFileSync(join(recorder.folder, "run.json"), open);
    await recorder.end({ outcome: "done" });
    copyFileSync(open, join(recorder.folder, "run.json"));
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", after: 3 });
    rmSync(join(recorder.folder, "manifest.json"));
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", after: 3 });
    const again = await record(root);
    await again.end({ outcome: "done" });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
  });
});

describe("two recorders of one run", () => {
  test("at the same moment: exactly one records, the others are told who does", async () => {
    const root = temporaryRoot();
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => record(root)));
    const winners = results.filter((result) => result.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const result of results.filter((result) => result.status === "rejected")) {
      expect(result.reason).toMatchObject({
        problem: "busy",
        message: expect.stringContaining(`process ${process.pid}`),
      });
    }
    await winners[0]?.value.end({ outcome: "done" });
    await (await record(root)).suspend();
  });

  test("on two machines: the lock is respected while it is touched, and taken over with an event when it is not", async () => {
    const root = temporaryRoot();
    mkdirSync(join(root, ".work"));
    const lock = join(root, ".work", "run-1~other.lock");
    const holder = { id: "other", pid: 1, host: "elsewhere", born: null, since: "2026-11-30T17:00:00.000Z" };
    writeFileSync(lock, JSON.stringify(holder));
    let touched = 0;
    const beat = setInterval(() => utimesSync(lock, 1_000 + touched, 1_000 + ++touched), 50);
    onTestFinished(() => clearInterval(beat));
    await expect(record(root)).rejects.toMatchObject({
      problem: "busy",
      message: expect.stringContaining("elsewhere"),
    });
    clearInterval(beat);
    const recorder = await record(root);
    await recorder.suspend();
    expect(eventsOf(recorder.folder)[1]).toMatchObject({
      type: "lock-taken-over",
      data: { host: "elsewhere", pid: 1 },
    });
  });

  test("the one that was overtaken in spite of the lock adds nothing", async () => {
    const recorder = await record(temporaryRoot());
    appendFileSync(join(recorder.folder, "events.jsonl"), "something\n");
    await expect(recorder.event("mine", {})).rejects.toMatchObject({ problem: "overtaken" });
    await expect(recorder.event("mine", {})).rejects.toMatchObject({ problem: "closed" });
    expect(readFileSync(join(recorder.folder, "events.jsonl"), "utf8")).toMatch(/something\n$/);
  });
});

test("on a full disk the event is refused as such, nothing that was promised is lost, and recording goes on with room", async (context) => {
  const root = temporaryRoot();
  // A real small disk; making one needs the right to mount.
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", root]).status !== 0) context.skip();
  onTestFinished(() => void spawnSync("umount", ["-l", root]));
  const recorder = await openRecorder({ root, header: headerOf("run-1"), redactor: new Redactor() });
  const ballast = join(root, "ballast");
  writeFileSync(ballast, Buffer.alloc(180_000));
  const { hash } = await recorder.event("before", {});
  await expect(recorder.event("big", { text: "x".repeat(100_000) })).rejects.toMatchObject({ code: "disk-full" });
  await expect(recorder.picture("big", Buffer.alloc(100_000), {})).rejects.toMatchObject({ code: "disk-full" });
  expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "interrupted", head: { hash }, tornBytes: 0 });
  rmSync(ballast);
  await recorder.event("after", {});
  await recorder.end({ outcome: "done" });
  expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact" });
});
