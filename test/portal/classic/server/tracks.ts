import { type Context, Hono } from "hono";
import { z } from "zod";
import { changeMailboxList, isVerified, NOT_VERIFIED } from "../../common/mailbox-list.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { trackDownload } from "../../common/track-download.ts";
import { category } from "../../model/company.ts";
import { periodCode, periodParts, shiftPeriod } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import {
  historyPage,
  listPage,
  mailPage,
  queryPage,
  type TakeFormState,
  takePage,
  type TrackCriteria,
} from "../html/tracks.ts";
import { mailboxRefusals, NOTHING_FOUND, takeRefusals } from "../words.ts";
import { attachment, type ClassicPage, showDownload, showPage, signedIn } from "./visitor.ts";

const CODE = "BTB004W";
const OLDEST_PERIODS = 6;
const TITLE = "電子發票專用字軌號碼取號";
const NOT_READY = "尚未配號完成，無法下載";

const page = z.coerce.number().pipe(z.int().min(1)).default(1);
/** The query page sends the parts of both periods; the list sends them on whole. */
const query = z
  .object({
    yearFrom: z.string(),
    monthsFrom: z.string(),
    yearTo: z.string(),
    monthsTo: z.string(),
    category: z.string(),
  })
  .transform(({ yearFrom, monthsFrom, yearTo, monthsTo, category: kind }) => ({
    from: yearFrom.padStart(3, "0") + monthsFrom.slice(-2),
    to: yearTo.padStart(3, "0") + monthsTo.slice(-2),
    category: kind,
    page: 1,
  }))
  .or(z.object({ from: z.string(), to: z.string(), category: z.string(), page }))
  .pipe(z.object({ from: periodCode, to: periodCode, category: category.or(z.literal("")), page: z.int().min(1) }));
const amount = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number);
const take = z.object({ period: periodCode, category, books: amount, extraBooks: amount });
const asTyped = z.object({ period: z.string(), category: z.string(), books: z.string(), extraBooks: z.string() });

/** 電子發票專用字軌號碼取號 (portal facts, section 4, "classic pages"). */
export function trackPages(world: World): Hono<SiteEnv> {
  const { takes, config } = world;
  const site = new Hono<SiteEnv>();
  site.use(signedIn(world, CODE));

  const show = (
    context: Context<SiteEnv>,
    about: Pick<ClassicPage, "content" | "says" | "hasQuery" | "hasTable" | "hasTicks">,
  ) => showPage(world, context, context.get("session"), { code: CODE, title: TITLE, crumbs: [TITLE, TITLE], ...about });

  const showQuery = (context: Context<SiteEnv>, criteria?: TrackCriteria, says?: string): Promise<Response> => {
    const [current, next] = takes.openPeriods();
    const periods = Array.from({ length: OLDEST_PERIODS + 2 }, (_, index) => shiftPeriod(next, -index));
    const years = [...new Set(periods.map((period) => periodParts(period).year))];
    const content = queryPage(criteria ?? { from: current, to: current, category: "" }, years);
    return show(context, { content, says, hasQuery: true });
  };

  site.get("/", (context) => showQuery(context));

  site.post("/list", async (context) => {
    const asked = query.safeParse(await context.req.parseBody());
    if (!asked.success) return showQuery(context, undefined, "查詢條件錯誤");
    const criteria = asked.data;
    if (criteria.from > criteria.to) return showQuery(context, criteria, "發票期別起不可大於發票期別迄");
    const found = takes
      .listed(context.get("session").company.ban)
      .filter(({ period }) => period >= criteria.from && period <= criteria.to)
      .filter((entry) => criteria.category === "" || entry.category === criteria.category);
    if (found.length === 0) return showQuery(context, criteria, NOTHING_FOUND);
    const perPage = config.pages.rowsPerPage;
    const rows = found.slice((criteria.page - 1) * perPage, criteria.page * perPage);
    const content = listPage(criteria, { rows, page: criteria.page, perPage, total: found.length });
    return show(context, { content, hasTable: true, hasTicks: true });
  });

  const statusLine = (context: Context<SiteEnv>, period: string, kind: string): string => {
    const { company } = context.get("session");
    const known = category.safeParse(kind);
    const used = known.success ? takes.usedBooks(company.ban, period, known.data) : 0;
    return `狀態：${company.status}　可取用本數：${company.quota}　已取用本數：${used}`;
  };

  const showTake = (
    context: Context<SiteEnv>,
    typed: Partial<Pick<TakeFormState, "period" | "category" | "books" | "extraBooks">>,
    says?: string,
  ): Promise<Response> => {
    const open = takes.openPeriods();
    const filled = { period: open[0], category: "07", books: "", extraBooks: "0", ...typed };
    const status = statusLine(context, filled.period, filled.category);
    const { company } = context.get("session");
    return show(context, {
      content: takePage({ company, open, ...filled, status, ask: config.classic.askAtSubmit }),
      says,
    });
  };

  site.get("/take", (context) => showTake(context, {}));
  site.get("/status", (context) =>
    context.text(statusLine(context, context.req.query("period") ?? "", context.req.query("category") ?? "")),
  );

  site.post("/submit", async (context) => {
    const sent = await context.req.parseBody();
    const typed = asTyped.safeParse(sent).data ?? {};
    if (sent["stop"] !== undefined) return showTake(context, typed, "停止使用請洽客服專線辦理");
    const request = take.safeParse(sent);
    if (!request.success) return showTake(context, typed, "取用本數及增加本數請輸入數字");
    const { company, account } = context.get("session");
    const result = takes.submit(company, account.id, request.data);
    if (!result.accepted) return showTake(context, typed, takeRefusals[result.refusal]);
    return showTake(context, typed, `提交取號成功，申請編號：${result.entry.id}，配號結果將以Email通知`);
  });

  site.get("/history", (context) =>
    show(context, { content: historyPage(takes.visible(context.get("session").company.ban)) }),
  );

  const showMail = (context: Context<SiteEnv>, says?: string): Promise<Response> =>
    show(context, {
      content: ({ listInInputs }) =>
        mailPage(context.get("session").company.mailboxList, listInInputs, config.pages.askPasswordOnSave),
      says,
    });

  site.get("/mail", (context) => showMail(context));
  for (const action of ["add", "delete"] as const) {
    site.post(`/mail/${action}`, async (context) => {
      const mail = z.object({ email: z.string().trim(), password: z.string().optional() });
      const { email, password } = mail.parse(await context.req.parseBody());
      if (!isVerified(world, context.get("session"), password)) return showMail(context, NOT_VERIFIED);
      const refusal = changeMailboxList(world, context.get("session"), action, email);
      const done = action === "add" ? "新增成功" : "刪除成功";
      return showMail(context, refusal === null ? done : mailboxRefusals[refusal]);
    });
  }

  site.get("/download", async (context) => {
    const ids = context.req.queries("id") ?? [];
    const ready = takes
      .visible(context.get("session").company.ban)
      .some((entry) => ids.includes(entry.id) && entry.state === "是");
    const file = `/APBTB/${CODE}/file?${new URLSearchParams(ids.map((id) => ["id", id]))}`;
    return showDownload(context, ready ? { file } : { refusal: NOT_READY });
  });
  site.get("/file", (context) => {
    const file = trackDownload(world, context.get("session"), context.req.queries("id") ?? []);
    return file === null ? showDownload(context, { refusal: NOT_READY }) : attachment(context, file.name, file.content);
  });

  return site;
}
