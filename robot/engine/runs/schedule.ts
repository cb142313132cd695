import { randomUUID } from "node:crypto";
import { schedule as ringAt } from "node-cron";
import { z } from "zod";
import { dueOccurrences, nextOccurrence } from "../../lib/cron.ts";
import { here } from "../../lib/process-identity.ts";
import { Busy, type Lease, takeLease } from "../../store/lease.ts";
import { now as storedNow, type Store } from "../../store/store.ts";
import type { OccurrencesTable } from "../../store/tables.ts";
import { isStoreError } from "../../store/errors.ts";
import type { RunRequest } from "./runs.ts";

/** What shall happen regularly: one flow, for some companies. */
export interface Schedule {
  readonly name: string;
  readonly flow: string;
  readonly companies: readonly { readonly name: string; readonly ubn: string }[];
  /** When, in Taipei: see `cronFault`. */
  readonly cron: string;
  /** Whether its runs press nothing. */
  readonly rehearsal: boolean;
  /** How late a missed occurrence is still caught up, in milliseconds. */
  readonly catchUp: number;
  /** The flow's input for a company at an occurrence: "the next period" is another one each time. */
  readonly input: (company: { readonly ubn: string }, occurrence: Date) => unknown;
}

/** Anyone who takes the runs. */
export interface Submitter {
  submit(job: RunRequest): Promise<{ run: { id: string } }>;
}

/** What is done about the occurrences that are due: the latest one, if it is not too late, and none of the others. */
export interface Decision {
  readonly run: Date | null;
  readonly skipped: readonly Date[];
}

/** @param due oldest first */
export function decide(due: readonly Date[], now: Date, catchUp: number): Decision {
  const latest = due.at(-1);
  if (!latest) return { run: null, skipped: [] };
  const inTime = now.getTime() - latest.getTime() <= catchUp;
  return inTime ? { run: latest, skipped: due.slice(0, -1) } : { run: null, skipped: due };
}

/** What a look at a schedule enqueued. */
export interface Enqueued {
  readonly occurrence: Date;
  readonly runs: readonly string[];
  /** Companies for which nothing could be enqueued, and why. */
  readonly problems: readonly string[];
}

/**
 * Looks what is due of a schedule and enqueues it. May be called at any time, by any number of processes: an occurrence is enqueued
 * once, and one whose enqueuing was cut off is finished.
 * @returns null when there was nothing to enqueue, or another process is at it
 * @throws StoreError; what was not done is done at a later look
 */
export async function lookAtSchedule(
  store: Store,
  schedule: Schedule,
  submitter: Submitter,
  now: Date,
): Promise<Enqueued | null> {
  // Most looks find nothing to do; they shall not write.
  if (!(await read(store, schedule, now)).toDo) return null;
  const lease = await tryLease(store, `schedule:${schedule.name}`);
  if (!lease) return null;
  try {
    const known = await read(store, schedule, now);
    if (known.since === null) await begin(store, schedule, now);
    await forgetFuture(store, schedule, now);
    const { run, skipped } = decide(known.due, now, schedule.catchUp);
    await lease.assertHeld();
    for (const occurrence of skipped.slice(-MOST_SKIPPED)) await note(store, schedule, occurrence, "skipped");
    if (run) await note(store, schedule, run, "due");
    return await enqueueDue(store, schedule, submitter, lease, now);
  } finally {
    await lease.release();
  }
}

async function tryLease(store: Store, name: string): Promise<Lease | null> {
  try {
    return await takeLease(store, name, `${here.id}/${randomUUID()}`);
  } catch (error) {
    if (error instanceof Busy) return null;
    throw error;
  }
}

/** After a year in a drawer nobody wants a year of rows. */
const MOST_SKIPPED = 100;
const LONGEST_MS = 31 * 86_400_000;

interface Known {
  /** Null for a schedule that is new or has new times. It begins now: what would have been before was not missed. */
  readonly since: Date | null;
  readonly due: readonly Date[];
  /** Whether there is anything to write. */
  readonly toDo: boolean;
}

const beginning = z.object({ cron: z.string(), since: z.iso.datetime() });

async function read(store: Store, { name, cron }: Schedule, now: Date): Promise<Known> {
  const setting = await store
    .selectFrom("settings")
    .select("value")
    .where("name", "=", settingOf(name))
    .executeTakeFirst();
  const begun = setting ? beginning.parse(JSON.parse(setting.value)) : null;
  // A beginning in the future was written while the clock was ahead.
  if (!begun || begun.cron !== cron || Date.parse(begun.since) > now.getTime()) {
    return { since: null, due: [], toDo: true };
  }
  const rows = await store
    .selectFrom("occurrences")
    .select(["instant", "state"])
    .where("schedule", "=", name)
    .where("instant", ">=", new Date(now.getTime() - LONGEST_MS).toISOString())
    .execute();
  const past = rows.map(({ instant }) => Date.parse(instant)).filter((instant) => instant <= now.getTime());
  const seen = Math.max(Date.parse(begun.since), now.getTime() - LONGEST_MS, ...past);
  const due = dueOccurrences(cron, new Date(seen), now);
  const unfinished = rows.some(({ state }) => state === "due");
  const ahead = rows.some(({ state, instant }) => state === "skipped" && Date.parse(instant) > now.getTime());
  return { since: new Date(begun.since), due, toDo: due.length > 0 || unfinished || ahead };
}

function settingOf(name: string): string {
  return `schedule:${name}`;
}

async function begin(store: Store, { name, cron }: Schedule, now: Date): Promise<void> {
  const value = JSON.stringify({ cron, since: now.toISOString() });
  await store
    .insertInto("settings")
    .values({ name: settingOf(name), value })
    .onConflict((oc) => oc.column("name").doUpdateSet({ value }))
    .execute();
}

/** What was skipped by a clock that was ahead has not been missed yet. What it enqueued has happened, though. */
async function forgetFuture(store: Store, { name }: Schedule, now: Date): Promise<void> {
  await store
    .deleteFrom("occurrences")
    .where("schedule", "=", name)
    .where("state", "=", "skipped")
    .where("instant", ">", now.toISOString())
    .execute();
}

async function note(store: Store, { name }: Schedule, at: Date, state: OccurrencesTable["state"]): Promise<void> {
  await store
    .insertInto("occurrences")
    .values({ schedule: name, instant: at.toISOString(), state, noted_at: storedNow() })
    .onConflict((oc) => oc.columns(["schedule", "instant"]).doNothing())
    .execute();
}

async function settle(store: Store, { name }: Schedule, at: Date, state: OccurrencesTable["state"]): Promise<void> {
  await store
    .updateTable("occurrences")
    .set({ state, noted_at: storedNow() })
    .where("schedule", "=", name)
    .where("instant", "=", at.toISOString())
    .execute();
}

/** Enqueues the latest of what is noted as due, also when another process noted it and did not live to do so. */
async function enqueueDue(
  store: Store,
  schedule: Schedule,
  submitter: Submitter,
  lease: Lease,
  now: Date,
): Promise<Enqueued | null> {
  const rows = await store
    .selectFrom("occurrences")
    .select("instant")
    .where("schedule", "=", schedule.name)
    .where("state", "=", "due")
    .orderBy("instant")
    .execute();
  const { run, skipped } = decide(
    rows.map(({ instant }) => new Date(instant)),
    now,
    schedule.catchUp,
  );
  for (const occurrence of skipped) await settle(store, schedule, occurrence, "skipped");
  if (!run) return null;
  const startedBy = `排程 ${schedule.name} ${run.toISOString()}`;
  // A run that the engine has not got yet is submitted again: that hands it over.
  const begun = await store
    .selectFrom("runs")
    .select("ubn")
    .where("started_by", "=", startedBy)
    .where("engine_id", "is not", null)
    .execute();
  const runs: string[] = [];
  const problems: string[] = [];
  for (const company of schedule.companies.filter(({ ubn }) => !begun.some((one) => one.ubn === ubn))) {
    await lease.assertHeld();
    try {
      const input = schedule.input(company, run);
      const { rehearsal } = schedule;
      runs.push((await submitter.submit({ flow: schedule.flow, company, input, startedBy, rehearsal })).run.id);
    } catch (error) {
      if (isStoreError(error)) throw error;
      problems.push(`${company.name}：${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await settle(store, schedule, run, "enqueued");
  return { occurrence: run, runs, problems };
}

/** Schedules that are being kept. */
export interface Keeper {
  /** The next occurrence of each schedule. */
  next(): { readonly name: string; readonly at: Date | null }[];
  /** Enqueues nothing more, and waits for what is being enqueued. */
  stop(): Promise<void>;
}

/**
 * Keeps schedules until it is stopped. node-cron rings at each occurrence; a slow tick looks as well, so that neither a machine that
 * slept nor a clock that jumped lets one be missed.
 * @param tell hears of what was enqueued, and of what kept a look from being finished; that is done at a later one
 */
export function keepSchedules(
  store: Store,
  schedules: readonly Schedule[],
  submitter: Submitter,
  tell: (schedule: Schedule, what: Enqueued | Error) => void,
): Keeper {
  let stopping = false;
  const looking = new Map<string, Promise<void>>();
  const look = async (schedule: Schedule): Promise<void> => {
    try {
      const enqueued = await lookAtSchedule(store, schedule, submitter, new Date());
      if (enqueued) tell(schedule, enqueued);
    } catch (error) {
      tell(schedule, error instanceof Error ? error : new Error(String(error)));
    }
  };
  const ring = (schedule: Schedule): void => {
    if (stopping || looking.has(schedule.name)) return;
    looking.set(
      schedule.name,
      look(schedule).finally(() => looking.delete(schedule.name)),
    );
  };
  const bells = schedules.map((schedule) =>
    ringAt(schedule.cron, () => ring(schedule), {
      timezone: "Asia/Taipei",
      suppressMissedWarning: true,
      unref: true,
    }),
  );
  const tick = setInterval(() => schedules.forEach(ring), TICK_MS);
  tick.unref();
  schedules.forEach(ring);
  return {
    next: () => schedules.map(({ name, cron }) => ({ name, at: nextOccurrence(cron, new Date()) })),
    async stop() {
      stopping = true;
      clearInterval(tick);
      for (const bell of bells) await bell.destroy();
      await Promise.all(looking.values());
    },
  };
}

const TICK_MS = 30_000;
