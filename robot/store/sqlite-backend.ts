import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { BackendSqlite } from "openworkflow/sqlite";

/**
 * The durable engine on SQLite, in the same file as our own tables, with two of its slips mended that a full disk shows:
 *
 * - It takes the first row of `… RETURNING *` and leaves the statement there. Node ends such a statement silently, and only then does
 *   SQLite commit: a commit that failed would pass for done. So all rows are taken, which ends the statement and gives its error.
 * - Where SQLite has rolled back by itself, the engine's own ROLLBACK fails, and its error ("no transaction is active") takes the
 *   place of the one that says what happened. So a ROLLBACK with nothing to roll back is left out.
 */
export function sqliteBackend(file: string): BackendSqlite {
  const backend = BackendSqlite.connect(file);
  const db: unknown = Reflect.get(backend, "db");
  if (!(db instanceof DatabaseSync))
    throw new Error("The engine keeps its connection to SQLite elsewhere than we know.");
  const exec = db.exec.bind(db);
  db.exec = (sql) => {
    if (sql !== "ROLLBACK" || db.isTransaction) exec(sql);
  };
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    const statement = prepare(sql);
    if (/\bRETURNING\b/.test(sql)) {
      const value = (...parameters: SQLInputValue[]): unknown => statement.all(...parameters)[0];
      Object.defineProperty(statement, "get", { value });
    }
    return statement;
  };
  return backend;
}
