import { html } from "hono/html";
import type { Manners } from "../../common/misbehaviour.ts";
import type { World } from "../../model/world.ts";
import { barePage } from "../html/layout.ts";
import { visitorId } from "./visitor.ts";

const PICTURE = "/home/randNum";

/** The ways of a server that renders every page: a failure is a page as well. */
export function manners(world: World): Manners {
  return {
    isAsset: (path) => ["/classic/", "/cdn-cgi/", "/favicon.ico"].some((start) => path.startsWith(start)),
    isPage: (path) => path !== PICTURE,
    canFail: () => true,
    submits: {
      "/APMEMBERVAN/membercardlogin/bind": "bind",
      "/APCONSUMER/BTC103I/bind": "bind",
      "/APBTB/BTB004W/submit": "take",
      "/APBTB/blank/import": "upload",
      "/APBTB/blank/save": "add",
      "/APBTB/blank/delete": "delete",
    },
    ban: (context) => world.signIn.companyOf(visitorId(context)),
    outage: async (context, planned) =>
      context.html(
        await barePage({
          title: "系統升級維護中",
          content: html`<h2>系統升級維護中，暫停服務</h2>
            <p>${planned ?? "本平台目前進行升級維護作業，暫停服務期間造成不便，敬請見諒。"}</p>
            <p>客服專線：0800-521-988（24小時服務）</p>`,
        }),
        503,
      ),
    challenge: async (context, language) =>
      context.html(
        await barePage({
          title: "請稍候...",
          content: html`<h2>${language === "zh" ? "正在執行安全驗證" : "Performing security verification"}</h2>
            <p>${language === "zh" ? "本頁面會在網站驗證您並非機器人時顯示。" : "Verify you are human by completing the action below."}</p>
            <form method="get">
              <iframe
                title="內含安全驗證查問的小工具"
                src="/cdn-cgi/challenges.cloudflare.com/turnstile"
                width="300"
                height="65"
              ></iframe>
              <input type="hidden" name="cf-turnstile-response" value="" />
            </form>`,
        }),
        403,
      ),
    failure: async (context) =>
      context.html(await barePage({ title: "系統訊息", content: html`<h2>系統發生錯誤，請稍後再試</h2>` }), 500),
  };
}
