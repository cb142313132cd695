import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import type { Office } from "../office/office.ts";
import { Parcels } from "../office/parcels.ts";
import { api } from "./api.ts";

const FILES = [
  "kit.js",
  "table.js",
  "sign-in.js",
  "numbers.js",
  "blanks.js",
  "carrier.js",
  "main.js",
  "look.css",
] as const;

/** One page, everything drawn by script, parts of a component library at the end of body. */
export function elementy(office: Office): Hono {
  const app = new Hono();
  api(app, office, new Parcels(office));
  app.get("/assets/vue.js", async (c) =>
    c.body(await readFile(new URL("../../../node_modules/vue/dist/vue.global.prod.js", import.meta.url)), 200, {
      "Content-Type": "text/javascript",
    }),
  );
  for (const name of FILES) {
    app.get(`/assets/${name}`, async (c) =>
      c.body(await readFile(new URL(`./page/${name}`, import.meta.url)), 200, {
        "Content-Type": name.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
      }),
    );
  }
  for (const path of ["/", "/accounts/*", "/dashboard/*", "/portal/*"])
    app.get(path, (c) =>
      c.html(`<!doctype html><html lang="zh-Hant"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>財政部電子發票整合服務平台</title><link rel="stylesheet" href="/assets/look.css"></head>
<body><div id="app"><div class="boot">載入中…</div></div><script src="/assets/vue.js"></script>${FILES.filter((name) =>
        name.endsWith(".js"),
      )
        .map((name) => `<script src="/assets/${name}"></script>`)
        .join("")}</body></html>`),
    );
  return app;
}
