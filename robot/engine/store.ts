import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type ColumnType, type Generated, Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { Failure } from "../failures.ts";
import { nodeSqliteDialect } from "./sqlite-dialect.ts";

/**
 * Our own tables, beside those of the durable engine and in the same database. Instants are UTC ISO 8601 texts with
 * milliseconds (they compare as texts in both databases), JSON is text.
 */
export interface Tables {
  runs: RunsTable;
  effects: EffectsTable;
  effect_events: EffectEventsTable;
  leases: LeasesTable;
  claims: ClaimsTable;
  sign_ins: SignInsTable;
  accounts: AccountsTable;
  questions: QuestionsTable;
  settings: SettingsTable;
  files: FilesTable;
}

export type RunState = "queued" | "running" | "waiting" | "needs-person" | "ended";

export interface RunsTable {
  id: string;
  /** Id of the durable run in the engine; null only between our insert and the engine's. */
  engine_id: string | null;
  flow: string;
  flow_version: number;
  company: string;
  ubn: string;
  period: string | null;
  /** Flow, company and coordinates: at most one run that has not ended has it, so that a second command joins the first run. */
  identity: string;
  input: string;
  started_by: string;
  state: ColumnType<RunState, RunState, RunState>;
  /** What is being done right now, in words for people. */
  progress: string | null;
  waiting_until: string | null;
  outcome: string | null;
  failure: string | null;
  result: string | null;
  folder: string | null;
  cancel_requested: Generated<number>;
  created_at: string;
  updated_at: string;
  ended_at: string | null;
}

export interface EffectsTable {
  /** Company, flow, effect and business coordinates. Unique for ever. */
  key: string;
  name: string;
  run_id: string;
  status: string;
  /** How often a submit was begun under this key. More than one only after a refusal that changed nothing. */
  attempt: number;
  wanted: string;
  baseline: string | null;
  evidence: string | null;
  intended_at: string | null;
  updated_at: string;
}

export interface EffectEventsTable {
  id: Generated<number>;
  key: string;
  run_id: string;
  attempt: number;
  status: string;
  at: string;
  data: string | null;
}

export interface LeasesTable {
  name: string;
  holder: string;
  host: string;
  pid: number;
  until: string;
}

export interface ClaimsTable {
  engine_run_id: string;
  worker_id: string;
  host: string;
  pid: number;
}

export interface SignInsTable {
  id: string;
  account: string;
  run_id: string;
  at: string;
  /** null: submitted, answer not known (the process ended in between). */
  result: string | null;
}

export interface AccountsTable {
  account: string;
  disabled_code: string | null;
  disabled_at: string | null;
}

export interface QuestionsTable {
  id: string;
  run_id: string;
  kind: string;
  version: number;
  question: string;
  choices: string;
  context: string | null;
  asked_at: string;
  expires_at: string;
  answered_at: string | null;
  answered_by: string | null;
  answer: string | null;
}

export interface SettingsTable {
  name: string;
  value: string;
}

/** Files that were found right, so that a later run need not fetch them again. */
export interface FilesTable {
  path: string;
  name: string;
  sha256: string;
  run_id: string;
  ubn: string;
  kind: string;
  period: string;
  category: string;
  at: string;
}

export type Store = Kysely<Tables>;

export type StoreConfig = { readonly kind: "sqlite"; readonly file: string };

/**
 * Opens the run database and brings its tables up to date.
 * @throws Failure `store-unavailable` when it can't be opened or written.
 */
export async function openStore(config: StoreConfig): Promise<Store> {
  try {
    mkdirSync(dirname(config.file), { recursive: true });
    const store = new Kysely<Tables>({ dialect: nodeSqliteDialect(config.file) });
    await migrate(store);
    return store;
  } catch (error) {
    throw new Failure("store-unavailable", { wanted: config.file, seen: String(error) }, { cause: error });
  }
}

async function migrate(store: Store): Promise<void> {
  const migrator = new Migrator({
    db: store,
    provider: { getMigrations: () => Promise.resolve({ "001-first": { up: firstTables } }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}

async function firstTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("runs")
    .ifNotExists()
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("engine_id", "text")
    .addColumn("flow", "text", (c) => c.notNull())
    .addColumn("flow_version", "integer", (c) => c.notNull())
    .addColumn("company", "text", (c) => c.notNull())
    .addColumn("ubn", "text", (c) => c.notNull())
    .addColumn("period", "text")
    .addColumn("identity", "text", (c) => c.notNull())
    .addColumn("input", "text", (c) => c.notNull())
    .addColumn("started_by", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull())
    .addColumn("progress", "text")
    .addColumn("waiting_until", "text")
    .addColumn("outcome", "text")
    .addColumn("failure", "text")
    .addColumn("result", "text")
    .addColumn("folder", "text")
    .addColumn("cancel_requested", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", "text", (c) => c.notNull())
    .addColumn("updated_at", "text", (c) => c.notNull())
    .addColumn("ended_at", "text")
    .execute();
  await db.schema
    .createIndex("runs_one_live")
    .ifNotExists()
    .unique()
    .on("runs")
    .column("identity")
    .where(sql.ref("state"), "!=", "ended")
    .execute();
  await db.schema.createIndex("runs_created").ifNotExists().on("runs").column("created_at").execute();
  await db.schema
    .createTable("effects")
    .ifNotExists()
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("wanted", "text", (c) => c.notNull())
    .addColumn("baseline", "text")
    .addColumn("evidence", "text")
    .addColumn("intended_at", "text")
    .addColumn("updated_at", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("effect_events")
    .ifNotExists()
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("key", "text", (c) => c.notNull())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("at", "text", (c) => c.notNull())
    .addColumn("data", "text")
    .execute();
  await db.schema
    .createTable("leases")
    .ifNotExists()
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("holder", "text", (c) => c.notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("pid", "integer", (c) => c.notNull())
    .addColumn("until", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("claims")
    .ifNotExists()
    .addColumn("engine_run_id", "text", (c) => c.primaryKey())
    .addColumn("worker_id", "text", (c) => c.notNull())
    .addColumn("host", "text", (c) => c.notNull())
    .addColumn("pid", "integer", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("sign_ins")
    .ifNotExists()
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("account", "text", (c) => c.notNull())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("at", "text", (c) => c.notNull())
    .addColumn("result", "text")
    .execute();
  await db.schema
    .createTable("accounts")
    .ifNotExists()
    .addColumn("account", "text", (c) => c.primaryKey())
    .addColumn("disabled_code", "text")
    .addColumn("disabled_at", "text")
    .execute();
  await db.schema
    .createTable("questions")
    .ifNotExists()
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("question", "text", (c) => c.notNull())
    .addColumn("choices", "text", (c) => c.notNull())
    .addColumn("context", "text")
    .addColumn("asked_at", "text", (c) => c.notNull())
    .addColumn("expires_at", "text", (c) => c.notNull())
    .addColumn("answered_at", "text")
    .addColumn("answered_by", "text")
    .addColumn("answer", "text")
    .execute();
  await db.schema
    .createTable("settings")
    .ifNotExists()
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("value", "text", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("files")
    .ifNotExists()
    .addColumn("path", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("sha256", "text", (c) => c.notNull())
    .addColumn("run_id", "text", (c) => c.notNull())
    .addColumn("ubn", "text", (c) => c.notNull())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("period", "text", (c) => c.notNull())
    .addColumn("category", "text", (c) => c.notNull())
    .addColumn("at", "text", (c) => c.notNull())
    .execute();
}

/** The present instant as the store writes instants. */
export function now(): string {
  return new Date().toISOString();
}
