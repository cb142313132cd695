import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

/** Milliseconds of the processor that children have used which have ended, with their own (Linux). */
function ofChildren(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return fields.slice(13, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 10;
}

/** Runs a program to its end. @returns milliseconds of the processor, of all its threads, and what it said */
export async function program(
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<{ ms: number; said: string }> {
  const before = ofChildren();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [said, wrong, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === null || !codes.includes(code))
    throw new Error(`${args.join(" ")} ended with ${code}: ${wrong.slice(-500)}`);
  return { ms: Math.max(1, ofChildren() - before), said };
}

/** Milliseconds of the processor that this process uses for it, of all threads. */
export async function inProcess(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return Math.max(0.01, (user + system) / 1000);
}

/** A ratio as it came out in several rounds. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

export function spreadOf(ratios: readonly number[]): Spread {
  const sorted = ratios.toSorted((a, b) => a - b);
  const round = (ratio: number | undefined): number => Number((ratio ?? Number.NaN).toPrecision(3));
  const [median, low, high] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map(round);
  return { median: median ?? 0, low: low ?? 0, high: high ?? 0, rounds: sorted.length };
}
