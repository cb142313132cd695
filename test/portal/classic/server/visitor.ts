import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { stream } from "hono/streaming";
import { openPage, type PageView } from "../../common/page-view.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import type { Session } from "../../model/sign-in.ts";
import type { World } from "../../model/world.ts";
import { barePage, pageRest, pageTop } from "../html/layout.ts";
import { downloadWindow, type Markup } from "../html/parts.ts";
import { NOT_GRANTED, SESSION_EXPIRED } from "../words.ts";

const COOKIE = "JSESSIONID";

/** The visitor's cookie: who is signed in has the session's token there. */
export function visitorId(context: Context): string {
  return getCookie(context, COOKIE) ?? "";
}

export function setVisitorId(context: Context, id: string): void {
  setCookie(context, COOKIE, id, { path: "/", httpOnly: true, sameSite: "Lax" });
}

/** A page as its handler knows it. */
export interface ClassicPage {
  readonly code: string;
  readonly title: string;
  /** Where the 返回 above the breadcrumb leads. */
  readonly back?: string;
  readonly crumbs: readonly string[];
  /** What it shows; where that hangs on what is ordered of the page, made of that. */
  readonly content: Markup | ((view: PageView) => Markup);
  readonly says?: string | undefined;
  readonly hasQuery?: boolean;
  readonly hasTable?: boolean;
  readonly hasTicks?: boolean;
}

/** Answers with a page; a late one stays 資料載入中… below its heading until the rest of it arrives. */
export async function showPage(
  world: World,
  context: Context<SiteEnv>,
  session: Session | null,
  page: ClassicPage,
): Promise<Response> {
  const { code, title, back = null, crumbs, says, hasQuery = false, hasTable = false, hasTicks = false } = page;
  const { path } = context.req;
  const isLanding = code === "BTB013W";
  const has = { hasMenu: session !== null, hasQuery, hasTable, hasTicks };
  const view = openPage(world, session, { code, path, isLanding, ...has });
  const spoken = [says ?? null, view.warning].filter((text) => text !== null);
  const shell = { title, back, crumbs, session, path, view, says: spoken };
  const top = String(await pageTop(shell));
  const rest = String(await pageRest(shell, typeof page.content === "function" ? page.content(view) : page.content));
  if (view.lateMs === 0) return context.html(top + rest);
  context.header("Content-Type", "text/html; charset=UTF-8");
  return stream(context, async (writer) => {
    await writer.write(top);
    await writer.sleep(view.lateMs);
    await writer.write(rest);
  });
}

/** A page that only says something and leads elsewhere. */
export async function sayAndLead(context: Context, says: string, leads: string): Promise<Response> {
  return context.html(await barePage({ title: "系統訊息", content: html`<p>${says}</p>`, says, leads }));
}

/** The pop-up window of a download; without an address of the file it says why there is none. */
export async function showDownload(
  context: Context,
  window: { readonly file: string } | { readonly refusal: string },
): Promise<Response> {
  const title = "檔案下載";
  const page =
    "file" in window ? { content: downloadWindow(window.file) } : { content: downloadWindow(""), says: window.refusal };
  return context.html(await barePage({ title, ...page }));
}

/** Answers with a file to save. */
export function attachment(context: Context, name: string, content: Buffer): Response {
  return context.body(Uint8Array.from(content), 200, {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename="${name}"`,
  });
}

/** Lets nobody through without a living session, nor to a page whose function the account was not granted. */
export function signedIn(world: World, functionCode?: string): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const session = world.signIn.session(visitorId(context), context.req.path);
    if (session === null) return sayAndLead(context, SESSION_EXPIRED, "/index");
    if (session.mustChangePassword && functionCode !== "ACT101W") return context.redirect("/APBTB/ACT101W");
    const free = functionCode === undefined || functionCode === "ACT101W";
    if (!free && !session.account.functions.includes(functionCode)) {
      return sayAndLead(context, NOT_GRANTED, "/APBTB/Main");
    }
    context.set("session", session);
    return next();
  };
}
