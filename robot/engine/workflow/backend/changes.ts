import { now } from "../../../store/store.ts";

/** A run that nobody holds. */
export const FREE = { worker_id: null, host: null, pid: null } as const;
/** States in which a run may be worked on. */
export const LIVE = ["pending", "running"] as const;

/** What changes in a run while it is held, and when it is let go. */
export interface RunChange {
  readonly status: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly worker_id: string | null;
  readonly host: string | null;
  readonly pid: number | null;
  readonly available_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

/** A run that has ended is due no more. */
export const ENDED = (): { readonly available_at: null; readonly finished_at: string } => ({
  available_at: null,
  finished_at: now(),
});

/** The instant the given number of milliseconds from now, as the store writes instants. */
export function later(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

/** @throws Error where no row was changed: this worker holds the run no longer */
export function demanded<Row>(row: Row | undefined, what: string, runId: string): Row {
  if (row) return row;
  throw new Error(`Cannot ${what} workflow run ${runId}: this worker holds it no longer.`);
}
