import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { z } from "zod";
import { misbehaviour } from "../common/misbehaviour.ts";
import type { SiteEnv } from "../common/site-env.ts";
import type { PlatformVisitor } from "../model/platform/platform.ts";
import type { World } from "../model/world.ts";
import { attachment, type Inside, timeWords } from "./answers.ts";
import { type Markup, periodSelect, rowsTable, shell, signInContent } from "./layout.ts";
import { manners } from "./manners.ts";
import { winnersPages } from "./winners.ts";

const COOKIE = "PLATFORMSESSION";

/** A value-added platform (雲端發票加值平台): it issues the invoices, so it knows which numbers were not used and who has won. */
export function platformSite(world: World): Hono<SiteEnv> {
  const { platform, faults } = world;
  const site = new Hono<SiteEnv>();
  const tokenOf = (context: Context): string => getCookie(context, COOKIE) ?? "";
  site.use(
    misbehaviour(
      world,
      manners((context) => platform.visitor(tokenOf(context))?.company.ban ?? null),
    ),
  );

  const inside: Inside = (answer) => (context) => {
    const visitor = platform.visitor(tokenOf(context));
    if (visitor === null) return context.redirect("/", 303);
    const { path } = context.req;
    if (faults.use("session-expired", { ban: visitor.company.ban, path }) === null) return answer(context, visitor);
    platform.signOut(tokenOf(context));
    return context.html(shell({ content: html`<p>登入逾時，請重新登入</p>`, isInside: false }));
  };

  site.get("/", (context) => context.html(shell({ content: signInContent(), isInside: false })));
  site.post("/sign-in", async (context) => {
    const sent = z.object({ account: z.string(), password: z.string() }).parse(await context.req.parseBody());
    const token = platform.signIn(sent.account, sent.password);
    if (token === null) {
      return context.html(shell({ content: signInContent(), says: "帳號或密碼錯誤", isInside: false }));
    }
    setCookie(context, COOKIE, token, { path: "/", httpOnly: true, sameSite: "Lax" });
    return context.redirect("/home", 303);
  });
  site.get("/sign-out", (context) => {
    platform.signOut(tokenOf(context));
    deleteCookie(context, COOKIE);
    return context.redirect("/", 303);
  });
  site.get(
    "/home",
    inside((context, { company }) => context.html(shell({ content: html`<p>歡迎：${company.name}</p>` }))),
  );
  batchPages(site, world, inside);
  winnersPages(site, world, inside);
  return site;
}

function batchPages(site: Hono<SiteEnv>, { platform, faults }: World, inside: Inside): void {
  const page = ({ company: { ban } }: PlatformVisitor, chosen: string, says = ""): Markup =>
    shell({ content: blankContent(platform.jobs(ban), platform.periods(), chosen), says });

  site.get(
    "/batch",
    inside((context) =>
      context.html(
        shell({ content: html`<h2>批次作業</h2><p><a class="button" href="/batch/blank">空白字軌下載</a></p>` }),
      ),
    ),
  );
  site.get(
    "/batch/blank",
    inside((context, visitor) => context.html(page(visitor, ""))),
  );
  site.post(
    "/batch/blank/make",
    inside(async (context, visitor) => {
      const { period } = z.object({ period: z.string() }).parse(await context.req.parseBody());
      if (!platform.periods().includes(period)) return context.html(page(visitor, "", "請選擇字軌期別"));
      const isMade = platform.makeBlank(visitor, period);
      return isMade
        ? context.redirect("/batch/blank", 303)
        : context.html(page(visitor, period, "本期無法產生空白字軌"));
    }),
  );
  // The pop-up of 下載結果.
  site.get(
    "/batch/result/:id",
    inside((context, { company: { ban } }) => {
      if (faults.use("download-missing", { ban }) !== null) return context.html(html`<p>檔案準備中</p>`);
      const file = platform.blankFile(ban, context.req.param("id") ?? "");
      return file === null ? context.html(html`<p>作業尚未完成，沒有檔案可以下載</p>`) : attachment(context, file);
    }),
  );
}

function blankContent(jobs: ReturnType<World["platform"]["jobs"]>, periods: readonly string[], chosen: string): Markup {
  const rows = jobs.map(({ id, name, applicant, appliedAt, finishedAt, state, period }) => ({
    id,
    cells: [name, applicant, timeWords(appliedAt), timeWords(finishedAt), state, period],
  }));
  return html`<h2>空白字軌下載</h2>
    <form method="post" action="/batch/blank/make">${periodSelect(periods, chosen)} <p><button>產生空白字軌</button></p></form>
    <h2>最後10筆作業狀態</h2>
    <p>
      <a class="button" href="javascript:void(0)" onclick="fetchResult()">下載結果</a>
      <a class="button" href="/batch/blank">重新整理</a> 每頁顯示
      <select><option>10</option></select> 筆資料
    </p>
    ${rowsTable(["作業名稱", "申請人", "申請時間", "完成時間", "作業狀態", "備註"], rows)}
    <script>
      function fetchResult() {
        const [id] = chosenRows();
        if (id === undefined) alert("請先點選一筆作業");
        else window.open("/batch/result/" + id);
      }
    </script>`;
}
