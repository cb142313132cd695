/**
 * What the robot costs beside a bare script: 取號 from the sign-in to the file, by the robot with its record on, and the same clicks by a
 * Playwright script without any check, in turn against the same practice portal. Each round runs in a process of its own, and its browser
 * with it; what loading the program costs is not counted on either side.
 *
 *   node test/bench/take-tracks.ts [--rounds 5] [--render 30] [--design current|classic]
 *
 * `--render` is how long the portal's pages take to fill themselves, in milliseconds.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { z } from "zod";
import { loadConfig } from "../../robot/config/load.ts";
import type { CompanyConfig } from "../../robot/config/schema.ts";
import { launchBrowser } from "../portal/visitor.ts";
import { answerToPicture } from "../support/kit/installation/captcha-oracle.ts";
import { browserHost } from "../../robot/browser/launch.ts";
import { perform, take } from "../support/kit/installation/in-process.ts";
import { install, NOTICE_ADDRESS } from "../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal } from "../support/kit/installation/portal.ts";
import { SCRIPTS } from "./take-tracks/bare.ts";

const BOOKS = 15;
const PASSWORD = "Bench-right-1";
const design = z.enum(["current", "classic"]);

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    render: { type: "string", default: "30" },
    design: { type: "string", default: "current" },
    as: { type: "string" },
    config: { type: "string", default: "" },
    control: { type: "string", default: "" },
  },
});

/** Milliseconds of the wall clock, and of all processors together. */
const costSchema = z.object({ wall: z.number(), processor: z.number() });
type Cost = z.infer<typeof costSchema>;
type Side = "robot" | "bare";

/** Milliseconds of the processor that this process has used, and its children that have ended: the browser. */
function processor(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
  return ticks * 10;
}

async function measured(work: () => Promise<void>): Promise<Cost> {
  const before = { wall: performance.now(), processor: processor() };
  await work();
  return { wall: performance.now() - before.wall, processor: processor() - before.processor };
}

async function byRobot(configFile: string): Promise<void> {
  const config = await loadConfig(configFile);
  const [company] = config.companies;
  const run = await perform({ config, ubn: company?.ubn ?? "" }, take(NEXT, BOOKS), {
    browser: browserHost(config.browser),
  });
  if (run.outcome !== "done") throw new Error(`The robot ended with ${run.failure?.message ?? run.outcome}`);
}

async function byScript(configFile: string, controlUrl: string): Promise<void> {
  const { companies, portal } = await loadConfig(configFile);
  const [company]: readonly CompanyConfig[] = companies;
  const ban = company?.ubn ?? "";
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await SCRIPTS[design.parse(values.design)](page, {
      address: portal.address,
      credentials: { ban, account: ban, password: PASSWORD },
      told: async (picture) => (await answerToPicture(controlUrl, picture)) ?? "",
      period: NEXT,
      books: BOOKS,
    });
  } finally {
    await browser.close();
  }
}

async function child(side: Side): Promise<void> {
  const { config, control } = values;
  const cost = await measured(() => (side === "robot" ? byRobot(config) : byScript(config, control)));
  process.send?.(cost);
  process.disconnect();
}

async function parent(): Promise<void> {
  const rounds = Number(values.rounds);
  const portal = await openPortal({
    design: design.parse(values.design),
    pages: { renderMs: Number(values.render) },
    // Allocated at once: nothing of the time is the portal's.
    takes: { allocateMinutes: [0, 0], checkMinutes: [0, 0] },
  });
  const costs: { readonly [side in Side]: Cost[] } = { robot: [], bare: [] };
  let loads = 0;
  try {
    // The first round only warms up the disk's cache.
    for (let round = 0; round <= rounds; round++) {
      for (const side of ["bare", "robot"] as const) {
        const office = await install({
          portal,
          companies: [{ password: PASSWORD, portal: { mailboxList: [NOTICE_ADDRESS] } }],
        });
        try {
          const before = portal.ledger().length;
          const cost = await inProcess(side, office.configFile, portal.controlUrl);
          if (ledgerOf(portal, "download", office.ubn).length !== 1) throw new Error(`${side} fetched no file`);
          process.stderr.write(`${side} ${Math.round(cost.wall)} ms, processor ${Math.round(cost.processor)} ms\n`);
          if (round > 0) costs[side].push(cost);
          if (side === "robot")
            loads = portal
              .ledger()
              .slice(before)
              .filter(({ type }) => type === "page-load").length;
        } finally {
          await office.close();
        }
      }
    }
  } finally {
    await portal.close();
  }
  const of = (side: Side, what: keyof Cost): number => median(costs[side].map((cost) => cost[what]));
  process.stdout.write(`${values.design}, pages that take ${values.render} ms, ${rounds} rounds, medians\n`);
  for (const side of ["bare", "robot"] as const)
    process.stdout.write(`| ${side} | ${seconds(of(side, "wall"))} | ${seconds(of(side, "processor"))} |\n`);
  const ratio = (what: keyof Cost): string => (of("robot", what) / of("bare", what)).toFixed(2);
  process.stdout.write(`| ratio | ${ratio("wall")} | ${ratio("processor")} |\npages opened by the robot: ${loads}\n`);
}

async function inProcess(side: Side, configFile: string, controlUrl: string): Promise<Cost> {
  const args = ["--as", side, "--config", configFile, "--control", controlUrl, "--design", values.design];
  const worker = fork(process.argv[1] ?? "", args);
  const [message]: unknown[] = await Promise.race([
    once(worker, "message"),
    once(worker, "exit").then(([code]: unknown[]) => Promise.reject(new Error(`${side} ended with ${String(code)}`))),
  ]);
  return costSchema.parse(message);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

await (values.as === undefined ? parent() : child(values.as === "robot" ? "robot" : "bare"));
