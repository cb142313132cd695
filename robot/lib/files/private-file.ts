import { chmodSync, closeSync, openSync, statSync } from "node:fs";

/** Files are for the account that runs the robot, folders as well. */
const OTHERS = 0o077;

/** From now on this process makes no file or folder that others on the machine may read or change. Call it once, at the start. */
export function keepFilesPrivate(): void {
  process.umask(OTHERS);
}

/** Makes a file that only this account may read, where there is none. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "a", 0o600));
  closeToOthers(path);
}

/** Takes from others what they may do with a file that is there already; Windows has no such modes. */
export function closeToOthers(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined || process.platform === "win32" || (there.mode & OTHERS) === 0) return;
  try {
    chmodSync(path, there.mode & ~OTHERS & 0o777);
  } catch (error) {
    // Another account's file is for that account to see to; this one may still be allowed to use it.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) throw error;
  }
}
