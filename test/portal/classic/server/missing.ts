import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";
import { missingUploads } from "../../common/missing-uploads.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { MISSING_FUNCTION } from "../../model/company.ts";
import { periodCode } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { linkButton, periodRow } from "../html/parts.ts";
import { NOTHING_FOUND } from "../words.ts";
import { attachment, showPage, signedIn } from "./visitor.ts";

const BASE = "/APBTB/missing";
const TITLE = "漏上傳資料清冊";

/** 漏上傳資料清冊: what the portal lacks of a period. The facts only name it; how it looks is made up. */
export function missingPages(world: World): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  site.use(signedIn(world, MISSING_FUNCTION));

  const show = (context: Context<SiteEnv>, chosen: string, found: boolean, says?: string): Promise<Response> =>
    showPage(world, context, context.get("session"), {
      code: MISSING_FUNCTION,
      title: TITLE,
      crumbs: ["電子發票上傳作業", TITLE],
      says,
      hasQuery: true,
      content: html`<h2>查詢</h2>
        <form method="post" action="${BASE}">
          <table class="form">
            ${periodRow(world.blanks.listedPeriods(), chosen)}
          </table>
          <p class="buttons">
            ${linkButton("查詢", "search", { "data-do": "post", "data-is-query": "yes" })}
            ${found ? linkButton("下載", "save", { href: `${BASE}/file?period=${chosen}` }) : ""}
          </p>
        </form>`,
    });

  site.get("/", (context) => show(context, "", false));
  site.post("/", async (context) => {
    const { period } = z.object({ period: periodCode }).parse(await context.req.parseBody());
    const found = missingUploads(context.get("session"), period) !== null;
    return show(context, period, found, found ? undefined : NOTHING_FOUND);
  });
  site.get("/file", (context) => {
    const file = missingUploads(context.get("session"), context.req.query("period") ?? "");
    return file === null ? context.notFound() : attachment(context, file.name, file.content);
  });
  return site;
}
