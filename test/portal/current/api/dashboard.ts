import { Hono } from "hono";
import { z } from "zod";
import type { Faults } from "../../model/faults.ts";
import type { World } from "../../model/world.ts";
import { menuGroups } from "./menu.ts";
import { bearerSession, body, problem, signedIn, type SiteEnv } from "./site-env.ts";

const pageView = z.object({ code: z.string(), path: z.string() });

const LIST_PATH = "/dashboard/btb/btb004w/search";
const OLD_PASSWORD = "您的驗證碼（密碼）逾180天未變更，為保障帳號安全，請儘速變更。";
const ANNOUNCEMENT = "為提升服務品質，本平台將於本週六凌晨進行系統升級維護，期間部分功能暫停服務，造成不便敬請見諒。";

/** The APIs behind the frame of every page: what to show over it, who is signed in, the menu. */
export function dashboardApi(world: World): Hono<SiteEnv> {
  const { faults, ledger, config } = world;
  const api = new Hono<SiteEnv>();

  api.post("/page", async (context) => {
    const view = await body(context, pageView);
    if (view === null) return problem(context, 400, "欄位檢核錯誤");
    const { code, path } = view;
    const session = bearerSession(world, context);
    const ban = session?.company.ban ?? null;
    ledger.append({ type: "page-view", ban, account: session?.account.id ?? null, code, path });

    const circumstance = { ban, path };
    const landing = code === "BTB013W";
    const announcement = session === null ? null : faults.use("announcement", circumstance);
    const warn = session?.warnOldPassword === true && landing;
    if (session !== null && warn) session.warnOldPassword = false;
    return context.json({
      signedIn: session !== null,
      mustChangePassword: session?.mustChangePassword ?? false,
      warning: warn ? OLD_PASSWORD : null,
      announcement:
        announcement === null ? (landing ? config.pages.announcement : null) : (announcement.text ?? ANNOUNCEMENT),
      renderMs: config.pages.renderMs + (faults.use("late-render", circumstance)?.ms ?? 0),
      toastMs: config.pages.toastMs,
      ...quirks(faults, circumstance),
    });
  });

  api.get("/menu", signedIn(world), (context) => {
    const { company, account } = context.get("session");
    return context.json({
      user: { ban: company.ban, company: company.name, account: account.id, name: account.name },
      groups: menuGroups(account.functions),
    });
  });

  return api;
}

/** How this page will behave. An order waits for a page on which it can be noticed. */
function quirks(faults: Faults, circumstance: { ban: string | null; path: string }): Record<string, unknown> {
  const onList = circumstance.path === LIST_PATH;
  const inside = circumstance.path.startsWith("/dashboard/");
  const swallow = (on: "menu" | "query"): boolean =>
    faults.use("two-clicks", { ...circumstance, detail: (fault) => "on" in fault && fault.on === on }) !== null;
  const tick = onList ? faults.use("tick-undone", circumstance) : null;
  return {
    menuCoversTable: onList && faults.use("menu-covers-table", circumstance) !== null,
    swallowsMenuClick: inside && swallow("menu"),
    swallowsQueryClick: onList && swallow("query"),
    tickUndone: tick === null ? null : tick.real ? "real" : "synthetic",
  };
}
