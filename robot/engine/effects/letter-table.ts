import { now, type Store } from "../../store/store.ts";

/**
 * Where a letter to somebody outside stands. One row per key, for ever:
 * - `intended`: it is about to be handed to the mail server, or was, and the process did not live to say more
 * - `sent`: the server took it
 * - `refused`: the server wants none for this receiver; nothing was sent
 * - `unknown`: it may have been taken, or not; nobody sends it again but on a person's word
 * - `released`: certainly not sent, or a person says so; it may be sent
 */
export type LetterStatus = "intended" | "sent" | "refused" | "unknown" | "released";

const STATUSES: readonly LetterStatus[] = ["intended", "sent", "refused", "unknown", "released"];
/** From these a letter may be sent (again). */
const SENDABLE: readonly LetterStatus[] = ["refused", "released"];

export type LetterRow = {
  readonly reference: string;
  readonly status: LetterStatus;
  readonly messageId: string;
  readonly masked: string;
  readonly words: string | null;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** What a letter is about; with the flow the key for ever. */
export interface LetterAbout {
  readonly ubn: string;
  readonly flow: string;
  readonly period: string;
  readonly reference: string;
}

export function letterKey({ ubn, flow, period, reference }: LetterAbout): string {
  return [ubn, flow, period, reference].join("|");
}

/** All letters of a company about a period. */
export async function lettersOf(store: Store, ubn: string, period: string): Promise<LetterRow[]> {
  const rows = await store
    .selectFrom("letters")
    .selectAll()
    .where("ubn", "=", ubn)
    .where("period", "=", period)
    .orderBy("reference")
    .execute();
  return rows.map(asRow);
}

export async function findLetter(store: Store, about: LetterAbout): Promise<LetterRow | null> {
  const row = await store.selectFrom("letters").selectAll().where("key", "=", letterKey(about)).executeTakeFirst();
  return row ? asRow(row) : null;
}

/**
 * Notes durably that the letter is about to be sent.
 * @returns false where it was sent, or may have been, by anybody meanwhile
 */
export async function beginLetter(
  store: Store,
  about: LetterAbout,
  { runId, messageId, masked }: { readonly runId: string; readonly messageId: string; readonly masked: string },
): Promise<boolean> {
  const at = now();
  const { ubn, period, reference } = about;
  const values = { run_id: runId, status: "intended", message_id: messageId, masked, words: null };
  const begun = await store
    .insertInto("letters")
    .values({
      key: letterKey(about),
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
export async function settleLetter(
  store: Store,
  about: LetterAbout,
  status: Exclude<LetterStatus, "intended">,
  words: string,
): Promise<void> {
  await store
    .updateTable("letters")
    .set({ status, words, updated_at: now() })
    .where("key", "=", letterKey(about))
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
}): LetterRow {
  const status = STATUSES.find((one) => one === row.status);
  if (!status) throw new Error(`Unknown status of a letter in the store: ${row.status}`);
  const { reference, masked, words } = row;
  return { reference, status, messageId: row.message_id, masked, words, at: row.updated_at };
}
