import type { Selectable } from "kysely";
import type { Store } from "../../store/store.ts";
import type { HeadDaysTable } from "../../store/tables.ts";
import { addDays, type Day, taipeiDay } from "../../invoicing/values/day.ts";
import { type Head } from "../format/chain.ts";
import { headsDocument, headsText, readHeads } from "../format/heads-document.ts";
import type { TimeStamper } from "./time-stamp.ts";
import { sha256 } from "../../lib/hash.ts";

export { readHeads } from "../format/heads-document.ts";

/**
 * The heads of all chains, kept outside the folders they belong to. A chain alone does not show that its tail was cut or that all
 * of it was made up later; a head that was kept, mailed or time-stamped elsewhere does.
 */

/** A day's heads in one document, in Taipei's days. */
export interface HeadsDay {
  readonly day: string;
  /** Canonical JSON: `format`, `day`, `heads` (`run`, `events`, `head`) by run, and `previous` (`day`, `sha256`) or null. */
  readonly document: string;
  /** SHA-256 of the document's bytes. */
  readonly sha256: string;
  readonly madeAt: string;
  /** The answer of the time-stamping service (RFC 3161, DER), and the time that it attests. */
  readonly stamp: { readonly answer: Buffer; readonly at: string } | null;
  /** When it was mailed; null while it is still to be. */
  readonly mailedAt: string | null;
}

/** A run that is recorded about midnight may be noted a moment later. */
const DAY_IS_OVER_AFTER_MS = 10 * 60_000;

/** Keeps the head of a run's chain: of each day the last one. Only what is on the disk already may be kept here. */
export async function keepHead(store: Store, runId: string, head: Head, at: Date): Promise<void> {
  const kept = { events: head.seq, hash: head.hash, at: at.toISOString() };
  await store
    .insertInto("chain_heads")
    .values({ run_id: runId, day: taipeiDay(at), ...kept })
    .onConflict((oc) => oc.columns(["day", "run_id"]).doUpdateSet(kept).where("chain_heads.events", "<", head.seq))
    .execute();
}

/** Keeps the head of what was done with a run's record after it was written, in the same way. */
export async function keepRetentionHead(store: Store, runId: string, head: Head, at: Date): Promise<void> {
  const kept = { lines: head.seq, hash: head.hash, at: at.toISOString() };
  await store
    .insertInto("retention_heads")
    .values({ run_id: runId, day: taipeiDay(at), ...kept })
    .onConflict((oc) => oc.columns(["day", "run_id"]).doUpdateSet(kept).where("retention_heads.lines", "<", head.seq))
    .execute();
}

/** How many lines of what was done with a run's record later are in a day's document. */
export async function attestedLines(store: Store, runId: string): Promise<number> {
  const row = await store
    .selectFrom("retention_heads")
    .select(({ fn }) => fn.max("lines").as("lines"))
    .where("run_id", "=", runId)
    .where("day", "in", (eb) => eb.selectFrom("head_days").select("day"))
    .executeTakeFirst();
  return row?.lines ?? 0;
}

/** The kept heads by run: each of them must be in that run's chain. */
export async function keptHeads(store: Store, runId?: string): Promise<ReadonlyMap<string, readonly Head[]>> {
  const all = store.selectFrom("chain_heads").select(["run_id", "events", "hash"]).orderBy("events");
  const rows = await (runId === undefined ? all : all.where("run_id", "=", runId)).execute();
  const heads = new Map<string, Head[]>();
  for (const { run_id, events, hash } of rows) {
    heads.set(run_id, [...(heads.get(run_id) ?? []), { seq: events, hash }]);
  }
  return heads;
}

/** The newest day in Taipei that is over for good. */
export function lastDayOver(now: Date): Day {
  return addDays(taipeiDay(new Date(now.getTime() - DAY_IS_OVER_AFTER_MS)), -1);
}

/** Makes the documents of the days that are over and have none yet. Each names the one before it, so none can be left out later. */
export async function closeDays(store: Store, now: Date): Promise<HeadsDay[]> {
  const made: HeadsDay[] = [];
  for (const day of await openDays(store, lastDayOver(now))) {
    const heads = await store
      .selectFrom("chain_heads")
      .select(["run_id as run", "events", "hash as head"])
      .where("day", "=", day)
      .orderBy("run_id")
      .execute();
    const retention = await store
      .selectFrom("retention_heads")
      .select(["run_id as run", "lines", "hash as head"])
      .where("day", "=", day)
      .orderBy("run_id")
      .execute();
    const previous = await store
      .selectFrom("head_days")
      .select(["day", "sha256"])
      .where("day", "<", day)
      .orderBy("day", "desc")
      .executeTakeFirst();
    const document = headsDocument({ day, heads, retention, previous: previous ?? null });
    await store
      .insertInto("head_days")
      .values({
        day,
        document,
        sha256: sha256(document),
        made_at: now.toISOString(),
        stamp: null,
        stamped_at: null,
        mailed_at: null,
      })
      // Another process may have made the same one.
      .onConflict((oc) => oc.column("day").doNothing())
      .execute();
    const row = await store.selectFrom("head_days").selectAll().where("day", "=", day).executeTakeFirstOrThrow();
    made.push(toDay(row));
  }
  return made;
}

/** Days up to this one on which something was kept that is in no document yet, oldest first. */
async function openDays(store: Store, last: Day): Promise<string[]> {
  const days = (table: "chain_heads" | "retention_heads") =>
    store
      .selectFrom(table)
      .select("day")
      .distinct()
      .where("day", "<=", last)
      .where("day", "not in", (eb) => eb.selectFrom("head_days").select("day"))
      .execute();
  const found = [...(await days("chain_heads")), ...(await days("retention_heads"))];
  return [...new Set(found.map(({ day }) => day))].sort();
}

/** The newest days first. */
export async function headsDays(store: Store, limit: number): Promise<HeadsDay[]> {
  const rows = await store.selectFrom("head_days").selectAll().orderBy("day", "desc").limit(limit).execute();
  return rows.map(toDay);
}

/** Of these days those whose heads are in a document, oldest first. */
export async function headsOfDays(store: Store, days: readonly string[]): Promise<HeadsDay[]> {
  if (days.length === 0) return [];
  const rows = await store.selectFrom("head_days").selectAll().where("day", "in", days).orderBy("day").execute();
  return rows.map(toDay);
}

/** The days whose heads are still to be mailed, oldest first. */
export async function unmailedDays(store: Store): Promise<HeadsDay[]> {
  const rows = await store.selectFrom("head_days").selectAll().where("mailed_at", "is", null).orderBy("day").execute();
  return rows.map(toDay);
}

/** Notes that a day's heads have been mailed. */
export async function noteMailed(store: Store, day: string, at: Date): Promise<void> {
  await store.updateTable("head_days").set({ mailed_at: at.toISOString() }).where("day", "=", day).execute();
}

/**
 * Has the days stamped that are not yet, oldest first.
 * @returns how many were
 * @throws Error when the service can't be reached or its answer is not right; what was stamped before stays
 */
export async function stampDays(store: Store, stamper: TimeStamper): Promise<number> {
  const rows = await store.selectFrom("head_days").selectAll().where("stamp", "is", null).orderBy("day").execute();
  for (const { day, document } of rows) {
    const { answer, at } = await stamper.stamp(Buffer.from(document, "utf8"));
    await store
      .updateTable("head_days")
      .set({ stamp: answer.toString("base64"), stamped_at: at.toISOString() })
      .where("day", "=", day)
      .execute();
  }
  return rows.length;
}

export interface HeadsMessage {
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly bytes: Buffer }[];
}

/** The day's heads as a message: for a mailbox that anyone who can write on this machine can't change. */
export function headsMessage(day: HeadsDay): HeadsMessage {
  const name = `heads-${day.day}`;
  const stamped = day.stamp
    ? `時戳：${day.stamp.at}（RFC 3161，附檔 ${name}.tsr；openssl ts -verify -in ${name}.tsr -data ${name}.json -CAfile <憑證>）`
    : null;
  const attachments = [
    { name: `${name}.json`, type: "application/json", bytes: Buffer.from(day.document, "utf8") },
    ...(day.stamp ? [{ name: `${name}.tsr`, type: "application/timestamp-reply", bytes: day.stamp.answer }] : []),
  ];
  return {
    subject: `電子發票作業機器人：${day.day} 執行紀錄的鏈尾（${readHeads(day.document).heads.length} 筆）`,
    text: headsText(day.document, stamped),
    attachments,
  };
}

function toDay(row: Selectable<HeadDaysTable>): HeadsDay {
  const { day, document, sha256: hash, made_at, stamp, stamped_at, mailed_at } = row;
  return {
    day,
    document,
    sha256: hash,
    madeAt: made_at,
    stamp: stamp === null || stamped_at === null ? null : { answer: Buffer.from(stamp, "base64"), at: stamped_at },
    mailedAt: mailed_at,
  };
}
