import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function lettersTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
