import type { Json } from "../../lib/json.ts";
import { now, type Store } from "../../store/store.ts";
import { type Role, roleOf } from "./roles.ts";

/** One thing that a person did, or was refused. */
export interface AuditEvent {
  readonly at: string;
  readonly person: string;
  readonly role: Role | null;
  readonly action: string;
  readonly about: Json;
  readonly result: string;
  /** The network address of anyone who did it. */
  readonly address: string;
}

/** Writes down what a person did. `about` must not hold a secret. */
export async function noteAction(store: Store, event: Omit<AuditEvent, "at">): Promise<void> {
  const { about, ...rest } = event;
  await store
    .insertInto("audit")
    .values({ at: now(), ...rest, about: JSON.stringify(about) })
    .execute();
}

/** The newest first. */
export async function listActions(
  store: Store,
  limit: number,
  before?: number,
): Promise<(AuditEvent & { id: number })[]> {
  const rows = await store
    .selectFrom("audit")
    .selectAll()
    .$if(before !== undefined, (query) => query.where("id", "<", before ?? 0))
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(({ about, role, ...row }) => ({ ...row, role: roleOf(role ?? ""), about: JSON.parse(about) }));
}
