import { guardProcess } from "../../app/last-defence.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadConfig, companyOf } from "../../config/load.ts";
import { Failure, failureData } from "../../failures/failure.ts";
import { taipeiDay } from "../../invoicing/values/day.ts";
import { newestWinningPeriod } from "../../invoicing/deadlines/deadlines.ts";
import { nextPeriod, periodOf, previousPeriod } from "../../invoicing/values/period.ts";
import type { Json } from "../../lib/json.ts";
import { failureOf, HERE } from "../../engine/people/assistance.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { getRun, listRuns, type Outcome, type RunRow } from "../../engine/runs/runs.ts";
import { FLOWS } from "../../../flows/index.ts";
import type { Assembled } from "../../app/compose.ts";
import { askedHere } from "../terminal/ask-question.ts";
import { isInteractive, personAtTerminal, readPicture } from "../terminal/person-at-terminal.ts";
import { clock, follow, type Followed } from "../terminal/follow.ts";
import { questionData, questionLines } from "../terminal/question-words.ts";
import { type Answer, exitOfOutcome, type Output } from "../terminal/output.ts";
import { withStore } from "../terminal/records.ts";
import { untilToldToEnd } from "../terminal/shutdown.ts";

export interface RunOptions {
  readonly company: string;
  readonly period?: string;
  readonly to?: string;
  readonly category: string;
  readonly books?: number;
  readonly file?: string;
  readonly invoices?: string;
  readonly upload?: string;
  readonly link?: string;
  readonly phone?: string;
  readonly barcode?: string;
  readonly certificate: boolean;
  readonly members?: string;
  readonly dryRun: boolean;
  readonly thenUpload: boolean;
  readonly print: boolean;
  readonly live: boolean;
  readonly detach: boolean;
  readonly attended: boolean;
  readonly config?: string;
  /** Who gave the command. */
  readonly by: string;
}

/** Runs at once in a process that was started for one. Others that are due are taken along. */
const CONCURRENCY = 2;

/** `run <flow>`: runs a flow now and follows it to its end, to a question, or until it is interrupted. */
export async function runFlow(flow: string, options: RunOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const company = companyOf(config, options.company);
  const input = await inputOf(flow, options, company.books ?? null);
  const person = options.attended ? { captcha: personAtTerminal(output), attended: true } : {};
  const { assemble } = await import("../../app/compose.ts");
  const assembled = await assemble(config, person);
  const unguard = guardProcess(assembled.log);
  const interrupted = (): void =>
    output.progress(output.say("收到中斷：把手上的做完、登出，然後結束…", "interrupted: finishing what is open…"));
  return untilToldToEnd(interrupted, async (stop) => {
    try {
      if (options.live) await assembled.confirmLive();
      const { run, joined } = await assembled.robot.submit({ flow, company, input, startedBy: "command line" });
      if (joined) output.progress(output.say(`接續進行中的執行 ${run.id}`, `joining the run under way, ${run.id}`));
      if (options.detach) return answerOf({ run, questions: [] });
      if (options.attended) await answerThatSomebodyIsHere(assembled, run.id, options.by);
      return await followHere(assembled, run.id, options.by, output, stop);
    } finally {
      await finish(assembled);
      unguard();
    }
  });
}

/** Works on a run in this process, and follows it. Whoever sits at the terminal reads the captchas that a person is asked for. */
export async function followHere(
  { robot, store }: Assembled,
  runId: string,
  by: string,
  output: Output,
  stop: AbortSignal,
): Promise<Answer> {
  await robot.work(CONCURRENCY);
  const isAsked = isInteractive(output);
  const asked = isAsked ? readPicture(robot, by, output) : undefined;
  const look = (): Promise<Followed> => follow({ store, working: robot, asked }, runId, output, stop);
  let followed = await look();
  // Whoever sits here is shown what will be sent, and what the robot could not understand, and answers at once.
  for (;;) {
    const question = followed.questions.find(({ topic }) => topic !== null);
    if (!isAsked || stop.aborted || question === undefined || followed.run.state === "ended") break;
    const { answer, values } = await askedHere(question, output);
    await robot.answer(question.id, answer, by, question.version, values);
    followed = await look();
  }
  await robot.stop();
  return answerOf({ ...followed, run: await getRun(store, runId) });
}

/** What an earlier run of the same command asked for is given now: somebody sits at the computer. */
async function answerThatSomebodyIsHere({ robot, store }: Assembled, runId: string, by: string): Promise<void> {
  for (const { id, choices } of await openQuestions(store, runId))
    if (Object.hasOwn(choices, HERE)) await robot.answer(id, HERE, by);
}

export async function finish(assembled: Assembled): Promise<void> {
  await assembled.robot.stop();
  await assembled.close();
}

async function inputOf(flow: string, options: RunOptions, booksOfCompany: number | null): Promise<Json> {
  const now = periodOf(new Date());
  const period = options.period ?? nextPeriod(now);
  // Blank numbers are reported when their period is over.
  const ended = options.period ?? previousPeriod(now);
  switch (flow) {
    case "take-tracks": {
      const books = options.books ?? booksOfCompany;
      if (books === null)
        throw new Failure("wrong-use", { wanted: "取用本數", seen: "沒有 --books，設定檔裡這家公司也沒有 books" });
      return { period, category: options.category, books };
    }
    case "download-tracks":
      return options.to === undefined ? { period } : { period, to: options.to };
    case "upload-blank-numbers":
      if ((options.file === undefined) === (options.invoices === undefined)) {
        const seen = options.file === undefined ? "都沒有給" : "兩個都給了";
        throw new Failure("wrong-use", { wanted: "--file 空白號碼檔，或 --invoices 發票明細", seen });
      }
      return {
        period: ended,
        ...(options.file === undefined ? {} : { file: await givenFile(options.file) }),
        ...(options.invoices === undefined ? {} : { invoices: await givenFile(options.invoices) }),
      };
    case "correct-blank-numbers":
      if (options.file === undefined) throw new Failure("wrong-use", { wanted: "空白號碼檔", seen: "沒有 --file" });
      return { period: ended, file: await givenFile(options.file) };
    case "verify-blank-numbers":
      return { period: ended, ...(options.file === undefined ? {} : { file: await givenFile(options.file) }) };
    case "download-failure-details":
      return { period: ended, ...(options.upload === undefined ? {} : { upload: options.upload }) };
    case "check-missing-uploads":
      return {
        period: ended,
        ...(options.invoices === undefined ? {} : { invoices: await givenFile(options.invoices) }),
      };
    case "fetch-winning-list":
      return { period: options.period ?? newestWinningPeriod(taipeiDay(new Date())) };
    case "notify-winners":
      if (options.members === undefined)
        throw new Failure("wrong-use", { wanted: "--members 會員名單（會員識別或載具、電子郵件）", seen: "沒有給" });
      return {
        period: options.period ?? newestWinningPeriod(taipeiDay(new Date())),
        members: await givenFile(options.members),
        ...(options.file === undefined ? {} : { list: await givenFile(options.file) }),
        dryRun: options.dryRun,
      };
    case "platform-blank-numbers":
      return { period: ended, upload: options.thenUpload };
    case "platform-winning-list":
      return {
        period: options.period ?? newestWinningPeriod(taipeiDay(new Date())),
        print: options.print,
        ...(options.file === undefined ? {} : { recipients: await givenFile(options.file) }),
      };
    case "bind-carrier":
      return carrierInput(options);
    case "learn-file-formats":
    case "keep-notice-list":
      return {};
    default: {
      const known = FLOWS.map(({ name, title }) => `${name}（${title}）`).join("、");
      throw new Failure("wrong-use", { wanted: `流程 ${flow}`, seen: `有的流程是：${known}` });
    }
  }
}

/** One carrier by its link, or a list. */
async function carrierInput({ file, link, phone, barcode, certificate }: RunOptions): Promise<Json> {
  if ((file === undefined) === (link === undefined)) {
    const seen = file === undefined ? "都沒有給" : "兩個都給了";
    throw new Failure("wrong-use", { wanted: "--link 載具的連結，或 --file 清單", seen });
  }
  if (file !== undefined) return { file: await givenFile(file) };
  if (certificate) return { link, to: "certificate" };
  if (phone === undefined || barcode === undefined) {
    throw new Failure("wrong-use", {
      wanted: "--phone 手機號碼與 --barcode 手機條碼，或 --certificate",
      seen: "沒有給齊",
    });
  }
  return { link, phone, barcode };
}

/** What the file is now: the run refuses it if it is another one by the time that it is sent. */
async function givenFile(name: string): Promise<Json> {
  const path = resolve(name);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Failure("wrong-use", { wanted: `讀取檔案 ${path}`, seen: reasonOf(error) });
  });
  return { path, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT") return "沒有這個檔案";
  if (code === "EISDIR") return "這是資料夾，不是檔案";
  return code === "EACCES" ? "沒有讀取的權限" : String(error);
}

function answerOf({ run, questions }: Followed): Answer {
  const [question] = questions;
  const outcome: Outcome = run.outcome ?? (question ? "needs-person" : "waiting");
  const asks = question ? (failureOf(question.context) ?? failureData("person-needed", { seen: question.text })) : null;
  const failure = run.failure ?? asks;
  return {
    data: {
      runId: run.id,
      outcome,
      company: run.company,
      period: run.period,
      tracks: run.result?.tracks ?? [],
      blanks: run.result?.blanks ?? [],
      quota: run.result?.quota ?? null,
      counts: run.result?.counts ?? null,
      carriers: run.result?.carriers ?? [],
      lacked: run.result?.lacked ?? [],
      winning: run.result?.winning ?? [],
      notified: run.result?.notified ?? null,
      files: run.result?.files ?? [],
      notes: run.result?.notes ?? [],
      folder: run.folder,
      questions: questions.map(questionData),
    },
    lines: [...headline(run, outcome), ...resultLines(run), ...questions.flatMap((one) => questionLines(one))],
    failure,
    exit: outcome === "waiting" && run.state === "queued" ? 0 : exitOfOutcome(outcome),
  };
}

const OUTCOMES: { readonly [outcome in Outcome]: string } = {
  done: "✓ 完成",
  "already-done": "✓ 早已完成，這次沒有送出任何東西",
  waiting: "⏸ 等待中；再執行一次同樣的命令就會接著做",
  "needs-person": "？ 需要人處理",
  failed: "✗ 沒有完成",
  unknown: "？ 結果不明",
};

function headline(run: RunRow, outcome: Outcome): string[] {
  return [`${OUTCOMES[outcome]}：${run.company} ${run.flow} ${run.period ?? ""}（${run.id}）`];
}

function resultLines(run: RunRow): string[] {
  const { tracks = [], files = [], notes = [] } = run.result ?? {};
  return [
    ...notes.map((note) => `  ${note}`),
    ...tracks.map(({ period, track, begin, end, books }) => `  ${period}  ${track} ${begin}–${end}  ${books} 本`),
    ...files.map(({ path, sha256 }) => `  檔案 ${path}\n  SHA-256 ${sha256}`),
    ...(run.folder === null ? [] : [`  紀錄 ${run.folder}`]),
  ];
}

/** `runs`: the newest runs. */
export async function showRuns(options: { config?: string; limit: number }): Promise<Answer> {
  const config = await loadConfig(options.config);
  return withStore(config, async (store) => {
    const runs = await listRuns(store, options.limit);
    return {
      data: { runs: runs.map(asData) },
      lines:
        runs.length === 0
          ? ["還沒有任何執行。"]
          : runs.map(
              (run) =>
                `${run.id}  ${clock(run.createdAt)}  ${stateOf(run)}  ${run.company} ${run.flow} ${run.period ?? ""}`,
            ),
      exit: 0,
    };
  });
}

/** `show <run>`: one run with its timeline. */
export async function showRun(runId: string, options: { config?: string }): Promise<Answer> {
  const config = await loadConfig(options.config);
  return withStore(config, async (store) => {
    const run = await getRun(store, runId);
    const questions = await openQuestions(store, runId);
    const timeline = run.folder === null ? [] : await readTimeline(run.folder);
    return {
      data: { ...asData(run), questions: questions.map(questionData), timeline },
      lines: [
        `${run.id}  ${stateOf(run)}  ${run.company} ${run.flow} ${run.period ?? ""}`,
        ...timeline.map(({ time, type, line }) => `  ${clock(time)}  ${type}  ${line}`),
        ...(run.failure ? [`  ✗ ${run.failure.message}`, `  → ${run.failure.next}`] : []),
        ...resultLines(run),
        ...questions.flatMap(questionLines),
      ],
      exit: 0,
    };
  });
}

async function readTimeline(folder: string): Promise<{ seq: number; time: string; type: string; line: string }[]> {
  const text = await readFile(join(folder, "events.jsonl"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const event: { seq: number; time: string; type: string; data?: Record<string, Json> } = JSON.parse(line);
      const data = event.data ?? {};
      const words = ["line", "step", "effect", "wait", "file", "name", "state", "words"]
        .map((key) => data[key])
        .filter((one) => typeof one === "string");
      return { seq: event.seq, time: event.time, type: event.type, line: words.join(" · ") };
    });
}

/** `cancel <run>`: the run ends before its next step. */
export async function cancelRun(id: string, options: { config?: string }): Promise<Answer> {
  const { assemble } = await import("../../app/compose.ts");
  const assembled = await assemble(await loadConfig(options.config));
  try {
    await assembled.robot.cancel(id);
    return { data: { run: id }, lines: [`已要求取消 ${id}；進行中的步驟做完就會停。`], exit: 0 };
  } finally {
    await assembled.close();
  }
}

function stateOf(run: RunRow): string {
  if (run.outcome === null) return run.progress === null ? run.state : `${run.state}（${run.progress}）`;
  return run.failure ? `${run.outcome}（${run.failure.code}）` : run.outcome;
}

function asData(run: RunRow): { readonly [key: string]: Json | undefined } {
  const { id, flow, company, ubn, period, state, progress, waitingUntil, outcome, createdAt, endedAt, folder } = run;
  return {
    runId: id,
    flow,
    company,
    ubn,
    period,
    state,
    progress,
    waitingUntil,
    outcome,
    createdAt,
    endedAt,
    folder,
    failure: run.failure ? { ...run.failure } : null,
    tracks: run.result?.tracks ?? [],
    blanks: run.result?.blanks ?? [],
    counts: run.result?.counts ?? null,
    files: run.result?.files ?? [],
  };
}
