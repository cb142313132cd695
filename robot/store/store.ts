import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { Kysely, sql } from "kysely";
import { migrate } from "./migrations.ts";
import type { PostgresConfig } from "./postgres.ts";
import { BUSY_MS, nodeSqliteDialect } from "./sqlite-dialect.ts";
import { toStoreError, retryStoreCall, storeFailure } from "./errors.ts";
import type { Tables } from "./tables.ts";

export type Store = Kysely<Tables>;

export type StoreConfig = { readonly kind: "sqlite"; readonly file: string } | PostgresConfig;

/**
 * Opens the run database and brings its tables up to date. Any number of processes may do so at the same moment.
 * @throws Failure `store-unavailable` when it can't be opened or written, `disk-full` when there is no room
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  try {
    switch (config.kind) {
      case "sqlite":
        mkdirSync(dirname(config.file), { recursive: true, mode: 0o700 });
        // Of two that make the tables of a new file, or turn on its write-ahead log, one is reported at once that it is busy.
        return await retryStoreCall(
          () => openSqlite(config.file),
          ({ kind }) => (kind === "busy" ? OPEN_PATIENCE_MS : 0),
        );
      case "postgres": {
        const { aloneOn, postgresDialect } = await import("./postgres.ts");
        await aloneOn(config, (dialect) => migrate(new Kysely({ dialect }), "postgres", (work) => work()));
        return new Kysely<Tables>({ dialect: postgresDialect(config) });
      }
    }
  } catch (error) {
    throw storeFailure(toStoreError(error), databaseLocation(config));
  }
}

/** How long the first process may take to make the tables, in milliseconds. */
const OPEN_PATIENCE_MS = 30_000;

async function openSqlite(file: string): Promise<Store> {
  const store = new Kysely<Tables>({ dialect: nodeSqliteDialect(file) });
  try {
    await migrate(store, "sqlite", async (work) => {
      // The migrator itself takes no lock here; there is one connection, so all it does falls into this transaction. Another one
      // of this very process can't go on while we wait inside SQLite: so no waiting there, the whole is tried again.
      await sql`pragma busy_timeout = 0`.execute(store);
      await sql`begin immediate`.execute(store);
      await work();
      await sql`commit`.execute(store);
      await sql`pragma busy_timeout = ${sql.lit(BUSY_MS)}`.execute(store);
    });
    return store;
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

/** Where the run database is, in words for people. */
export function databaseLocation(config: StoreConfig): string {
  return config.kind === "sqlite" ? config.file : config.url;
}

/** The present instant as the store writes instants. */
export function now(): string {
  return new Date().toISOString();
}
