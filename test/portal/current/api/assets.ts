import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";
import { challengeFrame } from "../../common/challenge-frame.ts";
import type { SiteEnv } from "../../common/site-env.ts";

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

const folders: Readonly<Record<string, string>> = { css: "../", html: "../pages/", js: "../browser/" };

/** The HTML of one of the pages in `pages/`. */
export async function page(name: string): Promise<string> {
  return readFile(new URL(`../pages/${name}.html`, import.meta.url), "utf8");
}

/** The application's files, Vue itself, and the shell that answers every address of the site. */
export function assets(): Hono<SiteEnv> {
  const app = new Hono<SiteEnv>();
  const vue = fileURLToPath(import.meta.resolve("vue/dist/vue.esm-browser.prod.js"));

  app.get("/assets/vue.js", async (context) =>
    context.body(await readFile(vue, "utf8"), 200, { "Content-Type": types["js"] ?? "" }),
  );
  app.get("/assets/:file{[a-z0-9-]+\\.(?:css|html|js)}", async (context) => {
    const file = context.req.param("file");
    const kind = file.slice(file.lastIndexOf(".") + 1);
    try {
      const content = await readFile(new URL(`${folders[kind] ?? ""}${file}`, import.meta.url), "utf8");
      return context.body(content, 200, { "Content-Type": types[kind] ?? "text/plain" });
    } catch {
      return context.notFound();
    }
  });
  app.get("/cdn-cgi/*", async (context) => context.html(await challengeFrame()));
  app.get("/favicon.ico", (context) => context.body(null, 204));
  app.get("*", async (context) =>
    context.req.path.includes("/api/") ? context.notFound() : context.html(await page("index")),
  );
  return app;
}
