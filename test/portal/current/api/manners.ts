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
    outage: async (context, planned) =>
      isApi(context.req.path)
        ? problem(context, 503, planned ?? "系統升級維護中，暫停服務")
        : context.html((await page("outage")).replace(/(?<=<p>)為提供[^<]*/, planned ?? "$&"), 503),
    challenge: async (context, language) => {
      const text = await page("challenge");
      return context.html(language === "zh" ? text : inEnglish(text), 403);
    },
    failure: (context) => problem(context, 500, "系統發生錯誤，請稍後再試"),
  };
}

/** The challenge page as it comes in English. */
function inEnglish(text: string): string {
  return text
    .replace("請稍候...", "Just a moment...")
    .replace("正在執行安全驗證", "Performing security verification")
    .replace(/此網站使用安全服務[^<]*/, "Verify you are human by completing the action below.");
}
