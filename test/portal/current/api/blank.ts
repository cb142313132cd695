import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import { type BlankDownload, type BlankUpload, type ListedBlank } from "../../model/blank-numbers/blank-numbers.ts";
import { type BlankProblem, blankProblems } from "../../model/blank-numbers/blank-rules.ts";
import { taipeiIso } from "../../model/clock.ts";
import { BLANK_FUNCTION, categoryNames } from "../../model/company.ts";
import type { BlankRefusal } from "../../model/ledger.ts";
import { periodCode, periodLabel } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { body, problem, signedIn } from "./site-env.ts";

const refusals: Readonly<Record<BlankRefusal, string>> = {
  "no-file": "請選擇欲上傳之檔案",
  "not-csv": "檔案格式錯誤，僅接受副檔名為.csv之檔案",
  "period-closed": "您選擇之字軌期別非開放上傳期間",
};

const page = z.int().min(1);
const run = z.object({
  ban: z.string(),
  period: z.string(),
  category: z.string(),
  track: z.string(),
  begin: z.string(),
  end: z.string(),
});

/** The APIs behind 上傳空白未使用發票號碼. */
export function blankApi(world: World): Hono<SiteEnv> {
  const { blanks, config } = world;
  const api = new Hono<SiteEnv>();
  api.use(signedIn(world, BLANK_FUNCTION));

  api.get("/options", (context) => {
    const { company } = context.get("session");
    const option = (period: string): { value: string; text: string } => ({ value: period, text: periodLabel(period) });
    return context.json({
      listed: blanks.listedPeriods().map(option),
      open: blanks.openPeriods().map(option),
      categories: Object.entries(categoryNames).map(([value, text]) => ({ value, text })),
      bans: [company.ban, ...company.branches],
      confirmUpload: config.blank.confirmUpload,
    });
  });

  const onePage = <Row>(all: readonly Row[], number: number, shown: (row: Row) => object): object => {
    const { rowsPerPage } = config.blank;
    const rows = all.slice((number - 1) * rowsPerPage, number * rowsPerPage).map(shown);
    return { rows, total: all.length, rowsPerPage };
  };

  api.post("/query", async (context) => {
    const asked = await body(context, z.object({ period: periodCode, page }));
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    const rows = blanks.rows(context.get("session").company.ban, asked.period);
    return context.json(onePage(rows, asked.page, listRow));
  });

  api.post("/uploads", async (context) => {
    const asked = await body(context, z.object({ page }));
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    return context.json(onePage(blanks.uploads(context.get("session").company.ban), asked.page, uploadRow));
  });

  api.post("/upload", async (context) => {
    const { period, file } = await context.req.parseBody();
    const { company, account } = context.get("session");
    const chosen = file instanceof File ? file : null;
    const result = blanks.upload(company, account.id, {
      period: typeof period === "string" ? period : "",
      name: chosen?.name ?? "",
      bytes: chosen === null ? null : Buffer.from(await chosen.arrayBuffer()),
    });
    if (!result.accepted) return problem(context, 422, refusals[result.refusal]);
    return context.json({ message: "上傳成功，請至上傳列表確認處理結果" });
  });

  api.post("/add", async (context) => {
    const cells = await body(context, run);
    if (cells === null) return problem(context, 400, "欄位檢核錯誤");
    const { company, account } = context.get("session");
    const result = blanks.add(company, account.id, cells);
    if (!result.accepted) return problem(context, 422, result.problems.map(wording).join("；"));
    return context.json({ message: "新增成功" });
  });

  api.post("/delete", async (context) => {
    const asked = await body(context, z.object({ ids: z.array(z.string()).min(1) }));
    if (asked === null) return problem(context, 400, "請選擇欲刪除之資料");
    const { company, account } = context.get("session");
    const deleted = blanks.remove(company.ban, account.id, asked.ids);
    return deleted ? context.json({ message: "刪除成功" }) : problem(context, 422, "資料已異動，請重新查詢");
  });

  for (const what of ["sample", "guide"] as const) {
    api.get(`/${what}`, (context) => {
      const { company, account } = context.get("session");
      return attachment(context, blanks.explanation(company.ban, account.id, what));
    });
  }
  api.get("/details/:name", (context) => {
    const { company, account } = context.get("session");
    const details = blanks.failureDetails(company.ban, account.id, context.req.param("name"));
    return details === null ? problem(context, 404, "查無失敗明細") : attachment(context, details);
  });

  function listRow(row: ListedBlank): Record<string, string> {
    const { id, ban, track, begin, end } = row;
    return { id, ban, category: blanks.categoryWord(row), period: periodLabel(row.period), track, begin, end };
  }

  function uploadRow(upload: BlankUpload): Record<string, string | boolean> {
    const time = taipeiIso(upload.receivedAt).slice(0, 19).replace("T", " ");
    return { time, name: upload.name, state: blanks.stateWord(upload), failed: upload.details !== null };
  }

  return api;
}

function wording(found: BlankProblem | "period-closed"): string {
  return found === "period-closed" ? refusals[found] : blankProblems[found];
}

function attachment(context: Context, { name, bytes }: BlankDownload): Response {
  return context.body(Uint8Array.from(bytes), 200, {
    "Content-Type": name.endsWith(".csv") ? "text/csv" : "text/plain",
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}
