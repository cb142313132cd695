import { Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import { trackDownload } from "../../common/track-download.ts";
import { category, categoryNames, type Entry } from "../../model/company.ts";
import type { TakeRefusal } from "../../model/ledger.ts";
import { periodCode, periodLabel, shiftPeriod } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { mailboxListApi } from "./mailbox-list.ts";
import { body, problem, signedIn } from "./site-env.ts";

const OLDEST_PERIODS = 6;

const refusals: Readonly<Record<TakeRefusal, string>> = {
  "mailbox-list-missing": "取號前，請先透過取號電子郵件信箱維護，建立通知配號結果之電子郵件信箱",
  "not-in-window": "僅可取用本期及下期發票號碼，您選擇之發票期別非開放取號期間",
  "beyond-quota": "取用本數合計已超過可取用本數，請重新輸入",
  "already-taken": "該發票期別及發票類別已取號，如需增加請填寫增加本數",
  "allocation-pending": "該發票期別及發票類別前次取號尚未配號完成，請稍後再試",
  "nothing-asked": "取用本數及增加本數不可同時為0",
  "company-suspended": "營業人狀態非正常，不得取號",
};

const query = z.object({
  from: periodCode,
  to: periodCode,
  category: category.or(z.literal("")),
  page: z.int().min(1),
});
const take = z.object({
  period: periodCode,
  category,
  books: z.int().min(0).max(9999),
  extraBooks: z.int().min(0).max(9999),
});

/** The APIs behind 電子發票(專用)字軌號碼取號 (BTB004W). */
export function btb004wApi(world: World): Hono<SiteEnv> {
  const { takes, config } = world;
  const api = new Hono<SiteEnv>();
  api.use(signedIn(world, "BTB004W"));
  api.route("/mails", mailboxListApi(world));

  api.get("/options", (context) => {
    const [current, next] = takes.openPeriods();
    const listed = Array.from({ length: OLDEST_PERIODS + 2 }, (_, index) => shiftPeriod(next, -index));
    const option = (period: string): { value: string; text: string } => ({ value: period, text: periodLabel(period) });
    return context.json({
      listed: listed.map(option),
      open: [option(current), option(next)],
      categories: Object.entries(categoryNames).map(([value, text]) => ({ value, text })),
    });
  });

  api.post("/query", async (context) => {
    const asked = await body(context, query);
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    const { ban } = context.get("session").company;
    const found = takes
      .listed(ban)
      .filter(({ period }) => period >= asked.from && period <= asked.to)
      .filter((entry) => asked.category === "" || entry.category === asked.category);
    const { rowsPerPage } = config.pages;
    const rows = found.slice((asked.page - 1) * rowsPerPage, asked.page * rowsPerPage).map(listRow);
    return context.json({ rows, total: found.length, rowsPerPage });
  });

  api.get("/status", (context) => {
    const asked = take.pick({ period: true, category: true }).safeParse(context.req.query());
    if (!asked.success) return problem(context, 400, "查詢條件錯誤");
    const { company } = context.get("session");
    const used = takes.usedBooks(company.ban, asked.data.period, asked.data.category);
    return context.json({
      status: company.status,
      available: company.quota,
      used,
      ban: company.ban,
      name: company.name,
      taxId: company.taxId,
    });
  });

  api.post("/apply", async (context) => {
    const request = await body(context, take);
    if (request === null) return problem(context, 400, "欄位檢核錯誤：取用本數、增加本數須為0以上之整數");
    const { company, account } = context.get("session");
    const result = takes.submit(company, account.id, request);
    if (!result.accepted) return problem(context, 422, refusals[result.refusal]);
    return context.json({
      message: "提交取號成功，系統將以電子郵件通知配號結果",
      applyNo: result.entry.id,
      applyTime: world.clock.iso(),
    });
  });

  api.post("/download", async (context) => {
    const asked = await body(context, z.object({ ids: z.array(z.string()).min(1) }));
    if (asked === null) return problem(context, 400, "請選擇欲下載之資料");
    const file = trackDownload(world, context.get("session"), asked.ids);
    if (file === null) return problem(context, 422, "尚未配號完成，無法下載");
    return context.body(Uint8Array.from(file.content), 200, {
      "Content-Type": "text/csv",
      "Content-Disposition": `attachment; filename="${file.name}"`,
    });
  });

  return api;
}

function listRow(entry: Entry): Record<string, string | number | boolean> {
  const { id, ban, books, extraBooks, allocatedBooks, state } = entry;
  return {
    id,
    ban,
    period: periodLabel(entry.period),
    category: categoryNames[entry.category],
    books,
    extraBooks,
    allocatedBooks,
    state,
    stopped: entry.stopped ? "是" : "否",
  };
}
