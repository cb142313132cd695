import { randomUUID } from "node:crypto";
import type { CompanyConfig } from "../../config/schema.ts";
import { here } from "../../lib/process-identity.ts";
import { Busy, type Lease, takeLease } from "../../store/lease.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { now as storedNow, type Store } from "../../store/store.ts";
import { noteMailed, unmailedDays } from "../../recording/verification/heads.ts";
import { digest, headsMail } from "./digest.ts";
import { type Notification, recordNotifications, type Reminding } from "./notifications.ts";
import type { MailTransport, SmtpSettings } from "./smtp.ts";

export interface NotifierContext {
  readonly store: Store;
  readonly companies: readonly CompanyConfig[];
  readonly flows: readonly Reminding[];
  readonly settings: Pick<SmtpSettings, "console" | "every" | "deadlineDays">;
  /** @throws Failure when there is no password, or the keychain is locked */
  readonly transport: () => Promise<MailTransport>;
}

/** What went out. */
export interface Delivered {
  readonly news: number;
  readonly headDays: number;
}

const LAST = "mail:last";

/**
 * Notes what is new and mails what is due: the news in one mail, not more often than is set, and the chain heads. Any number of
 * processes may do so; one of them sends. What could not be sent stays in the store.
 *
 * A process that dies between the server's yes and our note sends the mail again, under the same Message-ID: rather twice than never.
 * @returns null where another process is at it
 * @throws Failure of sending
 */
export async function sendNotifications(context: NotifierContext, now: Date): Promise<Delivered | null> {
  const { store, companies, flows, settings } = context;
  await recordNotifications(store, { companies: [...companies], flows, deadlineDays: settings.deadlineDays }, now);
  if (!(await isAnythingDue(store, settings.every, now))) return { news: 0, headDays: 0 };
  let lease: Lease;
  try {
    lease = await takeLease(store, "mail", `${here.id}/${randomUUID()}`);
  } catch (error) {
    if (error instanceof Busy) return null;
    throw error;
  }
  try {
    return { news: await sendNews(context, lease, now), headDays: await sendHeads(context, lease, now) };
  } finally {
    await lease.release();
  }
}

async function isAnythingDue(store: Store, every: number, now: Date): Promise<boolean> {
  return (
    (await unmailedDays(store)).length > 0 ||
    (!(await isTooSoon(store, every, now)) && (await unsent(store)).length > 0)
  );
}

async function isTooSoon(store: Store, every: number, now: Date): Promise<boolean> {
  const last = await store.selectFrom("settings").select("value").where("name", "=", LAST).executeTakeFirst();
  // A time in the future was written while the clock was ahead.
  return (
    last !== undefined && Date.parse(last.value) <= now.getTime() && now.getTime() - Date.parse(last.value) < every
  );
}

async function unsent(store: Store): Promise<Notification[]> {
  const rows = await store.selectFrom("news").selectAll().where("settled_at", "is", null).orderBy("noted_at").execute();
  return rows.map(({ key, kind, line, run_id, question_id }) => ({
    key,
    kind,
    line,
    runId: run_id,
    questionId: question_id,
  }));
}

async function sendNews(
  { store, settings, transport: post }: NotifierContext,
  lease: Lease,
  now: Date,
): Promise<number> {
  // Another process may have sent them while this one waited for the lease.
  if (await isTooSoon(store, settings.every, now)) return 0;
  const open = new Set((await openQuestions(store)).map(({ id }) => id));
  const all = await unsent(store);
  const still = all.filter(({ questionId }) => questionId === null || open.has(questionId));
  if (still.length > 0) {
    await lease.assertHeld();
    await (await post()).send(digest(still, settings.console ?? null));
    await remember(store, now);
  }
  for (const { key } of all)
    await store.updateTable("news").set({ settled_at: storedNow() }).where("key", "=", key).execute();
  return still.length;
}

async function remember(store: Store, at: Date): Promise<void> {
  const value = at.toISOString();
  await store
    .insertInto("settings")
    .values({ name: LAST, value })
    .onConflict((oc) => oc.column("name").doUpdateSet({ value }))
    .execute();
}

async function sendHeads({ store, transport: post }: NotifierContext, lease: Lease, now: Date): Promise<number> {
  const days = await unmailedDays(store);
  if (days.length === 0) return 0;
  await lease.assertHeld();
  await (await post()).send(headsMail(days));
  for (const { day } of days) await noteMailed(store, day, now);
  return days.length;
}
