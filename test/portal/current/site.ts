import { Hono } from "hono";
import { misbehaviour } from "../common/misbehaviour.ts";
import type { SiteEnv } from "../common/site-env.ts";
import type { World } from "../model/world.ts";
import { assets } from "./api/assets.ts";
import { blankApi } from "./api/blank.ts";
import { btb004wApi } from "./api/btb004w.ts";
import { dashboardApi } from "./api/dashboard.ts";
import { manners } from "./api/manners.ts";
import { filePageApi } from "./api/file-page.ts";
import { FILE_PAGES } from "../common/file-pages/index.ts";
import { signInApi } from "./api/sign-in.ts";
import { winningApi } from "./api/winning.ts";

/** The current design: a Vue single-page application over JSON APIs (portal facts, sections 1 to 4). */
export function currentSite(world: World, binding: Hono<SiteEnv>): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  site.use(misbehaviour(world, manners(world)));
  site.route("/act", signInApi(world));
  site.route("/ptl/api", dashboardApi(world));
  site.route("/btb/api/btb004w", btb004wApi(world));
  site.route("/btb/api/blank", blankApi(world));
  for (const page of FILE_PAGES) site.route(`/btb/api/file-page/${page.id}`, filePageApi(world, page));
  site.route("/btb/api/winning", winningApi(world));
  site.route("/", binding);
  site.route("/", assets());
  return site;
}
