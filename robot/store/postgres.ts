import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import postgres from "postgres";
import type { Secret } from "../lib/secret.ts";
import { STALL_LIMITS } from "../lib/stall-limits.ts";
import { callStore } from "./errors.ts";

export interface PostgresConfig {
  readonly kind: "postgres";
  /** `postgres://user@host:port/database`, or `postgres:///database?host=/run/postgresql` for a socket. Never with a password. */
  readonly url: string;
  readonly password?: Secret;
}

type Pool = ReturnType<typeof postgres>;

/** Connections of one process. */
const POOL = 8;
/** Seconds for queries in flight when a pool is closed; a server that is gone answers none of them. */
const CLOSE_S = STALL_LIMITS.database.close / 1000;

/** Kysely on PostgreSQL. One pool a store; `destroy` of the store closes it. */
export function postgresDialect(config: PostgresConfig): Dialect {
  return dialectOn(open(config, { max: POOL }));
}

/**
 * Does work that no other process does on this database at the same time, such as making the tables: several that start
 * together on an empty database would collide. The lock ends with the connection, so a killed process holds nobody up.
 * @param work gets a dialect on the one connection that holds the lock; transactions are possible there only
 */
export async function aloneOn<T>(config: PostgresConfig, work: (dialect: Dialect) => Promise<T>): Promise<T> {
  const one = open(config, { max: 1 });
  try {
    await callStore(async () => {
      await one.unsafe(`set lock_timeout = ${LOCK_MS}`);
      await one.unsafe("select pg_advisory_lock(hashtext('einvoice-robot'))");
    }, 2 * LOCK_MS);
    return await work(dialectOn(one));
  } finally {
    await one.end({ timeout: CLOSE_S });
  }
}

/** How long to wait for another process that makes the tables, in milliseconds. */
const LOCK_MS = STALL_LIMITS.database.lock;

/** Seconds after which a connection that nobody uses is closed. */
const IDLE_S = 60;
/** Seconds between two tries to connect. The client's own pause grows to 20, and a server is back sooner than that. */
const BACKOFF_S = 0.3;

function open(config: PostgresConfig, options: Parameters<typeof postgres>[1]): Pool {
  const { url, socket } = addressOf(config);
  const pool = postgres(url.href, {
    ...socket,
    ...(config.password === undefined ? {} : { password: config.password.reveal() }),
    connect_timeout: STALL_LIMITS.database.connect / 1000,
    idle_timeout: IDLE_S,
    // The client would ask for the numbers of all types when it connects, and nobody catches it when no answer comes.
    fetch_types: false,
    backoff: () => BACKOFF_S,
    connection: { application_name: "einvoice-robot" },
    // Else the client prints notices, such as "already exists, skipping", on standard output.
    onnotice: () => undefined,
    ...options,
  });
  // Counts come as 64-bit integers, which the client would hand over as texts; SQLite's are numbers.
  pool.options.parsers[INT8] = Number;
  return pool;
}

/** PostgreSQL's own number of its type of 64-bit integers. */
const INT8 = 20;

/** Where a socket is and who knocks there; the client takes these as options only, PostgreSQL's own programs as parameters. */
interface Socket {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
}

function addressOf(config: PostgresConfig): { url: URL; socket: Socket | null } {
  const url = new URL(config.url);
  const { searchParams: parameters } = url;
  const host = parameters.get("host");
  if (host === null) return { url, socket: null };
  const port = parameters.get("port") ?? url.port;
  const user = parameters.get("user") ?? decodeURIComponent(url.username);
  for (const name of ["host", "port", "user"]) parameters.delete(name);
  const socket = { host, ...(port === "" ? {} : { port: Number(port) }), ...(user === "" ? {} : { user }) };
  return { url: new URL(`postgres://${url.pathname}${url.search}`), socket };
}

/**
 * Each statement goes to whichever connection of the pool is free. None is ever reserved: the client puts a reserved
 * connection that has died back into the pool, and the next statement on it ends the process. So a transaction needs a pool of
 * one, which the client sees to itself.
 */
function dialectOn(pool: Pool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PoolDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class PoolDriver implements Driver {
  readonly #pool: Pool;
  readonly #connection: PoolConnection;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#connection = new PoolConnection(pool);
  }

  async init(): Promise<void> {}

  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw("begin"));
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async releaseConnection(): Promise<void> {}

  destroy(): Promise<void> {
    return this.#pool.end({ timeout: CLOSE_S });
  }
}

class PoolConnection implements DatabaseConnection {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const result = await callStore(() => this.#pool.unsafe(sql, parameters.map(sqlValue), { prepare: true }));
    // Kysely takes the statement's word for what a row is; so do all its dialects.
    const rows = [...result] as R[];
    return { rows, numAffectedRows: BigInt(result.count ?? 0) };
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error("Nothing of the store is read as a stream.");
  }
}

/** Kysely's own questions about the tables have booleans in them; ours, like SQLite, have none. */
function sqlValue(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw new TypeError(`A value of type ${typeof value} can't go into the run database; store text or numbers.`);
}
