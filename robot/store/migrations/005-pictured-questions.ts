import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function picturedQuestions(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  for (const column of ["free", "picture", "may_answer"])
    await db.schema.alterTable("questions").addColumn(column, text).execute();
}
