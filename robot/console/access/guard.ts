import type { MiddlewareHandler } from "hono";
import { html } from "../../lib/html.ts";
import { bareDocument } from "../view/layout.ts";

/** By which names and over which protocol this console may be reached. */
export interface Place {
  /** `host:port` as browsers write it, in lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly protocol: "http" | "https";
}

/** Nothing from elsewhere, no script or style inside a page, nobody may frame it. */
const PAGES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * What every answer carries and every request must pass before anything is looked up: it names this console (else another site's
 * name was pointed at this machine), and it does not come from another site.
 */
export function guard({ hosts, protocol }: Place): MiddlewareHandler {
  return async (c, next) => {
    const { method } = c.req;
    const host = c.req.header("host")?.toLowerCase() ?? "";
    const refuse = (status: 403 | 421, words: string): Response =>
      new Response(bareDocument("不接受這個要求", html`<h1>不接受這個要求</h1><p>${words}</p>`), {
        status,
        headers: { "Content-Type": "text/html; charset=utf-8" },
      });
    if (!hosts.has(host)) {
      c.res = refuse(
        421,
        "網址不是這個主控台的位址。請用 serve 印出的網址開啟；要用別的名稱，請寫在設定的 console.names。",
      );
    } else if (isForeign(method, `${protocol}://${host}`, (name) => c.req.header(name))) {
      c.res = refuse(403, "這個要求是從別的網站送來的，沒有執行。");
    } else {
      await next();
    }
    const { headers } = c.res;
    if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", PAGES);
    if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    if (protocol === "https") headers.set("Strict-Transport-Security", "max-age=31536000");
  };
}

const SAFE = ["GET", "HEAD"];

/** Another port of this machine is another site as well: whatever runs there is not us. */
function isForeign(method: string, own: string, header: (name: string) => string | undefined): boolean {
  const site = header("sec-fetch-site");
  if (SAFE.includes(method)) {
    if (site === undefined || site === "same-origin" || site === "none") return false;
    // A link from elsewhere may open a page; it may not load one into its own, nor a picture or a file.
    return header("sec-fetch-mode") !== "navigate" || header("sec-fetch-dest") !== "document";
  }
  const origin = header("origin");
  return origin === undefined ? site !== "same-origin" : origin !== own;
}
