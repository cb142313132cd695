import type { Kysely } from "kysely";
import type { Dialect } from "../migration-dialect.ts";

export async function whoRead(db: Kysely<unknown>, { text }: Dialect): Promise<void> {
  await db.schema.alterTable("sign_ins").addColumn("read_by", text).execute();
}
