import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

/** From where and how a person signed in, and when the session was used last. Those that are open then count as unknown. */
export async function sessionOrigins(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  for (const column of ["address", "entered_by", "seen_at"]) {
    await db.schema
      .alterTable("console_sessions")
      .addColumn(column, text, (c) => c.notNull().defaultTo(""))
      .execute();
  }
}
