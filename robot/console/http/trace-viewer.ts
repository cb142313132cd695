import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";
import type { Hono } from "hono";
import { html } from "../../lib/html.ts";
import { baseOf } from "../view/run/file-list.ts";
import { recordedRun, fileOfRun } from "./records.ts";
import { renderNotFound, renderPage } from "./respond.ts";
import type { ConsoleContext, Env } from "./console-context.ts";

/**
 * Playwright's own trace viewer, served from the package of the browser driver: its files are there, though not among its exports.
 * The pages in a trace are what the portal showed; the viewer strips their scripts and gives each page its own policy.
 */
const VIEWER = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' data: blob:",
  "frame-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".webmanifest": "application/manifest+json",
};

export function traceRoutes(app: Hono<Env>, world: ConsoleContext): void {
  const folder = viewerFolder();
  let files: Promise<ReadonlyMap<string, string>> | null = null;

  app.get("/trace-viewer/*", async (c) => {
    // Looked up among the files that there are: no path is made of what a person asked for.
    const path = (await (files ??= filesIn(folder))).get(c.req.path.slice("/trace-viewer/".length) || "index.html");
    if (path === undefined) return renderNotFound(c, world, "軌跡檢視器沒有這個檔案。");
    return c.body(new Uint8Array(await readFile(path)), 200, {
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Content-Security-Policy": VIEWER,
      "Cache-Control": "no-cache",
    });
  });

  app.get("/runs/:id/trace/:name", async (c) => {
    const recorded = await recordedRun(world, c.req.param("id"));
    const file = await fileOfRun(recorded, `traces/${c.req.param("name")}`, world.config().recordings.folder);
    if (!file) return renderNotFound(c, world, "紀錄裡沒有這份軌跡；可能已依保存規定刪除。");
    const { run } = recorded;
    const name = baseOf(file.path);
    const trace = `/runs/${run.id}/trace-file/${encodeURIComponent(name)}`;
    const body = html`<header class="head"><div><p class="crumb"><a href="/runs">紀錄</a> › <a href="/runs/${run.id}">${run.company} ${run.id}</a></p><h1>操作軌跡 ${name}</h1></div><a class="button quiet" href="${trace}" download>下載</a></header>
<iframe class="viewer" title="操作軌跡檢視器" src="/trace-viewer/index.html?trace=${encodeURIComponent(trace)}"></iframe>
<p class="soft small">左邊是逐步的操作，右邊是當時的頁面。檢視器由 Playwright 提供，介面是英文。</p>`;
    return renderPage(c, world, { title: `操作軌跡 ${name}`, section: "runs", body });
  });
}

function viewerFolder(): string {
  const playwright = createRequire(import.meta.url).resolve("playwright");
  const core = dirname(createRequire(playwright).resolve("playwright-core/package.json"));
  return join(core, "lib", "vite", "traceViewer");
}

/** Every file of the viewer by its address under `/trace-viewer/`. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join("/"), path]));
}
