import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Verdict, verifyRun } from "../../../robot/recording/verification/verify.ts";
import { listFiles } from "../../../robot/lib/files/durable-files.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { NEXT } from "../../support/kit/installation/portal.ts";
import { folderOf } from "../../support/kit/record/record.ts";

const EVENTS = "events.jsonl";

test("whatever is changed, removed, inserted, reordered or cut off at any place of a real run's record is found and named", async () => {
  const office = await installed();
  const run = await perform(office, take(NEXT));
  expect(run.outcome).toBe("done");
  const folder = folderOf(run);
  expect(await verifyRun(folder)).toMatchObject({ verdict: "intact" });
  await everyLine(folder);
  await everyPair(folder);
  await everyFile(folder);
  expect(await verifyRun(folder)).toMatchObject({ verdict: "intact" });
});

async function everyLine(folder: string): Promise<void> {
  const lines = linesOf(folder);
  expect(lines.length).toBeGreaterThan(40);
  const verdictOn = (changed: readonly string[]): Promise<Verdict> => meanwhile(folder, EVENTS, textOf(changed));
  for (const [index, line] of lines.entries()) {
    const named = (kind: string, where: object) => ({ verdict: "tampered", problem: { kind, file: EVENTS, ...where } });
    const at = { line: index + 1 };
    const middle = Math.floor(line.length / 2);
    const sign = line[middle] === "0" ? "1" : "0";
    const forged = `${line.slice(0, middle)}${sign}${line.slice(middle + 1)}`;
    expect(await verdictOn(lines.with(index, forged))).toMatchObject(named("changed", at));
    const gone = await verdictOn(lines.toSpliced(index, 1));
    const events = { fromEvent: index + 1, toEvent: index + 1 };
    expect(gone).toMatchObject(index + 1 === lines.length ? named("cut-off", events) : named("removed", events));
    expect(await verdictOn(lines.toSpliced(index, 0, line))).toMatchObject({
      verdict: "tampered",
      problem: { file: EVENTS },
    });
    expect(await verdictOn(lines.slice(0, index))).toMatchObject(named("cut-off", { fromEvent: index + 1 }));
  }
}

async function everyPair(folder: string): Promise<void> {
  const lines = linesOf(folder);
  for (const [index, line] of lines.slice(0, -1).entries()) {
    const swapped = lines.with(index, lines[index + 1] ?? "").with(index + 1, line);
    const problem = { kind: "reordered", file: EVENTS, line: index + 1 };
    expect(await meanwhile(folder, EVENTS, textOf(swapped))).toMatchObject({ verdict: "tampered", problem });
  }
}

function linesOf(folder: string): string[] {
  return readFileSync(join(folder, EVENTS), "utf8").split("\n").slice(0, -1);
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

async function everyFile(folder: string): Promise<void> {
  const files = (await listFiles(folder)).filter((file) => file !== EVENTS);
  for (const kept of ["pictures/", "traces/", "files/", "run.json", "manifest.json"])
    expect(files.some((file) => file.startsWith(kept))).toBe(true);
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    const changed = { verdict: "tampered", problem: { kind: "changed", file } };
    for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8((bytes[at] ?? 0) ^ 1, at);
      expect(await meanwhile(folder, file, flipped)).toMatchObject(changed);
    }
    expect(await meanwhile(folder, file, bytes.subarray(0, -1))).toMatchObject(changed);
    expect(await meanwhile(folder, file, Buffer.concat([bytes, Buffer.from(" ")]))).toMatchObject(changed);
    const aside = join(folder, "..", "aside");
    renameSync(join(folder, file), aside);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered", problem: { kind: "missing", file } });
    renameSync(aside, join(folder, file));
    const twin = `${file}.old`;
    writeFileSync(join(folder, twin), bytes);
    expect(await verifyRun(folder)).toMatchObject({ verdict: "tampered", problem: { kind: "added", file: twin } });
    rmSync(join(folder, twin));
  }
}

/** What `verify` finds while a file has other bytes. */
async function meanwhile(folder: string, file: string, bytes: string | Buffer): Promise<Verdict> {
  const path = join(folder, file);
  const before = readFileSync(path);
  writeFileSync(path, bytes);
  try {
    return await verifyRun(folder);
  } finally {
    writeFileSync(path, before);
  }
}
