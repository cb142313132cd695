import type { Selectable } from "kysely";
import { z } from "zod";
import { canonicalText } from "../../lib/json.ts";
import type { HeadDaysTable, Store } from "../../store/store.ts";
import { addDays, type Day, taipeiDay } from "../../invoicing/values/day.ts";
import { type Head, sha256 } from "../format/chain.ts";
import type { TimeStamper } from "./time-stamp.ts";

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
  const days = await store
    .selectFrom("chain_heads")
    .select("day")
    .distinct()
    .where("day", "<=", lastDayOver(now))
    .where("day", "not in", (eb) => eb.selectFrom("head_days").select("day"))
    .orderBy("day")
    .execute();
  for (const { day } of days) {
    const rows = await store
      .selectFrom("chain_heads")
      .select(["run_id", "events", "hash"])
      .where("day", "=", day)
      .orderBy("run_id")
      .execute();
    const previous = await store
      .selectFrom("head_days")
      .select(["day", "sha256"])
      .where("day", "<", day)
      .orderBy("day", "desc")
      .executeTakeFirst();
    const heads = rows.map(({ run_id, events, hash }) => ({ run: run_id, events, head: hash }));
    const document = canonicalText({ format: 1, day, heads, previous: previous ?? null });
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

/** The day's heads as a message: for a mailbox that whoever can write on this machine can't change. */
export function headsMessage(day: HeadsDay): HeadsMessage {
  const { heads, previous } = readHeads(day.document);
  const name = `heads-${day.day}`;
  const stamped = day.stamp
    ? `時戳：${day.stamp.at}（RFC 3161，附檔 ${name}.tsr；openssl ts -verify -in ${name}.tsr -data ${name}.json -CAfile <憑證>）`
    : "時戳：沒有";
  const lines = [
    `${day.day} 有 ${heads.length} 次執行的紀錄寫下了新的內容。請保存這封信：紀錄事後若被截短或整份換掉，和這裡的鏈尾比對就看得出來。`,
    "",
    ...heads.map(({ run, events, head }) => `${run}　第 ${events} 個事件　${head}`),
    "",
    `這一天的雜湊（附檔 ${name}.json 的 SHA-256）：${day.sha256}`,
    previous === null ? "前一天：沒有" : `前一天 ${previous.day}：${previous.sha256}`,
    stamped,
    "",
    "查證：verify <執行編號> 印出的鏈尾，在第幾個事件上要和這裡相同。",
  ];
  const attachments = [
    { name: `${name}.json`, type: "application/json", bytes: Buffer.from(day.document, "utf8") },
    ...(day.stamp ? [{ name: `${name}.tsr`, type: "application/timestamp-reply", bytes: day.stamp.answer }] : []),
  ];
  return {
    subject: `電子發票作業機器人：${day.day} 執行紀錄的鏈尾（${heads.length} 筆）`,
    text: `${lines.join("\n")}\n`,
    attachments,
  };
}

const documentSchema = z.strictObject({
  format: z.literal(1),
  day: z.string(),
  heads: z.array(z.strictObject({ run: z.string(), events: z.int().positive(), head: z.string() })),
  previous: z.strictObject({ day: z.string(), sha256: z.string() }).nullable(),
});

/** What a day's document says. */
export function readHeads(document: string): z.infer<typeof documentSchema> {
  return documentSchema.parse(JSON.parse(document));
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
