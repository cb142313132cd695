import type { Backend } from "openworkflow/internal";
import { retryStoreCall, type StoreError, storeErrorIn } from "../../../store/errors.ts";

/** How long the engine's calls wait for the end of trouble with the store, in milliseconds: as long as the lease of a run. */
const PATIENCE_MS = 30_000;
/** The same when the process is to end. */
const HURRIED_MS = 3_000;

/** What is known of the store's health, and how patient that lets us be. */
export class Health {
  trouble: StoreError | null = null;
  #since = 0;
  #patience = PATIENCE_MS;

  /** The process is to end: nobody wants to wait any more. */
  hurry(): void {
    this.#patience = HURRIED_MS;
  }

  note(trouble: StoreError): void {
    if (this.trouble === null) this.#since = performance.now();
    this.trouble = trouble;
  }

  /** A call went through. Reading goes on where a disk is full, so only a write proves that it is over. */
  noteSuccess(wrote: boolean): void {
    if (wrote || this.trouble?.kind === "gone" || this.trouble?.kind === "busy") this.trouble = null;
  }

  /** How long a call may go on trying. The waiting of many calls, one after the other, for the end of one trouble counts as one. */
  patience(trouble: StoreError): number {
    if (trouble.kind === "busy") return this.#patience;
    this.note(trouble);
    return this.#patience - (performance.now() - this.#since);
  }
}

/**
 * A backend that waits where there is trouble with the store for a moment: the engine itself gives up at once. It claims nothing, and says
 * nothing, while there is trouble. Each call may be made twice.
 */
export function patient(backend: Backend, health: Health): Backend {
  const call = async <T>(wrote: boolean, work: () => Promise<T>): Promise<T> => {
    try {
      const result = await retryStoreCall(work, (trouble) => health.patience(trouble));
      health.noteSuccess(wrote);
      return result;
    } catch (error) {
      const trouble = storeErrorIn(error);
      if (trouble) health.note(trouble);
      throw error;
    }
  };
  const read = <T>(work: () => Promise<T>): Promise<T> => call(false, work);
  const write = <T>(work: () => Promise<T>): Promise<T> => call(true, work);
  return {
    getWorkflowRun: (params) => read(() => backend.getWorkflowRun(params)),
    listWorkflowRuns: (params) => read(() => backend.listWorkflowRuns(params)),
    countWorkflowRuns: () => read(() => backend.countWorkflowRuns()),
    getStepAttempt: (params) => read(() => backend.getStepAttempt(params)),
    listStepAttempts: (params) => read(() => backend.listStepAttempts(params)),
    getSignalDelivery: (params) => read(() => backend.getSignalDelivery(params)),
    createWorkflowRun: (params) => write(() => backend.createWorkflowRun(params)),
    extendWorkflowRunLease: (params) => write(() => backend.extendWorkflowRunLease(params)),
    sleepWorkflowRun: (params) => write(() => backend.sleepWorkflowRun(params)),
    completeWorkflowRun: (params) => write(() => backend.completeWorkflowRun(params)),
    failWorkflowRun: (params) => write(() => backend.failWorkflowRun(params)),
    rescheduleWorkflowRunAfterFailedStepAttempt: (params) =>
      write(() => backend.rescheduleWorkflowRunAfterFailedStepAttempt(params)),
    cancelWorkflowRun: (params) => write(() => backend.cancelWorkflowRun(params)),
    createStepAttempt: (params) => write(() => backend.createStepAttempt(params)),
    completeStepAttempt: (params) => write(() => backend.completeStepAttempt(params)),
    failStepAttempt: (params) => write(() => backend.failStepAttempt(params)),
    setStepAttemptChildWorkflowRun: (params) => write(() => backend.setStepAttemptChildWorkflowRun(params)),
    sendSignal: (params) => write(() => backend.sendSignal(params)),
    stop: () => backend.stop(),
    async claimWorkflowRun(params) {
      try {
        const run = await retryStoreCall(
          () => backend.claimWorkflowRun(params),
          (trouble) => (trouble.kind === "busy" ? health.patience(trouble) : 0),
        );
        health.noteSuccess(run !== null);
        return run;
      } catch (error) {
        const trouble = storeErrorIn(error);
        if (!trouble) throw error;
        health.note(trouble);
        return null;
      }
    },
  };
}
