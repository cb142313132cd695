import { setTimeout as delay } from "node:timers/promises";
import { OpenWorkflow, type Worker } from "openworkflow";
import type { Backend } from "openworkflow/internal";
import { BackendSqlite } from "openworkflow/sqlite";
import { here, isKnownDead } from "./here.ts";
import type { Store, StoreConfig } from "./store.ts";
import { isStoreTrouble } from "./trouble.ts";

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

const SPEC = { name: "robot-run" };

export async function openDurable(
  config: StoreConfig,
  store: Store,
  work: (runId: string, steps: DurableSteps) => Promise<void>,
): Promise<Durable> {
  const backend = patient(await connect(config), store);
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
      clearInterval(reaper);
      await worker?.stop();
      worker = undefined;
    },
    async close() {
      await backend.stop();
    },
  };
}

/**
 * What our steps throw is trouble with the store, the machine or a shutdown; what the portal or a person did is a value, not an
 * exception. So the engine repeats without a limit, and slowly.
 */
const INFRASTRUCTURE_RETRY = {
  initialInterval: "1s",
  backoffCoefficient: 2,
  maximumInterval: "60s",
  maximumAttempts: 0,
} as const;

const REAP_MS = 5_000;

async function connect(config: StoreConfig): Promise<Backend> {
  return retryWhileLocked(() => Promise.resolve(BackendSqlite.connect(config.file)));
}

/**
 * The engine's backend with two habits added. It waits where SQLite is locked by another process (the engine itself gives up at
 * once). And it notes which process works on which run, so that the runs of a killed process can be taken up at once instead of
 * after the engine's own 30 seconds.
 */
function patient(backend: Backend, store: Store): Backend {
  return new Proxy(backend, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      if (name === "claimWorkflowRun") {
        return async (params: Parameters<Backend["claimWorkflowRun"]>[0]) => {
          const run = await retryWhileLocked(() => target.claimWorkflowRun(params));
          if (run) await noteClaim(store, run.id, params.workerId);
          return run;
        };
      }
      return (...args: unknown[]) =>
        retryWhileLocked(async (): Promise<unknown> => Reflect.apply(member, target, args));
    },
  });
}

async function noteClaim(store: Store, engineRunId: string, workerId: string): Promise<void> {
  const claim = { worker_id: workerId, host: here.host, pid: here.pid };
  await store
    .insertInto("claims")
    .values({ engine_run_id: engineRunId, ...claim })
    .onConflict((oc) => oc.column("engine_run_id").doUpdateSet(claim))
    .execute();
}

async function releaseDead(backend: Backend, store: Store): Promise<void> {
  const claims = await store.selectFrom("claims").selectAll().where("host", "=", here.host).execute();
  for (const claim of claims.filter(isKnownDead)) {
    await backend
      .sleepWorkflowRun({ workflowRunId: claim.engine_run_id, workerId: claim.worker_id, availableAt: new Date() })
      // The run has ended, sleeps, or is with another worker already: nothing to release.
      .catch(() => undefined);
    await store
      .deleteFrom("claims")
      .where("engine_run_id", "=", claim.engine_run_id)
      .where("worker_id", "=", claim.worker_id)
      .execute();
  }
}

/** SQLite answers "locked" before it has changed anything, so the same call may be made again. */
async function retryWhileLocked<T>(call: () => Promise<T>): Promise<T> {
  for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
    try {
      return await call();
    } catch (error) {
      if (!isStoreTrouble(error, "locked")) throw error;
      await delay(wait + Math.random() * wait);
    }
  }
}
