import { Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../../common/site-env.ts";
import { winningDownload, winningLists, winningPeriods } from "../../common/winning-lists.ts";
import { WINNING_FUNCTION } from "../../model/company.ts";
import { periodCode, periodLabel } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { body, problem, signedIn } from "./site-env.ts";

/** The APIs behind 中獎清冊下載. The facts name its files, not its page. */
export function winningApi(world: World): Hono<SiteEnv> {
  const api = new Hono<SiteEnv>();
  api.use(signedIn(world, WINNING_FUNCTION));
  api.get("/options", (context) =>
    context.json({ periods: winningPeriods(world).map((value) => ({ value, text: periodLabel(value) })) }),
  );
  api.post("/query", async (context) => {
    const asked = await body(context, z.object({ period: periodCode }));
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    const files = winningLists(world, context.get("session"), asked.period);
    return context.json({ rows: files.map(({ name, kind }) => ({ name, kind })), total: files.length });
  });
  api.get("/file/:name", (context) => {
    const file = winningDownload(world, context.get("session"), context.req.param("name"));
    if (file === null) return problem(context, 404, "查無資料");
    return context.body(Uint8Array.from(file.content), 200, {
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${file.name}"`,
    });
  });
  return api;
}
