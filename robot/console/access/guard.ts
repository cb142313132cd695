import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { html } from "../../lib/html.ts";
import { bareDocument } from "../view/layout.ts";

/** By which names and over which protocol this console may be reached. */
export interface ConsoleHost {
  /** `host:port` as browsers write it, in lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly protocol: "http" | "https";
}

/** Nothing from elsewhere, no script or style inside a page, nobody may frame it. */
const PAGES = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  frameSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/**
 * What every answer carries and every request must pass before anything is looked up: it names this console (else another site's
 * name was pointed at this machine), and it does not come from another site.
 */
export function guard({ hosts, protocol }: ConsoleHost): MiddlewareHandler {
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
    if (!c.res.headers.has("Cache-Control")) c.res.headers.set("Cache-Control", "no-store");
  };
}

/** What every answer says to the browser, those that the guard refuses with included. A page that shows what others made has a stricter or wider policy of its own. */
export function safeHeaders({ protocol }: ConsoleHost): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: PAGES,
    referrerPolicy: "same-origin",
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
    strictTransportSecurity: protocol === "https" ? "max-age=31536000" : false,
    overwrite: false,
  });
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
