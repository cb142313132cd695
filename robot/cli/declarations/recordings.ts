import { userInfo } from "node:os";
import { type Command, Option } from "commander";
import { type Answering, type Common } from "./common.ts";

/** `recordings`: what is kept of them. */
export function addRecordings(program: Command, answering: Answering): void {
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
        (await import("../commands/recordings/recordings.ts")).pruneRecordings(options, output),
      ),
    );
  add("heads", "每天的鏈尾：列出、加蓋時戳、寫成檔案 (each day's chain heads)")
    .option("--day <date>", "只看這一天，例如 2026-11-21 (this day only, such as 2026-11-21)")
    .option("--out <folder>", "寫成檔案放到這裡，供另外保存 (write them to files here, to be kept elsewhere)")
    .action(
      answering("recordings heads", async (output, options: Common & { day?: string; out?: string }) =>
        (await import("../commands/recordings/recordings.ts")).showHeads(options, output),
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
          (await import("../commands/recordings/recordings.ts")).holdRecording(run, held, { ...options, by }, output),
        ),
      );
  }
}
