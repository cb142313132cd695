import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function approvalsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
