import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { challengeFrame } from "../../common/challenge-frame.ts";
import type { SiteEnv } from "../../common/site-env.ts";

const read = (name: string): Promise<string> => readFile(new URL(`../browser/${name}`, import.meta.url), "utf8");

/** The one style sheet and the one script of all pages. */
export function assets(): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  site.get("/classic/classic.css", async (context) =>
    context.body(await read("classic.css"), 200, { "Content-Type": "text/css; charset=utf-8" }),
  );
  site.get("/classic/classic.js", async (context) =>
    context.body(await read("classic.js"), 200, { "Content-Type": "text/javascript; charset=utf-8" }),
  );
  site.get("/cdn-cgi/*", async (context) => context.html(await challengeFrame()));
  site.get("/favicon.ico", (context) => context.body(null, 204));
  return site;
}
