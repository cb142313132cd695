import { userInfo } from "node:os";
import { type Command, Option } from "commander";
import { ROLES, type Role } from "../../console/access/roles.ts";
import { type Answering, type Common, withCommon } from "./common.ts";

/** `console`: who may sign in. */
export function addConsole(program: Command, answering: Answering): void {
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
        (await import("../commands/console.ts")).consoleLink(
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
        (await import("../commands/console.ts")).consolePassword(options, output),
      ),
    );
}
