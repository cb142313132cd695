import type { Config } from "../../config/schema.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { getRun } from "../../engine/runs/runs.ts";
import { now as storedNow, type Store } from "../../store/store.ts";
import type { NewsTable } from "../../store/tables.ts";
import { failureData, isFailureCode } from "../../failures/failure.ts";
import { daysBetween, taipeiDay } from "../../invoicing/values/day.ts";
import { deadlinesOf } from "../../invoicing/deadlines/deadlines.ts";
import { formatPeriod, periodOf, previousPeriod } from "../../invoicing/values/period.ts";

/** Something that people are to be told. */
export interface Notification {
  /** What it is about; told once for ever. */
  readonly key: string;
  readonly kind: NewsTable["kind"];
  /** One line in plain Chinese, without a link. */
  readonly line: string;
  readonly runId: string | null;
  readonly questionId: string | null;
}

type Recipients = Pick<Config, "companies"> & { readonly deadlineDays: readonly number[] };

/**
 * Notes everything that people are to be told and have not been: read off what the store says of runs and questions, so that nothing is
 * lost with a process. May be done at any time, by any number of processes.
 */
export async function recordNotifications(store: Store, told: Recipients, now: Date): Promise<void> {
  const since = await mailingSince(store, now);
  const found = [
    ...(await questionsOpen(store)),
    ...(await runsFailed(store, since)),
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

/** A captcha is asked of somebody who has just said to be there; no mail is as quick. */
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

async function runsFailed(store: Store, since: string): Promise<Notification[]> {
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
    // Somebody cancelled it, and knows.
    if (run.failure?.code === "cancelled") continue;
    const why = run.failure && isFailureCode(run.failure.code) ? run.failure : failureData("program-error", {});
    const line = `${titleOf(run)}：${why.message} ${why.next}`;
    news.push({ key: `run ${id}`, kind: "failed", line, runId: id, questionId: null });
  }
  return news;
}

/** Flows whose success proves that the portal has a period's blank numbers. */
const BLANKS = ["upload-blank-numbers", "verify-blank-numbers", "correct-blank-numbers"];

/** The period that is over, in the days in which its blank numbers have to be uploaded; a holiday moves nothing. */
async function deadlinesNear(
  store: Store,
  { companies, deadlineDays }: Recipients,
  now: Date,
): Promise<Notification[]> {
  const period = previousPeriod(periodOf(now));
  const duty = deadlinesOf(period).find((one) => one.duty === "blank-numbers");
  const today = taipeiDay(now);
  if (duty?.from === undefined || duty.by === undefined || today < duty.from || today > duty.by) return [];
  const left = daysBetween(today, duty.by);
  // A day on which nothing ran is made up for: the reminder that was due last counts.
  const due = Math.min(...deadlineDays.filter((days) => days >= left));
  if (!Number.isFinite(due)) return [];
  const done = await store
    .selectFrom("runs")
    .select("ubn")
    .where("period", "=", period)
    .where("flow", "in", BLANKS)
    .where("outcome", "in", ["done", "already-done"])
    .execute();
  return companies
    .filter(({ ubn, blanksReportedBy }) => !blanksReportedBy && !done.some((one) => one.ubn === ubn))
    .map(({ name, ubn }) => ({
      key: `deadline ${ubn} ${period} ${due}`,
      kind: "deadline",
      line: `${name}（${ubn}）${formatPeriod(period, "zh")}的空白未使用號碼最晚 ${duty.by ?? ""} 要上傳（${left === 0 ? "就是今天" : `還有 ${left} 天`}，遇假日不順延）；這裡還沒有上傳成功的紀錄。`,
      runId: null,
      questionId: null,
    }));
}

function titleOf({
  company,
  ubn,
  flow,
  period,
}: {
  company: string;
  ubn: string;
  flow: string;
  period: string | null;
}) {
  return `${company}（${ubn}）${flow}${period === null ? "" : ` ${period}`}`;
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
