import { Hono } from "hono";
import { html } from "hono/html";
import { misbehaviour } from "../common/misbehaviour.ts";
import type { SiteEnv } from "../common/site-env.ts";
import type { World } from "../model/world.ts";
import { assets } from "./server/assets.ts";
import { blankPages } from "./server/blank.ts";
import { manners } from "./server/manners.ts";
import { filePages } from "./server/file-page.ts";
import { FILE_PAGES } from "../common/file-pages/index.ts";
import { signInPages } from "./server/sign-in.ts";
import { trackPages } from "./server/tracks.ts";
import { showPage, signedIn } from "./server/visitor.ts";
import { winningPages } from "./server/winning.ts";

/** The classic design: pages rendered by the server, a tree menu, and the browser's own dialogs (portal facts, sections 1 to 5). */
export function classicSite(world: World, binding: Hono<SiteEnv>): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  site.use(misbehaviour(world, manners(world)));
  site.route("/", binding);
  site.route("/", assets());
  site.route("/", signInPages(world));
  site.route("/APBTB/BTB004W", trackPages(world));
  site.route("/APBTB/blank", blankPages(world));
  for (const page of FILE_PAGES) site.route(`/APBTB/${page.id}`, filePages(world, page));
  site.route("/APBTB/winning", winningPages(world));
  site.get("/APBTB/none/*", signedIn(world), (context) =>
    showPage(world, context, context.get("session"), {
      code: "NONE",
      title: "財政部電子發票整合服務平台",
      crumbs: ["列表"],
      content: html`<p>演練平台未提供此項作業。</p>`,
    }),
  );
  // An address of the other design leads to the front page: who has it in the bookmarks can go on from there.
  site.all("*", (context) => context.redirect("/index"));
  return site;
}
