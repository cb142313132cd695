import { userInfo } from "node:os";
import { Command, CommanderError, Option } from "commander";
import { isStoreError, storeFailure } from "../store/errors.ts";
import { Failure, type Language } from "../failures/failure.ts";
import { robotVersion } from "../app/version.ts";
import { type Answer, type ExitCode, failed, Output } from "./terminal/output.ts";
import type { ExportOptions } from "./commands/recordings/export.ts";
import type { ReportOptions } from "./commands/recordings/report.ts";
import { helpInEnglish, languageOf } from "./terminal/help-language.ts";
import { wholeNumber } from "./terminal/whole-number.ts";
import { type Common, withCommon } from "./declarations/common.ts";
import { addConsole } from "./declarations/console.ts";
import { addCredentials } from "./declarations/credentials.ts";
import { addFiles } from "./declarations/files.ts";
import { addRecordings } from "./declarations/recordings.ts";
import { addSelectors } from "./declarations/selectors.ts";
import { addRun } from "./declarations/run.ts";

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
 * @param ends is called with how a command that was run shall end the process
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
  addSelectors(program, answering);
  return program;
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
  // Anyone who gives an option that there is not is told those that there are.
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
  if (isStoreError(error)) return storeFailure(error);
  const seen = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Failure("program-error", { seen }, { cause: error });
}
