import { Hono } from "hono";
import { z } from "zod";
import { missingUploads } from "../../common/missing-uploads.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { MISSING_FUNCTION } from "../../model/company.ts";
import { periodCode, periodLabel } from "../../model/periods.ts";
import type { World } from "../../model/world.ts";
import { body, problem, signedIn } from "./site-env.ts";

/** The APIs behind 漏上傳資料清冊. */
export function missingApi(world: World): Hono<SiteEnv> {
  const api = new Hono<SiteEnv>();
  api.use(signedIn(world, MISSING_FUNCTION));
  api.get("/options", (context) =>
    context.json({ periods: world.blanks.listedPeriods().map((value) => ({ value, text: periodLabel(value) })) }),
  );
  api.post("/query", async (context) => {
    const asked = await body(context, z.object({ period: periodCode }));
    if (asked === null) return problem(context, 400, "查詢條件錯誤");
    return context.json({ found: missingUploads(context.get("session"), asked.period) !== null });
  });
  api.get("/file/:period", (context) => {
    const file = missingUploads(context.get("session"), context.req.param("period"));
    if (file === null) return problem(context, 404, "查無資料");
    return context.body(Uint8Array.from(file.content), 200, {
      "Content-Type": "text/csv",
      "Content-Disposition": `attachment; filename="${file.name}"`,
    });
  });
  return api;
}
