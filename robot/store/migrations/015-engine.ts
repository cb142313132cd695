import { type Kysely, sql } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

/** The durable engine's state in tables of ours. Runs that were under way begin again; what they did at the portal stays known. */
export async function engineTables(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
