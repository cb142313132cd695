import { type Command, Option } from "commander";
import type { Language } from "../../failures/failure.ts";
import type { Answer, ExitCode, Output } from "../terminal/output.ts";

export interface Common {
  readonly json: boolean;
  readonly lang: Language;
  readonly config?: string;
}

/** What every command has. */
export function withCommon(command: Command): Command {
  return command
    .addOption(new Option("--json", "標準輸出只有一行 JSON (one JSON envelope on stdout)").default(false))
    .addOption(new Option("--lang <language>", "訊息語言 (language)").choices(["zh", "en"]).default("zh"))
    .option("--config <file>", "設定檔，預設 robot.config.ts (configuration file; robot.config.ts if not given)");
}

export type Answering = <Args extends unknown[]>(
  name: string,
  work: (output: Output, ...args: Args) => Promise<Answer | ExitCode>,
) => (...args: Args) => Promise<void>;

/** What a person says about a ledger that is not understood by itself. */
export const COLUMNS = [
  "--columns <pairs...>",
  "明細的欄位名稱，例如 track=字軌 number=號碼 status=發票狀態；沒有的欄位寫 status= (column names of the ledger)",
] as const;
export const STATUSES = [
  "--statuses <pairs...>",
  "明細的狀態字，例如 已結案=issued 未用=blank（issued、voided、cancelled、allowance、blank、not-a-use）(status words of the ledger)",
] as const;
