import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import type { FilePage } from "../../common/file-pages/file-page.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { periodCode } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { linkButton, periodRow } from "../html/parts.ts";
import { NOTHING_FOUND } from "../words.ts";
import { attachment, showPage, signedIn } from "./visitor.ts";

/** A page on which a period is chosen and a file is downloaded. How it looks is made up. */
export function filePages(world: World, page: FilePage): Hono<SiteEnv> {
  const base = `/APBTB/${page.id}`;
  const site = new Hono<SiteEnv>();
  site.use(signedIn(world, page.code));

  const show = (context: Context<SiteEnv>, chosen: string, found: boolean, says?: string): Promise<Response> =>
    showPage(world, context, context.get("session"), {
      code: page.code,
      title: page.title,
      crumbs: [page.group.classic, page.title],
      says,
      hasQuery: true,
      content: html`<h2>查詢</h2>
        <form method="post" action="${base}">
          <table class="form">
            ${periodRow(world.blanks.listedPeriods(), chosen)}
          </table>
          <p class="buttons">
            ${linkButton("查詢", "search", { "data-do": "post", "data-is-query": "yes" })}
            ${found ? linkButton(page.button.classic, "save", { href: `${base}/file?period=${chosen}` }) : ""}
          </p>
        </form>`,
    });

  site.get("/", (context) => show(context, "", false));
  site.post("/", async (context) => {
    const { period } = z.object({ period: periodCode }).parse(await context.req.parseBody());
    const found = page.file(context.get("session"), period) !== null;
    return show(context, period, found, found ? undefined : NOTHING_FOUND);
  });
  site.get("/file", (context) => {
    const file = page.file(context.get("session"), context.req.query("period") ?? "");
    return file === null ? context.notFound() : attachment(context, file.name, file.content);
  });
  return site;
}
