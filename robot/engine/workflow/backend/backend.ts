import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import {
  type Backend,
  type StepAttempt,
  toWorkflowRunCounts,
  type WorkflowRun,
  type WorkflowRunCounts,
} from "openworkflow/internal";
import { fromColumns, hereInColumns, isKnownDead } from "../../../lib/process-identity.ts";
import { now, type Store } from "../../../store/store.ts";
import { backoffOf } from "./backoff.ts";
import { demanded, ENDED, FREE, later, LIVE, type RunChange } from "./changes.ts";
import { asJson, asRun, asStep, text } from "./rows.ts";

type Params<Method extends keyof Backend> = Parameters<Backend[Method]>[0];

/**
 * The durable engine's state in tables of ours, on SQLite and PostgreSQL alike. Every method is made of single conditional statements, each of
 * which may be made twice: no transaction is held open, and a call that got no answer can be repeated. A claim notes the process, so that the
 * runs of a killed one are taken up at once and not when their lease is over. Child workflows are not used and refused.
 */
export class StoreBackend implements Backend {
  readonly #store: Store;
  readonly #skipsLocked: boolean;

  /** @param kind PostgreSQL passes over rows that another worker claims at this moment; SQLite has one writer at a time */
  constructor(store: Store, kind: "sqlite" | "postgres") {
    this.#store = store;
    this.#skipsLocked = kind === "postgres";
  }

  async createWorkflowRun(params: Params<"createWorkflowRun">): Promise<WorkflowRun> {
    const at = now();
    const id = randomUUID();
    await this.#store
      .insertInto("engine_runs")
      .values({
        id,
        workflow_name: params.workflowName,
        version: params.version,
        status: "pending",
        idempotency_key: params.idempotencyKey,
        config: JSON.stringify(params.config),
        context: text(params.context),
        input: text(params.input),
        output: null,
        error: null,
        attempts: 0,
        ...FREE,
        available_at: params.availableAt?.toISOString() ?? at,
        started_at: null,
        finished_at: null,
        created_at: at,
        updated_at: at,
      })
      .onConflict((oc) => oc.column("idempotency_key").doNothing())
      .execute();
    const row = await this.#store
      .selectFrom("engine_runs")
      .selectAll()
      .where((of) =>
        params.idempotencyKey === null ? of("id", "=", id) : of("idempotency_key", "=", params.idempotencyKey),
      )
      .executeTakeFirstOrThrow();
    return asRun(row);
  }

  async getWorkflowRun({ workflowRunId }: Params<"getWorkflowRun">): Promise<WorkflowRun | null> {
    const row = await this.#store
      .selectFrom("engine_runs")
      .selectAll()
      .where("id", "=", workflowRunId)
      .executeTakeFirst();
    return row ? asRun(row) : null;
  }

  async listWorkflowRuns({
    status,
    workflowName,
    limit = 100,
  }: Params<"listWorkflowRuns">): ReturnType<Backend["listWorkflowRuns"]> {
    const rows = await this.#store
      .selectFrom("engine_runs")
      .selectAll()
      .$if(status !== undefined, (query) => query.where("status", "=", status ?? ""))
      .$if(workflowName !== undefined, (query) => query.where("workflow_name", "=", workflowName ?? ""))
      .orderBy("created_at", "desc")
      .limit(limit)
      .execute();
    return { data: rows.map(asRun), pagination: { next: null, prev: null } };
  }

  async countWorkflowRuns(): Promise<WorkflowRunCounts> {
    const rows = await this.#store
      .selectFrom("engine_runs")
      .select(({ fn }) => ["status", fn.countAll<number>().as("count")])
      .groupBy("status")
      .execute();
    return toWorkflowRunCounts(rows);
  }

  async claimWorkflowRun({ workerId, leaseDurationMs }: Params<"claimWorkflowRun">): Promise<WorkflowRun | null> {
    const at = now();
    const row = await this.#store
      .updateTable("engine_runs")
      .set({
        status: "running",
        attempts: sql<number>`attempts + 1`,
        worker_id: workerId,
        ...hereInColumns,
        available_at: later(leaseDurationMs),
        started_at: sql<string>`coalesce(started_at, ${at})`,
        updated_at: at,
      })
      .where("id", "=", (of) =>
        of
          .selectFrom("engine_runs")
          .select("id")
          .where("status", "in", LIVE)
          .where("available_at", "<=", at)
          .orderBy("available_at")
          .orderBy("created_at")
          .limit(1)
          .$if(this.#skipsLocked, (query) => query.forUpdate().skipLocked()),
      )
      .where("available_at", "<=", at)
      .returningAll()
      .executeTakeFirst();
    return row ? asRun(row) : null;
  }

  extendWorkflowRunLease(params: Params<"extendWorkflowRunLease">): Promise<WorkflowRun> {
    return this.#changeHeld("extend the lease of", params, { available_at: later(params.leaseDurationMs) });
  }

  async sleepWorkflowRun(params: Params<"sleepWorkflowRun">): Promise<WorkflowRun> {
    const run = await this.#changeHeld("let sleep", params, {
      ...FREE,
      available_at: params.availableAt.toISOString(),
    });
    // A signal that came before the run was let go would else be seen only when its time is over.
    await this.wakeSignalled(params.workflowRunId);
    return run;
  }

  completeWorkflowRun(params: Params<"completeWorkflowRun">): Promise<WorkflowRun> {
    const change = { status: "completed", output: text(params.output), error: null, ...ENDED(), host: null, pid: null };
    return this.#changeHeld("complete", params, change);
  }

  async failWorkflowRun(params: Params<"failWorkflowRun">): Promise<WorkflowRun> {
    const attempts = params.attempts ?? (await this.getWorkflowRun(params))?.attempts ?? 1;
    const { retryPolicy } = params;
    const isOver = retryPolicy.maximumAttempts > 0 && attempts >= retryPolicy.maximumAttempts;
    const next = isOver
      ? { status: "failed", ...ENDED() }
      : { status: "pending", available_at: later(backoffOf(retryPolicy, attempts)), finished_at: null };
    return this.#changeHeld("fail", params, { ...next, error: text(params.error), ...FREE, started_at: null });
  }

  rescheduleWorkflowRunAfterFailedStepAttempt(
    params: Params<"rescheduleWorkflowRunAfterFailedStepAttempt">,
  ): Promise<WorkflowRun> {
    return this.#changeHeld("reschedule", params, {
      status: "pending",
      available_at: params.availableAt.toISOString(),
      error: text(params.error),
      finished_at: null,
      started_at: null,
      ...FREE,
    });
  }

  async cancelWorkflowRun({ workflowRunId }: Params<"cancelWorkflowRun">): Promise<WorkflowRun> {
    await this.#store
      .updateTable("engine_runs")
      .set({ status: "canceled", ...FREE, ...ENDED() })
      .where("id", "=", workflowRunId)
      .where("status", "in", LIVE)
      .execute();
    const run = await this.getWorkflowRun({ workflowRunId });
    if (run?.status === "canceled") return run;
    throw new Error(`Cannot cancel workflow run ${workflowRunId}: it is ${run?.status ?? "not there"}.`);
  }

  async createStepAttempt(params: Params<"createStepAttempt">): Promise<StepAttempt> {
    const at = now();
    const { context } = params;
    const step = {
      id: randomUUID(),
      run_id: params.workflowRunId,
      step_name: params.stepName,
      kind: params.kind,
      status: "running",
      config: JSON.stringify(params.config),
      context: text(context),
      signal: context?.kind === "signal-wait" ? context.signal : null,
      started_at: at,
      created_at: at,
      updated_at: at,
    };
    const columns = [
      "id",
      "run_id",
      "step_name",
      "kind",
      "status",
      "config",
      "context",
      "signal",
      "started_at",
      "created_at",
      "updated_at",
    ] as const;
    const row = await this.#store
      .insertInto("engine_steps")
      .columns(columns)
      .expression((of) =>
        of
          .selectFrom("engine_runs")
          .select(columns.map((column) => sql<string | null>`cast(${step[column]} as text)`.as(column)))
          .where("id", "=", params.workflowRunId)
          .where("status", "=", "running")
          .where("worker_id", "=", params.workerId),
      )
      .returningAll()
      .executeTakeFirst();
    return asStep(demanded(row, `begin the step ${params.stepName} of`, params.workflowRunId));
  }

  async getStepAttempt({ stepAttemptId }: Params<"getStepAttempt">): Promise<StepAttempt | null> {
    const row = await this.#store
      .selectFrom("engine_steps")
      .selectAll()
      .where("id", "=", stepAttemptId)
      .executeTakeFirst();
    return row ? asStep(row) : null;
  }

  /** All steps in one answer: a run has about a thousand at most. */
  async listStepAttempts({ workflowRunId }: Params<"listStepAttempts">): ReturnType<Backend["listStepAttempts"]> {
    const rows = await this.#store
      .selectFrom("engine_steps")
      .selectAll()
      .where("run_id", "=", workflowRunId)
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return { data: rows.map(asStep), pagination: { next: null, prev: null } };
  }

  completeStepAttempt(params: Params<"completeStepAttempt">): Promise<StepAttempt> {
    return this.#endStep(params, { status: "completed", output: text(params.output), error: null });
  }

  failStepAttempt(params: Params<"failStepAttempt">): Promise<StepAttempt> {
    return this.#endStep(params, { status: "failed", output: null, error: text(params.error) });
  }

  setStepAttemptChildWorkflowRun(): Promise<StepAttempt> {
    return Promise.reject(new Error("Child workflows are not kept here."));
  }

  /** Delivers to every step that waits for the signal at this moment, and wakes their runs. */
  async sendSignal({ signal, data }: Params<"sendSignal">): ReturnType<Backend["sendSignal"]> {
    await this.#store
      .updateTable("engine_steps")
      .set({ delivered: JSON.stringify(data ?? null), updated_at: now() })
      .where("signal", "=", signal)
      .where("status", "=", "running")
      .where("delivered", "is", null)
      .execute();
    const waiting = await this.#store
      .selectFrom("engine_steps")
      .select("run_id")
      .distinct()
      .where("signal", "=", signal)
      .where("status", "=", "running")
      .execute();
    for (const { run_id } of waiting) await this.wakeSignalled(run_id);
    return { workflowRunIds: waiting.map(({ run_id }) => run_id) };
  }

  async getSignalDelivery({ stepAttemptId }: Params<"getSignalDelivery">): ReturnType<Backend["getSignalDelivery"]> {
    const row = await this.#store
      .selectFrom("engine_steps")
      .select("delivered")
      .where("id", "=", stepAttemptId)
      .executeTakeFirst();
    const delivered = row?.delivered ?? null;
    return delivered === null ? undefined : asJson(delivered);
  }

  /** The store belongs to anyone who opened it. */
  async stop(): Promise<void> {}

  /**
   * Makes runs that sleep, and whose signal has come, available now. `sendSignal` does so itself; where its process was killed in between,
   * the next look of any worker makes up for it.
   */
  async wakeSignalled(runId?: string): Promise<void> {
    const at = now();
    await this.#store
      .updateTable("engine_runs")
      .set({ available_at: at, updated_at: at })
      .$if(runId !== undefined, (query) => query.where("id", "=", runId ?? ""))
      .where("status", "in", LIVE)
      .where("worker_id", "is", null)
      .where("available_at", ">", at)
      .where("id", "in", (of) =>
        of
          .selectFrom("engine_steps")
          .select("run_id")
          .where("signal", "is not", null)
          .where("status", "=", "running")
          .where("delivered", "is not", null),
      )
      .execute();
  }

  /** Takes from processes that are certainly dead what they held: those runs are due at once. */
  async releaseDead(): Promise<void> {
    const held = await this.#store
      .selectFrom("engine_runs")
      .select(["id", "worker_id", "host", "pid"])
      .where("status", "=", "running")
      .where("worker_id", "is not", null)
      .execute();
    for (const { id, worker_id, host, pid } of held) {
      if (host === null || pid === null || !isKnownDead(fromColumns({ host, pid }))) continue;
      await this.#store
        .updateTable("engine_runs")
        .set({ ...FREE, available_at: now(), updated_at: now() })
        .where("id", "=", id)
        .where("worker_id", "=", worker_id)
        .where("status", "=", "running")
        .execute();
    }
  }

  /** Changes a run that this worker holds. @throws Error where it holds it no longer */
  async #changeHeld(
    what: string,
    { workflowRunId, workerId }: { readonly workflowRunId: string; readonly workerId: string },
    change: Partial<RunChange>,
  ): Promise<WorkflowRun> {
    const row = await this.#store
      .updateTable("engine_runs")
      .set({ ...change, updated_at: now() })
      .where("id", "=", workflowRunId)
      .where("worker_id", "=", workerId)
      .where("status", "=", "running")
      .returningAll()
      .executeTakeFirst();
    return asRun(demanded(row, what, workflowRunId));
  }

  /** Ends a step of a run that this worker holds; one that has ended the same way stays as it is. */
  async #endStep(
    { workflowRunId, stepAttemptId, workerId }: Omit<Params<"completeStepAttempt">, "output">,
    end: { readonly status: "completed" | "failed"; readonly output: string | null; readonly error: string | null },
  ): Promise<StepAttempt> {
    const at = now();
    const row = await this.#store
      .updateTable("engine_steps")
      .set({ ...end, finished_at: at, updated_at: at })
      .where("id", "=", stepAttemptId)
      .where("run_id", "=", workflowRunId)
      .where("status", "=", "running")
      .where((of) =>
        of.exists(
          of
            .selectFrom("engine_runs")
            .select("engine_runs.id")
            .where("engine_runs.id", "=", workflowRunId)
            .where("engine_runs.status", "=", "running")
            .where("engine_runs.worker_id", "=", workerId),
        ),
      )
      .returningAll()
      .executeTakeFirst();
    if (row) return asStep(row);
    const step = await this.getStepAttempt({ stepAttemptId });
    if (step?.status === end.status) return step;
    throw new Error(`Cannot end a step of workflow run ${workflowRunId}: this worker holds it no longer.`);
  }
}
