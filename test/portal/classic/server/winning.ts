import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import { winningDownload, winningLists, winningPeriods } from "../../common/winning-lists.ts";
import { WINNING_FUNCTION } from "../../model/company.ts";
import { periodCode } from "../../model/periods.ts";
import type { WinningFile } from "../../model/winning-file.ts";
import type { World } from "../../model/world.ts";
import { linkButton, type Markup, periodRow } from "../html/parts.ts";
import { NOTHING_FOUND } from "../words.ts";
import { attachment, showPage, signedIn } from "./visitor.ts";

const BASE = "/APBTB/winning";
const TITLE = "中獎清冊下載";

/** 中獎清冊下載: the lists of winners of a period. The facts name its files only; how the page looks is made up. */
export function winningPages(world: World): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  site.use(signedIn(world, WINNING_FUNCTION));

  const show = (
    context: Context<SiteEnv>,
    chosen: string,
    files: readonly WinningFile[],
    says?: string,
  ): Promise<Response> =>
    showPage(world, context, context.get("session"), {
      code: WINNING_FUNCTION,
      title: TITLE,
      crumbs: ["中獎發票作業", TITLE],
      says,
      hasQuery: true,
      content: html`<h2>查詢</h2>
        <form method="post" action="${BASE}">
          <table class="form">
            ${periodRow(winningPeriods(world), chosen)}
          </table>
          <p class="buttons">${linkButton("查詢", "search", { "data-do": "post", "data-is-query": "yes" })}</p>
        </form>
        ${files.length === 0 ? "" : fileTable(files)}`,
    });

  site.get("/", (context) => show(context, "", []));
  site.post("/", async (context) => {
    const { period } = z.object({ period: periodCode }).parse(await context.req.parseBody());
    const files = winningLists(world, context.get("session"), period);
    return show(context, period, files, files.length > 0 ? undefined : NOTHING_FOUND);
  });
  site.get("/file", (context) => {
    const file = winningDownload(world, context.get("session"), context.req.query("name") ?? "");
    return file === null ? context.notFound() : attachment(context, file.name, file.content);
  });
  return site;
}

function fileTable(files: readonly WinningFile[]): Markup {
  return html`<h2>列表</h2>
    <table class="list">
      <tr>
        <th>清冊類別</th>
        <th>檔案名稱</th>
        <th>清冊</th>
      </tr>
      ${files.map(
        ({ name, kind }) =>
          html`<tr>
            <td>${kind}</td>
            <td>${name}</td>
            <td>${linkButton("下載", "save", { href: `${BASE}/file?name=${name}` })}</td>
          </tr>`,
      )}
    </table>
    <p class="pager">總筆數: ${files.length}</p>`;
}
