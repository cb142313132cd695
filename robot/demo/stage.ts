import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Output } from "../cli/terminal/output.ts";
import { loadConfig } from "../config/load.ts";
import type { Words } from "../invoicing/problems/problems.ts";
import { listRuns, type RunRow } from "../engine/runs/runs.ts";
import { openStore } from "../store/store.ts";
import { storeConfigOf } from "../app/store-config.ts";
import type { Practice } from "./practice.ts";

const START = fileURLToPath(new URL("../start.mjs", import.meta.url));

/** Where the demo is played. */
export interface Stage {
  readonly folder: string;
  /** The robot's configuration file. */
  readonly config: string;
  readonly practice: Practice;
  readonly output: Output;
}

/** One thing that is shown. */
export interface Scene {
  readonly title: Words;
  play(stage: Stage): Promise<Seen>;
}

/** How a scene went. */
export interface Seen {
  readonly ok: boolean;
  readonly seen: Words;
}

/** What is said of a command that ended with 0; of any other, its exit code. */
export function endOf(code: number | null, done: Words): Words {
  return code === 0 ? done : { zh: `結束代碼 ${code}`, en: `exit code ${code}` };
}

/** One command of the robot in its own process, its progress on our terminal and in our language. */
export function robot(
  args: readonly string[],
  { config, output }: Pick<Stage, "config" | "output">,
): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [START, ...args, "--config", config, "--lang", output.language], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const done = new Promise<number | null>((settle, reject) => {
    child.once("error", reject);
    child.once("exit", settle);
  });
  return { child, done };
}

/** Resolves when a run of the company waits for the portal's allocation, or the process is gone. */
export async function untilWaiting(config: string, ubn: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const runs = await runsOf(config);
    if (runs.some((run) => run.ubn === ubn && run.state === "waiting" && run.progress?.startsWith("等配號結果")))
      return;
    await delay(100);
  }
}

export async function runsOf(config: string): Promise<RunRow[]> {
  const store = await openStore(await storeConfigOf(await loadConfig(config)));
  try {
    return await listRuns(store, 50);
  } finally {
    await store.destroy();
  }
}

const ledgerSchema = z.array(z.looseObject({ type: z.string(), ban: z.string().nullable().optional() }));

/** How often something of this kind happened at the portal. */
export async function countIn(practice: Practice, kind: string, ubn: string): Promise<number> {
  const entries = ledgerSchema.parse(await practice.ledger());
  return entries.filter(({ type, ban }) => type === kind && ban === ubn).length;
}
