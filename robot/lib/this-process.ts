import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

/** Who we are among all processes that share a store. */
export const here = { id: randomUUID(), host: hostname(), pid: process.pid } as const;

/**
 * Whether a process of this host is known to be dead. `false` also means "can't tell": another host, or a process id that is in
 * use again. Whoever asks must then wait for the time limit instead.
 */
export function isKnownDead(other: { host: string; pid: number }): boolean {
  if (other.host !== here.host || other.pid === here.pid) return false;
  try {
    process.kill(other.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
