import { Hono } from "hono";
import { z } from "zod";
import type { FilePage } from "../../common/file-pages/file-page.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { periodCode, periodLabel } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { body, problem, signedIn } from "./site-env.ts";

/** The APIs behind a page on which a period is chosen and a file is downloaded. */
export function filePageApi(world: World, page: FilePage): Hono<SiteEnv> {
  const api = new Hono<SiteEnv>();
  api.use(signedIn(world, page.code));
  api.get("/options", (context) =>
    context.json({ periods: world.blanks.listedPeriods().map((value) => ({ value, text: periodLabel(value) })) }),
  );
  api.post("/query", async (context) => {
    const asked = await body(context, z.object({ period: periodCode }));
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    return context.json({ found: page.file(context.get("session"), asked.period) !== null });
  });
  api.get("/file/:period", (context) => {
    const file = page.file(context.get("session"), context.req.param("period"));
    if (file === null) return problem(context, 404, "查無資料");
    return context.body(Uint8Array.from(file.content), 200, {
      "Content-Type": "text/csv",
      "Content-Disposition": `attachment; filename="${file.name}"`,
    });
  });
  return api;
}
