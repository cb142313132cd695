import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { fromColumns, here, hereInColumns, isKnownDead, lifeOf } from "../../../robot/lib/process-identity.ts";

async function child(): Promise<{ pid: number; born: string | null; end: () => Promise<void> }> {
  const process = spawn("sleep", ["60"]);
  await once(process, "spawn");
  const end = async (): Promise<void> => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    process.kill("SIGKILL");
    await once(process, "exit");
  };
  onTestFinished(end);
  const pid = process.pid ?? 0;
  const born =
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ")[19] ?? null;
  return { pid, born, end };
}

describe("who is alive", () => {
  test("is known of ourselves", () => {
    expect(lifeOf(here)).toBe("alive");
    expect(lifeOf(fromColumns(hereInColumns))).toBe("alive");
  });

  test("is known of a process of this machine: alive, then dead", async () => {
    const { pid, born, end } = await child();
    expect(lifeOf({ host: here.host, pid, born })).toBe("alive");
    await end();
    expect(isKnownDead({ host: here.host, pid, born })).toBe(true);
  });

  test("is not mistaken where the number is in use again, by another process or by ourselves", async () => {
    const { pid } = await child();
    expect(lifeOf({ host: here.host, pid, born: "1" })).toBe("dead");
    expect(lifeOf({ ...here, born: "1" })).toBe("dead");
    // Where nobody knows when it was started it may be either.
    expect(lifeOf({ host: here.host, pid, born: null })).toBe("unknown");
  });

  test("is not known of another container with the same host name and number, nor of another machine or boot", async () => {
    const { pid, born, end } = await child();
    await end();
    await pause(10);
    const [name = ""] = here.host.split(" ");
    for (const host of [
      "elsewhere",
      name,
      here.host.replace(/pid:\[\d+\]/, "pid:[4026599999]"),
      here.host.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, "00000000-0000-0000-0000-000000000000"),
    ]) {
      expect({ host, life: lifeOf({ host, pid, born }) }).toEqual({ host, life: "unknown" });
      expect(isKnownDead({ host, pid: here.pid, born: here.born })).toBe(false);
    }
  });

  test("is told by boot, numbering of processes and start", () => {
    expect(here.host).toMatch(/^\S+ [0-9a-f-]{36} pid:\[\d+\]$/);
    expect(here.born).toMatch(/^\d+$/);
    expect(fromColumns(hereInColumns)).toEqual({ host: here.host, pid: here.pid, born: here.born });
    // What a row of an earlier program says is a host name.
    expect(fromColumns({ host: "shop", pid: 7 })).toEqual({ host: "shop", pid: 7, born: null });
  });
});

test("nobody else asks whether a process lives: leases, claims, locks and interrupted acts all go by this", () => {
  const root = fileURLToPath(new URL("../../../robot", import.meta.url));
  const asking = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:ts|mjs)$/.test(name))
    .filter((name) => /process\.kill\([^)]*, 0\)|\bhostname\(\)/.test(readFileSync(join(root, name), "utf8")));
  expect(asking).toEqual([join("lib", "process-identity.ts")]);
});
