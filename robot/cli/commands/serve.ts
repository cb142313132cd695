import { userInfo } from "node:os";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Console, openConsole } from "../../console/server.ts";
import { settingsStore } from "../../console/http/settings-store.ts";
import { companyOf, DEFAULT_CONFIG, loadConfig } from "../../config/load.ts";
import type { CompanyConfig, Config } from "../../config/schema.ts";
import type { AnyFlow, FlowField } from "../../engine/flow.ts";
import type { Json } from "../../lib/json.ts";
import { readInput } from "../../engine/workflow/robot.ts";
import { type Enqueued, type Keeper, keepSchedules, type Schedule } from "../../engine/runs/schedule.ts";
import { databaseLocation } from "../../store/store.ts";
import { storeErrorIn } from "../../store/errors.ts";
import { Failure } from "../../failures/failure.ts";
import { nextPeriod, type Period, periodOf, previousPeriod } from "../../invoicing/values/period.ts";
import { FLOWS } from "../../../flows/index.ts";
import { type App, createApp } from "../../app/compose.ts";
import { storeConfigOf } from "../../app/store-config.ts";
import type { Log } from "../../log/log.ts";
import { lastDayOver } from "../../recording/verification/heads.ts";
import { maintain } from "../../recording/maintenance/maintenance.ts";
import { formatTime } from "../terminal/follow.ts";
import { runNotifier } from "../../app/mail-notifier.ts";
import type { ExitCode, Output } from "../terminal/output.ts";
import { untilShutdown } from "../terminal/shutdown.ts";
import { guardProcess } from "../../app/last-defence.ts";
import { readPortalMails } from "../../app/portal-mail-reader.ts";
import { watchMailbox } from "../../app/mailbox-watcher.ts";

/** `serve`: works, keeps the schedules and opens the console, until shutdown. */
export function serve(options: { config?: string; console: boolean }, output: Output): Promise<ExitCode> {
  return keepWorking("serve", options, output);
}

/** `work`: works on what others enqueue, until shutdown. */
export function work(options: { config?: string }, output: Output): Promise<ExitCode> {
  return keepWorking("work", { ...options, console: false }, output);
}

async function keepWorking(
  command: "serve" | "work",
  options: { config?: string; console: boolean },
  output: Output,
): Promise<ExitCode> {
  const file = resolve(options.config ?? DEFAULT_CONFIG);
  // What a person changes in the console counts from then on.
  let config = await loadConfig(file);
  const schedulesNow = (): Schedule[] => (command === "serve" ? schedulesOf(config, FLOWS) : []);
  schedulesNow();
  const ending = (): void =>
    output.progress(output.say("收到結束：把手上的做完、登出，然後結束…", "ending: finishing what is open…"));
  return untilShutdown<ExitCode>(ending, async (stop) => {
    const assembled = await createApp(config);
    const unguard = guardProcess(assembled.log);
    let keeper: Keeper | null = null;
    let web: Console | null = null;
    try {
      const keep = (): Keeper =>
        keepSchedules(assembled.store, schedulesNow(), assembled.robot, (schedule, what) => {
          output.progress(scheduleLine(schedule, what, output));
          logSchedule(assembled.log, schedule, what);
        });
      const adopt = async (next: Config): Promise<void> => {
        config = next;
        assembled.adopt(next);
        await keeper?.stop();
        keeper = keep();
        assembled.log.write("info", "settings changed", { schedules: next.schedules.length });
      };
      // One more than the visits that are allowed at once: a run that only looks into the mailbox needs none.
      await assembled.robot.work(config.portal.maxVisits + 1);
      keeper = keep();
      assembled.log.write("info", `${command} began`, { schedules: config.schedules.length });
      if (options.console) web = await openWeb(assembled, file, () => config, adopt, output);
      await ready(command, config, keeper, web, output);
      const records = command === "serve" ? keepRecords(assembled, () => config, stop) : Promise.resolve();
      await Promise.all([
        watch(assembled, output, stop),
        records,
        runNotifier(assembled, config, stop),
        watchMailbox(assembled, config, stop),
        readPortalMails(assembled, config, stop),
      ]);
    } finally {
      await keeper?.stop();
      await web?.close();
      await assembled.robot.stop();
      assembled.log.write("info", `${command} ended`);
      await assembled.close();
      unguard();
    }
    output.settle();
    return 0;
  });
}

async function ready(
  command: string,
  config: Config,
  keeper: Keeper,
  web: Console | null,
  output: Output,
): Promise<void> {
  const console = web && { url: web.url, link: await web.link(userInfo().username) };
  const store = databaseLocation(await storeConfigOf(config));
  const next = keeper.next().map(({ name, at }) => ({ name, next: at?.toISOString() ?? null }));
  output.answer(command, {
    data: { pid: process.pid, store, schedules: next, console },
    lines: [
      output.say("開始工作，按 Ctrl-C 結束。", "working; Ctrl-C ends it."),
      `${output.say("執行資料庫", "run database")}：${store}`,
      ...(console === null ? [] : consoleLines(console, output)),
      ...next.map(
        ({ name, next }) => `${output.say("排程", "schedule")} ${name}：${next === null ? "–" : formatTime(next)}`,
      ),
    ],
    exit: 0,
  });
}

/** The console's address, and the link that lets its first visitor in. */
export function consoleLines({ url, link }: { url: string; link: string }, output: Output): string[] {
  return [
    `${output.say("主控台", "console")}：${url}`,
    `${output.say("登入連結（半小時內有效，只能用一次）", "sign-in link (once, within half an hour)")}：${link}`,
  ];
}

/** Work goes on without the console where its port is taken: another `serve` may have it. */
async function openWeb(
  { robot, store, log, ...live }: App,
  file: string,
  config: () => Config,
  adopt: (config: Config) => Promise<void>,
  output: Output,
): Promise<Console | null> {
  try {
    return await openConsole({
      store,
      robot,
      log,
      flows: FLOWS,
      config,
      settings: settingsStore(file, (next) => void schedulesOf(next, FLOWS), adopt),
      isLiveConfirmed: () => live.isLiveConfirmed(),
      confirmLive: () => live.confirmLive(),
      now: () => new Date(),
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "wrong-use") throw error;
    output.progress(`⚠ ${output.say("沒有開主控台", "no console")}：${error.detail.seen ?? ""}`);
    log.write("warn", "the console could not be opened", { why: error.message });
    return null;
  }
}

/** Milliseconds between two looks at the store's health. */
const WATCH_MS = 1_000;

/** Waits for the end, and says when the run database goes away and when it is back. */
async function watch({ robot, log }: App, output: Output, stop: AbortSignal): Promise<void> {
  let away = false;
  while (!stop.aborted) {
    const trouble = robot.trouble();
    if (trouble && !away) log.write("warn", "the run database is away", { why: trouble.message });
    if (!trouble && away) log.write("info", "the run database is back");
    if (trouble && !away)
      output.progress(`⚠ ${output.say("執行資料庫暫時無法使用", "the run database is away")}：${trouble.message}`);
    if (!trouble && away) output.progress(output.say("執行資料庫恢復了，接著做", "the run database is back"));
    away = trouble !== null;
    await delay(WATCH_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

/** Milliseconds between two looks whether a day is over, and until trouble with yesterday's is tried again. */
const UPKEEP_MS = 15 * 60_000;

/**
 * Once a day: keeps the heads of the day that is over, has them stamped, deletes what is too old. Trouble is logged and
 * tried again.
 */
async function keepRecords({ store, log }: App, config: () => Config, stop: AbortSignal): Promise<void> {
  let done: string | null = null;
  while (!stop.aborted) {
    const now = new Date();
    const day = lastDayOver(now);
    try {
      if (day !== done) {
        const { days, stamped, stampTrouble, pruned } = await maintain(store, config().recordings, now);
        const about = { days, stamped, stampTrouble, pruned: pruned?.pruned.length ?? null };
        log.write(stampTrouble === null ? "info" : "warn", "recordings kept", about);
        if (stampTrouble === null) done = day;
      }
    } catch (error) {
      log.write("warn", "the recordings could not be kept", { why: String(error) });
    }
    await delay(UPKEEP_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

function scheduleLine({ name }: Schedule, what: Enqueued | Error, output: Output): string {
  if (what instanceof Error) {
    const why = storeErrorIn(what) ? output.say("執行資料庫暫時無法使用", "the run database is away") : what.message;
    return `⚠ ${output.say("排程", "schedule")} ${name}：${why}${output.say("，稍後再試", ", later again")}`;
  }
  const enqueued = output.say(`排入 ${what.runs.length} 件`, `${what.runs.length} enqueued`);
  const problems = what.problems.length === 0 ? "" : `；${what.problems.join("；")}`;
  return `⏰ ${output.say("排程", "schedule")} ${name}（${formatTime(what.occurrence.toISOString())}）：${enqueued}${problems}`;
}

function logSchedule(log: Log, { name }: Schedule, what: Enqueued | Error): void {
  if (what instanceof Error) log.write("warn", "a schedule could not be kept", { schedule: name, why: what.message });
  else {
    const { occurrence, runs, problems } = what;
    const about = { schedule: name, occurrence: occurrence.toISOString(), runs: runs.length, problems };
    log.write(problems.length === 0 ? "info" : "warn", "a schedule was due", about);
  }
}

/**
 * The schedules of the configuration, with their flows and companies.
 * @throws Failure `config-invalid` when there is no such flow, or it would not take the input
 */
export function schedulesOf(config: Config, flows: readonly AnyFlow[]): Schedule[] {
  return config.schedules.map((schedule) => {
    const flow = flows.find(({ name }) => name === schedule.flow);
    if (!flow) {
      const known = flows.map(({ name, title }) => `${name}（${title.zh}）`).join("、");
      throw new Failure("config-invalid", {
        wanted: `排程「${schedule.name}」的流程 ${schedule.flow}`,
        seen: `有的流程是：${known}`,
      });
    }
    const companies =
      schedule.companies === "all"
        ? config.companies
        : schedule.companies.map((nameOrUbn) => companyOf(config, nameOrUbn));
    const input = (company: { readonly ubn: string }, occurrence: Date): Json =>
      inputOf(flow, schedule, companyOf(config, company.ubn), occurrence);
    for (const company of companies) demandInput(flow, schedule.name, company, input(company, new Date()));
    const { name, cron, catchUp, rehearse } = schedule;
    if (rehearse && flow.final === null) {
      const wanted = `排程「${name}」的 rehearse`;
      throw new Failure("config-invalid", { wanted, seen: `${flow.title.zh}只看不改，不用演練` });
    }
    return { name, flow: flow.name, companies, cron, catchUp, input, rehearsal: rehearse };
  });
}

type ScheduleConfig = Config["schedules"][number];

function inputOf({ fields }: AnyFlow, { input }: ScheduleConfig, company: CompanyConfig, occurrence: Date): Json {
  return {
    ...booksOf(fields, company),
    ...input,
    ...(input["period"] === undefined ? {} : { period: periodAt(input["period"], periodOf(occurrence)) }),
  };
}

/** Where the schedule says nothing of books, each company's own number counts. */
function booksOf(fields: readonly FlowField[], { books }: CompanyConfig): { readonly [field: string]: number } {
  const field = fields.find(({ kind }) => kind === "books");
  return field === undefined || books === undefined ? {} : { [field.name]: books };
}

function periodAt(wanted: Json, now: Period): Json {
  if (wanted === "this") return now;
  if (wanted === "next") return nextPeriod(now);
  return wanted === "previous" ? previousPeriod(now) : wanted;
}

function demandInput(flow: AnyFlow, schedule: string, company: CompanyConfig, input: Json): void {
  try {
    readInput(flow, input);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const wanted = `排程「${schedule}」為「${company.name}」${flow.title.zh}的 input`;
    throw new Failure("config-invalid", { ...error.detail, wanted }, { cause: error });
  }
}
