import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";

const answer = z.strictObject({ faults: z.int(), lines: z.int(), peakMegabytes: z.int() });

/** Reads or writes a long list in a process that may hold 64 MB of objects: where a list is kept as objects, it dies of it. */
export async function manyWinners(lines: number, work: "read" | "write"): Promise<z.infer<typeof answer>> {
  const child = join(import.meta.dirname, "stream-child.ts");
  const args = ["--max-old-space-size=64", child, String(lines), work];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return answer.parse(JSON.parse(stdout));
}
