import type { Context } from "hono";
import { html } from "hono/html";
import type { Manners } from "../common/misbehaviour.ts";
import { shell } from "./layout.ts";

/** How the platform fails: with pages of its own. */
export function manners(ban: (context: Context) => string | null): Manners {
  const page = (words: string): ReturnType<typeof shell> =>
    shell({ content: html`<h2>${words}</h2>`, isInside: false });
  return {
    isAsset: (path) => path === "/favicon.ico",
    isPage: () => true,
    canFail: () => true,
    submits: { "/winners/mail": "mailing", "/batch/blank/make": "batch" },
    ban,
    outage: (context) => context.html(page("系統維護中，暫停服務"), 503),
    challenge: (context) => context.html(page("正在執行安全驗證"), 403),
    failure: (context) => context.html(page("系統發生錯誤，請稍後再試"), 500),
  };
}
