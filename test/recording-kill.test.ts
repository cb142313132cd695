import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { verifyRun } from "../robot/recording/verify.ts";
import { eventsOf, record, temporaryRoot } from "./recording-support.ts";

const child = join(import.meta.dirname, "recording-child.ts");

const folderOf = (root: string) => join(root, "2026", "12", "01", "run-1");

/** A process that records until it is killed, and what it promises meanwhile. */
function startWriter(root: string): { promises: AsyncIterable<string>; kill: () => void } {
  const writer = spawn(process.execPath, [child, root, "run-1"], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => void writer.kill("SIGKILL");
  onTestFinished(kill);
  return { promises: createInterface({ input: writer.stdout }), kill };
}

/** Lets a process record, kills it after so many promises and a little more, and returns all that it had promised. */
async function recordAndKill(root: string, promises: number): Promise<string[]> {
  const writer = startWriter(root);
  const promised: string[] = [];
  for await (const line of writer.promises) {
    promised.push(line);
    // Somewhere in the work after the promise, wherever that is.
    if (promised.length === promises) setTimeout(writer.kill, Math.random() * 4);
  }
  return promised;
}

test("a run that is killed again and again keeps every promised event and goes on with its chain", async () => {
  const root = temporaryRoot();
  const promised: string[] = [];
  const folder = folderOf(root);
  for (let kill = 0; kill < 20; kill++) {
    promised.push(...(await recordAndKill(root, 1 + Math.floor(Math.random() * 12))));
    const events = eventsOf(folder);
    const hashes = new Set(events.map(({ hash }) => hash));
    expect(promised.filter((one) => !hashes.has(one) && !existsSync(join(folder, one)))).toEqual([]);
    const verdict = await verifyRun(folder);
    expect(verdict).toMatchObject({ verdict: "interrupted", after: events.length });
    expect(verdict.words.en).toContain(`Interrupted after event ${events.length}`);
    expect(verdict.words.zh).toContain(`停在第 ${events.length} 個事件`);
  }
  const recorder = await record(root);
  await recorder.end({ outcome: "done" });
  expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", outcome: "done" });
  const types = eventsOf(folder).map(({ type }) => type);
  expect(types.filter((type) => type === "run-resumed")).toHaveLength(20);
  expect(types.filter((type) => type === "lock-taken-over")).toHaveLength(20);
});

test("a run that is verified while another process records it is never called tampered", async () => {
  const root = temporaryRoot();
  const writer = startWriter(root);
  const first = await writer.promises[Symbol.asyncIterator]().next();
  expect(first.done).toBe(false);
  const verdicts = new Set<string>();
  for (let n = 0; n < 25; n++) verdicts.add((await verifyRun(folderOf(root))).verdict);
  expect(verdicts).toEqual(new Set(["interrupted"]));
});
