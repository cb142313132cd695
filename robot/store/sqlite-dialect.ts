import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { SqliteDialect } from "kysely";
import { closeToOthers, makePrivateFile } from "../lib/files/private-file.ts";
import { toStoreError } from "./errors.ts";

/** How long one of our statements waits for another process that writes, in milliseconds. */
export const BUSY_MS = 10_000;

/**
 * Kysely on Node's own SQLite. Kysely's dialect expects the interface of better-sqlite3; node:sqlite differs from it only in
 * how a statement says that it returns rows.
 *
 * `synchronous = FULL`: an intent must be on the disk before the button is pressed, also when the power fails.
 * @throws StoreError
 */
export function nodeSqliteDialect(file: string): SqliteDialect {
  const db = bordered(() => open(file));
  return new SqliteDialect({
    database: {
      close: () => db.close(),
      prepare(sql) {
        const statement = bordered(() => db.prepare(sql));
        return {
          reader: statement.columns().length > 0,
          all: (parameters) => bordered(() => statement.all(...sqlValues(parameters))),
          run: (parameters) => bordered(() => statement.run(...sqlValues(parameters))),
          iterate: (parameters) => bordered(() => statement.iterate(...sqlValues(parameters))),
        };
      },
    },
  });
}

function open(file: string): DatabaseSync {
  makePrivateFile(file);
  // What SQLite keeps beside it gets the same mode when it makes it; what an older robot left behind may have another.
  for (const beside of ["-wal", "-shm"]) closeToOthers(`${file}${beside}`);
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  try {
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function bordered<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toStoreError(error);
  }
}

function sqlValues(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((value) => {
    if (value === null || typeof value === "string" || typeof value === "number") return value;
    throw new TypeError(`A value of type ${typeof value} can't go into the run database; store text or numbers.`);
  });
}
