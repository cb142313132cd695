import { Hono } from "hono";
import { z } from "zod";
import { openPage } from "../../common/page-view.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import type { World } from "../../model/world.ts";
import { menuGroups } from "./menu.ts";
import { bearerSession, body, problem, signedIn } from "./site-env.ts";

const pageView = z.object({ code: z.string(), path: z.string() });

/** Pages with rows to tick and 查詢 to press. */
const SEARCHES = ["/dashboard/btb/btb004w/search", "/dashboard/btb/blank/search"];
const LISTS = [...SEARCHES, "/dashboard/btb/blank/uploads"];

/** The APIs behind the frame of every page: what to show over it, who is signed in, the menu. */
export function dashboardApi(world: World): Hono<SiteEnv> {
  const { pages, blank } = world.config;
  const api = new Hono<SiteEnv>();

  api.post("/page", async (context) => {
    const view = await body(context, pageView);
    if (view === null) return problem(context, 400, "欄位檢核錯誤");
    const { code, path } = view;
    const session = bearerSession(world, context);
    const told = openPage(world, session, {
      code,
      path,
      isLanding: code === "BTB013W",
      hasMenu: path.startsWith("/dashboard/"),
      hasQuery: SEARCHES.includes(path),
      hasTable: LISTS.includes(path),
      hasTicks: SEARCHES.includes(path),
    });
    return context.json({
      ...told,
      signedIn: session !== null,
      mustChangePassword: session?.mustChangePassword ?? false,
      renderMs: pages.renderMs + told.lateMs,
      toastMs: pages.toastMs,
    });
  });

  api.get("/menu", signedIn(world), (context) => {
    const { company, account } = context.get("session");
    return context.json({
      user: { ban: company.ban, company: company.name, account: account.id, name: account.name },
      groups: menuGroups(account.functions),
      blankCode: blank.code,
    });
  });

  return api;
}
