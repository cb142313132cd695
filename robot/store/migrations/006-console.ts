import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function consoleTables(db: Kysely<unknown>, { text, numbered }: Dialect): Promise<void> {
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
