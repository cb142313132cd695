/** SQLite's primary result codes for a database that is in use by another connection. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

/**
 * Whether an error comes from the run database and not from the work. With `locked`, only the passing kind: someone else is
 * writing at this moment.
 */
export function isStoreTrouble(error: unknown, kind: "any" | "locked" = "any"): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  if (code === "ERR_SQLITE_ERROR") {
    if (kind === "any") return true;
    const primary = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
    return primary === SQLITE_BUSY || primary === SQLITE_LOCKED;
  }
  return error.cause instanceof Error && isStoreTrouble(error.cause, kind);
}
