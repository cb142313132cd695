import { basename, dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Holder, RecorderLock } from "./file-lock.ts";

/** How long (milliseconds) one writer waits for another; reading, changing and writing a small file takes a fraction of a second. */
const PATIENCE_MS = 30_000;

/**
 * Does something to a file while nobody else does, in this process or another: to read, change and write it as one act.
 * @param onBusy what is thrown where someone else keeps it for longer than half a minute
 */
export async function exclusively<T>(file: string, work: () => Promise<T>, onBusy: (by: Holder) => Error): Promise<T> {
  const lock = await taken(file, onBusy);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function taken(file: string, onBusy: (by: Holder) => Error): Promise<RecorderLock> {
  const giveUp = performance.now() + PATIENCE_MS;
  for (;;) {
    const lock = await RecorderLock.take(dirname(file), basename(file));
    if (lock instanceof RecorderLock) return lock;
    if (performance.now() > giveUp) throw onBusy(lock);
    await pause(50);
  }
}
