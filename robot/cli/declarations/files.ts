import { type Command, Option } from "commander";
import { HANDOVER_TARGETS } from "../../invoicing/tracks/handover.ts";
import type { blankNumbers } from "../commands/files/blank-numbers.ts";
import type { handOver } from "../commands/files/handover.ts";
import { type Answering, COLUMNS, type Common, STATUSES, withCommon } from "./common.ts";

/** `files` and `handover`. */
export function addFiles(program: Command, answering: Answering): void {
  const files = program.command("files").description("檔案：檢查、計算空白號碼 (check files, compute blank numbers)");
  withCommon(files.command("check <files...>"))
    .description("這是什麼檔案、對不對，逐行說明 (what is this file, is it right, line by line)")
    .option(...COLUMNS)
    .option(...STATUSES)
    .action(
      answering("files check", async (output, paths: string[], options: Common) =>
        (await import("../commands/files/check-files.ts")).checkFiles(paths, options, output),
      ),
    );
  withCommon(files.command("winners <file>"))
    .description("中獎清冊轉成表格、CSV 與 Excel，逐行核對 (a list of winners as table, CSV and workbook)")
    .requiredOption("--out <folder>", "存到這個資料夾，不覆蓋舊檔 (where to save; nothing is overwritten)")
    .action(
      answering("files winners", async (output, path: string, options: Common & { out: string }) =>
        (await import("../commands/files/winners.ts")).listWinners(path, options, output),
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
        (await import("../commands/files/blank-numbers.ts")).blankNumbers(options, output),
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
        (await import("../commands/files/handover.ts")).handOver(period, options, output),
      ),
    );
}
