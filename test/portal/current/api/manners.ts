import type { World } from "../../model/world.ts";
import type { Manners } from "../../common/misbehaviour.ts";
import { page } from "./assets.ts";
import { bearerBan, problem } from "./site-env.ts";

const isApi = (path: string): boolean => path.includes("/api/");

/** The ways of a single-page application: its APIs refuse in JSON, and only the shell that loads it is a page. */
export function manners(world: World): Manners {
  return {
    isAsset: (path) => path.startsWith("/assets/") || path.startsWith("/cdn-cgi/"),
    isPage: (path) => !isApi(path),
    canFail: isApi,
    submits: {
      "/APMEMBERVAN/membercardlogin/bind": "bind",
      "/APCONSUMER/BTC103I/bind": "bind",
      "/btb/api/btb004w/apply": "take",
      "/btb/api/blank/upload": "upload",
      "/btb/api/blank/add": "add",
      "/btb/api/blank/delete": "delete",
    },
    ban: (context) => bearerBan(world, context),
    outage: async (context) =>
      isApi(context.req.path)
        ? problem(context, 503, "系統升級維護中，暫停服務")
        : context.html(await page("outage"), 503),
    challenge: async (context) => context.html(await page("challenge"), 403),
    failure: (context) => problem(context, 500, "系統發生錯誤，請稍後再試"),
  };
}
