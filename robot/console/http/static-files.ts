import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { extname } from "node:path";
import type { Hono } from "hono";
import type { Env } from "./console-context.ts";

/** The styles of every page, in the order in which they add to each other. */
export const STYLES = ["base", "parts", "frame", "overview", "runs", "work", "phone"] as const;

/** Everything the pages load. Named one by one: what is not in this list does not exist. */
const FILES = [...STYLES.map((name) => `${name}.css`), "console.js", "icon.svg"];

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The console's own style and script; no one need be signed in for them. */
export function staticRoutes(app: Hono<Env>): void {
  for (const name of FILES) {
    const path = fileURLToPath(new URL(`../static/${name}`, import.meta.url));
    app.get(`/static/${name}`, async (c) => {
      const bytes = new Uint8Array(await readFile(path));
      return c.body(bytes, 200, { "Content-Type": TYPES[extname(name)] ?? "text/plain", "Cache-Control": "no-cache" });
    });
  }
}
