import type { Backend } from "openworkflow/internal";
import { OpenWorkflow, type Worker } from "openworkflow";
import { z } from "zod";
import { fromColumns, hereInColumns, isKnownDead } from "../../lib/process-identity.ts";
import { postgresBackend } from "../../store/postgres.ts";
import { sqliteBackend } from "../../store/sqlite-backend.ts";
import { placeOf, type Store, type StoreConfig } from "../../store/store.ts";
import { atBorder, callPatiently, storeFailure, type StoreTrouble, storeTroubleOf } from "../../store/errors.ts";

/**
 * The narrow door to the durable engine (OpenWorkflow): checkpointed steps, durable sleeps, signals. Nothing else of the robot
 * knows which engine is behind it.
 */
export interface Durable {
  /** Hands a run of ours to the engine; the same run id is never handed over twice. Returns the engine's id of it. */
  enqueue(runId: string): Promise<string>;
  /** Wakes whoever waits for this signal. A signal nobody waits for yet is lost: the fact itself belongs in the store. */
  wake(signal: string): Promise<void>;
  cancel(engineId: string): Promise<void>;
  /** Starts to work on runs that are due. */
  start(concurrency: number): Promise<void>;
  /** Claims nothing new and waits for what is being worked on. */
  stop(): Promise<void>;
  /** What is wrong with the run database at this moment, as far as the engine has noticed. */
  trouble(): StoreTrouble | null;
  close(): Promise<void>;
}

/** What a run under way may ask of the engine. Names identify a step for ever: the same name returns the same result. */
export interface DurableSteps {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Ends this pass of the run; it goes on in any process when the time is over. */
  sleep(name: string, milliseconds: number): Promise<void>;
  /** Like sleep, but a `wake` ends it early. */
  sleepUntilWoken(name: string, signal: string, milliseconds: number): Promise<void>;
}

/**
 * What our steps throw is trouble with the store, the machine or a shutdown; what the portal or a person did is a value, not an
 * exception. So the engine repeats without a limit, and slowly: steps, and whatever goes wrong between them.
 */
const INFRASTRUCTURE_RETRY = {
  initialInterval: "1s",
  backoffCoefficient: 2,
  maximumInterval: "60s",
  maximumAttempts: 0,
} as const;

const SPEC = { name: "robot-run", retryPolicy: INFRASTRUCTURE_RETRY };

const REAP_MS = 5_000;

/** @throws Failure `store-unavailable` or `disk-full` */
export async function openDurable(
  config: StoreConfig,
  store: Store,
  work: (runId: string, steps: DurableSteps) => Promise<void>,
): Promise<Durable> {
  const connection = await connect(config);
  const health = new Health();
  const backend = patient(connection.backend, store, health);
  const engine = new OpenWorkflow({ backend });
  engine.implementWorkflow<{ runId: string }, null>(SPEC, async ({ input, step }) => {
    await work(input.runId, {
      run: (name, fn) => step.run({ name, retryPolicy: INFRASTRUCTURE_RETRY }, fn),
      sleep: (name, milliseconds) => step.sleep(name, `${Math.max(1, Math.round(milliseconds))}ms`),
      sleepUntilWoken: async (name, signal, milliseconds) => {
        await step.waitForSignal({ name, signal, timeout: Math.max(1, Math.round(milliseconds)) });
      },
    });
    return null;
  });
  let worker: Worker | undefined;
  let reaper: NodeJS.Timeout | undefined;
  return {
    async enqueue(runId) {
      const handle = await engine.runWorkflow<{ runId: string }, null>(SPEC, { runId }, { idempotencyKey: runId });
      return handle.workflowRun.id;
    },
    async wake(signal) {
      await engine.sendSignal({ signal });
    },
    async cancel(engineId) {
      await engine.cancelWorkflowRun(engineId);
    },
    async start(concurrency) {
      await releaseDead(backend, store);
      reaper = setInterval(() => void releaseDead(backend, store).catch(() => undefined), REAP_MS);
      reaper.unref();
      worker = engine.newWorker({ concurrency });
      await worker.start();
    },
    async stop() {
      health.hurry();
      clearInterval(reaper);
      await worker?.stop();
      worker = undefined;
    },
    trouble: () => health.trouble,
    close: () => connection.close(),
  };
}

interface Connection {
  readonly backend: Backend;
  close(): Promise<void>;
}

async function connect(config: StoreConfig): Promise<Connection> {
  try {
    switch (config.kind) {
      case "sqlite": {
        const backend = await callPatiently(
          () => sqliteBackend(config.file),
          ({ kind }) => (kind === "busy" ? PATIENCE_MS : 0),
        );
        return { backend, close: () => backend.stop() };
      }
      case "postgres":
        return await postgresBackend(config);
    }
  } catch (error) {
    throw storeFailure(atBorder(error), placeOf(config));
  }
}

/** How long the engine's calls wait for the end of trouble with the store, in milliseconds: as long as the lease of a run. */
const PATIENCE_MS = 30_000;
/** The same when the process is to end. */
const HURRIED_MS = 3_000;

/** What is known of the store's health, and how patient that lets us be. */
class Health {
  trouble: StoreTrouble | null = null;
  #since = 0;
  #patience = PATIENCE_MS;

  /** The process is to end: nobody wants to wait any more. */
  hurry(): void {
    this.#patience = HURRIED_MS;
  }

  note(trouble: StoreTrouble): void {
    if (this.trouble === null) this.#since = performance.now();
    this.trouble = trouble;
  }

  /** A call went through. Reading goes on where a disk is full, so only a write proves that it is over. */
  noteSuccess(wrote: boolean): void {
    if (wrote || this.trouble?.kind === "gone" || this.trouble?.kind === "busy") this.trouble = null;
  }

  /** How long a call may go on trying. The waiting of many calls, one after the other, for the end of one trouble counts as one. */
  patience(trouble: StoreTrouble): number {
    if (trouble.kind === "busy") return this.#patience;
    this.note(trouble);
    return this.#patience - (performance.now() - this.#since);
  }
}

const READS: ReadonlySet<PropertyKey> = new Set<keyof Backend>([
  "getWorkflowRun",
  "listWorkflowRuns",
  "countWorkflowRuns",
  "getStepAttempt",
  "listStepAttempts",
  "getSignalDelivery",
]);

/** After these a run is nobody's. */
const LETTING_GO: ReadonlySet<PropertyKey> = new Set<keyof Backend>([
  "sleepWorkflowRun",
  "completeWorkflowRun",
  "failWorkflowRun",
  "rescheduleWorkflowRunAfterFailedStepAttempt",
]);

/**
 * The engine's backend with three habits added. It waits where there is trouble with the store for a moment (the engine itself gives up
 * at once); each of its calls may be made twice. It claims nothing, and says nothing, while there is trouble. And it notes which
 * process works on which run, so that the runs of a killed process can be taken up at once instead of after the engine's own 30
 * seconds.
 */
function patient(backend: Backend, store: Store, health: Health): Backend {
  const claim = async (params: Parameters<Backend["claimWorkflowRun"]>[0]): ReturnType<Backend["claimWorkflowRun"]> => {
    try {
      const run = await callPatiently(
        () => backend.claimWorkflowRun(params),
        (trouble) => (trouble.kind === "busy" ? health.patience(trouble) : 0),
      );
      health.noteSuccess(run !== null);
      // The note only hastens things after a kill. A run that is claimed must be worked on, noted or not.
      if (run) await noteClaim(store, run.id, params.workerId).catch(() => undefined);
      return run;
    } catch (error) {
      const trouble = storeTroubleOf(error);
      if (!trouble) throw error;
      health.note(trouble);
      return null;
    }
  };
  return new Proxy(backend, {
    get(target, name) {
      if (name === "claimWorkflowRun") return claim;
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          const result: unknown = await callPatiently(
            async (): Promise<unknown> => Reflect.apply(member, target, args),
            (trouble) => health.patience(trouble),
          );
          health.noteSuccess(!READS.has(name));
          if (LETTING_GO.has(name)) await forgetClaim(store, args[0]);
          return result;
        } catch (error) {
          const trouble = storeTroubleOf(error);
          if (trouble) health.note(trouble);
          throw error;
        }
      };
    },
  });
}

async function noteClaim(store: Store, engineRunId: string, workerId: string): Promise<void> {
  const claim = { worker_id: workerId, ...hereInColumns };
  await store
    .insertInto("claims")
    .values({ engine_run_id: engineRunId, ...claim })
    .onConflict((oc) => oc.column("engine_run_id").doUpdateSet(claim))
    .execute();
}

/** A worker let a run go: nobody needs to be told should the worker die. A note that stays by mistake does no harm. */
async function forgetClaim(store: Store, params: unknown): Promise<void> {
  const parsed = letGo.safeParse(params);
  if (!parsed.success) return;
  await store
    .deleteFrom("claims")
    .where("engine_run_id", "=", parsed.data.workflowRunId)
    .where("worker_id", "=", parsed.data.workerId)
    .execute()
    .catch(() => undefined);
}

const letGo = z.object({ workflowRunId: z.string(), workerId: z.string() });

async function releaseDead(backend: Backend, store: Store): Promise<void> {
  const claims = await store.selectFrom("claims").selectAll().execute();
  for (const claim of claims.filter((one) => isKnownDead(fromColumns(one)))) {
    await backend
      .sleepWorkflowRun({ workflowRunId: claim.engine_run_id, workerId: claim.worker_id, availableAt: new Date() })
      // The run has ended, sleeps, or is with another worker already: nothing to release.
      .catch(() => undefined);
    await forgetClaim(store, { workflowRunId: claim.engine_run_id, workerId: claim.worker_id });
  }
}
