import { type Kysely, sql } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function firstTables(db: Kysely<unknown>, { text, numbered }: Dialect): Promise<void> {
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
