import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "../failures/failure.ts";
import { STALL_LIMITS } from "../lib/stall-limits.ts";

/**
 * What is wrong with the run database:
 * - `busy`: another one writes at this moment; nothing was changed
 * - `gone`: it can't be reached or read (server stopped, connection lost, file damaged or taken away)
 * - `read-only`: it may be read, not written
 * - `full`: no room left
 */
export type StoreErrorKind = "busy" | "gone" | "read-only" | "full";

/** Trouble with the run database, not with the work. Made at the database's border only, so that nothing else looks like it. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreErrorKind;

  constructor(kind: StoreErrorKind, cause: Error) {
    super(cause.message, { cause });
    this.kind = kind;
  }
}

/** Trouble with the run database among an error and its causes; null when the error comes from the work. */
export function storeErrorIn(error: unknown): StoreError | null {
  if (error instanceof StoreError) return error;
  return error instanceof Error ? storeErrorIn(error.cause) : null;
}

export function isStoreError(error: unknown): boolean {
  return storeErrorIn(error) !== null;
}

/** Trouble as people are told of it: `disk-full`, or else `store-unavailable`. */
export function storeFailure(error: unknown, wanted?: string): Failure {
  const code = storeErrorIn(error)?.kind === "full" ? "disk-full" : "store-unavailable";
  const seen = error instanceof Error ? error.message : String(error);
  return new Failure(code, { ...(wanted === undefined ? {} : { wanted }), seen }, { cause: error });
}

/**
 * For the border to a database: what a driver threw, as `StoreError` where it is that. A broken rule of a table or a fault in
 * a statement stays what it is.
 */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof Error) || isStoreError(error)) return error;
  const kind = kindOf(error);
  if (kind !== null) return new StoreError(kind, error);
  // The engine wraps what it got in its own error when it connects.
  const cause = toStoreError(error.cause);
  return cause instanceof StoreError ? cause : error;
}

/**
 * Calls a database at its border.
 * @param limit milliseconds until a database that does not answer counts as gone: a server that was switched off without a word leaves its
 *   connections open for a quarter of an hour
 * @throws StoreError
 */
export async function callStore<T>(
  call: () => T | Promise<T>,
  limit: number = STALL_LIMITS.database.answer,
): Promise<T> {
  const timeout = new AbortController();
  const silence = delay(limit, null, { signal: timeout.signal, ref: false }).then(() => {
    throw new StoreError("gone", new Error(`The run database has not answered for ${limit / 1000} seconds.`));
  });
  try {
    return await Promise.race([call(), silence]);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    timeout.abort();
    silence.catch(() => undefined);
  }
}

/**
 * Calls a database, again and again while there is trouble with it. Only for calls that do no harm when they are made twice.
 * @param patience how long to go on, in milliseconds from the first call; asked again after each trouble
 * @throws StoreError when that time is over
 */
export async function retryStoreCall<T>(
  call: () => T | Promise<T>,
  patience: (trouble: StoreError) => number,
): Promise<T> {
  const began = performance.now();
  for (let wait = 5; ; wait = Math.min(wait * 2, 500)) {
    try {
      return await callStore(call);
    } catch (error) {
      if (!(error instanceof StoreError) || performance.now() - began >= patience(error)) throw error;
      await delay(wait + Math.random() * wait);
    }
  }
}

function kindOf(error: Error): StoreErrorKind | null {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "ERR_SQLITE_ERROR") {
    const primary = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
    return SQLITE.get(primary) ?? null;
  }
  if (error.name === "PostgresError") return SQL_STATES.find(([start]) => code.startsWith(start))?.[1] ?? null;
  if (code === "ENOSPC" || code === "EDQUOT") return "full";
  if (code === "EROFS") return "read-only";
  // The client's own codes, and those of the system's calls for files and connections.
  return code.startsWith("CONNECT") || "syscall" in error ? "gone" : null;
}

/** SQLite's primary result codes: https://www.sqlite.org/rescode.html */
const SQLITE: ReadonlyMap<number, StoreErrorKind> = new Map([
  [5, "busy"], // BUSY
  [6, "busy"], // LOCKED
  [15, "busy"], // PROTOCOL: gave up waiting for the lock of the write-ahead log
  [8, "read-only"], // READONLY
  [13, "full"], // FULL
  [7, "gone"], // NOMEM
  [10, "gone"], // IOERR
  [11, "gone"], // CORRUPT
  [14, "gone"], // CANTOPEN
  [26, "gone"], // NOTADB
]);

/** PostgreSQL's SQLSTATEs and their classes: appendix A of its manual. The first that fits counts. */
const SQL_STATES: readonly (readonly [start: string, kind: StoreErrorKind])[] = [
  ["25006", "read-only"], // read_only_sql_transaction: a standby
  ["53100", "full"], // disk_full
  ["40", "busy"], // rolled back: deadlock, serialization
  ["55P03", "busy"], // lock_not_available
  ["08", "gone"], // connection exception
  ["28", "gone"], // not let in
  ["3D000", "gone"], // no such database
  ["53", "gone"], // out of memory, too many connections
  ["57", "gone"], // shut down, starting up, statement cancelled
  ["58", "gone"], // I/O error
  ["XX", "gone"], // internal error, damaged data
];
