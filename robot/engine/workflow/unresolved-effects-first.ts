import { fromColumns, isKnownDead } from "../../lib/process-identity.ts";
import type { DurableSteps } from "./durable.ts";
import type { RunRow } from "../runs/runs.ts";
import type { Store } from "../../store/store.ts";

/**
 * Lets a run that has not begun yet wait for acts whose process died between the intent and the answer: what became of them is found
 * out before anything new is done. The durable engine itself would take new runs first. It waits for half a minute at most: a run
 * that can't be taken up must not keep all others from their work.
 */
export async function waitForUnresolvedEffects(run: RunRow, steps: DurableSteps, store: Store): Promise<void> {
  // It has been recorded already: begun in an earlier pass.
  if (run.folder !== null) return;
  for (let n = 1; n <= MOST_LOOKS && (await hasUnresolvedEffect(store)); n++) {
    await steps.sleep(`unresolved-effects-first-${n}`, BETWEEN_LOOKS_MS);
  }
}

const BETWEEN_LOOKS_MS = 1_000;
const MOST_LOOKS = 30;

/** Whether there is an intent that nobody works on: its process is dead, or let go of it when it lost the store. */
async function hasUnresolvedEffect(store: Store): Promise<boolean> {
  const intents = await store
    .selectFrom("effects")
    .innerJoin("runs", "runs.id", "effects.run_id")
    .leftJoin("engine_runs", "engine_runs.id", "runs.engine_id")
    .select(["engine_runs.host", "engine_runs.pid"])
    .where("effects.status", "=", "intended")
    // A run that waits, or asks a person, has found out already that it must.
    .where("runs.state", "=", "running")
    .execute();
  return intents.some(({ host, pid }) => host === null || pid === null || isKnownDead(fromColumns({ host, pid })));
}
