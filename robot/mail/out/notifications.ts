import type { Config } from "../../config/schema.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { describeStop } from "../../engine/runs/page-states.ts";
import { getRun, type RunRow } from "../../engine/runs/runs.ts";
import { now as storedNow, type Store } from "../../store/store.ts";
import type { NewsTable } from "../../store/tables.ts";
import { failureData, isFailureCode } from "../../failures/failure.ts";
import { daysBetween, taipeiDay } from "../../invoicing/values/day.ts";
import { type Doer, obligationsAt } from "../../invoicing/deadlines/obligations.ts";

/** Something to notify people of. */
export interface Notification {
  /** What it is about; sent once, ever. */
  readonly key: string;
  readonly kind: NewsTable["kind"];
  /** One line in plain Chinese, without a link. */
  readonly line: string;
  readonly runId: string | null;
  readonly questionId: string | null;
}

/** A flow, as far as people are reminded of what it is there for. */
export type Reminding = Doer & { readonly settles: readonly string[]; readonly checksPages?: boolean };

type Recipients = Pick<Config, "companies"> & {
  readonly deadlineDays: readonly number[];
  readonly flows: readonly Reminding[];
};

/**
 * Notes everything to notify people of that is not noted yet: read off what the store says of runs and questions, so that nothing is
 * lost with a process. May be done at any time, by any number of processes.
 */
export async function recordNotifications(store: Store, told: Recipients, now: Date): Promise<void> {
  const since = await mailingSince(store, now);
  const found = [
    ...(await questionsOpen(store)),
    ...(await pagesUnknown(store)),
    ...(await runsFailed(store, since, told.flows)),
    ...(await deadlinesNear(store, told, now)),
  ];
  for (const { runId, questionId, ...about } of found) {
    await store
      .insertInto("news")
      .values({ ...about, run_id: runId, question_id: questionId, noted_at: storedNow(), settled_at: null })
      .onConflict((oc) => oc.column("key").doNothing())
      .execute();
  }
}

const SINCE = "mail:since";

/** What happened before mails were set up is old news. */
async function mailingSince(store: Store, now: Date): Promise<string> {
  await store
    .insertInto("settings")
    .values({ name: SINCE, value: now.toISOString() })
    .onConflict((oc) => oc.column("name").doNothing())
    .execute();
  const row = await store.selectFrom("settings").select("value").where("name", "=", SINCE).executeTakeFirstOrThrow();
  return row.value;
}

/** A captcha is asked of a person who has just said to be there; no mail is as quick. */
async function questionsOpen(store: Store): Promise<Notification[]> {
  const questions = (await openQuestions(store)).filter(({ free }) => free === null);
  return Promise.all(
    questions.map(async ({ id, version, runId, text, expiresAt }) => {
      const run = await getRun(store, runId);
      return {
        key: `question ${id} ${version}`,
        kind: "person" as const,
        line: `${titleOf(run)}：${text}（請在 ${formatDeadline(expiresAt)} 前回答）`,
        runId,
        questionId: id,
      };
    }),
  );
}

/** A page that a check does not know: told once, however many runs, companies and nights it keeps waiting. */
async function pagesUnknown(store: Store): Promise<Notification[]> {
  const rows = await store.selectFrom("page_states").selectAll().where("problem", "is not", null).execute();
  return rows.map((row) => ({
    key: `page ${row.address} ${row.page} ${row.since}`,
    kind: "person" as const,
    line: describeStop({ page: row.page, title: row.title, problem: row.problem }),
    runId: row.run_id,
    questionId: null,
  }));
}

async function runsFailed(store: Store, since: string, flows: readonly Reminding[]): Promise<Notification[]> {
  const checks = flows.filter(({ checksPages }) => checksPages === true).map(({ name }) => name);
  const rows = await store
    .selectFrom("runs")
    .select("id")
    .where("state", "=", "ended")
    .where("ended_at", ">=", since)
    .where("outcome", "in", ["failed", "unknown", "needs-person"])
    .where("id", "not in", (eb) =>
      eb.selectFrom("news").select("run_id").where("kind", "=", "failed").$castTo<{ run_id: string }>(),
    )
    .execute();
  const news: Notification[] = [];
  for (const { id } of rows) {
    const run = await getRun(store, id);
    // A person cancelled it, and knows.
    if (run.failure?.code === "cancelled") continue;
    // The page itself is told, once.
    if (run.failure?.code === "page-unknown" || (run.failure?.code === "page-changed" && checks.includes(run.flow)))
      continue;
    const why = run.failure && isFailureCode(run.failure.code) ? run.failure : failureData("program-error", {});
    const line = `${titleOf(run)}：${why.message} ${why.next}`;
    news.push({ key: `run ${id}`, kind: "failed", line, runId: id, questionId: null });
  }
  return news;
}

/** What has to be done in these days and is not, where the obligation says that people are reminded of it. */
async function deadlinesNear(
  store: Store,
  { companies, deadlineDays, flows }: Recipients,
  now: Date,
): Promise<Notification[]> {
  const today = taipeiDay(now);
  const news: Notification[] = [];
  for (const { id, about, from, by, reminder, mayBeOthers } of obligationsAt(today, flows)) {
    if (reminder === null || by === null || today < from || today > by) continue;
    const left = daysBetween(today, by);
    // A day on which nothing ran is made up for: the reminder that was due last counts.
    const due = Math.min(...deadlineDays.filter((days) => days >= left));
    if (!Number.isFinite(due)) continue;
    const done = await store
      .selectFrom("runs")
      .select("ubn")
      .where("period", "=", about)
      .where(
        "flow",
        "in",
        flows.filter(({ settles }) => settles.includes(id)).map(({ name }) => name),
      )
      .where("outcome", "in", ["done", "already-done"])
      .where("rehearsal", "=", 0)
      .execute();
    for (const { name, ubn, blanksReportedBy } of companies) {
      if ((mayBeOthers && blanksReportedBy) || done.some((one) => one.ubn === ubn)) continue;
      const rest = left === 0 ? "就是今天" : `還有 ${left} 天`;
      news.push({
        key: `deadline ${id} ${ubn} ${about} ${due}`,
        kind: "deadline",
        line: `${name}（${ubn}）${reminder(about, by, rest)}`,
        runId: null,
        questionId: null,
      });
    }
  }
  return news;
}

function titleOf({
  company,
  ubn,
  flow,
  period,
  rehearsal,
}: Pick<RunRow, "company" | "ubn" | "flow" | "period" | "rehearsal">): string {
  return `${company}（${ubn}）${flow}${period === null ? "" : ` ${period}`}${rehearsal ? "（演練，沒有送出）" : ""}`;
}

/** Taipei's month, day, hour and minute. */
function formatDeadline(instant: string): string {
  return new Intl.DateTimeFormat("zh-TW", {
    timeZone: "Asia/Taipei",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(instant));
}
