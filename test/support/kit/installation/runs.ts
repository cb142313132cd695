import { listRuns, type RunRow } from "../../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../../robot/store/store.ts";
import { storeConfigOf } from "../../../../robot/app/store-config.ts";
import type { Installation } from "./installation.ts";
import { waitUntil } from "../wait-until.ts";

/** The installation's runs, newest first; also while other processes work on them. */
export async function runsOf({ config }: Pick<Installation, "config">): Promise<RunRow[]> {
  const store = await openStore(await storeConfigOf(config));
  try {
    return await listRuns(store, 100);
  } finally {
    await store.destroy();
  }
}

/**
 * Waits until the installation's newest run has submitted and waits for the allocation: no browser is open then.
 * @throws Error when the run ends instead
 */
export async function untilWaiting(installation: Pick<Installation, "config">): Promise<RunRow> {
  return waitUntil("a run that waits for the allocation", async () => {
    const [run] = await runsOf(installation);
    if (run?.state === "ended") throw new Error(`It ended instead: ${run.failure?.message ?? run.outcome}`);
    return run?.state === "waiting" && run.progress?.startsWith("等配號結果") ? run : null;
  });
}
