import type { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { DIALECTS } from "./migration-dialect.ts";
import { firstTables } from "./migrations/001-first.ts";
import { stepsTable } from "./migrations/002-steps.ts";
import { occurrencesTable } from "./migrations/003-occurrences.ts";
import { headsTables } from "./migrations/004-heads.ts";
import { picturedQuestions } from "./migrations/005-pictured-questions.ts";
import { consoleTables } from "./migrations/006-console.ts";
import { newsTable } from "./migrations/007-news.ts";
import { vouchedAccounts } from "./migrations/008-vouched.ts";
import { whoRead } from "./migrations/009-who-read.ts";
import { lettersTable } from "./migrations/010-letters.ts";
import { approvalsTable } from "./migrations/011-approvals.ts";
import { retentionHeadsTable } from "./migrations/012-retention-heads.ts";
import { ledgerTeachingsTable } from "./migrations/013-ledger-teachings.ts";
import { sessionOrigins } from "./migrations/014-console-sessions.ts";
import { engineTables } from "./migrations/015-engine.ts";

/**
 * Brings our tables up to date.
 * @param alone sees to it that nobody else does so at the same time; not called when there is nothing to do
 */
export async function migrate<Schema>(
  db: Kysely<Schema>,
  kind: "sqlite" | "postgres",
  alone: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const migrations: { readonly [name: string]: Migration } = {
    "001-first": { up: (on) => firstTables(on, DIALECTS[kind]) },
    "002-steps": { up: (on) => stepsTable(on, DIALECTS[kind]) },
    "003-occurrences": { up: (on) => occurrencesTable(on, DIALECTS[kind]) },
    "004-heads": { up: (on) => headsTables(on, DIALECTS[kind]) },
    "005-pictured-questions": { up: (on) => picturedQuestions(on, DIALECTS[kind]) },
    "006-console": { up: (on) => consoleTables(on, DIALECTS[kind]) },
    "007-news": { up: (on) => newsTable(on, DIALECTS[kind]) },
    "008-vouched": { up: (on) => vouchedAccounts(on, DIALECTS[kind]) },
    "009-who-read": { up: (on) => whoRead(on, DIALECTS[kind]) },
    "010-letters": { up: (on) => lettersTable(on, DIALECTS[kind]) },
    "011-approvals": { up: (on) => approvalsTable(on, DIALECTS[kind]) },
    "012-retention-heads": { up: (on) => retentionHeadsTable(on, DIALECTS[kind]) },
    "013-ledger-teachings": { up: (on) => ledgerTeachingsTable(on, DIALECTS[kind]) },
    "014-console-sessions": { up: (on) => sessionOrigins(on, DIALECTS[kind]) },
    "015-engine": { up: (on) => engineTables(on, DIALECTS[kind]) },
  };
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...migrations }) } });
  const known = await migrator.getMigrations();
  if (known.every(({ executedAt }) => executedAt !== undefined)) return;
  await alone(async () => {
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  });
}
