import type { Kysely } from "kysely";

/** Whether a run only rehearses: it presses nothing, whatever its outcome. Runs of earlier versions did not. */
export async function rehearsals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("runs")
    .addColumn("rehearsal", "integer", (c) => c.notNull().defaultTo(0))
    .execute();
}
