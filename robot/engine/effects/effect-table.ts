import { Failure } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";
import { withApproval } from "./approval.ts";
import { now, type Store } from "../../store/store.ts";

/**
 * Where an irreversible act stands. One row per key, for ever:
 * - `intended`: the button is about to be pressed, or was, and the process did not live to say more
 * - `confirmed`: the portal proved it
 * - `already-done`: the portal already had what was wanted; nothing was pressed
 * - `refused`: the portal said no; nothing changed there
 * - `withdrawn`: left on the portal's confirming view; nothing was sent
 * - `unknown`: pressed, and no proof either way
 * - `done-differently`: the portal did it, but otherwise than was asked; a person decides what is to become of it
 * - `released`: a person looked and says that it did not happen, or it was undone since; it may be tried again
 */
export type EffectStatus =
  | "intended"
  | "confirmed"
  | "already-done"
  | "refused"
  | "withdrawn"
  | "unknown"
  | "done-differently"
  | "released";

/** All allowed changes of status. Whatever is not here can't happen: `move` refuses it. */
export const EFFECT_TRANSITIONS: { readonly [from in EffectStatus | "new"]: readonly EffectStatus[] } = {
  new: ["intended", "already-done"],
  intended: ["confirmed", "refused", "withdrawn", "unknown", "done-differently", "released"],
  unknown: ["confirmed", "done-differently", "released"],
  // A person accepts it as it is, or it was mended or undone at the portal.
  "done-differently": ["confirmed", "released"],
  refused: ["intended", "already-done"],
  withdrawn: ["intended", "already-done"],
  released: ["intended", "already-done"],
  // Undone at the portal: a person looked and says so, or the act is one that may recur. Or its row came late, and says something else.
  confirmed: ["released", "done-differently"],
  "already-done": ["intended", "already-done"],
};

/** Statuses in which it is not known whether the portal acted: nothing may be pressed again under this key. */
export const OPEN_STATUSES: readonly EffectStatus[] = ["intended", "unknown"];

/** Statuses that only another look at the portal, or a person, can settle. */
export const UNSETTLED_STATUSES: readonly EffectStatus[] = [...OPEN_STATUSES, "done-differently"];

export interface EffectRow {
  readonly key: string;
  readonly runId: string;
  /** Version of the flow whose `observe` read the baseline; null where its run is not known. */
  readonly flowVersion: number | null;
  readonly status: EffectStatus;
  readonly attempt: number;
  readonly baseline: Json;
  readonly intendedAt: string | null;
  /** What was noted with its last change of status. */
  readonly evidence: Json;
}

/** The effect with this key, or null when nothing was ever begun under it. */
export async function findEffect(store: Store, key: string): Promise<EffectRow | null> {
  const row = await store
    .selectFrom("effects")
    .leftJoin("runs", "runs.id", "effects.run_id")
    .selectAll("effects")
    .select("runs.flow_version")
    .where("key", "=", key)
    .executeTakeFirst();
  if (!row) return null;
  const status = asStatus(row.status);
  const baseline: Json = row.baseline === null ? null : JSON.parse(row.baseline);
  return {
    key,
    runId: row.run_id,
    flowVersion: row.flow_version,
    status,
    attempt: row.attempt,
    baseline,
    intendedAt: row.intended_at,
    evidence: row.evidence === null ? null : JSON.parse(row.evidence),
  };
}

/** Whether the act was proved in this run. */
export async function wasConfirmedIn(store: Store, key: string, runId: string): Promise<boolean> {
  const event = await store
    .selectFrom("effect_events")
    .select("at")
    .where("key", "=", key)
    .where("run_id", "=", runId)
    .where("status", "=", "confirmed")
    .executeTakeFirst();
  return event !== undefined;
}

/**
 * Opens a new attempt under the key: durable before it returns. Of two processes that try at once, one gets `lease-lost`.
 * @param status `intended` before a press; `already-done` where nothing has to be pressed
 */
export async function beginEffect(
  store: Store,
  effect: {
    key: string;
    name: string;
    runId: string;
    wanted: Json;
    baseline: Json;
    status: "intended" | "already-done";
    /** What kind of act it is. */
    effect: string;
    /** Where it is sent. */
    address: string;
    /** A person's agreement to it, used up by the statement that writes the intent. */
    approval?: string | null;
  },
): Promise<number> {
  const { approval = null } = effect;
  return withApproval(store, approval, effect.key, () => begin(store, effect));
}

async function begin(store: Store, effect: Parameters<typeof beginEffect>[1]): Promise<number> {
  const at = now();
  const from = statusesBefore(effect.status);
  const values = {
    run_id: effect.runId,
    effect: effect.effect,
    address: effect.address,
    approval: effect.approval ?? null,
    status: effect.status,
    wanted: JSON.stringify(effect.wanted),
    baseline: JSON.stringify(effect.baseline),
    evidence: null,
    intended_at: effect.status === "intended" ? at : null,
    updated_at: at,
  };
  const begun = await store
    .insertInto("effects")
    .values({ key: effect.key, name: effect.name, attempt: 1, ...values })
    .onConflict((oc) =>
      oc
        .column("key")
        .doUpdateSet((eb) => ({ ...values, attempt: eb("effects.attempt", "+", 1) }))
        .where("effects.status", "in", from),
    )
    .returning("attempt")
    .executeTakeFirst();
  if (!begun) throw new Failure("lease-lost", { wanted: effect.key, seen: "another process began the same act" });
  await note(store, effect.key, effect.runId, begun.attempt, effect.status, effect.baseline);
  return begun.attempt;
}

/**
 * Moves an open effect to its next status, durably.
 * @throws Error when the table does not allow it: a fault of the program, never of the portal
 */
export async function moveEffect(
  store: Store,
  effect: { key: string; runId: string },
  to: EffectStatus,
  evidence: Json,
): Promise<void> {
  const from = statusesBefore(to);
  const moved = await store
    .updateTable("effects")
    .set({ status: to, evidence: JSON.stringify(evidence), updated_at: now() })
    .where("key", "=", effect.key)
    .where("status", "in", from)
    .returning("attempt")
    .executeTakeFirst();
  if (!moved) throw new Error(`The effect ${effect.key} can't become ${to}: it is not in one of ${from.join(", ")}.`);
  await note(store, effect.key, effect.runId, moved.attempt, to, evidence);
}

function statusesBefore(to: EffectStatus): (EffectStatus | "new")[] {
  return (Object.keys(EFFECT_TRANSITIONS) as (EffectStatus | "new")[]).filter((status) =>
    EFFECT_TRANSITIONS[status].includes(to),
  );
}

async function note(
  store: Store,
  key: string,
  runId: string,
  attempt: number,
  status: EffectStatus,
  data: Json,
): Promise<void> {
  await store
    .insertInto("effect_events")
    .values({ key, run_id: runId, attempt, status, at: now(), data: JSON.stringify(data) })
    .execute();
}

function asStatus(text: string): EffectStatus {
  const known = Object.keys(EFFECT_TRANSITIONS).find(
    (status): status is EffectStatus => status === text && status !== "new",
  );
  if (!known) throw new Error(`Unknown status of an effect in the store: ${text}`);
  return known;
}

/** The acts that a run began, and where they stand. */
export async function effectsOf(store: Store, runId: string): Promise<{ name: string; status: EffectStatus }[]> {
  const rows = await store
    .selectFrom("effects")
    .select(["name", "status"])
    .where("run_id", "=", runId)
    .orderBy("updated_at")
    .execute();
  return rows.map(({ name, status }) => ({ name, status: asStatus(status) }));
}
