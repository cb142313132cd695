import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { DIALECTS, type Dialect } from "./migration-dialect.ts";
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
import { rehearsals } from "./migrations/016-rehearsals.ts";
import { actAddresses } from "./migrations/017-act-addresses.ts";
import { pageStatesTable } from "./migrations/018-page-states.ts";

/** In their order: to add one, its file and its line. */
const MIGRATIONS: { readonly [name: string]: (db: Kysely<unknown>, dialect: Dialect) => Promise<void> } = {
  "001-first": firstTables,
  "002-steps": stepsTable,
  "003-occurrences": occurrencesTable,
  "004-heads": headsTables,
  "005-pictured-questions": picturedQuestions,
  "006-console": consoleTables,
  "007-news": newsTable,
  "008-vouched": vouchedAccounts,
  "009-who-read": whoRead,
  "010-letters": lettersTable,
  "011-approvals": approvalsTable,
  "012-retention-heads": retentionHeadsTable,
  "013-ledger-teachings": ledgerTeachingsTable,
  "014-console-sessions": sessionOrigins,
  "015-engine": engineTables,
  "016-rehearsals": rehearsals,
  "017-act-addresses": actAddresses,
  "018-page-states": pageStatesTable,
};

/**
 * Brings our tables up to date.
 * @param alone sees to it that nobody else does so at the same time; not called when there is nothing to do
 */
export async function migrate<Schema>(
  db: Kysely<Schema>,
  kind: "sqlite" | "postgres",
  alone: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, up]) => [name, { up: (on: Kysely<unknown>) => up(on, DIALECTS[kind]) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const known = await migrator.getMigrations();
  if (known.every(({ executedAt }) => executedAt !== undefined)) return;
  await alone(async () => {
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  });
}
