import { randomBytes } from "node:crypto";
import { Failure, type FailureData } from "../../failures/failure.ts";
import type { AnyFlow, FlowInput, RunResult } from "../flow.ts";
import { canonicalText, type Json } from "../../lib/json.ts";
import { now, type Store } from "../../store/store.ts";
import type { RunsTable, RunState } from "../../store/tables.ts";
import type { Selectable } from "kysely";
import { sha256 } from "../../lib/hash.ts";

export type Outcome = "done" | "already-done" | "waiting" | "needs-person" | "failed" | "unknown";

/** What is to be run, for whom, and who wants it. */
export interface RunRequest {
  readonly flow: string;
  readonly company: { readonly name: string; readonly ubn: string };
  readonly input: unknown;
  readonly startedBy: string;
  /** Presses nothing. Refused with `wrong-use` for a flow that never does. */
  readonly rehearsal?: boolean;
}

/** A run as people see it in lists. */
export interface RunRow {
  readonly id: string;
  readonly engineId: string | null;
  readonly flow: string;
  readonly flowVersion: number;
  readonly company: string;
  readonly ubn: string;
  readonly period: string | null;
  readonly input: Json;
  readonly startedBy: string;
  readonly state: RunState;
  readonly progress: string | null;
  readonly waitingUntil: string | null;
  readonly outcome: Outcome | null;
  readonly failure: FailureData | null;
  readonly result: RunResult | null;
  readonly folder: string | null;
  readonly cancelRequested: boolean;
  /** It presses nothing: it stops before the first button that would change a portal. */
  readonly rehearsal: boolean;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/**
 * Writes down a new run, or finds the one under way for the same job: same flow, company, input, rehearsal or not. Two commands at the same
 * moment get the same run.
 */
export async function enterRun(
  store: Store,
  job: {
    flow: AnyFlow;
    company: { name: string; ubn: string };
    input: FlowInput;
    startedBy: string;
    rehearsal?: boolean;
  },
): Promise<{ run: RunRow; joined: boolean }> {
  const rehearsal = job.rehearsal ?? false;
  // A command must never join a rehearsal, nor a rehearsal a run that presses.
  const identity = sha256(
    canonicalText([job.flow.name, job.company.ubn, job.input, ...(rehearsal ? ["rehearsal"] : [])]),
  );
  const at = now();
  for (;;) {
    const id = newRunId(new Date(at));
    const inserted = await store
      .insertInto("runs")
      .values({
        id,
        engine_id: null,
        flow: job.flow.name,
        flow_version: job.flow.version,
        company: job.company.name,
        ubn: job.company.ubn,
        period: job.input.period ?? null,
        identity,
        input: JSON.stringify(job.input),
        started_by: job.startedBy,
        state: "queued",
        progress: null,
        waiting_until: null,
        outcome: null,
        failure: null,
        result: null,
        folder: null,
        rehearsal: rehearsal ? 1 : 0,
        created_at: at,
        updated_at: at,
        ended_at: null,
      })
      .onConflict((oc) => oc.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (inserted) return { run: await getRun(store, id), joined: false };
    const live = await store
      .selectFrom("runs")
      .select("id")
      .where("identity", "=", identity)
      .where("state", "!=", "ended")
      .executeTakeFirst();
    // It ended between the two statements: then the next insert goes through.
    if (live) return { run: await getRun(store, live.id), joined: true };
  }
}

/** @throws Failure `wrong-use` when there is no such run */
export async function getRun(store: Store, id: string): Promise<RunRow> {
  const row = await store.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) {
    throw new Failure("wrong-use", {
      wanted: `執行 ${id}`,
      seen: "紀錄中沒有這個編號，請用 runs 列出",
      en: { wanted: `run ${id}`, seen: "there is none of this id; runs lists them" },
    });
  }
  return toRow(row);
}

/** The newest runs first. */
export async function listRuns(store: Store, limit: number): Promise<RunRow[]> {
  const rows = await store.selectFrom("runs").selectAll().orderBy("created_at", "desc").limit(limit).execute();
  return rows.map(toRow);
}

/** The newest run of these flows that has found something out; null where there is none. */
export async function newestResult(store: Store, flows: readonly string[]): Promise<RunRow | null> {
  if (flows.length === 0) return null;
  const row = await store
    .selectFrom("runs")
    .selectAll()
    .where("flow", "in", [...flows])
    .where("result", "is not", null)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toRow(row);
}

/** All runs of a company for a period that have begun, oldest first. */
export async function runsOfPeriod(store: Store, ubn: string, period: string): Promise<RunRow[]> {
  const rows = await store
    .selectFrom("runs")
    .selectAll()
    .where("ubn", "=", ubn)
    .where("period", "=", period)
    .where("folder", "is not", null)
    .orderBy("created_at")
    .execute();
  return rows.map(toRow);
}

/** Runs that were written down but never reached the engine, because the process died in between. */
export async function orphanRuns(store: Store): Promise<RunRow[]> {
  const rows = await store
    .selectFrom("runs")
    .selectAll()
    .where("engine_id", "is", null)
    .where("state", "=", "queued")
    .execute();
  return rows.map(toRow);
}

/** All runs that have not ended, oldest first. */
export async function listOpenRuns(store: Store): Promise<RunRow[]> {
  const rows = await store.selectFrom("runs").selectAll().where("state", "!=", "ended").orderBy("created_at").execute();
  return rows.map(toRow);
}

/** Changes what the list shows of a run that has not ended. */
export async function updateRun(
  store: Store,
  id: string,
  change: {
    state?: Exclude<RunState, "ended">;
    progress?: string | null;
    waitingUntil?: Date | null;
    folder?: string;
    engineId?: string;
  },
): Promise<void> {
  await store
    .updateTable("runs")
    .set({
      updated_at: now(),
      ...(change.state === undefined ? {} : { state: change.state }),
      ...(change.progress === undefined ? {} : { progress: change.progress }),
      ...(change.waitingUntil === undefined ? {} : { waiting_until: change.waitingUntil?.toISOString() ?? null }),
      ...(change.folder === undefined ? {} : { folder: change.folder }),
      ...(change.engineId === undefined ? {} : { engine_id: change.engineId }),
    })
    .where("id", "=", id)
    .where("state", "!=", "ended")
    .execute();
}

/** Ends a run. A run that has ended keeps its first end. */
export async function endRun(
  store: Store,
  id: string,
  end: { outcome: Outcome; failure: FailureData | null; result: RunResult | null },
): Promise<void> {
  const at = now();
  await store
    .updateTable("runs")
    .set({
      state: "ended",
      outcome: end.outcome,
      failure: end.failure === null ? null : JSON.stringify(end.failure),
      result: end.result === null ? null : JSON.stringify(end.result),
      progress: null,
      waiting_until: null,
      updated_at: at,
      ended_at: at,
    })
    .where("id", "=", id)
    .where("state", "!=", "ended")
    .execute();
}

/** Time in UTC and four random characters: sorts by time and is easy to read out. */
function newRunId(at: Date): string {
  const stamp = at.toISOString().replaceAll(/[-:]/g, "").slice(0, 15);
  return `${stamp}-${randomBytes(3).toString("hex")}`;
}

/** A row of the table, read. */
export function toRow(row: Selectable<RunsTable>): RunRow {
  return {
    id: row.id,
    engineId: row.engine_id,
    flow: row.flow,
    flowVersion: row.flow_version,
    company: row.company,
    ubn: row.ubn,
    period: row.period,
    input: JSON.parse(row.input),
    startedBy: row.started_by,
    state: row.state,
    progress: row.progress,
    waitingUntil: row.waiting_until,
    outcome: row.outcome === null ? null : asOutcome(row.outcome),
    failure: row.failure === null ? null : JSON.parse(row.failure),
    result: row.result === null ? null : JSON.parse(row.result),
    folder: row.folder,
    cancelRequested: row.cancel_requested !== 0,
    rehearsal: row.rehearsal !== 0,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}

const OUTCOMES: readonly Outcome[] = ["done", "already-done", "waiting", "needs-person", "failed", "unknown"];

function asOutcome(text: string): Outcome {
  const outcome = OUTCOMES.find((known) => known === text);
  if (!outcome) throw new Error(`Unknown outcome in the store: ${text}`);
  return outcome;
}
