import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import type { ListedBlank } from "../../model/blank-numbers/blank-numbers.ts";
import { type BlankCells, type BlankProblem, blankProblems } from "../../model/blank-numbers/blank-rules.ts";
import { BLANK_FUNCTION } from "../../model/company.ts";
import { periodCode } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import {
  BASE,
  blankAddPage,
  blankListPage,
  blankQueryPage,
  type BlankRow,
  blankUploadPage,
  blankUploadsPage,
  type PageOf,
} from "../html/blank.ts";
import { blankRefusals, NOTHING_FOUND } from "../words.ts";
import { attachment, type ClassicPage, showDownload, showPage, signedIn } from "./visitor.ts";

const TITLE = "上傳未使用空白發票號碼作業";
const NO_DETAILS = "查無失敗明細";

const pageNumber = z.coerce.number().pipe(z.int().min(1)).default(1);
const query = z.object({ period: periodCode, page: pageNumber });
const deletion = z.object({
  period: periodCode,
  id: z.union([z.string().transform((id) => [id]), z.array(z.string())]),
});
const run = z.object({
  ban: z.string(),
  period: z.string(),
  category: z.string(),
  track: z.string().trim(),
  begin: z.string().trim(),
  end: z.string().trim(),
});

/** 上傳空白未使用發票號碼 (portal facts, section 5, "classic pages"). */
export function blankPages(world: World): Hono<SiteEnv> {
  const { blanks, config } = world;
  const site = new Hono<SiteEnv>();
  site.use(signedIn(world, BLANK_FUNCTION));

  const show = (context: Context<SiteEnv>, about: Partial<ClassicPage> & Pick<ClassicPage, "content">) =>
    showPage(world, context, context.get("session"), {
      code: BLANK_FUNCTION,
      title: TITLE,
      back: BASE,
      crumbs: ["電子發票上傳作業", TITLE],
      ...about,
    });
  const ban = (context: Context<SiteEnv>): string => context.get("session").company.ban;
  const pageOf = <Row>(all: readonly Row[], page: number): PageOf<Row> => {
    const perPage = config.blank.rowsPerPage;
    return { rows: all.slice((page - 1) * perPage, page * perPage), page, perPage, total: all.length };
  };

  const showQuery = (context: Context<SiteEnv>, chosen: string, says?: string): Promise<Response> =>
    show(context, {
      content: blankQueryPage(blanks.listedPeriods(), chosen),
      back: "/APBTB/Main",
      says,
      hasQuery: true,
    });
  const showList = (context: Context<SiteEnv>, period: string, page: number, says?: string): Promise<Response> => {
    const found = blanks.rows(ban(context), period);
    if (found.length === 0) return showQuery(context, period, says ?? NOTHING_FOUND);
    const content = blankListPage(period, pageOf(found.map(listRow), page));
    return show(context, { content, says, hasTable: true, hasTicks: true });
  };

  site.get("/", (context) => showQuery(context, ""));
  site.post("/list", async (context) => {
    const asked = query.safeParse(await context.req.parseBody());
    return asked.success
      ? showList(context, asked.data.period, asked.data.page)
      : showQuery(context, "", "查詢條件錯誤");
  });
  site.post("/delete", async (context) => {
    const asked = deletion.safeParse(await context.req.parseBody({ all: true }));
    if (!asked.success) return showQuery(context, "", "請勾選欲刪除之資料");
    const { period, id } = asked.data;
    const { company, account } = context.get("session");
    const deleted = blanks.remove(company.ban, account.id, id);
    return showList(context, period, 1, deleted ? "刪除成功" : "資料已異動，請重新查詢");
  });

  const showUpload = (context: Context<SiteEnv>, chosen: string, says?: string): Promise<Response> =>
    show(context, { content: blankUploadPage(blanks.openPeriods(), chosen, config.blank.confirmUpload), says });
  site.get("/upload", (context) => showUpload(context, ""));
  site.post("/import", async (context) => {
    const sent = await context.req.parseBody();
    const { company, account } = context.get("session");
    const period = typeof sent["period"] === "string" ? sent["period"] : "";
    // A browser sends a file without a name where none was chosen.
    const chosen = sent["file"] instanceof File && sent["file"].name !== "" ? sent["file"] : null;
    const bytes = chosen === null ? null : Buffer.from(await chosen.arrayBuffer());
    const result = blanks.upload(company, account.id, { period, name: chosen?.name ?? "", bytes });
    const done = "上傳成功，請至上傳列表確認處理結果";
    return showUpload(context, period, result.accepted ? done : blankRefusals[result.refusal]);
  });

  const showUploads = (context: Context<SiteEnv>, page: number): Promise<Response> => {
    const rows = blanks.uploads(ban(context)).map((upload) => ({
      receivedAt: upload.receivedAt,
      name: upload.name,
      state: blanks.stateWord(upload),
      failed: upload.details !== null,
    }));
    return show(context, { content: blankUploadsPage(pageOf(rows, page)), hasTable: true });
  };
  site.get("/uploads", (context) => showUploads(context, 1));
  site.post("/uploads", async (context) =>
    showUploads(context, z.object({ page: pageNumber }).parse(await context.req.parseBody()).page),
  );

  const showAdd = (context: Context<SiteEnv>, typed: Partial<BlankCells>, says?: string): Promise<Response> => {
    const { company } = context.get("session");
    const filled = { ban: company.ban, period: "", category: "07", track: "", begin: "", end: "", ...typed };
    return show(context, {
      content: blankAddPage([company.ban, ...company.branches], blanks.openPeriods(), filled),
      says,
    });
  };
  site.get("/add", (context) => showAdd(context, {}));
  site.post("/save", async (context) => {
    const cells = run.parse(await context.req.parseBody());
    const { company, account } = context.get("session");
    const result = blanks.add(company, account.id, cells);
    if (!result.accepted) return showAdd(context, cells, result.problems.map(wording).join("；"));
    return showAdd(context, { ...cells, track: "", begin: "", end: "" }, "新增成功");
  });

  site.get("/download/:what", (context) =>
    showDownload(context, { file: `${BASE}/file/${context.req.param("what")}` }),
  );
  site.get("/file/:what", (context) => {
    const { company, account } = context.get("session");
    const what = context.req.param("what");
    const file =
      what === "sample" || what === "guide"
        ? blanks.explanation(company.ban, account.id, what)
        : blanks.failureDetails(company.ban, account.id, what);
    return file === null ? showDownload(context, { refusal: NO_DETAILS }) : attachment(context, file.name, file.bytes);
  });

  function listRow(row: ListedBlank): BlankRow {
    const { id, ban, period, track, begin, end } = row;
    return { id, ban, category: blanks.categoryWord(row), period, track, begin, end };
  }

  return site;
}

function wording(found: BlankProblem | "period-closed"): string {
  return found === "period-closed" ? blankRefusals[found] : blankProblems[found];
}
