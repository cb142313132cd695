import { sql } from "kysely";
import { type Day, taipeiDay } from "../../invoicing/values/day.ts";
import {
  type ObligationOfPeriod,
  type ObligationState,
  type RunFacts,
  stateOf,
} from "../../invoicing/deadlines/obligations.ts";
import type { Store } from "../../store/store.ts";

/** An obligation of a company, how it stands, and the run that says so. */
export interface ObligationCell extends ObligationState {
  readonly obligation: string;
  readonly runId: string | null;
}

export interface CompanyObligations {
  readonly name: string;
  readonly ubn: string;
  readonly cells: readonly ObligationCell[];
}

interface Latest {
  readonly id: string;
  readonly flow: string;
  readonly state: string;
  readonly outcome: string | null;
  /** The newest run that had done it. */
  readonly doneId: string | null;
}

/**
 * How each company stands with each of these obligations, in one look at the run database.
 * @param companies `blanksReportedBy` where someone else reports the blank numbers
 */
export async function obligationTable(
  store: Store,
  companies: readonly { readonly name: string; readonly ubn: string; readonly blanksReportedBy?: unknown }[],
  obligations: readonly ObligationOfPeriod[],
  flows: readonly Settler[],
  today: Day,
): Promise<CompanyObligations[]> {
  const latest = await latestRuns(store, [...new Set(obligations.map(({ about }) => about))]);
  return companies.map(({ name, ubn, blanksReportedBy }) => ({
    name,
    ubn,
    cells: obligations.map((obligation) => {
      const own = latest.get(`${ubn}|${obligation.about}`) ?? [];
      const { facts, runId } = factsOf(obligation, flows, own);
      return { obligation: obligation.id, runId, ...stateOf(obligation, facts, today, blanksReportedBy !== undefined) };
    }),
  }));
}

/** A flow, and the obligations that its success settles. */
export interface Settler {
  readonly name: string;
  readonly settles: readonly string[];
}

/** The newest run of each flow, by company and period; with the newest that was successful. */
async function latestRuns(store: Store, periods: readonly string[]): Promise<ReadonlyMap<string, readonly Latest[]>> {
  if (periods.length === 0) return new Map();
  const rows = await store
    .selectFrom((of) =>
      of
        .selectFrom("runs")
        .select(({ fn }) => [
          "ubn",
          "period",
          "flow",
          fn.max("id").as("last_id"),
          sql<string | null>`max(case when outcome in ('done', 'already-done') then id end)`.as("done_id"),
        ])
        .where("period", "in", [...periods])
        .where("rehearsal", "=", 0)
        .groupBy(["ubn", "period", "flow"])
        .as("newest"),
    )
    .innerJoin("runs", "runs.id", "newest.last_id")
    .select(["runs.ubn", "runs.period", "runs.flow", "runs.id", "runs.state", "runs.outcome", "newest.done_id"])
    .execute();
  const found = new Map<string, Latest[]>();
  for (const { ubn, period, done_id, ...run } of rows) {
    const key = `${ubn}|${period}`;
    const own = found.get(key) ?? [];
    own.push({ ...run, doneId: done_id });
    found.set(key, own);
  }
  return found;
}

function factsOf(
  obligation: ObligationOfPeriod,
  flows: readonly Settler[],
  runs: readonly Latest[],
): { facts: RunFacts; runId: string | null } {
  const doneIds = runs
    .filter(({ flow }) => flows.some(({ name, settles }) => name === flow && settles.includes(obligation.id)))
    .flatMap(({ doneId }) => (doneId === null ? [] : [doneId]));
  const doneId = doneIds.toSorted().at(-1) ?? null;
  // Ids of runs begin with their time: they compare as instants do.
  const last = runs
    .filter(({ flow, id }) => flow === obligation.flow && (doneId === null || id > doneId))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
  return {
    facts: { doneOn: doneId === null ? null : dayOfRun(doneId), latest: last ? latestOf(last) : null },
    runId: last?.id ?? doneId,
  };
}

function latestOf({ state, outcome }: Latest): RunFacts["latest"] {
  switch (state) {
    case "queued":
    case "running":
    case "waiting":
    case "needs-person":
      return state;
    default:
      break;
  }
  if (outcome === "needs-person" || outcome === "unknown") return outcome;
  return outcome === "failed" ? "failed" : null;
}

/** Taipei's day on which a run was begun, out of its id (`20261121T061500-1a2b3c`, UTC). */
function dayOfRun(id: string): Day | null {
  const [, y = "", mo = "", d = "", h = "", mi = ""] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/.exec(id) ?? [];
  const at = new Date(`${y}-${mo}-${d}T${h}:${mi}:00Z`);
  return Number.isNaN(at.getTime()) ? null : taipeiDay(at);
}
