import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Installation } from "./installation.ts";

const START = fileURLToPath(new URL("../../../../robot/start.mjs", import.meta.url));

/** The one shape in which every command answers. */
export const envelopeSchema = z.strictObject({
  ok: z.boolean(),
  command: z.string(),
  data: z.json(),
  failure: z.looseObject({ code: z.string(), message: z.string(), next: z.string() }).nullable(),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** What the envelope of `run` holds at least. */
export const runDataSchema = z.looseObject({
  runId: z.string(),
  outcome: z.enum(["done", "already-done", "waiting", "needs-person", "failed", "unknown"]),
  tracks: z.array(
    z.looseObject({ period: z.string(), track: z.string(), begin: z.string(), end: z.string(), books: z.int() }),
  ),
  files: z.array(z.strictObject({ name: z.string(), path: z.string(), sha256: z.string() })),
});

export interface Ended {
  /** null when it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command finds its configuration and what it works in. */
type Place = Pick<Installation, "configFile" | "folder">;

export interface RobotProcess {
  readonly ended: Promise<Ended>;
  /** Ends it the hard way, as a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Called with each line of progress, as it comes. */
  onProgress(listener: (line: string) => void): void;
  /** Tells it to end, as a service manager does. */
  tellToEnd(): void;
}

/** A test that was given up leaves nothing running behind. */
const living = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/**
 * Starts the robot's command line in a process of its own, as a person would.
 * @param args the words of the command; the installation's configuration is added
 * @param input what comes on standard input
 */
export function startRobot(installation: Place, args: readonly string[], input = ""): RobotProcess {
  const child = spawn(process.execPath, [START, ...args, "--config", installation.configFile], {
    cwd: installation.folder,
    stdio: ["pipe", "pipe", "pipe"],
  });
  living.add(child);
  child.once("exit", () => living.delete(child));
  child.stdin.end(input);
  const listeners: ((line: string) => void)[] = [];
  return {
    ended: endOf(child, text(child.stdout), progressOf(child.stderr, listeners)),
    onProgress: (listener) => void listeners.push(listener),
    kill: () => killed(child),
    tellToEnd: () => void child.kill("SIGTERM"),
  };
}

/** Runs one command to its end. */
export function robot(installation: Place, args: readonly string[], input = ""): Promise<Ended> {
  return startRobot(installation, args, input).ended;
}

/** The envelope that a command with `--json` printed: one line, and nothing else on stdout. */
export function envelopeOf(ended: Ended): Envelope {
  const [line = "", ...rest] = ended.stdout.split("\n");
  if (line === "" || rest.join("") !== "")
    throw new Error(`One line was to be on stdout. It ended so: ${JSON.stringify(ended)}`);
  return envelopeSchema.parse(JSON.parse(line));
}

/** All that comes on the standard error, each whole line told on the way. */
async function progressOf(stderr: Readable, listeners: readonly ((line: string) => void)[]): Promise<string> {
  let all = "";
  let told = 0;
  stderr.setEncoding("utf8");
  for await (const piece of stderr) {
    all += String(piece);
    for (let end = all.indexOf("\n", told); end >= 0; end = all.indexOf("\n", told)) {
      const line = all.slice(told, end);
      told = end + 1;
      for (const listener of listeners) listener(line);
    }
  }
  return all;
}

async function endOf(child: ChildProcess, stdout: Promise<string>, stderr: Promise<string>): Promise<Ended> {
  await once(child, "close");
  return { code: child.exitCode, signal: child.signalCode, stdout: await stdout, stderr: await stderr };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}
