import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function vouchedAccounts(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema.alterTable("accounts").addColumn("vouched_at", text).execute();
}
