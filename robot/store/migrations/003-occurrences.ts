import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function occurrencesTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
