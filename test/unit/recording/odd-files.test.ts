import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { JPEG } from "../../support/recording/recording-samples.ts";
import { record, temporaryRoot } from "../../support/recording/recording-support.ts";

/** What somebody may put into the folder of a run: nothing of it is followed, waited for, or read as a whole, and it ends nothing. */
const ODD: readonly (readonly [what: string, put: (folder: string, outside: string) => void, kind: string])[] = [
  ["a pipe", (folder) => execFileSync("mkfifo", [join(folder, "files-pipe")]), "odd"],
  ["a link to a file outside", (folder, outside) => symlinkSync(outside, join(folder, "note.txt")), "odd"],
  ["a link to nothing", (folder) => symlinkSync("/nowhere/at-all", join(folder, "note.txt")), "odd"],
  ["a link to a device that never ends", (folder) => symlinkSync("/dev/zero", join(folder, "note.txt")), "odd"],
  ["a link to the root of all files", (folder) => symlinkSync("/", join(folder, "all")), "odd"],
  ["a second name of a file outside", (folder, outside) => linkSync(outside, join(folder, "note.txt")), "added"],
  ["a file of eight terabytes with nothing in it", (folder) => sparse(join(folder, "huge.bin"), 8 * 2 ** 40), "added"],
  [
    "a zip that unpacks to itself",
    (folder) => writeFileSync(join(folder, "a.zip"), "PK\u0003\u0004 and no more"),
    "added",
  ],
  ["a folder a hundred deep", (folder) => deep(folder), "added"],
];

function sparse(path: string, bytes: number): void {
  writeFileSync(path, "");
  truncateSync(path, bytes);
}

function deep(folder: string): void {
  const path = join(folder, ...Array.from({ length: 100 }, () => "d"));
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "x"), "x");
}

describe.skipIf(process.platform === "win32").each(ODD)("%s in the folder", (_what, put, kind) => {
  test("keeps no run from being recorded, searched and ended, and is found", async () => {
    const root = temporaryRoot();
    const outside = join(root, "outside.txt");
    writeFileSync(outside, "s3cret-of-somebody");
    const redactor = new Redactor();
    redactor.enrol("s3cret-of-somebody", "password");
    const recorder = await record(root, redactor);
    put(recorder.folder, outside);
    await recorder.picture("頁", JPEG, {});
    const scan = await scanFolder(recorder.folder, redactor);
    // What a link leads to is not in the record.
    expect(scan.leaks).toEqual([]);
    await recorder.suspend();
    const again = await record(root, redactor);
    await again.end({ outcome: "done" });
    const verdict = await verifyRun(again.folder);
    expect(verdict).toMatchObject({ verdict: "tampered", problem: { kind } });
  });
});

describe.skipIf(process.platform === "win32")("in the place of the record's own", () => {
  test.each([
    ["a link", (path: string, outside: string) => symlinkSync(outside, path)],
    ["a second name", (path: string, outside: string) => linkSync(outside, path)],
    ["a pipe", (path: string) => execFileSync("mkfifo", [path])],
  ])("%s instead of events.jsonl: nothing is written through it", async (_what, put) => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await recorder.suspend();
    const events = join(recorder.folder, "events.jsonl");
    const outside = join(root, "outside.jsonl");
    const lines = readFileSync(events);
    writeFileSync(outside, lines);
    rmSync(events);
    put(events, outside);
    await expect(record(root)).rejects.toMatchObject({ name: "RecordingError", problem: "damaged" });
    expect(readFileSync(outside)).toEqual(lines);
    expect(await verifyRun(recorder.folder)).toMatchObject({
      verdict: "tampered",
      problem: { kind: "odd", file: "events.jsonl" },
    });
  });

  test("a link instead of the folder of pictures: no picture goes elsewhere", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    const elsewhere = join(root, "elsewhere");
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(recorder.folder, "pictures"));
    await expect(recorder.picture("頁", JPEG, {})).rejects.toMatchObject({ problem: "damaged" });
    expect(execFileSync("ls", [elsewhere]).toString()).toBe("");
    await recorder.suspend();
  });

  test("a picture blown up to two terabytes is found without being read", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    const path = await recorder.picture("頁", JPEG, {});
    await recorder.end({ outcome: "done" });
    sparse(join(recorder.folder, path), 2 ** 41);
    expect(await verifyRun(recorder.folder)).toMatchObject({
      verdict: "tampered",
      problem: { kind: "changed", file: path },
    });
  });
});
