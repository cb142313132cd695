import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { lookAtSchedule, type Schedule } from "../../robot/engine/runs/schedule.ts";
import type { StoreConfig } from "../../robot/store/store.ts";
import { startBench } from "../support/store/store-bench.ts";

/** What a process holds on to at one moment, between two runs. */
export interface Held {
  /** Runs done by then. */
  readonly runs: number;
  /** Megabytes. */
  readonly heap: number;
  readonly memory: number;
  /** Open files and connections; null where the system does not tell. */
  readonly files: number | null;
  /** Child processes; null where the system does not tell. */
  readonly children: number | null;
  /** Timers, sockets and the like that keep the process alive. */
  readonly resources: number;
  /** Connections to the database, as the server counts them; null on SQLite. */
  readonly connections: number | null;
}

const NIGHT_MS = 86_400_000;
const FIRST_NIGHT = Date.parse("2026-01-01T18:00:00Z");
const LOOK_MS = 20;

/**
 * Keeps a schedule night after night, as `serve` does for months, with a real worker, and does what it enqueues.
 * @param runs how many nights; what is held is measured at the start, after each tenth of them, and so at the end
 * @param connections counts the database's connections
 */
export async function soak(
  config: StoreConfig,
  runs: number,
  connections: () => Promise<number | null> = () => Promise.resolve(null),
): Promise<Held[]> {
  const bench = await startBench(config);
  const { robot, store } = bench;
  const schedule: Schedule = {
    name: "每夜",
    flow: "stamp",
    companies: [{ name: "晨光小舖", ubn: "12345675" }],
    cron: "0 2 * * *",
    rehearsal: false,
    catchUp: NIGHT_MS,
    input: (_company, at) => ({ coordinate: at.toISOString() }),
  };
  try {
    await robot.work(2);
    await lookAtSchedule(store, schedule, robot, new Date(FIRST_NIGHT - 1));
    const held: Held[] = [];
    const step = Math.max(1, Math.floor(runs / 10));
    for (let night = 0; night <= runs; night++) {
      if (night % step === 0 || night === runs) held.push(await measure(night, connections));
      if (night === runs) break;
      const enqueued = await lookAtSchedule(store, schedule, robot, new Date(FIRST_NIGHT + night * NIGHT_MS));
      if (enqueued?.runs.length !== 1) throw new Error(`Night ${night} enqueued ${enqueued?.runs.length ?? 0} runs.`);
      while (await store.selectFrom("runs").select("id").where("state", "!=", "ended").executeTakeFirst())
        await delay(LOOK_MS);
    }
    const done = bench.stamps().length;
    if (done !== runs || new Set(bench.stamps()).size !== runs) throw new Error(`${runs} nights made ${done} stamps.`);
    return held;
  } finally {
    await bench.close();
  }
}

/** What this process holds on to now. */
export async function measure(runs: number, connections: () => Promise<number | null>): Promise<Held> {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    runs,
    heap: Math.round(heapUsed / 1e5) / 10,
    memory: Math.round(rss / 1e6),
    files: existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : null,
    children: childrenOf(),
    resources: process.getActiveResourcesInfo().length,
    connections: await connections(),
  };
}

function childrenOf(): number | null {
  const list = `/proc/self/task/${process.pid}/children`;
  if (!existsSync(list)) return null;
  return readFileSync(list, "utf8")
    .split(" ")
    .filter((pid) => pid !== "").length;
}
