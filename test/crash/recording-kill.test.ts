import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { verifyRun } from "../../robot/recording/verification/verify.ts";
import { findBrowser } from "../../robot/setup/find-browser.mjs";
import { quickBrowser } from "../support/kit/quick-browser.ts";
import { serveViewer } from "../support/kit/record/trace-viewer.ts";
import { unzip } from "../support/recording/recording-canaries.ts";
import { eventsOf, record, temporaryRoot } from "../support/recording/recording-support.ts";
import { EVERY_TEST } from "../support/every-test.ts";

/** Runs that are killed again and again: 200 times in all with `EINVOICE_TESTS=all`. */
const RUNS = EVERY_TEST ? 10 : 2;
const KILLS = 20;
const child = join(import.meta.dirname, "../support/recording/recording-child.ts");
const compiled = join(import.meta.dirname, "../../node_modules/.cache/compiled");

let browser: Browser;
beforeAll(async () => {
  const executablePath = quickBrowser() ?? findBrowser({ env: process.env })?.executablePath;
  if (executablePath === undefined) throw new Error("These tests need a Chrome, Edge or Chromium.");
  browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
});
afterAll(() => browser.close());

const folderOf = (root: string) => join(root, "2026", "12", "01", "run-1");

/** A small trace of a real visit. */
async function realTrace(root: string): Promise<string> {
  const path = join(root, "visit.zip");
  const context = await browser.newContext();
  await context.tracing.start({ snapshots: true });
  const page = await context.newPage();
  await page.setContent("<button>查詢</button>");
  await page.getByRole("button", { name: "查詢" }).click();
  await context.tracing.stop({ path });
  await context.close();
  return path;
}

/** A process that records until it is killed, and what it promises meanwhile. */
function startWriter(root: string, trace: string): { promises: AsyncIterable<string>; kill: () => void } {
  const writer = spawn(process.execPath, [child, root, "run-1", trace], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
  });
  const kill = () => void writer.kill("SIGKILL");
  onTestFinished(kill);
  return { promises: createInterface({ input: writer.stdout }), kill };
}

/** Lets a process record, kills it after so many promises and a little more, and returns all that it had promised. */
async function recordAndKill(root: string, trace: string, promises: number): Promise<string[]> {
  const writer = startWriter(root, trace);
  const promised: string[] = [];
  for await (const line of writer.promises) {
    promised.push(line);
    // Somewhere in the work after the promise, wherever that is.
    if (promised.length === promises) setTimeout(writer.kill, Math.random() * 4);
  }
  return promised;
}

test.each(Array.from({ length: RUNS }, (_, run) => run))(
  `a run that is killed ${KILLS} times keeps every promised event, its traces open, and it is interrupted, not tampered with (%i)`,
  async () => {
    const root = temporaryRoot();
    const trace = await realTrace(root);
    const { length: members } = await unzip(readFileSync(trace));
    const promised: string[] = [];
    const folder = folderOf(root);
    for (let kill = 0; kill < KILLS; kill++) {
      promised.push(...(await recordAndKill(root, trace, 1 + Math.floor(Math.random() * 12))));
      const events = eventsOf(folder);
      const hashes = new Set(events.map(({ hash }) => hash));
      expect(promised.filter((one) => !hashes.has(one) && !existsSync(join(folder, one)))).toEqual([]);
      const verdict = await verifyRun(folder);
      expect(verdict).toMatchObject({ verdict: "interrupted", after: events.length });
      expect(verdict.words.en).toContain(`Interrupted after event ${events.length}`);
      expect(verdict.words.zh).toContain(`停在第 ${events.length} 個事件`);
    }
    const traces = promised.filter((one) => one.startsWith("traces/"));
    expect(traces).not.toEqual([]);
    for (const one of traces) expect(await unzip(readFileSync(join(folder, one)))).toHaveLength(members);
    await expectOpens(readFileSync(join(folder, traces.at(-1) ?? "")));
    const recorder = await record(root);
    await recorder.end({ outcome: "done" });
    expect(await verifyRun(folder)).toMatchObject({ verdict: "intact", outcome: "done" });
    const types = eventsOf(folder).map(({ type }) => type);
    expect(types.filter((type) => type === "run-resumed")).toHaveLength(KILLS);
    expect(types.filter((type) => type === "lock-taken-over")).toHaveLength(KILLS);
  },
);

/** Playwright's own viewer shows the trace's action. */
async function expectOpens(trace: Buffer): Promise<void> {
  const address = await serveViewer(trace);
  const page = await browser.newPage();
  await page.goto(`${address}/index.html?trace=${address}/trace.zip`);
  await page.getByRole("treeitem", { name: "Click" }).waitFor();
  await page.close();
}

test("a run that is verified while another process records it is never called tampered", async () => {
  const root = temporaryRoot();
  const writer = startWriter(root, await realTrace(root));
  const first = await writer.promises[Symbol.asyncIterator]().next();
  expect(first.done).toBe(false);
  const verdicts = new Set<string>();
  for (let n = 0; n < 25; n++) verdicts.add((await verifyRun(folderOf(root))).verdict);
  expect(verdicts).toEqual(new Set(["interrupted"]));
});
