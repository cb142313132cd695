import { userInfo } from "node:os";
import type { Command } from "commander";
import type { CheckOptions } from "../commands/check-selectors.ts";
import type { PickOptions } from "../commands/pick-selectors.ts";
import type { PageReportOptions } from "../commands/report-pages.ts";
import { type Answering, type Common, withCommon } from "./common.ts";

/** `selectors`: is the portal still what the robot knows. */
export function addSelectors(program: Command, answering: Answering): void {
  const selectors = program.command("selectors").description("平台的頁面還認得嗎 (is the portal still what we know)");
  withCommon(selectors.command("check"))
    .description("登入，逐頁看每個欄位和按鈕還認不認得；什麼都不改 (signs in and looks at every page; changes nothing)")
    .option(
      "--company <company>",
      "用哪家公司的帳號；只有一家就不用給 (whose account; not needed for a single company)",
    )
    .option("--attended", "有人在場：驗證碼由您看圖輸入 (a person is there and reads the captchas)", false)
    .option("--headed", "開瀏覽器視窗，看得到它做什麼 (a window that you can watch)", false)
    .option("--page <page>", "只看這一頁 (this page only)")
    .action(
      answering("selectors check", async (output, options: Common & CheckOptions) =>
        (await import("../commands/check-selectors.ts")).checkSelectors(options, userInfo().username, output),
      ),
    );
  withCommon(selectors.command("report"))
    .description(
      "把上次檢查看到的頁面寫成一個檔案給維護的人：只有結構與名稱，沒有資料 (the pages of the last check, without data, for the maintainers)",
    )
    .option("--run <run>", "哪一次檢查；不給就是最近一次 (which check; the last one if not given)")
    .option("--out <file>", "寫到哪個檔案 (the file that is written)")
    .action(
      answering("selectors report", async (output, options: Common & PageReportOptions) =>
        (await import("../commands/report-pages.ts")).reportPages(options, output),
      ),
    );
  withCommon(selectors.command("overrule"))
    .description(
      "檢查不認得的頁面，要用它的作業照樣執行，直到認得為止 (jobs run although a check did not know this page)",
    )
    .argument("<page>", "哪一頁，名稱見 status (which page; `status` names it)")
    .action(
      answering("selectors overrule", async (output, page: string, options: Common) =>
        (await import("../commands/overrule-page.ts")).overrule(page, { ...options, by: userInfo().username }, output),
      ),
    );
  withCommon(selectors.command("pick"))
    .description(
      "找不到的東西，由您在瀏覽器裡點出來；同意後才寫進 selectors/local.json (you click on what is not found; written down once you agree)",
    )
    .option(
      "--company <company>",
      "用哪家公司的帳號；只有一家就不用給 (whose account; not needed for a single company)",
    )
    .option("--page <page>", "只看這一頁 (this page only)")
    .option("--part <part>", "只問這一個，例如 take.books (this part only)")
    .option("--attended", "驗證碼由您看圖輸入 (you read the captchas)", false)
    .option("--list", "列出指出過的：誰、何時、原來、現在 (what was picked, by whom and when)", false)
    .option("--undo <part>", "收回一個 (takes one back)")
    .action(
      answering("selectors pick", async (output, options: Common & PickOptions) =>
        (await import("../commands/pick-selectors.ts")).pickSelectors(options, userInfo().username, output),
      ),
    );
}
