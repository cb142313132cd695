import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function stepsTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("steps")
    .ifNotExists()
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("place", "integer", (c) => c.notNull())
    .addColumn("name", text, (c) => c.notNull())
    .addPrimaryKeyConstraint("steps_place", ["run_id", "place"])
    .execute();
}
