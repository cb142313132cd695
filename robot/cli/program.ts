import { userInfo } from "node:os";
import { Command, CommanderError, Option } from "commander";
import { isStoreTrouble, storeFailure } from "../store/errors.ts";
import { Failure, type Language } from "../failures/failure.ts";
import { HANDOVER_TARGETS } from "../invoicing/tracks/handover.ts";
import { robotVersion } from "../app/version.ts";
import { FLOWS } from "../../flows/index.ts";
import { ROLES, type Role } from "../console/access/roles.ts";
import { type Answer, type ExitCode, failed, Output } from "./terminal/output.ts";
import type { blankNumbers } from "./commands/files/blank-numbers.ts";
import type { ExportOptions } from "./commands/recordings/export.ts";
import type { handOver } from "./commands/files/handover.ts";
import type { ReportOptions } from "./commands/recordings/report.ts";
import { flowOption } from "./commands/run/flow-options.ts";
import type { LedgerWords } from "./commands/files/ledger-options.ts";
import type { RunOptions } from "./commands/run/run-flow.ts";
import { helpInEnglish, languageOf } from "./terminal/help-language.ts";
import { wholeNumber } from "./terminal/whole-number.ts";

interface Common {
  readonly json: boolean;
  readonly lang: Language;
  readonly config?: string;
}

/**
 * The command line. Each command's code is loaded when it is called: help, files and lists start without a browser's libraries. Returns the
 * exit code; what a command answers is on stdout, progress and complaints on stderr.
 * @param argv the words after the program's name
 */
export async function runCommandLine(argv: readonly string[]): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const program = commands((code) => {
    exit = code;
  });
  if (languageOf(argv) === "en") helpInEnglish(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exit = usage(error, argv, program);
  }
  return exit;
}

/**
 * All commands, with their options and words; nothing is run by making them.
 * @param ends is told how a command that was run shall end the process
 */
export function commands(ends: (exit: ExitCode) => void = () => undefined): Command {
  const program = new Command("robot")
    .description("財政部電子發票整合服務平台的例行作業機器人 (e-invoice portal robot)")
    .version(robotVersion())
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(text) });
  const add = (words: string, about: string): Command => withCommon(program.command(words)).description(about);
  const answering =
    <Args extends unknown[]>(name: string, work: (output: Output, ...args: Args) => Promise<Answer | ExitCode>) =>
    async (...args: Args): Promise<void> => {
      const { json, lang } = commonOf(args);
      const output = new Output({ json, language: lang });
      try {
        const answer = await work(output, ...args);
        ends(typeof answer === "number" ? answer : output.answer(name, answer));
      } catch (error) {
        ends(output.answer(name, failed(asFailure(error), lang)));
      }
    };

  add("demo", "在本機演練平台上示範主要作業 (play the main jobs on the practice portal)")
    .option("--all", "歸戶、中獎清冊、加值平台等其他作業也示範 (the other jobs, too)", false)
    .action(
      answering("demo", async (output, { all }: Common & { all: boolean }) =>
        (await import("../demo/demo.ts")).playDemo(output, { all }),
      ),
    );
  add("practice", "啟動演練平台與信箱並保持開著 (keep the practice portal and mailbox up)")
    .option("--port <port>", "演練平台的連接埠 (its port)", wholeNumber)
    .action(
      answering("practice", async (output, options: Common & { port?: number }) =>
        (await import("../demo/keep.ts")).keepPractice(options, output),
      ),
    );
  add("serve", "照排程無人值守地工作並開主控台，直到被結束 (worker, schedule and console until SIGTERM)")
    .option("--no-console", "不開網頁主控台 (without the web console)")
    .action(
      answering("serve", async (output, options: Common & { console: boolean }) =>
        (await import("./commands/serve.ts")).serve(options, output),
      ),
    );
  add("work", "只做別人排入的執行，直到被結束 (a worker only)").action(
    answering("work", async (output, options: Common) => (await import("./commands/serve.ts")).work(options, output)),
  );
  addRun(program, answering);
  add("runs", "列出最近的執行 (the newest runs)")
    .option("--limit <n>", "最多幾筆 (how many at most)", wholeNumber, 20)
    .action(
      answering("runs", async (output, options: Common & { limit: number }) =>
        (await import("./commands/run/runs.ts")).showRuns(options, output),
      ),
    );
  add("show <run>", "一次執行的經過 (one run and its timeline)").action(
    answering("show", async (output, run: string, options: Common) =>
      (await import("./commands/run/runs.ts")).showRun(run, options, output),
    ),
  );
  add("status", "各公司這一期該做的事、狀態與期限 (companies, duties and deadlines)")
    .option("--period <period>", "期別，例如 11512；不給就是現在該做的 (default: what is due now)")
    .action(
      answering("status", async (output, options: Common & { period?: string }) =>
        (await import("./commands/status.ts")).showStatus(options, output),
      ),
    );
  add("answer <question> [answer]", "回答機器人的問題；不給答案就在這裡問您，有圖就看圖輸入 (answer a question)")
    .option("--odd <which...>", "逐項確認和平常不同的地方：all，或號碼 1 2 3 (the odd places that you have looked at)")
    .option("--set <pairs...>", "和回答一起填的：欄位=值 (what is filled in with the answer: field=value)")
    .action(
      answering(
        "answer",
        async (
          output,
          question: string,
          answer: string | undefined,
          options: Common & { odd?: string[]; set?: string[] },
        ) =>
          (await import("./commands/answer.ts")).answerOpenQuestion(
            question,
            answer,
            { ...options, by: userInfo().username },
            output,
          ),
      ),
    );
  add("cancel <run>", "取消一次執行 (cancel a run)").action(
    answering("cancel", async (output, run: string, options: Common) =>
      (await import("./commands/run/runs.ts")).cancelRun(run, options, output),
    ),
  );
  add("verify [run]", "驗證紀錄有沒有被改過 (prove that a record is unaltered)")
    .option("--all", "全部紀錄 (every record)", false)
    .option(
      "--heads <path>",
      "和另外保存的鏈尾核對：寄出的信（.eml 或文字檔）、附檔，或放這些的資料夾 (mailed heads, a file or folder)",
    )
    .action(
      answering("verify", async (output, run: string | undefined, options: Common & { all: boolean; heads?: string }) =>
        (await import("./commands/recordings/verify.ts")).verify(run, options, output),
      ),
    );
  add("export <run>", "匯出一次執行：離線可看的網頁，和任何人都能查證的 zip (one run as a page and a verifiable zip)")
    .option("--out <folder>", "寫到哪個資料夾 (the folder to write to)", "exports")
    .addOption(
      new Option("--format <format>", "要哪一種 (which of them)").choices(["html", "zip", "both"]).default("both"),
    )
    .action(
      answering("export", async (output, run: string, options: Common & ExportOptions) =>
        (await import("./commands/recordings/export.ts")).exportRecord(run, options, output),
      ),
    );
  add("report", "一期的稽核報告，每家公司一份 PDF (a period's audit report, a PDF for each company)")
    .requiredOption("--period <period>", "期別，例如 11512 (period, such as 11512)")
    .option("--company <company>", "只做這家公司 (this company only)")
    .option("--out <folder>", "寫到哪個資料夾 (the folder to write to)", "exports")
    .action(
      answering("report", async (output, options: Common & ReportOptions) =>
        (await import("./commands/recordings/report.ts")).report(options, output),
      ),
    );
  add("doctor", "檢查這台電腦 (check this computer)").action(
    answering("doctor", async (output, options: Common) =>
      (await import("./commands/doctor.ts")).doctor(options, output),
    ),
  );
  const captcha = program.command("captcha").description("圖形驗證碼 (captcha)");
  captcha
    .command("read <files...>")
    .description("讀圖，一張一行 JSON (readings, one JSON line a picture)")
    .addOption(new Option("--json").default(false).hideHelp())
    .addOption(new Option("--lang <language>").choices(["zh", "en"]).default("zh"))
    .option("--engine <module>", "用這個模組讀，不用內建的 (a reader of your own)")
    .action(
      answering("captcha read", async (output, files: string[], options: Common & { engine?: string }) =>
        (await import("./commands/captcha.ts")).readCaptchas(files, options, output),
      ),
    );
  addCredentials(program, answering);
  addFiles(program, answering);
  addRecordings(program, answering);
  addConsole(program, answering);
  return program;
}

/** What every command has. */
function withCommon(command: Command): Command {
  return command
    .addOption(new Option("--json", "標準輸出只有一行 JSON (one JSON envelope on stdout)").default(false))
    .addOption(new Option("--lang <language>", "訊息語言 (language)").choices(["zh", "en"]).default("zh"))
    .option("--config <file>", "設定檔，預設 robot.config.ts (configuration file; robot.config.ts if not given)");
}

type Answering = <Args extends unknown[]>(
  name: string,
  work: (output: Output, ...args: Args) => Promise<Answer | ExitCode>,
) => (...args: Args) => Promise<void>;

/** `run`: a command for each flow, with the options that this flow has. */
function addRun(program: Command, answering: Answering): void {
  const run = program.command("run").description("現在執行一個流程並看著它做完 (runs a flow now and follows it)");
  for (const flow of FLOWS) {
    const { name, title, about, fields, final } = flow;
    const command = withCommon(run.command(name))
      .description(
        `${title.zh}：${about.zh}${final === null ? "" : `不能復原：${final}`} (${title.en}: ${about.en}${final === null ? "" : "; can't be undone"})`,
      )
      .summary(`${title.zh} (${title.en})`)
      .requiredOption("--company <company>", "公司名稱或統一編號 (name or UBN)");
    for (const field of fields) command.addOption(flowOption(field));
    const readsLedger = fields.some((field) => field.kind === "file" && field.is.includes("ledger"));
    if (readsLedger) command.option(...COLUMNS).option(...STATUSES);
    command
      .option("--attended", "有人在場：驗證碼由您看圖輸入 (a person is there and reads the captchas)", false)
      .option("--live", "同意對正式平台送出資料（每個安裝一次）(agree to submits at the real portal, once)", false)
      .option("--headed", "開瀏覽器視窗，看得到它做什麼 (a window that you can watch)", false)
      .option("--slow <ms>", "每個動作之間停這麼多毫秒 (milliseconds between two actions)", wholeNumber)
      .option("--detach", "只排入，由 serve 執行 (enqueue only; serve runs it)", false)
      .action(
        answering("run", async (output, { columns, statuses, ...options }: Common & RunOptions & LedgerWords) =>
          (await import("./commands/run/run-flow.ts")).runFlow(
            flow,
            options,
            { by: userInfo().username, columns, statuses },
            output,
          ),
        ),
      );
  }
}

function addCredentials(program: Command, answering: Answering): void {
  const credentials = program
    .command("credentials")
    .description("密碼的存放 (stored passwords; never on the command line)");
  type Options = Common & {
    company?: string;
    platform: boolean;
    holder?: string;
    mailbox: boolean;
    smtp: boolean;
    store: boolean;
  };
  for (const [name, about, work] of [
    ["set", "存入：從隱藏的輸入或標準輸入讀 (from a hidden prompt or stdin)", "setCredential"],
    ["test", "看讀不讀得到 (can it be read)", "testCredential"],
    ["remove", "移除 (remove)", "removeCredential"],
  ] as const) {
    credentials
      .command(name)
      .description(about)
      .option("--company <company>", "這家公司的平台密碼 (the portal password of this company)")
      .option("--platform", "和 --company 一起用：加值平台的密碼 (its password at the value-added platform)", false)
      .option("--holder <phone>", "手機條碼持有人的驗證碼 (the code of a mobile barcode's holder)")
      .option("--mailbox", "收信信箱的密碼 (the mailbox password)", false)
      .option("--smtp", "寄信的密碼 (the password for sending mail)", false)
      .option("--store", "執行資料庫的密碼 (the password of the run database)", false)
      .addOption(new Option("--json").default(false))
      .addOption(new Option("--lang <language>").choices(["zh", "en"]).default("zh"))
      .option("--config <file>")
      .action(
        answering(`credentials ${name}`, async (output, options: Options) =>
          (await import("./commands/credentials.ts"))[work](options, output),
        ),
      );
  }
  withCommon(
    credentials
      .command("vault")
      .description("沒有鑰匙圈的伺服器用的密碼庫 (the vault of a server without a keychain)")
      .command("create"),
  )
    .description("建立設定裡寫的密碼庫和金鑰，不覆蓋已有的 (the configured vault and its key; nothing is overwritten)")
    .action(
      answering("credentials vault create", async (output, options: Common) =>
        (await import("./commands/credentials.ts")).createConfiguredVault(options, output),
      ),
    );
  credentials
    .command("list")
    .description("有哪些，不含內容 (names, never values)")
    .addOption(new Option("--json").default(false))
    .addOption(new Option("--lang <language>").choices(["zh", "en"]).default("zh"))
    .option("--config <file>")
    .action(
      answering("credentials list", async (output, options: Common) =>
        (await import("./commands/credentials.ts")).listCredentials(options, output),
      ),
    );
}

/** What a person says about a ledger that is not understood by itself. */
const COLUMNS = [
  "--columns <pairs...>",
  "明細的欄位名稱，例如 track=字軌 number=號碼 status=發票狀態；沒有的欄位寫 status= (column names of the ledger)",
] as const;
const STATUSES = [
  "--statuses <pairs...>",
  "明細的狀態字，例如 已結案=issued 未用=blank（issued、voided、cancelled、allowance、blank、not-a-use）(status words of the ledger)",
] as const;

function addFiles(program: Command, answering: Answering): void {
  const files = program.command("files").description("檔案：檢查、計算空白號碼 (check files, compute blank numbers)");
  withCommon(files.command("check <files...>"))
    .description("這是什麼檔案、對不對，逐行說明 (what is this file, is it right, line by line)")
    .option(...COLUMNS)
    .option(...STATUSES)
    .action(
      answering("files check", async (output, paths: string[], options: Common) =>
        (await import("./commands/files/check-files.ts")).checkFiles(paths, options, output),
      ),
    );
  withCommon(files.command("winners <file>"))
    .description("中獎清冊轉成表格、CSV 與 Excel，逐行核對 (a list of winners as table, CSV and workbook)")
    .requiredOption("--out <folder>", "存到這個資料夾，不覆蓋舊檔 (where to save; nothing is overwritten)")
    .action(
      answering("files winners", async (output, path: string, options: Common & { out: string }) =>
        (await import("./commands/files/winners.ts")).listWinners(path, options, output),
      ),
    );
  withCommon(files.command("blank"))
    .description("從字軌檔與發票明細算出空白號碼：上傳檔與 E0402 (the blank numbers as upload CSV and E0402 XML)")
    .requiredOption("--tracks <csv...>", "平台的字軌檔 (track files of the portal)")
    .option("--invoices <csv...>", "發票明細 (invoice ledgers)")
    .option("--used <list...>", "已使用號碼清單，一行一號 (plain lists of used numbers)")
    .requiredOption("--out <folder>", "存到這個資料夾，不覆蓋舊檔 (where to save; nothing is overwritten)")
    .option(...COLUMNS)
    .option(...STATUSES)
    .option("--period <period>", "只算這一期；不給就是字軌檔裡的每一期 (default: every period of the track files)")
    .option("--branches <csv...>", "總機構配給分支機構的號碼，格式同字軌檔 (numbers passed to branches)")
    .action(
      answering("files blank", async (output, options: Common & Parameters<typeof blankNumbers>[0]) =>
        (await import("./commands/files/blank-numbers.ts")).blankNumbers(options, output),
      ),
    );
  withCommon(program.command("handover <period>"))
    .description("把一期的字軌轉成下一個系統要的格式 (the tracks in the form the next system wants)")
    .addOption(
      new Option("--to <target>", "portal-csv 平台格式、handheld 手持發票機、json 給程式 (for whom)")
        .choices(HANDOVER_TARGETS)
        .makeOptionMandatory(),
    )
    .option("--company <company>", "公司名稱或統一編號 (name or UBN)")
    .option("--tracks <csv...>", "指定字軌檔，不用已下載的 (these files instead of what was downloaded)")
    .option("--out <folder>", "存到這個資料夾；不給就印出來 (where to save; printed if not given)")
    .action(
      answering("handover", async (output, period: string, options: Common & Parameters<typeof handOver>[1]) =>
        (await import("./commands/files/handover.ts")).handOver(period, options, output),
      ),
    );
}

function addRecordings(program: Command, answering: Answering): void {
  const recordings = program.command("recordings").description("紀錄的保存 (what is kept of the recordings)");
  const add = (words: string, about: string): Command =>
    recordings
      .command(words)
      .description(about)
      .addOption(new Option("--json").default(false))
      .addOption(new Option("--lang <language>").choices(["zh", "en"]).default("zh"))
      .option("--config <file>");
  add("prune", "照設定刪除舊的圖片與軌跡，留下雜湊 (delete old pictures and traces, keep their hashes)")
    .option("--dry-run", "只說會刪什麼 (only say what would be deleted)", false)
    .action(
      answering("recordings prune", async (output, options: Common & { dryRun: boolean }) =>
        (await import("./commands/recordings/recordings.ts")).pruneRecordings(options, output),
      ),
    );
  add("heads", "每天的鏈尾：列出、加蓋時戳、寫成檔案 (each day's chain heads)")
    .option("--day <date>", "只看這一天，例如 2026-11-21 (this day only, such as 2026-11-21)")
    .option("--out <folder>", "寫成檔案放到這裡，供另外保存 (write them to files here, to be kept elsewhere)")
    .action(
      answering("recordings heads", async (output, options: Common & { day?: string; out?: string }) =>
        (await import("./commands/recordings/recordings.ts")).showHeads(options, output),
      ),
    );
  const by = userInfo().username;
  for (const [name, held, about] of [
    ["hold", true, "下保留令：這次執行的任何內容都不刪 (nothing of this run is deleted)"],
    ["release", false, "解除保留令 (take the hold off)"],
  ] as const) {
    add(`${name} <run>`, about)
      .requiredOption("--why <reason>", "原因，會寫進紀錄 (recorded)")
      .action(
        answering(`recordings ${name}`, async (output, run: string, options: Common & { why: string }) =>
          (await import("./commands/recordings/recordings.ts")).holdRecording(run, held, { ...options, by }, output),
        ),
      );
  }
}

function addConsole(program: Command, answering: Answering): void {
  const group = program.command("console").description("網頁主控台的登入 (who may sign in to the web console)");
  withCommon(group.command("link"))
    .description("印出一個只能用一次的登入連結 (a sign-in link that works once)")
    .addOption(
      new Option("--role <role>", "權限：look 看、operate 操作、manage 管理 (what is allowed)")
        .choices(ROLES)
        .default("manage"),
    )
    .option("--name <name>", "給誰用：登入後用這個名字做事；預設是這個帳號 (whom it is for)")
    .action(
      answering("console link", async (output, options: Common & { role: Role; name?: string }) =>
        (await import("./commands/console.ts")).consoleLink(
          { ...options, name: options.name ?? userInfo().username },
          output,
        ),
      ),
    );
  withCommon(group.command("password"))
    .description("讓一個人用密碼登入：密碼從隱藏的輸入或標準輸入讀 (a person's password, hidden prompt or stdin)")
    .requiredOption("--name <name>", "姓名或帳號 (name or account)")
    .addOption(new Option("--role <role>", "權限 (what is allowed)").choices(ROLES).default("operate"))
    .action(
      answering("console password", async (output, options: Common & { name: string; role: Role }) =>
        (await import("./commands/console.ts")).consolePassword(options, output),
      ),
    );
}

/** Commander hands over arguments, then options, then the command: the options are the last plain object. */
function commonOf(args: readonly unknown[]): { json: boolean; lang: Language } {
  const options = args.findLast((arg) => arg !== null && typeof arg === "object" && !(arg instanceof Command));
  const json = typeof options === "object" && options !== null && "json" in options && options.json === true;
  const english = typeof options === "object" && options !== null && "lang" in options && options.lang === "en";
  return { json, lang: english ? "en" : "zh" };
}

/** Help and version are answers; everything else of commander's is wrong use. */
function usage(error: CommanderError, argv: readonly string[], program: Command): ExitCode {
  if (error.exitCode === 0) return 0;
  const [name = "", part = ""] = argv;
  const group = program.commands.find((one) => one.name() === name);
  const command = group?.commands.find((one) => one.name() === part) ?? group;
  // Whoever gives an option that there is not is told those that there are.
  const isUnknown = error.code === "commander.unknownOption" && command !== undefined;
  const language = languageOf(argv);
  const say = (zh: string, en: string): string => (language === "zh" ? `${zh} (${en})` : en);
  const options = isUnknown
    ? [`${say("有的選項", "its options")}${language === "zh" ? "：" : ": "}${optionsOf(command).join(" ")}`]
    : [];
  process.stderr.write([...options, say("用法不對，請看 --help", "wrong use, see --help"), ""].join("\n"));
  if (argv.includes("--json")) {
    const failure = new Failure("wrong-use", { seen: [error.message, ...options].join(" ") });
    // A flow is no command of its own: the envelope's is `run`.
    const words = group && command !== group && group.name() !== "run" ? `${name} ${part}` : name;
    return new Output({ json: true, language }).answer(words, { ...failed(failure, language), exit: 2 });
  }
  return 2;
}

function optionsOf(command: Command): string[] {
  return command.options.flatMap(({ long, hidden }) => (hidden || long === undefined ? [] : [long]));
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isStoreTrouble(error)) return storeFailure(error);
  const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure("program-error", { seen }, { cause: error });
}
