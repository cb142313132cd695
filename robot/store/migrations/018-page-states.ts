import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

/** How each page of a portal was found to be when it was last checked. */
export async function pageStatesTable(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema
    .createTable("page_states")
    .ifNotExists()
    .addColumn("address", text, (c) => c.notNull())
    .addColumn("page", text, (c) => c.notNull())
    .addColumn("title", text, (c) => c.notNull())
    .addColumn("problem", text)
    .addColumn("since", text, (c) => c.notNull())
    .addColumn("run_id", text, (c) => c.notNull())
    .addColumn("checked_at", text, (c) => c.notNull())
    .addColumn("overruled_by", text)
    .addColumn("overruled_at", text)
    .addPrimaryKeyConstraint("page_states_key", ["address", "page"])
    .execute();
}
