import { Failure } from "../../failures/failure.ts";
import type { DurableSteps } from "./durable.ts";
import type { Store } from "../../store/store.ts";

/**
 * The engine finds a step's result by its name. If a flow's code changed while a run of it was waiting, results would be missed
 * or mixed up without a word. So the order in which a run began its steps is kept, and each pass must begin the same ones.
 * @throws Failure `flow-changed`, at the first step that is another one than before, naming both
 */
export async function guardStepOrder(steps: DurableSteps, store: Store, runId: string): Promise<DurableSteps> {
  const rows = await store.selectFrom("steps").select("name").where("run_id", "=", runId).orderBy("place").execute();
  const known = rows.map(({ name }) => name);
  let place = 0;
  const next = async (name: string): Promise<void> => {
    const here = place++;
    const before = known[here];
    if (before === name) return;
    if (before !== undefined) {
      throw new Failure("flow-changed", { wanted: `第 ${here + 1} 步「${before}」`, seen: `現在的程式是「${name}」` });
    }
    known.push(name);
    await store
      .insertInto("steps")
      .values({ run_id: runId, place: here, name })
      .onConflict((oc) => oc.columns(["run_id", "place"]).doNothing())
      .execute();
  };
  return {
    run: async (name, work) => {
      await next(name);
      return steps.run(name, work);
    },
    sleep: async (name, milliseconds) => {
      await next(name);
      return steps.sleep(name, milliseconds);
    },
    sleepUntilWoken: async (name, signal, milliseconds) => {
      await next(name);
      return steps.sleepUntilWoken(name, signal, milliseconds);
    },
  };
}
