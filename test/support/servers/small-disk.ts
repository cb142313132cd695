import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A disk of a few megabytes that a test can fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves no room at all. */
  fill(): void;
  /** Takes away what `fill` put there. */
  makeRoom(): void;
  close(): void;
}

const MOUNT = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "tmpfs"];
const CHUNK = Buffer.alloc(4_096, "x");

/**
 * Null where a disk can be had; else why not, as the reason of a visible skip.
 * @throws in CI, where nothing is skipped
 */
export function missingSmallDisk(): string | null {
  try {
    openSmallDisk().close();
    return null;
  } catch (error) {
    if (process.env["CI"]) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

/** @throws Error where nothing may be mounted */
export function openSmallDisk(): SmallDisk {
  const folder = mkdtempSync(path.join(tmpdir(), "small-disk-"));
  const filler = path.join(folder, "filler");
  try {
    asRoot([...MOUNT, folder]);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  return {
    folder,
    fill() {
      try {
        for (;;) writeFileSync(filler, CHUNK, { flag: "a" });
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    },
    makeRoom: () => rmSync(filler, { force: true }),
    close() {
      asRoot(["umount", "-l", folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function asRoot(command: readonly string[]): void {
  if (process.platform !== "linux") throw new Error("small disks are made with Linux's tmpfs");
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`needs the right to mount: ${error?.message ?? stderr.trim()}`);
}
