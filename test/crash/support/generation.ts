import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Installation } from "../../support/kit/installation/installation.ts";
import type { Json } from "../../../robot/lib/json.ts";
import type { Job } from "./jobs.ts";

const CRASH_RUN = fileURLToPath(new URL("crash-run.ts", import.meta.url));
/** Where the commands keep the compiled program too. */
const COMPILED = fileURLToPath(new URL("../../../node_modules/.cache/compiled", import.meta.url));

/** What every process of a kill test is told. */
export const planSchema = z.strictObject({
  /** `effect@point`, or another place that it names: it dies at the first of these that it reaches. */
  crashPoints: z.array(z.string()),
  /** What a person would answer who looked at the portal, by effect. */
  truth: z.record(z.string(), z.enum(["happened", "not-happened"])),
  /** What a person answers at once who is asked for a yes before an act, by the question's name. */
  agrees: z.record(z.string(), z.string()),
});

/** What a process is told that works in a browser. */
export const orderSchema = planSchema.extend({
  config: z.string(),
  control: z.string(),
  flow: z.string(),
  company: z.string(),
  input: z.unknown(),
});

const toldSchema = z.union([
  z.object({ point: z.string() }),
  z.object({
    end: z.object({
      runId: z.string(),
      state: z.string(),
      outcome: z.string().nullable(),
      code: z.string().nullable(),
      questions: z.int(),
    }),
  }),
]);
/** A line that it prints. */
export type Told = z.infer<typeof toldSchema>;

/** One process, from its start to its end or its crash point. */
export interface Generation {
  readonly killed: boolean;
  /** Points that it reached, `effect@point`; the last one is where it died, if it killed itself. */
  readonly points: readonly string[];
  /** How it ended by itself; null when it was killed. */
  readonly end: Extract<Told, { end: unknown }>["end"] | null;
}

/** Notes where these processes killed themselves; a crash point that was wanted is wanted no more. */
export function countDeaths(born: readonly Generation[], wanted: string[], kills: string[]): void {
  for (const { killed, points } of born) {
    const last = points.at(-1);
    if (!killed || last === undefined) continue;
    kills.push(last);
    const index = wanted.indexOf(last);
    if (index >= 0) wanted.splice(index, 1);
  }
}

/** The effect of a point; its name may hold the sign itself, as addresses do. */
export function effectOf(point: string): string {
  return point.slice(0, point.lastIndexOf("@"));
}

/** A job on an installation that has what it needs. */
export interface PreparedJob {
  readonly job: Job;
  readonly input: { readonly [name: string]: Json };
}

/**
 * Runs one process of the robot on a job.
 * @param crashPoints points at which it kills itself; it ends by itself when it gets to none of them
 * @param killAfter milliseconds after which it is killed from outside, wherever it is then
 */
export async function runGeneration(
  installation: Installation,
  { job, input }: PreparedJob,
  crashPoints: readonly string[],
  killAfter?: number,
): Promise<Generation> {
  const order: z.infer<typeof orderSchema> = {
    config: installation.configFile,
    control: installation.portal.controlUrl,
    flow: job.flow,
    company: installation.ubn,
    input,
    crashPoints: [...crashPoints],
    agrees: { ...job.agrees },
    truth: Object.fromEntries(
      Object.entries(job.happened).map(([effect, count]) => [
        effect,
        count(installation) > 0 ? "happened" : "not-happened",
      ]),
    ),
  };
  return runLife(CRASH_RUN, order, killAfter);
}

/**
 * Runs one process of a kill test from its start to its end or its crash point.
 * @param script prints each point that it comes to, and its end, as JSON lines
 * @param order its one argument
 * @param killAfter milliseconds after which it is killed from outside, wherever it is then
 */
export async function runLife(
  script: string,
  order: z.infer<typeof planSchema>,
  killAfter?: number,
): Promise<Generation> {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
  });
  const end = once(child, "close");
  const timer = new AbortController();
  if (killAfter !== undefined) {
    void delay(killAfter, undefined, { signal: timer.signal }).then(
      () => child.kill("SIGKILL"),
      () => false,
    );
  }
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await end;
  timer.abort();
  const lines = stdout
    .split("\n")
    // Killed from outside, it may have died in the middle of a line.
    .filter((line) => line.endsWith("}"))
    .map((line) => toldSchema.parse(JSON.parse(line)));
  const killed = child.signalCode === "SIGKILL";
  const told = lines.flatMap((line) => ("end" in line ? [line.end] : []))[0] ?? null;
  if (!killed && told === null) throw new Error(`The robot ended with code ${child.exitCode} and no word: ${stderr}`);
  return { killed, end: killed ? null : told, points: lines.flatMap((line) => ("point" in line ? [line.point] : [])) };
}
