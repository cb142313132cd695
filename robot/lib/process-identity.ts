import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { sha256 } from "./hash.ts";

/**
 * A process among all that may share a store or a folder. Host name and process number are not enough: two containers share both,
 * and a number is used again.
 */
export interface ProcessIdentity {
  /** Host name, boot and the numbering of processes: within one such machine a process number means one process at a time. */
  readonly host: string;
  readonly pid: number;
  /** When it was started, in the system's own words; empty or null where the system does not tell. */
  readonly born: string | null;
}

/**
 * The machine as far as process numbers go. Linux tells its boot, by which it is distinguished from another machine of the same name, and the
 * pid namespace, since each container counts its processes for itself.
 */
function machine(): string {
  return [hostname(), read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()), namespace()]
    .filter((part) => part !== null)
    .join(" ");
}

function namespace(): string | null {
  return read(() => readlinkSync("/proc/self/ns/pid"));
}

/** When a process of this machine was started; null where the system does not tell, or there is no such process. */
function bornOf(pid: number): string | null {
  return read(() => {
    // The command in parentheses may itself hold spaces and parentheses; the 22nd field is counted from its end.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\)\s/s, "")
      .split(" ");
    return fields[19] ?? null;
  });
}

function read(ask: () => string | null): string | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

/**
 * What tells folders of this machine's processes apart from those of a container that shares the disk, after a restart as well.
 */
export const machineTag = sha256(`${hostname()} ${namespace() ?? ""}`).slice(0, 8);

/** This process, and a name for it that no other has. */
export const here = { id: randomUUID(), host: machine(), pid: process.pid, born: bornOf(process.pid) } as const;

/**
 * What is known of another process: `dead` and `alive` are certain; of another machine, or where the system tells too little, nothing is known.
 * Anyone who asks then has to go by time.
 */
export function lifeOf({ host, pid, born }: ProcessIdentity): "dead" | "alive" | "unknown" {
  if (host !== here.host) return "unknown";
  if (pid === here.pid && (born === null || born === here.born)) return "alive";
  if (!answers(pid)) return "dead";
  const now = bornOf(pid);
  if (now === null || born === null || born === "") return "unknown";
  return now === born ? "alive" : "dead";
}

/** Whether a process is certainly dead: then, and only then, what it held may be taken from it at once. */
export function isKnownDead(other: ProcessIdentity): boolean {
  return lifeOf(other) === "dead";
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/**
 * The identity in one text, for tables that have a column for the host and one for the number.
 * @see fromColumns
 */
export const hereInColumns = { host: here.born === null ? here.host : `${here.host} @${here.born}`, pid: here.pid };

/** The other way round; a row of an earlier program, which knew no more than a host name, says nothing certain. */
export function fromColumns({ host, pid }: { readonly host: string; readonly pid: number }): ProcessIdentity {
  const at = host.lastIndexOf(" @");
  return at < 0 ? { host, pid, born: null } : { host: host.slice(0, at), pid, born: host.slice(at + 2) };
}
