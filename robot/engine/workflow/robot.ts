import { ZodError } from "zod";
import type { FailureData } from "../../failures/failure.ts";
import { afterDone, Failure, failureData, failureKind, type FailureCode } from "../../failures/failure.ts";
import { type Durable, type DurableSteps, openDurable } from "./durable.ts";
import { type AnyFlow, type FlowInput, type RunResult, Unfinished } from "../flow.ts";
import { Busy } from "../../store/lease.ts";
import { PAGES_SIGNAL, waitForPages } from "./pages-first.ts";
import { waitForUnresolvedEffects } from "./unresolved-effects-first.ts";
import { RunExecution } from "./run-execution.ts";
import { mailSignal } from "./waiting.ts";
import type { ExecutionContext } from "./execution-context.ts";
import { type AnsweredQuestion, answerQuestion, forgetPictures } from "../people/questions.ts";
import type { FormValues } from "../people/question-form.ts";
import { RehearsalOver, rehearsed } from "../effects/rehearsal.ts";
import {
  endRun,
  enterRun,
  getRun,
  type Outcome,
  orphanRuns,
  type RunRequest,
  type RunRow,
  updateRun,
} from "../runs/runs.ts";
import { guardStepOrder } from "./step-order-guard.ts";
import type { Store, StoreConfig } from "../../store/store.ts";
import type { StoreError } from "../../store/errors.ts";

/** What belongs to one run for the time of one pass. */
export interface RunSession {
  readonly context: Omit<ExecutionContext, "steps" | "store" | "run" | "isStopping">;
  /** Where the run is recorded. */
  readonly folder: string;
  /** Closes the record for good. */
  end(end: { outcome: Outcome; failure: FailureData | null; result: RunResult | null }): Promise<void>;
  /** Lets go of the record; the run goes on later. */
  suspend(): Promise<void>;
}

export interface RobotParts {
  readonly store: Store;
  readonly storeConfig: StoreConfig;
  readonly flows: readonly AnyFlow[];
  /** Where the portal is, whose pages are checked; left out: none are. */
  readonly portalAddress?: () => string;
  /** What an answer changes besides the run that asked. */
  readonly onAnswer?: (question: AnsweredQuestion) => Promise<void>;
  /** @throws Busy while another process records the run */
  openSession(run: RunRow): Promise<RunSession>;
}

/** The machine that runs flows: durable, one at a time per job, in as many processes as one likes. */
export interface Robot {
  /** Writes a run down and hands it to anyone who works. Joins the run under way for the same job. */
  submit(job: RunRequest): Promise<{ run: RunRow; joined: boolean }>;
  /**
   * A person's answer: the key of a choice, or the five digits of a captcha.
   * @param version which version of the question was looked at; left out, the one that is open
   * @param values what is filled in with the answer, by field
   * @throws Failure `wrong-use`, `question-expired`
   */
  answer(questionId: string, answer: string, by: string, version?: number, values?: FormValues): Promise<void>;
  /** A mail for this company has come: anyone who waits for one looks now. */
  mailCame(ubn: string): Promise<void>;
  /** A check, or a person, has said something of the portal's pages: anyone who waits for one looks now. */
  pagesNoted(): Promise<void>;
  cancel(runId: string): Promise<void>;
  work(concurrency: number): Promise<void>;
  /** What is wrong with the run database at this moment, as far as the work has noticed; what is under way waits for it. */
  trouble(): StoreError | null;
  /** Starts nothing new, lets what is open be recorded, signs out. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function openRobot(parts: RobotParts): Promise<Robot> {
  const { store } = parts;
  let stopping = false;
  const flowOf = (name: string): AnyFlow => {
    const flow = parts.flows.find((one) => one.name === name);
    if (flow) return flow;
    const known = parts.flows.map((one) => `${one.name}（${one.title.zh}）`);
    throw new Failure("wrong-use", { wanted: `流程 ${name}`, seen: `有的流程是：${known.join("、")}` });
  };
  const durable: Durable = openDurable(parts.storeConfig, store, (runId, steps) =>
    perform(runId, steps, parts, flowOf, () => stopping),
  );
  const handOver = async (run: RunRow): Promise<void> => {
    if (run.engineId === null) await updateRun(store, run.id, { engineId: await durable.enqueue(run.id) });
  };
  return {
    async submit({ flow: name, company, input, startedBy, rehearsal = false }) {
      const flow = flowOf(name);
      if (rehearsal && flow.final === null) {
        throw new Failure("wrong-use", { wanted: `演練${flow.title.zh}`, seen: "這項作業只看不改，直接執行就好" });
      }
      const entered = await enterRun(store, { flow, company, input: readInput(flow, input), startedBy, rehearsal });
      await handOver(entered.run);
      return entered;
    },
    async answer(id, answer, by, version, values) {
      const kind = await answerQuestion(store, { id, answer, by, version, values });
      await parts.onAnswer?.({ kind, answer, by });
      await durable.wake(`answer:${id}`);
    },
    mailCame: (ubn) => durable.wake(mailSignal(ubn)),
    pagesNoted: () => durable.wake(PAGES_SIGNAL),
    async cancel(runId) {
      const run = await getRun(store, runId);
      await store.updateTable("runs").set({ cancel_requested: 1 }).where("id", "=", run.id).execute();
      await durable.wake(PAGES_SIGNAL);
    },
    async work(concurrency) {
      await forgetPictures(store);
      for (const run of await orphanRuns(store)) await handOver(run);
      await durable.start(concurrency);
    },
    trouble: () => durable.trouble(),
    async stop() {
      stopping = true;
      await durable.stop();
    },
    async close() {
      await store.destroy();
    },
  };
}

/** @throws Failure `wrong-use` naming what the flow does not take */
export function readInput(flow: AnyFlow, input: unknown): FlowInput {
  try {
    return flow.parse(input);
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    throw new Failure(
      "wrong-use",
      { wanted: flow.title.zh, seen: faultsIn(error.issues).join("；") },
      { cause: error },
    );
  }
}

/** What is wrong, in words. Of an input that may have several shapes, what is wrong with the one that it comes closest to. */
function faultsIn(issues: ZodError["issues"]): string[] {
  return issues.flatMap((issue) => {
    const [closest] = issue.code === "invalid_union" ? issue.errors.toSorted((a, b) => a.length - b.length) : [];
    if (closest) return faultsIn(closest);
    return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}：${issue.message}`;
  });
}

async function perform(
  runId: string,
  steps: DurableSteps,
  parts: RobotParts,
  flowOf: (name: string) => AnyFlow,
  isStopping: () => boolean,
): Promise<void> {
  const { store } = parts;
  const run = await getRun(store, runId);
  if (run.state === "ended") return;
  await waitForUnresolvedEffects(run, steps, store);
  if (parts.portalAddress !== undefined) {
    const needs = parts.flows.find(({ name }) => name === run.flow)?.needs(run.input) ?? [];
    const failure = await waitForPages(run, needs, steps, { store, address: parts.portalAddress() });
    if (failure !== null) return endRun(store, run.id, { outcome: outcomeOf(failure.code), failure, result: null });
  }
  const session = await openSession(run, parts);
  if (session === null) return;
  if (session === "busy") return steps.sleep(`record-busy-${Date.now()}`, RECORD_BUSY_MS);
  // Whatever happens, the record is let go of: a record that this process keeps open could be continued by nobody, not even by us.
  const record = { ended: false };
  try {
    await performIn(session, record, run, steps, parts, flowOf, isStopping);
  } finally {
    if (!record.ended) await session.suspend();
  }
}

async function performIn(
  session: RunSession,
  record: { ended: boolean },
  run: RunRow,
  steps: DurableSteps,
  { store }: RobotParts,
  flowOf: (name: string) => AnyFlow,
  isStopping: () => boolean,
): Promise<void> {
  await updateRun(store, run.id, { folder: session.folder });
  const ordered = await guardStepOrder(steps, store, run.id);
  const pass = new RunExecution({ ...session.context, store, run, steps: ordered, isStopping });
  const end = async (outcome: Outcome, failure: FailureData | null, result: RunResult | null): Promise<void> => {
    await pass.leave();
    await session.end({ outcome, failure, result }).catch(async (error: unknown) => {
      if (!(error instanceof Failure && error.code === "disk-full")) throw error;
      // A record that can't be closed says "interrupted after its last event", which is so; how the run ended is in the store.
      await session.suspend();
    });
    record.ended = true;
    await endRun(store, run.id, { outcome, failure, result });
  };
  try {
    const flow = flowOf(run.flow);
    if (flow.version !== run.flowVersion) {
      throw new Failure("flow-changed", {
        wanted: `${run.flow} 第 ${run.flowVersion} 版`,
        seen: `現在是第 ${flow.version} 版`,
      });
    }
    const result = await flow.perform(run.input, (input) => pass.ports(input));
    await end(result.outcome, null, run.rehearsal ? rehearsed(result) : result);
  } catch (error) {
    if (error instanceof RehearsalOver) return await end(error.result.outcome, null, error.result);
    const kept = error instanceof Unfinished ? error.result : null;
    // Everything else is the engine's own signal (a sleep, a lost run) or trouble with the store: not the run's end.
    if (!(error instanceof Failure)) throw error;
    await end(outcomeOf(error.code), afterDone(failureData(error.code, error.detail), pass.doneBefore()), kept);
  } finally {
    if (!record.ended) await pass.park();
  }
}

const RECORD_BUSY_MS = 2_000;

async function openSession(run: RunRow, parts: RobotParts): Promise<RunSession | "busy" | null> {
  try {
    return await parts.openSession(run);
  } catch (error) {
    if (error instanceof Busy) return "busy";
    if (!(error instanceof Failure)) throw error;
    const failure = failureData(error.code, error.detail);
    await endRun(parts.store, run.id, { outcome: outcomeOf(error.code), failure, result: null });
    return null;
  }
}

/** How a run ends that failed with this code: the list of failures says what may be done after each. */
export function outcomeOf(code: FailureCode): Outcome {
  const { after } = failureKind(code);
  switch (after) {
    case "reconcile":
      return "unknown";
    case "person":
      return "needs-person";
    case "never":
    case "later":
      return "failed";
  }
}
