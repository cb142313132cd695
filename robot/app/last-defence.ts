import process from "node:process";
import type { Log } from "../log/log.ts";

/** So many errors within a minute are no accident: a process that can't do anything else any more had better be started again. */
const MOST = 50;
const MINUTE_MS = 60_000;

/**
 * The last line of defence of a process that serves: an error that nobody caught is logged and the process goes on, since ending it would end
 * every other run as well. Each run records what it does before it does it, and is taken up again after a restart.
 * @returns takes the defence away
 */
export function guardProcess(log: Pick<Log, "write">): () => void {
  let times: number[] = [];
  const caught = (origin: string, error: unknown): void => {
    const now = Date.now();
    times = [...times.filter((time) => now - time < MINUTE_MS), now];
    log.write("error", "an error that nobody caught", {
      origin,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    if (times.length <= MOST) return;
    log.write("error", "too many errors that nobody caught: the process ends", { errors: times.length });
    process.exitCode = 1;
    process.kill(process.pid, "SIGTERM");
  };
  const rejected = (reason: unknown): void => caught("unhandledRejection", reason);
  const thrown = (error: unknown): void => caught("uncaughtException", error);
  process.on("unhandledRejection", rejected);
  process.on("uncaughtException", thrown);
  return () => {
    process.off("unhandledRejection", rejected);
    process.off("uncaughtException", thrown);
  };
}
