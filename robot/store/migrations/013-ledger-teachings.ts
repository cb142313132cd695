import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function ledgerTeachingsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
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
