import { type ColumnDefinitionBuilder, type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";

/** What the two databases write differently. */
interface Dialect {
  readonly text: "text" | RawBuilder<unknown>;
  readonly numbered: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
}

const DIALECTS: { readonly [kind in "sqlite" | "postgres"]: Dialect } = {
  sqlite: { text: "text", numbered: (column) => column.primaryKey().autoIncrement() },
  postgres: {
    // Texts are compared byte by byte as SQLite does, whatever language the server sorts by.
    text: sql`text collate "C"`,
    numbered: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  },
};

/**
 * Brings our tables up to date.
 * @param alone sees to it that nobody else does so at the same time; not called when there is nothing to do
 */
export async function migrate<Schema>(
  db: Kysely<Schema>,
  kind: "sqlite" | "postgres",
  alone: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const migrations: { readonly [name: string]: Migration } = {
    "001-first": { up: (on) => firstTables(on, DIALECTS[kind]) },
    "002-steps": { up: (on) => stepsTable(on, DIALECTS[kind]) },
    "003-occurrences": { up: (on) => occurrencesTable(on, DIALECTS[kind]) },
    "004-heads": { up: (on) => headsTables(on, DIALECTS[kind]) },
    "005-pictured-questions": { up: (on) => picturedQuestions(on, DIALECTS[kind]) },
    "006-console": { up: (on) => consoleTables(on, DIALECTS[kind]) },
    "007-news": { up: (on) => newsTable(on, DIALECTS[kind]) },
    "008-vouched": { up: (on) => vouchedAccounts(on, DIALECTS[kind]) },
    "009-who-read": { up: (on) => whoRead(on, DIALECTS[kind]) },
    "010-letters": { up: (on) => lettersTable(on, DIALECTS[kind]) },
    "011-approvals": { up: (on) => approvalsTable(on, DIALECTS[kind]) },
    "012-retention-heads": { up: (on) => retentionHeadsTable(on, DIALECTS[kind]) },
    "013-ledger-teachings": { up: (on) => ledgerTeachingsTable(on, DIALECTS[kind]) },
    "014-console-sessions": { up: (on) => sessionOrigins(on, DIALECTS[kind]) },
    "015-engine": { up: (on) => engineTables(on, DIALECTS[kind]) },
  };
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const known = await migrator.getMigrations();
  if (known.every(({ executedAt }) => executedAt !== undefined)) return;
  await alone(async () => {
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  });
}

async function firstTables(db: Kysely<unknown>, { text, numbered }: Dialect): Promise<void> {
  await db.schema
    .createTable("runs")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("engine_id", text)
    .addColumn("flow", text, (c) => c.notNull())
    .addColumn("flow_version", "integer", (c) => c.notNull())
    .addColumn("company", text, (c) => c.notNull())
    .addColumn("ubn", text, (c) => c.notNull())
    .addColumn("period", text)
    .addColumn("identity", text, (c) => c.notNull())
    .addColumn("input", text, (c) => c.notNull())
    .addColumn("started_by", text, (c) => c.notNull())
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("progress", text)
    .addColumn("waiting_until", text)
    .addColumn("outcome", text)
    .addColumn("failure", text)
    .addColumn("result", text)
    .addColumn("folder", text)
    .addColumn("cancel_requested", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("created_at", text, (c) => c.notNull())
    .addColumn("updated_at", text, (c) => c.notNull())
    .addColumn("ended_at", text)
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
    .addColumn("key", text, (c) => c.primaryKey())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("wanted", text, (c) => c.notNull())
    .addColumn("baseline", text)
    .addColumn("evidence", text)
    .addColumn("intended_at", text)
    .addColumn("updated_at", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("effect_events")
    .ifNotExists()
    .addColumn("id", "integer", (c) => numbered(c))
    .addColumn("key", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("at", text, (c) => c.notNull())
    .addColumn("data", text)
    .execute();
  await db.schema
    .createTable("leases")
    .ifNotExists()
    .addColumn("name", text, (c) => c.primaryKey())
    .addColumn("holder", text, (c) => c.notNull())
    .addColumn("host", text, (c) => c.notNull())
    .addColumn("pid", "integer", (c) => c.notNull())
    .addColumn("until", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("claims")
    .ifNotExists()
    .addColumn("engine_run_id", text, (c) => c.primaryKey())
    .addColumn("worker_id", text, (c) => c.notNull())
    .addColumn("host", text, (c) => c.notNull())
    .addColumn("pid", "integer", (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("sign_ins")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("account", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("at", text, (c) => c.notNull())
    .addColumn("result", text)
    .execute();
  await db.schema
    .createTable("accounts")
    .ifNotExists()
    .addColumn("account", text, (c) => c.primaryKey())
    .addColumn("disabled_code", text)
    .addColumn("disabled_at", text)
    .execute();
  await db.schema
    .createTable("questions")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("version", "integer", (c) => c.notNull())
    .addColumn("question", text, (c) => c.notNull())
    .addColumn("choices", text, (c) => c.notNull())
    .addColumn("context", text)
    .addColumn("asked_at", text, (c) => c.notNull())
    .addColumn("expires_at", text, (c) => c.notNull())
    .addColumn("answered_at", text)
    .addColumn("answered_by", text)
    .addColumn("answer", text)
    .execute();
  await db.schema
    .createTable("settings")
    .ifNotExists()
    .addColumn("name", text, (c) => c.primaryKey())
    .addColumn("value", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("files")
    .ifNotExists()
    .addColumn("path", text, (c) => c.primaryKey())
    .addColumn("name", text, (c) => c.notNull())
    .addColumn("sha256", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("ubn", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("period", text, (c) => c.notNull())
    .addColumn("category", text, (c) => c.notNull())
    .addColumn("at", text, (c) => c.notNull())
    .execute();
}

async function stepsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("steps")
    .ifNotExists()
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("place", "integer", (c) => c.notNull())
    .addColumn("name", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("steps_place", ["run_id", "place"])
    .execute();
}

async function occurrencesTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("occurrences")
    .ifNotExists()
    .addColumn("schedule", text, (c) => c.notNull())
    .addColumn("instant", text, (c) => c.notNull())
    .addColumn("state", text, (c) => c.notNull())
    .addColumn("noted_at", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("occurrences_once", ["schedule", "instant"])
    .execute();
}

async function headsTables(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("chain_heads")
    .ifNotExists()
    .addColumn("day", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("events", "integer", (c) => c.notNull())
    .addColumn("hash", text, (c) => c.notNull())
    .addColumn("at", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("chain_heads_of_day", ["day", "run_id"])
    .execute();
  await db.schema
    .createTable("head_days")
    .ifNotExists()
    .addColumn("day", text, (c) => c.primaryKey())
    .addColumn("document", text, (c) => c.notNull())
    .addColumn("sha256", text, (c) => c.notNull())
    .addColumn("made_at", text, (c) => c.notNull())
    .addColumn("stamp", text)
    .addColumn("stamped_at", text)
    .addColumn("mailed_at", text)
    .execute();
}

async function retentionHeadsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("retention_heads")
    .ifNotExists()
    .addColumn("day", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("lines", "integer", (c) => c.notNull())
    .addColumn("hash", text, (c) => c.notNull())
    .addColumn("at", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("retention_heads_of_day", ["day", "run_id"])
    .execute();
}

async function vouchedAccounts(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema.alterTable("accounts").addColumn("vouched_at", text).execute();
}

async function whoRead(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema.alterTable("sign_ins").addColumn("read_by", text).execute();
}

async function picturedQuestions(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  for (const column of ["free", "picture", "may_answer"])
    await db.schema.alterTable("questions").addColumn(column, text).execute();
}

async function consoleTables(db: Kysely<unknown>, { text, numbered }: Dialect): Promise<void> {
  await db.schema
    .createTable("console_people")
    .ifNotExists()
    .addColumn("name", text, (c) => c.primaryKey())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("password", text, (c) => c.notNull())
    .addColumn("changed_at", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("console_sessions")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("person", text, (c) => c.notNull())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("began_at", text, (c) => c.notNull())
    .addColumn("until", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createTable("console_links")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("person", text, (c) => c.notNull())
    .addColumn("role", text, (c) => c.notNull())
    .addColumn("until", text, (c) => c.notNull())
    .addColumn("used_at", text)
    .execute();
  await db.schema
    .createTable("audit")
    .ifNotExists()
    .addColumn("id", "integer", (c) => numbered(c))
    .addColumn("at", text, (c) => c.notNull())
    .addColumn("person", text, (c) => c.notNull())
    .addColumn("role", text)
    .addColumn("action", text, (c) => c.notNull())
    .addColumn("about", text, (c) => c.notNull())
    .addColumn("result", text, (c) => c.notNull())
    .addColumn("address", text, (c) => c.notNull())
    .execute();
  // What the lists of the console are sorted and searched by.
  await db.schema
    .createIndex("runs_period")
    .ifNotExists()
    .on("runs")
    .columns(["period", "ubn", "flow", "id"])
    .execute();
  await db.schema.createIndex("runs_company").ifNotExists().on("runs").columns(["ubn", "created_at"]).execute();
  await db.schema.createIndex("runs_updated").ifNotExists().on("runs").column("updated_at").execute();
}

/** From where and how somebody signed in, and when the session was used last. Those that are open then count as unknown. */
async function sessionOrigins(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  for (const column of ["address", "entered_by", "seen_at"]) {
    await db.schema
      .alterTable("console_sessions")
      .addColumn(column, text, (c) => c.notNull().defaultTo(""))
      .execute();
  }
}

async function newsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("news")
    .ifNotExists()
    .addColumn("key", text, (c) => c.primaryKey())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("line", text, (c) => c.notNull())
    .addColumn("run_id", text)
    .addColumn("question_id", text)
    .addColumn("noted_at", text, (c) => c.notNull())
    .addColumn("settled_at", text)
    .execute();
}

async function lettersTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("letters")
    .ifNotExists()
    .addColumn("key", text, (c) => c.primaryKey())
    .addColumn("ubn", text, (c) => c.notNull())
    .addColumn("period", text, (c) => c.notNull())
    .addColumn("reference", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("message_id", text, (c) => c.notNull())
    .addColumn("masked", text, (c) => c.notNull())
    .addColumn("words", text)
    .addColumn("intended_at", text, (c) => c.notNull())
    .addColumn("updated_at", text, (c) => c.notNull())
    .execute();
  await db.schema.createIndex("letters_of_period").ifNotExists().on("letters").columns(["ubn", "period"]).execute();
}

async function approvalsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  for (const column of ["effect", "approval"]) await db.schema.alterTable("effects").addColumn(column, text).execute();
  await db.schema.createIndex("effects_approval").ifNotExists().unique().on("effects").column("approval").execute();
  for (const column of ["topic", "form", "form_picture", "answer_values"])
    await db.schema.alterTable("questions").addColumn(column, text).execute();
  await db.schema
    .createTable("approvals")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("effect", text, (c) => c.notNull())
    .addColumn("ubn", text, (c) => c.notNull())
    .addColumn("digest", text, (c) => c.notNull())
    .addColumn("agreed_to", text, (c) => c.notNull())
    .addColumn("agreed_by", text, (c) => c.notNull())
    .addColumn("agreed_at", text, (c) => c.notNull())
    .addColumn("good_until", text, (c) => c.notNull())
    .addColumn("used_at", text)
    .addColumn("used_key", text)
    .execute();
  await db.schema.createIndex("approvals_digest").ifNotExists().on("approvals").column("digest").execute();
}

async function ledgerTeachingsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("ledger_teachings")
    .ifNotExists()
    .addColumn("ubn", text, (c) => c.notNull())
    .addColumn("layout", text, (c) => c.notNull())
    .addColumn("teaching", text, (c) => c.notNull())
    .addColumn("taught_by", text, (c) => c.notNull())
    .addColumn("taught_at", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("ledger_teachings_key", ["ubn", "layout"])
    .execute();
}

/** The durable engine's state in tables of ours. Runs that were under way begin anew; what they did at the portal stays known. */
async function engineTables(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("engine_runs")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("workflow_name", text, (c) => c.notNull())
    .addColumn("version", text)
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("idempotency_key", text)
    .addColumn("config", text, (c) => c.notNull())
    .addColumn("context", text)
    .addColumn("input", text)
    .addColumn("output", text)
    .addColumn("error", text)
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("worker_id", text)
    .addColumn("host", text)
    .addColumn("pid", "integer")
    .addColumn("available_at", text)
    .addColumn("started_at", text)
    .addColumn("finished_at", text)
    .addColumn("created_at", text, (c) => c.notNull())
    .addColumn("updated_at", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("engine_runs_key")
    .ifNotExists()
    .unique()
    .on("engine_runs")
    .column("idempotency_key")
    .execute();
  await db.schema
    .createIndex("engine_runs_due")
    .ifNotExists()
    .on("engine_runs")
    .columns(["status", "available_at", "created_at"])
    .execute();
  await db.schema
    .createTable("engine_steps")
    .ifNotExists()
    .addColumn("id", text, (c) => c.primaryKey())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("step_name", text, (c) => c.notNull())
    .addColumn("kind", text, (c) => c.notNull())
    .addColumn("status", text, (c) => c.notNull())
    .addColumn("config", text, (c) => c.notNull())
    .addColumn("context", text)
    .addColumn("output", text)
    .addColumn("error", text)
    .addColumn("signal", text)
    .addColumn("delivered", text)
    .addColumn("started_at", text)
    .addColumn("finished_at", text)
    .addColumn("created_at", text, (c) => c.notNull())
    .addColumn("updated_at", text, (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex("engine_steps_of_run")
    .ifNotExists()
    .on("engine_steps")
    .columns(["run_id", "created_at"])
    .execute();
  await db.schema
    .createIndex("engine_steps_waiting")
    .ifNotExists()
    .on("engine_steps")
    .columns(["signal", "status"])
    .execute();
  await db.schema.dropTable("claims").ifExists().execute();
  await sql`update runs set engine_id = null, state = 'queued' where state <> 'ended'`.execute(db);
}
