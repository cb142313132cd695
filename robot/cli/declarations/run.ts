import { userInfo } from "node:os";
import type { Command } from "commander";
import { FLOWS } from "../../../flows/index.ts";
import { flowOption } from "../commands/run/flow-options.ts";
import type { LedgerWords } from "../commands/files/ledger-options.ts";
import type { RunOptions } from "../commands/run/run-flow.ts";
import { wholeNumber } from "../terminal/whole-number.ts";
import { type Answering, COLUMNS, type Common, STATUSES, withCommon } from "./common.ts";

/** `run`: a command for each flow, with the options that this flow has. */
export function addRun(program: Command, answering: Answering): void {
  const run = program.command("run").description("現在執行一個流程並看著它做完 (runs a flow now and follows it)");
  for (const flow of FLOWS) {
    const { name, title, about, fields, final } = flow;
    const command = withCommon(run.command(name))
      .description(
        `${title.zh}：${about.zh}${final === null ? "" : `不能復原：${final.zh}`} (${title.en}: ${about.en}${final === null ? "" : `; can't be undone: ${final.en}`})`,
      )
      .summary(`${title.zh} (${title.en})`)
      .requiredOption("--company <company>", "公司名稱或統一編號 (name or UBN)");
    for (const field of fields) command.addOption(flowOption(field));
    if (final !== null) {
      const rehearse = "演練：填好、比對、拍照，停在送出之前 (rehearses: fills and compares, sends nothing)";
      command.option("--rehearse", rehearse, false);
    }
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
          (await import("../commands/run/run-flow.ts")).runFlow(
            flow,
            options,
            { by: userInfo().username, columns, statuses },
            output,
          ),
        ),
      );
  }
}
