import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isLoopback } from "../lib/loopback.ts";
import { Failure } from "../failures/failure.ts";

const ENTRY = fileURLToPath(new URL("../../test/portal/main.ts", import.meta.url));

const mailServer = z.object({ host: z.string(), port: z.number(), user: z.string(), password: z.string() });
const readySchema = z.object({
  portal: z.string(),
  control: z.string(),
  member: z.string(),
  platform: z.string(),
  imap: mailServer,
  smtp: mailServer,
});

/** A practice portal that runs beside us. */
export interface Practice extends z.infer<typeof readySchema> {
  /** The companies of the control address, and what truly happened. */
  ledger(): Promise<unknown>;
  close(): Promise<void>;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<void>;
}

/**
 * Starts the practice portal and its mailbox, on loopback only.
 * @param configFile its own configuration (JSON); without one it has its default companies
 */
export async function startPractice(options: { port?: number; configFile?: string } = {}): Promise<Practice> {
  const args = [ENTRY, "--die-with-parent"];
  if (options.port !== undefined) args.push("--port", String(options.port));
  if (options.configFile !== undefined) args.push("--config", options.configFile);
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = readySchema.parse(JSON.parse(await firstLine(child)));
  for (const address of [ready.portal, ready.control, ready.member, ready.platform]) {
    if (!isLoopback(address))
      throw new Failure("config-invalid", {
        wanted: "只在本機的演練平台",
        en: { wanted: "the practice portal on this computer only" },
        seen: address,
      });
  }
  return {
    ...ready,
    ended,
    ledger: async () => (await fetch(new URL("/ledger", ready.control))).json(),
    close: async () => {
      child.kill();
      await ended;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error("The practice portal has no output to read its addresses from."));
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`The practice portal ended with code ${code} before it was ready.`)));
  });
}
