import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function retentionHeadsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
