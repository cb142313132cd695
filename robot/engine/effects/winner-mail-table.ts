import { now, type Store } from "../../store/store.ts";

/**
 * Where a letter to a person outside stands. One row per key, for ever:
 * - `intended`: it is about to be handed to the mail server, or was, and the process did not live to say more
 * - `sent`: the server took it
 * - `refused`: the server wants none for this receiver; nothing was sent
 * - `unknown`: it may have been taken, or not; nobody sends it again but on a person's word
 * - `released`: certainly not sent, or a person says so; it may be sent
 */
export type WinnerMailStatus = "intended" | "sent" | "refused" | "unknown" | "released";

const STATUSES: readonly WinnerMailStatus[] = ["intended", "sent", "refused", "unknown", "released"];
/** From these a letter may be sent (again). */
const SENDABLE: readonly WinnerMailStatus[] = ["refused", "released"];

export type WinnerMailRow = {
  readonly reference: string;
  readonly status: WinnerMailStatus;
  readonly messageId: string;
  readonly masked: string;
  readonly words: string | null;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** What a letter is about; with the flow the key for ever. */
export interface WinnerMailRef {
  readonly ubn: string;
  readonly flow: string;
  readonly period: string;
  readonly reference: string;
}

export function winnerMailKey({ ubn, flow, period, reference }: WinnerMailRef): string {
  return [ubn, flow, period, reference].join("|");
}

/** All letters of a company about a period. */
export async function winnerMailsOf(store: Store, ubn: string, period: string): Promise<WinnerMailRow[]> {
  const rows = await store
    .selectFrom("letters")
    .selectAll()
    .where("ubn", "=", ubn)
    .where("period", "=", period)
    .orderBy("reference")
    .execute();
  return rows.map(asRow);
}

export async function findWinnerMail(store: Store, about: WinnerMailRef): Promise<WinnerMailRow | null> {
  const row = await store.selectFrom("letters").selectAll().where("key", "=", winnerMailKey(about)).executeTakeFirst();
  return row ? asRow(row) : null;
}

/**
 * Notes durably that the letter is about to be sent.
 * @returns false where it was sent, or may have been, by anybody meanwhile
 */
export async function beginWinnerMail(
  store: Store,
  about: WinnerMailRef,
  { runId, messageId, masked }: { readonly runId: string; readonly messageId: string; readonly masked: string },
): Promise<boolean> {
  const at = now();
  const { ubn, period, reference } = about;
  const values = { run_id: runId, status: "intended", message_id: messageId, masked, words: null };
  const begun = await store
    .insertInto("letters")
    .values({
      key: winnerMailKey(about),
      ubn,
      period,
      reference,
      attempt: 1,
      ...values,
      intended_at: at,
      updated_at: at,
    })
    .onConflict((oc) =>
      oc
        .column("key")
        .doUpdateSet((eb) => ({
          ...values,
          attempt: eb("letters.attempt", "+", 1),
          intended_at: at,
          updated_at: at,
        }))
        .where("letters.status", "in", SENDABLE),
    )
    .returning("attempt")
    .executeTakeFirst();
  return begun !== undefined;
}

/** What became of a letter that was begun. */
export async function settleWinnerMail(
  store: Store,
  about: WinnerMailRef,
  status: Exclude<WinnerMailStatus, "intended">,
  words: string,
): Promise<void> {
  await store
    .updateTable("letters")
    .set({ status, words, updated_at: now() })
    .where("key", "=", winnerMailKey(about))
    .where("status", "in", ["intended", "unknown"])
    .execute();
}

function asRow(row: {
  reference: string;
  status: string;
  message_id: string;
  masked: string;
  words: string | null;
  updated_at: string;
}): WinnerMailRow {
  const status = STATUSES.find((one) => one === row.status);
  if (!status) throw new Error(`Unknown status of a letter in the store: ${row.status}`);
  const { reference, masked, words } = row;
  return { reference, status, messageId: row.message_id, masked, words, at: row.updated_at };
}
