import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function newsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
