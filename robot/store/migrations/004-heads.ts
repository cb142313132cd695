import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function headsTables(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
