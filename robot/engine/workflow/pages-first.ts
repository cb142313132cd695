import { failureData, type FailureData } from "../../failures/failure.ts";
import type { Store } from "../../store/store.ts";
import { describeStop, pagesInTheWay } from "../runs/page-states.ts";
import { type RunRow, updateRun } from "../runs/runs.ts";
import type { DurableSteps } from "./durable.ts";

/** Wakes the runs that wait for a page: it is known again, or a person said that it does not matter. */
export const PAGES_SIGNAL = "pages";

/**
 * Lets a run that has not begun yet wait while a page that its flow needs is not known. What has begun is not kept from its end: it stops by itself
 * where it does not understand a page.
 * @returns null where it may begin; what it ends with where nobody has mended that for days
 */
export async function waitForPages(
  run: RunRow,
  needs: readonly string[],
  steps: DurableSteps,
  { store, address }: { readonly store: Store; readonly address: string },
): Promise<FailureData | null> {
  // It has been recorded already: begun in an earlier pass. One that a person cancelled ends as it does.
  if (run.folder !== null || run.cancelRequested) return null;
  const until = Date.parse(run.createdAt) + PATIENCE_MS;
  for (let n = 1; ; n++) {
    const [first, ...others] = await pagesInTheWay(store, address, needs);
    if (first === undefined) return null;
    const why = [first, ...others].map(describeStop).join("；");
    if (Date.now() >= until) return failureData("page-unknown", { wanted: first.title, seen: first.problem ?? "" });
    await updateRun(store, run.id, { state: "needs-person", progress: why, waitingUntil: new Date(until) });
    await steps.sleepUntilWoken(`pages-first-${n}`, PAGES_SIGNAL, BETWEEN_LOOKS_MS);
  }
}

/** Whether a run waits for a page: it wants a person, and has no record in which it could have asked one. */
export function isHeldByPage({ state, folder }: Pick<RunRow, "state" | "folder">): boolean {
  return state === "needs-person" && folder === null;
}

/** How a run that waits for a page is told to whoever looks at it. */
export function heldFailure({ progress }: Pick<RunRow, "progress">): FailureData {
  return failureData("page-unknown", { seen: progress ?? "" });
}

const PATIENCE_MS = 3 * 24 * 60 * 60_000;
/** A word that is said just before a run sleeps is heard at the next look. */
const BETWEEN_LOOKS_MS = 15 * 60_000;
