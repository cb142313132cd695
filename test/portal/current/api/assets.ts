import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { challengeFrame } from "../../common/challenge-frame.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import { bundledScript, bundledStyle } from "./bundle.ts";

/** The HTML of one of the pages in `pages/`. */
export async function page(name: string): Promise<string> {
  return readFile(new URL(`../pages/${name}.html`, import.meta.url), "utf8");
}

/** The application, and the shell that answers every address of the site. */
export function assets(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();
  app.get("/assets/app.js", async (context) =>
    context.body(await bundledScript(), 200, { "Content-Type": "text/javascript; charset=utf-8" }),
  );
  app.get("/assets/app.css", async (context) =>
    context.body(await bundledStyle(), 200, { "Content-Type": "text/css; charset=utf-8" }),
  );
  app.get("/assets/*", (context) => context.notFound());
  app.get("/cdn-cgi/*", async (context) => context.html(await challengeFrame()));
  app.get("/favicon.ico", (context) => context.body(null, 204));
  app.get("*", async (context) =>
    context.req.path.includes("/api/") ? context.notFound() : context.html(await page("index")),
  );
  return app;
}
