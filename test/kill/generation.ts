import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Installation } from "../kit/installation.ts";
import { NEXT } from "../kit/portal.ts";

const DRILL = fileURLToPath(new URL("drill.ts", import.meta.url));

/** The job of every kill test. */
export const BOOKS = 3;
const JOB = JSON.stringify({ period: NEXT, category: "07", books: BOOKS });

const lineSchema = z.union([
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

/** One process, from its start to its end or its death. */
export interface Generation {
  readonly killed: boolean;
  /** Points that it reached, `effect@point`, when it was asked to trace. */
  readonly points: readonly string[];
  /** How it ended by itself; null when it was killed. */
  readonly end: Extract<z.infer<typeof lineSchema>, { end: unknown }>["end"] | null;
}

/**
 * Runs one process of the robot on the installation's job.
 * @param killAt `effect@point` at which it kills itself; it ends by itself when it does not get there
 */
export async function runGeneration(installation: Installation, killAt: string | null): Promise<Generation> {
  const { configFile, portal, ubn } = installation;
  const args = [
    DRILL,
    "--config",
    configFile,
    "--control",
    portal.controlUrl,
    "--company",
    ubn,
    "--input",
    JOB,
    "--trace",
  ];
  const child = spawn(process.execPath, killAt === null ? args : [...args, "--kill", killAt], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  await once(child, "close");
  const lines = (await stdout)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const killed = child.signalCode === "SIGKILL";
  const end = lines.flatMap((line) => ("end" in line ? [line.end] : []))[0] ?? null;
  if (!killed && end === null)
    throw new Error(`The robot ended with code ${child.exitCode} and no word: ${await stderr}`);
  return { killed, end, points: lines.flatMap((line) => ("point" in line ? [line.point] : [])) };
}
