import { type Command, Option } from "commander";
import { type Answering, type Common, withCommon } from "./common.ts";

/** `credentials`: storing, testing, removing, listing. */
export function addCredentials(program: Command, answering: Answering): void {
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
    signIn: boolean;
    attended: boolean;
    headed: boolean;
  };
  for (const [name, about, work] of [
    ["set", "存入：從隱藏的輸入或標準輸入讀 (from a hidden prompt or stdin)", "setCredential"],
    ["test", "看讀不讀得到，或到平台試登入一次 (can it be read; does the portal take it)", "testCredential"],
    ["remove", "移除 (remove)", "removeCredential"],
  ] as const) {
    const command = credentials
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
          (await import("../commands/credentials.ts"))[work](options, output),
        ),
      );
    if (name !== "test") continue;
    command
      .option("--sign-in", "用它到平台登入一次再登出 (signs in with it once, and out again)", false)
      .option("--attended", "和 --sign-in 一起用：驗證碼由您看圖輸入 (a person reads the captchas)", false)
      .option("--headed", "和 --sign-in 一起用：開瀏覽器視窗 (a window that you can watch)", false);
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
        (await import("../commands/credentials.ts")).createConfiguredVault(options, output),
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
        (await import("../commands/credentials.ts")).listCredentials(options, output),
      ),
    );
}
