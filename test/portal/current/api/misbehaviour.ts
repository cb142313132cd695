import { setTimeout as sleep } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import type { World } from "../../model/world.ts";
import { page } from "./assets.ts";
import { bearerBan, problem, type SiteEnv } from "./site-env.ts";

/** APIs whose effect somebody may be left unsure of, by the name that faults know them by. */
const submits: Readonly<Record<string, string>> = {
  "/btb/api/btb004w/apply": "take",
  "/btb/api/blank/upload": "upload",
  "/btb/api/blank/add": "add",
  "/btb/api/blank/delete": "delete",
};

/** The ordered faults that concern whole requests: outage, challenge, slowness, errors 500, cut connections, lost answers. */
export function misbehaviour(world: World): MiddlewareHandler<SiteEnv> {
  const { faults, config } = world;
  return async (context, next) => {
    const { path } = context.req;
    if (path.startsWith("/assets/") || path.startsWith("/cdn-cgi/")) return next();
    const isApi = path.includes("/api/");
    const circumstance = { path, ban: bearerBan(world, context) };

    const slow = faults.use("slow", circumstance);
    if (slow !== null) await sleep(slow.ms);
    if (faults.use("outage", circumstance) !== null) {
      return isApi ? problem(context, 503, "系統升級維護中，暫停服務") : context.html(await page("outage"), 503);
    }
    if (!isApi && (isRefusedBrowser(context, config.signIn.refuseHeadless) || faults.use("challenge", circumstance))) {
      return context.html(await page("challenge"), 403);
    }
    if (!isApi) return next();

    const failure = faults.use("error-500", circumstance);
    const submit = submits[path];
    if (failure === null) return submit === undefined ? next() : submitFaults(world, context, next, submit);
    if (failure.when === "after") await next();
    return (context.res = problem(context, 500, "系統發生錯誤，請稍後再試"));
  };
}

/** A submit may fail in ways that leave the sender unsure: what counts is what the ledger says. */
async function submitFaults(
  world: World,
  context: Context<SiteEnv>,
  next: () => Promise<void>,
  at: string,
): Promise<Response | undefined> {
  const { faults } = world;
  const { socket } = context.env.incoming;
  const circumstance = { path: context.req.path, ban: bearerBan(world, context), at };
  const cut = faults.use("cut-submit", circumstance);
  if (cut !== null) {
    if (cut.when === "after") await next();
    socket.destroy();
    return (context.res = RESPONSE_ALREADY_SENT);
  }
  await next();
  if (faults.use("answer-lost", circumstance) !== null) {
    await new Promise((resolve) => socket.once("close", resolve));
    return (context.res = RESPONSE_ALREADY_SENT);
  }
  return undefined;
}

function isRefusedBrowser(context: Context, refuseHeadless: boolean): boolean {
  return refuseHeadless && (context.req.header("User-Agent") ?? "").includes("HeadlessChrome");
}
