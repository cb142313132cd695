import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright";
import { z } from "zod";
import { screenshotOf } from "../../robot/browser/highlight.ts";
import { openRecorder, type Recorder } from "../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../robot/recording/redaction/redactor.ts";
import { findInPath } from "../../robot/setup/find-browser.mjs";
import { logInteraction } from "../../selectors/dom/interaction-log.ts";
import { openPortal } from "../support/kit/installation/portal.ts";
import { launchBrowser, shop, signIn } from "../portal/visitor.ts";
import { headerOf } from "../support/recording/recording-samples.ts";

/**
 * What recording adds in time and bytes: the same clicks on the practice portal's pages with nothing on, with Playwright's trace and video,
 * with its trace alone, and as the robot records them. Rounds of the four are taken in turn, so that a machine that grows slower does
 * so for all.
 *
 *   node test/bench/recording.ts [--rounds 5] [--steps 12]
 *
 * Video needs `ffmpeg` on the path; without it that row is left out.
 */
const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, steps: { type: "string", default: "12" } },
});
const ROUNDS = Number(values.rounds);
const STEPS = Number(values.steps);
const TABS = ["取號電子郵件信箱維護", "取號", "查詢"];

type Way = "nothing" | "trace and video" | "trace" | "recorded";
interface Cost {
  readonly ms: number;
  readonly bytes: number;
}

/** Playwright takes the program that makes videos from a folder of its own, which it looks up once, when it is loaded. */
async function againWithVideo(ffmpeg: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "recording-bench-"));
  const core = dirname(createRequire(import.meta.url).resolve("playwright-core/package.json"));
  const { browsers } = z
    .object({ browsers: z.array(z.object({ name: z.string(), revision: z.string() })) })
    .parse(JSON.parse(readFileSync(join(core, "browsers.json"), "utf8")));
  const revision = browsers.find(({ name }) => name === "ffmpeg")?.revision ?? "";
  const place = join(folder, `ffmpeg-${revision}`);
  mkdirSync(place, { recursive: true });
  symlinkSync(ffmpeg, join(place, "ffmpeg-linux"));
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: folder };
  const child = spawn(process.execPath, process.argv.slice(1), { stdio: "inherit", env });
  const [code]: unknown[] = await once(child, "exit");
  await rm(folder, { recursive: true, force: true });
  return code === 0 ? 0 : 1;
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  // Beside the recordings lies a reserve for a disk that becomes full, one for all runs.
  const kept = names.filter((name) => !name.startsWith(".work"));
  const sizes = await Promise.all(kept.map((name) => stat(join(folder, name))));
  return sizes.reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0);
}

/** The clicks: from tab to tab of 字軌號碼取號, each a step of its own. */
async function clicks(page: Page, step: (name: string, work: () => Promise<void>) => Promise<void>): Promise<void> {
  for (let index = 0; index < STEPS; index++) {
    const name = TABS[index % TABS.length] ?? "";
    const tab = page.getByRole("tab", { name: new RegExp(`^\\s*[＋+]?\\s*${name}\\s*$`) });
    await step(`${name} ${index + 1}`, async () => {
      await logInteraction(tab).click();
      await page
        .getByRole("tab", { name: new RegExp(name), selected: true })
        .first()
        .waitFor();
    });
  }
}

async function play(
  way: Way,
  browser: Browser,
  address: string,
  signInTo: (page: Page) => Promise<void>,
): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), "recording-bench-"));
  const size = { width: 1280, height: 900 };
  const context: BrowserContext = await browser.newContext({
    viewport: size,
    ...(way === "trace and video" ? { recordVideo: { dir: folder, size } } : {}),
  });
  try {
    const page = await context.newPage();
    await signInTo(page);
    await page.goto(address);
    const began = performance.now();
    if (way === "nothing") await clicks(page, (_name, work) => work());
    else if (way === "recorded") await recordedClicks(page, context, folder);
    else {
      await context.tracing.start({ snapshots: true, screenshots: way === "trace and video" });
      await clicks(page, (_name, work) => work());
      await context.tracing.stop({ path: join(folder, "trace.zip") });
    }
    const ms = performance.now() - began;
    await context.close();
    return { ms, bytes: await bytesIn(folder) };
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** As a visit of the robot records: events, a masked and outlined picture of each step, a trace without secrets, the scan at the end. */
async function recordedClicks(page: Page, context: BrowserContext, root: string): Promise<void> {
  const redactor = new Redactor();
  redactor.enrol(shop.password, "portal password");
  const recorder: Recorder = await openRecorder({ root, header: headerOf("run-1"), redactor });
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false });
  await clicks(page, async (name, work) => {
    await recorder.event("step.started", { step: name });
    await work();
    const image = await screenshotOf(page, "input[type=password]", 55);
    await recorder.picture(name, image, { address: page.url() });
    await recorder.event("step.done", { step: name });
  });
  const zip = join(root, "raw.zip");
  await context.tracing.stop({ path: zip });
  await recorder.trace("visit-1", zip);
  await recorder.end({ outcome: "done" });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const ffmpeg = findInPath("ffmpeg", process.env);
const hasVideo = process.env["PLAYWRIGHT_BROWSERS_PATH"] !== undefined;
if (ffmpeg !== null && !hasVideo) process.exit(await againWithVideo(ffmpeg));
const ways: readonly Way[] = ["nothing", ...(hasVideo ? (["trace and video"] as const) : []), "trace", "recorded"];
const portal = await openPortal({
  companies: [
    { ban: shop.ban, name: "晨光小舖", taxId: "351020001", accounts: [{ id: shop.account, password: shop.password }] },
  ],
});
const browser = await launchBrowser();
try {
  const costs = new Map<Way, Cost[]>(ways.map((way) => [way, []]));
  const address = `${portal.url}/dashboard/btb/btb004w/search`;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of ways) {
      const cost = await play(way, browser, address, (page) => signIn(portal, page));
      // The first round only warms up.
      if (round > 0) costs.get(way)?.push(cost);
    }
  }
  const nothing = median((costs.get("nothing") ?? []).map(({ ms }) => ms));
  process.stdout.write(`${STEPS} steps, ${ROUNDS} rounds, medians\n`);
  for (const [way, all] of costs) {
    const ms = median(all.map((cost) => cost.ms));
    const bytes = median(all.map((cost) => cost.bytes));
    const line = [way, `${Math.round(ms)} ms`, `× ${(ms / nothing).toFixed(2)}`, `${Math.round(bytes / 1000)} kB`];
    process.stdout.write(`| ${line.join(" | ")} |\n`);
  }
} finally {
  await browser.close();
  await portal.close();
}
