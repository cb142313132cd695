import type { Expression, ExpressionBuilder, SqlBool } from "kysely";
import { type Day, addDays } from "../../invoicing/values/day.ts";
import { type RunRow, toRow } from "./runs.ts";
import type { Store } from "../../store/store.ts";
import type { Tables } from "../../store/tables.ts";

/** Which runs are looked for. All that is given must fit. */
export interface RunFilter {
  /** Part of the company's name, of its UBN or of the run's number. */
  readonly text?: string;
  readonly ubn?: string;
  readonly flow?: string;
  readonly period?: string;
  /** An outcome, or `live` for what has not ended. */
  readonly standing?: string;
  /** Failure code. */
  readonly code?: string;
  /** Days in Taipei on which they were begun, both included. */
  readonly from?: Day;
  readonly to?: Day;
}

/** The runs that fit, newest first, and how many there are in all. */
export async function searchRuns(
  store: Store,
  filter: RunFilter,
  page: { readonly limit: number; readonly offset: number },
): Promise<{ readonly runs: readonly RunRow[]; readonly total: number }> {
  const fits = (eb: ExpressionBuilder<Tables, "runs">): Expression<SqlBool> => eb.and(conditions(eb, filter));
  const counted = await store
    .selectFrom("runs")
    .select(({ fn }) => fn.countAll().as("total"))
    .where(fits)
    .executeTakeFirstOrThrow();
  const rows = await store
    .selectFrom("runs")
    .selectAll()
    .where(fits)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit)
    .offset(page.offset)
    .execute();
  return { runs: rows.map(toRow), total: Number(counted.total) };
}

function conditions(eb: ExpressionBuilder<Tables, "runs">, filter: RunFilter): Expression<SqlBool>[] {
  const { text, ubn, flow, period, standing, code, from, to } = filter;
  const all: Expression<SqlBool>[] = [];
  if (text) {
    // SQLite takes small letters for capital ones here, PostgreSQL does not.
    const part = eb.fn<string>("lower", [eb.val(`%${literally(text)}%`)]);
    const has = (column: "company" | "ubn" | "id") => eb(eb.fn<string>("lower", [column]), "like", part);
    all.push(eb.or([has("company"), has("ubn"), has("id")]));
  }
  if (ubn) all.push(eb("ubn", "=", ubn));
  if (flow) all.push(eb("flow", "=", flow));
  if (period) all.push(eb("period", "=", period));
  if (standing === "live") all.push(eb("state", "!=", "ended"));
  else if (standing) all.push(eb("outcome", "=", standing));
  if (code) all.push(eb("failure", "like", `%"code":"${literally(code)}"%`));
  if (from) all.push(eb("created_at", ">=", taipeiMidnight(from)));
  if (to) all.push(eb("created_at", "<", taipeiMidnight(addDays(to, 1))));
  return all;
}

/** Neither database takes an escape in LIKE without being told which: what would be a wildcard finds nothing more than itself. */
function literally(text: string): string {
  return text.replaceAll(/[%_\\]/g, "");
}

function taipeiMidnight(day: Day): string {
  return new Date(`${day}T00:00:00+08:00`).toISOString();
}

/** The newest run of the same flow before this one that did its work; of the same company, if there is one. */
export async function lastGoodBefore(store: Store, run: RunRow): Promise<RunRow | null> {
  const good = store
    .selectFrom("runs")
    .selectAll()
    .where("flow", "=", run.flow)
    .where("rehearsal", "=", run.rehearsal ? 1 : 0)
    .where("outcome", "in", ["done", "already-done"])
    .where("folder", "is not", null)
    .where("id", "<", run.id)
    .orderBy("id", "desc")
    .limit(1);
  const row = (await good.where("ubn", "=", run.ubn).executeTakeFirst()) ?? (await good.executeTakeFirst());
  return row ? toRow(row) : null;
}

/**
 * Runs that ended with something for a person to do, newest first: those after which the same was not done for the same company and
 * period, nor begun again.
 */
export async function runsForPerson(store: Store, since: Date, limit: number): Promise<readonly RunRow[]> {
  const rows = await store
    .selectFrom("runs")
    .selectAll()
    .where("outcome", "in", ["needs-person", "unknown"])
    .where("created_at", ">=", since.toISOString())
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("runs as later")
            .select("later.id")
            .whereRef("later.ubn", "=", "runs.ubn")
            .whereRef("later.flow", "=", "runs.flow")
            .where((on) =>
              on.or([
                on("later.period", "=", on.ref("runs.period")),
                on.and([on("later.period", "is", null), on("runs.period", "is", null)]),
              ]),
            )
            .whereRef("later.rehearsal", "<=", "runs.rehearsal")
            .whereRef("later.id", ">", "runs.id"),
        ),
      ),
    )
    .orderBy("created_at", "desc")
    .limit(limit)
    .execute();
  return rows.map(toRow);
}
