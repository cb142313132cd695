import type { StepAttempt, StepAttemptStatus, StepKind, WorkflowRun, WorkflowRunStatus } from "openworkflow/internal";
import type { Selectable } from "kysely";
import { z } from "zod";
import type { EngineRunsTable, EngineStepsTable } from "../../../store/tables.ts";

/** The engine knows several namespaces; one database of ours has one. */
const NAMESPACE = "default";

const json = z.json();
const failed = z.object({ message: z.string() }).catchall(json);
const context = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("sleep"), resumeAt: z.string() }),
    z.object({ kind: z.literal("signal-wait"), signal: z.string(), timeoutAt: z.string() }),
    z.object({ kind: z.literal("workflow"), timeoutAt: z.string().nullable() }),
  ])
  .nullable();
const runStatus = z.enum([
  "pending",
  "running",
  "completed",
  "failed",
  "canceled",
]) satisfies z.ZodType<WorkflowRunStatus>;
const stepStatus = z.enum(["running", "completed", "failed"]) satisfies z.ZodType<StepAttemptStatus>;
const stepKind = z.enum(["function", "sleep", "workflow", "signal-send", "signal-wait"]) satisfies z.ZodType<StepKind>;

/** A row of ours as the engine knows a run. */
export function asRun(row: Selectable<EngineRunsTable>): WorkflowRun {
  return {
    namespaceId: NAMESPACE,
    id: row.id,
    workflowName: row.workflow_name,
    version: row.version,
    status: runStatus.parse(row.status),
    idempotencyKey: row.idempotency_key,
    config: asJson(row.config),
    context: asJson(row.context),
    input: asJson(row.input),
    output: asJson(row.output),
    error: failed.nullable().parse(parsed(row.error)),
    attempts: row.attempts,
    parentStepAttemptNamespaceId: null,
    parentStepAttemptId: null,
    workerId: row.worker_id,
    availableAt: date(row.available_at),
    deadlineAt: null,
    startedAt: date(row.started_at),
    finishedAt: date(row.finished_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** The same of a step. */
export function asStep(row: Selectable<EngineStepsTable>): StepAttempt {
  return {
    namespaceId: NAMESPACE,
    id: row.id,
    workflowRunId: row.run_id,
    stepName: row.step_name,
    kind: stepKind.parse(row.kind),
    status: stepStatus.parse(row.status),
    config: asJson(row.config),
    context: context.parse(parsed(row.context)),
    output: asJson(row.output),
    error: asJson(row.error),
    childWorkflowRunNamespaceId: null,
    childWorkflowRunId: null,
    startedAt: date(row.started_at),
    finishedAt: date(row.finished_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  };
}

/** JSON for a column; what is not there is null. */
export function text(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** What is in a column of JSON. */
export function asJson(value: string | null): z.infer<typeof json> {
  return json.parse(parsed(value));
}

function parsed(value: string | null): unknown {
  return value === null ? null : JSON.parse(value);
}

function date(instant: string | null): Date | null {
  return instant === null ? null : new Date(instant);
}
