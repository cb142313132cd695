import { Failure, type FailureData, failureData, failureKind } from "../../failures/failure.ts";
import type { Json, LookTiming, WaitResult, WaitSpec } from "../flow.ts";
import type { ExecutionContext } from "./execution-context.ts";
import { type Named, partOf } from "./checkpoint-names.ts";
import { asThrown } from "./errors.ts";

/** What a pass shows while it sleeps. */
export interface Sleeping {
  readonly state: "waiting" | "needs-person";
  readonly progress: string;
  readonly waitingUntil: Date;
}

/** What a wait uses of its pass. */
export interface WaitingExecution {
  readonly context: Pick<ExecutionContext, "company" | "recorder" | "steps">;
  step<T extends Json>(at: Named, work: () => Promise<T>): Promise<T>;
  explain(error: unknown): Promise<unknown>;
  leave(): Promise<void>;
  /** Tells what the run waits for from now on. */
  sleeps(waiting: Sleeping): void;
}

/** Sleeps and looks, by turns, until a look has an answer; null where the time is over. @throws Failure what kept the last look from being made */
export async function waitFor<Answer extends Json>(
  at: Named,
  spec: WaitSpec<Answer>,
  pass: WaitingExecution,
): Promise<WaitResult<Answer> | null> {
  const { title: name } = at;
  const began = await pass.step(partOf(at, "begin", "開始等"), () => Promise.resolve(Date.now()));
  const timeoutAt = began + spec.timing.timeout;
  const { source: allowed } = spec.timing;
  const look = {
    mail: allowed === "list" ? undefined : spec.look.mail,
    list: allowed === "mail" ? undefined : spec.look.list,
  };
  const due = {
    mail: nextLook(began, spec.timing.mail.first, spec.timing.mail),
    list: nextLook(began, spec.timing.list.first, spec.timing.list),
  };
  for (let n = 1; ; n++) {
    const next = Math.min(look.mail ? due.mail : timeoutAt, look.list ? due.list : timeoutAt, timeoutAt);
    await waitUntil(pass, `${at.id}/sleep-${n}`, name, next, timeoutAt, look.mail !== undefined);
    const looked = await pass.step(partOf(at, `look-${n}`, `看第 ${n} 次`), async () => {
      const at = Date.now();
      let trouble: FailureData | null = null;
      for (const source of ["mail", "list"] as const) {
        const ask = look[source];
        // Before the time only a mail can have woken us.
        const isDue = at >= due[source] || at >= timeoutAt || (source === "mail" && at < next);
        if (!ask || !isDue) continue;
        try {
          const answer = await ask();
          await pass.context.recorder.event("wait.looked", { wait: name, source, answer });
          if (answer !== null) return { by: source, answer, at, trouble: null };
        } catch (error) {
          trouble = await passing(error, name, source, pass);
        }
      }
      return { by: null, answer: null, at, trouble };
    });
    if (looked.by !== null && looked.answer !== null) return { by: looked.by, answer: looked.answer };
    if (looked.at >= timeoutAt) {
      // The reason that kept us from looking is a better answer than "too late".
      if (looked.trouble) throw asThrown(looked.trouble);
      return null;
    }
    for (const source of ["mail", "list"] as const) {
      if (looked.at >= due[source]) {
        due[source] = nextLook(looked.at, spec.timing[source].every, spec.timing[source]);
      }
    }
  }
}

/** A look that could not be made is made again at the next time, unless only a person can take the reason away. */
async function passing(
  error: unknown,
  wait: string,
  source: "mail" | "list",
  pass: WaitingExecution,
): Promise<FailureData> {
  const failure = await pass.explain(error);
  const passes =
    failure instanceof Failure &&
    (source === "mail" || failure.code === "captcha-unreadable" || failureKind(failure.code).after === "later");
  if (!passes) throw failure;
  await pass.leave();
  const trouble = failureData(failure.code, failure.detail);
  await pass.context.recorder.event("wait.not-looked", { wait, source, failure: { ...trouble } });
  return trouble;
}

async function waitUntil(
  pass: WaitingExecution,
  checkpoint: string,
  what: string,
  next: number,
  timeoutAt: number,
  orMail: boolean,
): Promise<void> {
  await pass.leave();
  pass.sleeps({ state: "waiting", progress: `等${what}`, waitingUntil: new Date(timeoutAt) });
  const { steps, company } = pass.context;
  const left = Math.max(next - Date.now(), LEAST_WAIT_MS);
  if (orMail) await steps.sleepUntilWoken(checkpoint, mailSignal(company.ubn), left);
  else await steps.sleep(checkpoint, left);
}

/** A wait that is over before it has begun is no wait: the pass would go on without a pause, and nobody would see that the run waits. */
const LEAST_WAIT_MS = 250;

/** What wakes the runs of a company that wait for a mail. */
export function mailSignal(ubn: string): string {
  return `mail:${ubn}`;
}

/** When to look next: so much later, or just after the portal's own regular work where that is known. */
function nextLook(from: number, later: number, { every, justAfter }: LookTiming): number {
  if (justAfter === undefined) return from + later;
  return (Math.floor((from - justAfter) / every) + 1) * every + justAfter;
}
