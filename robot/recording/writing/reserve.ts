import { randomBytes } from "node:crypto";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../failures/failure.ts";
import { WORK, workFolder } from "../../lib/files/durable-files.ts";

/**
 * Room that is kept for what must be recorded although the disk has become full: a file that is given up then. Without it nothing
 * new is begun at the portal; with it, what has been begun is recorded to its end.
 */

/** Enough for the rest of a few visits: events, pictures, traces (bytes). */
const RESERVE_BYTES = 8 * 1024 * 1024;
const RESERVE = "reserve";

/**
 * Sees to it that the room is there and that the disk can be written.
 * @throws what the system says when it is full, read-only, or out of reach
 */
export async function keepReserve(root: string): Promise<void> {
  const path = join(await workFolder(root), RESERVE);
  const size = await stat(path).then(
    (known) => known.size,
    () => 0,
  );
  const file = await open(path, size < RESERVE_BYTES ? "w" : "r+", 0o600);
  try {
    // Not zeros: some file systems keep none of them. One byte shows that the disk can still be written.
    await file.writeFile(randomBytes(size < RESERVE_BYTES ? RESERVE_BYTES : 1));
    await file.sync();
  } catch (error) {
    // A part of it would take the last room from what is worth more.
    if (size < RESERVE_BYTES) await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Does once more, in the room that was kept for it, what finds the disk full. */
export async function withReserve<T>(root: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isFull(error)) throw error;
    // Another run of this machine may have given it up a moment before.
    await rm(join(root, WORK, RESERVE), { force: true });
    return write();
  }
}

/** Nothing can be recorded where nothing can be written; everybody who records has to stop before acting. */
export async function namingFullDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && (isFull(error) || CANT_WRITE.has(codeOf(error)))) {
      throw new Failure("disk-full", { seen: error.message }, { cause: error });
    }
    throw error;
  }
}

/** Codes of the system for a place that is there and takes nothing. */
const CANT_WRITE: ReadonlySet<unknown> = new Set(["EROFS", "EACCES", "EPERM"]);

function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOSPC" || code === "EDQUOT";
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
