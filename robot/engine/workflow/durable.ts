import { OpenWorkflow, type Worker } from "openworkflow";
import type { StoreError } from "../../store/errors.ts";
import type { Store, StoreConfig } from "../../store/store.ts";
import { StoreBackend } from "./backend/backend.ts";
import { Health, patient } from "./backend/patient.ts";

/**
 * The narrow door to the durable engine (OpenWorkflow): checkpointed steps, durable sleeps, signals. Nothing else of the robot
 * knows which engine is behind it.
 */
export interface Durable {
  /** Hands a run of ours to the engine; the same run id is never handed over twice. Returns the engine's id of it. */
  enqueue(runId: string): Promise<string>;
  /** Wakes anyone who waits for this signal. A signal nobody waits for yet is lost: the fact itself belongs in the store. */
  wake(signal: string): Promise<void>;
  cancel(engineId: string): Promise<void>;
  /** Starts to work on runs that are due. */
  start(concurrency: number): Promise<void>;
  /** Claims nothing new and waits for what is being worked on. */
  stop(): Promise<void>;
  /** What is wrong with the run database at this moment, as far as the engine has noticed. */
  trouble(): StoreError | null;
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

/** The engine on a store that is open; it stays open. */
export function openDurable(
  { kind }: StoreConfig,
  store: Store,
  work: (runId: string, steps: DurableSteps) => Promise<void>,
): Durable {
  const backend = new StoreBackend(store, kind);
  const health = new Health();
  const engine = new OpenWorkflow({ backend: patient(backend, health) });
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
  /** What other processes left undone when they died. */
  const lookAround = async (): Promise<void> => {
    await backend.releaseDead();
    await backend.wakeSignalled();
  };
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
      await lookAround();
      reaper = setInterval(() => void lookAround().catch(() => undefined), REAP_MS);
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
  };
}
