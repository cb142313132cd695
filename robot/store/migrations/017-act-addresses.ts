import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

/** At which site an act was done: what was proved in one environment says nothing of another. */
export async function actAddresses(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema.alterTable("effects").addColumn("address", text).execute();
}
