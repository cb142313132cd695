import type { Hono } from "hono";
import { Failure } from "../../failures/failure.ts";
import { html } from "../../lib/html.ts";
import { adoptPicks } from "../../picks/picks.ts";
import { may } from "../access/roles.ts";
import { recordedRun } from "../http/records.ts";
import { fieldValues, renderNotFound, renderPage, requireRole, withAudit } from "../http/respond.ts";
import { partMap } from "../view/parts/part-map.ts";
import { asPicks, readChoices, type UnknownPage, unknownPagesOf } from "../view/parts/unknown-pages.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** The flow that looks at the pages; what was picked is found again by it. */
const CHECK = "check-pages";

/** A page that was not as it is known: a person shows where its parts are now, and agrees to what is written down of them. */
export function partRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/runs/:id/parts/:seq", requireRole("operate", world), async (c) => {
    const { run, page } = await pageOf(world, c.req.param("id"), c.req.param("seq"));
    if (page === null) return renderNotFound(c, world, "這次執行沒有這樣的一頁。");
    const chosen = readChoices(page.shown, c.req.queries("pick") ?? []);
    const body = html`<header class="head"><div><p class="crumb"><a href="/runs">紀錄</a> › <a href="/runs/${run.id}">${run.company} ${run.id}</a></p><h1>它現在在哪裡</h1></div></header>
${partMap(run.id, page, chosen, c.get("session"))}`;
    return renderPage(c, world, { title: "它現在在哪裡", section: "runs", body });
  });

  app.post(
    "/runs/:id/parts/:seq",
    withAudit(
      {
        name: "pick-parts",
        role: "operate",
        async act(c, form, session) {
          const { run, page } = await pageOf(world, c.req.param("id") ?? "", c.req.param("seq") ?? "");
          const chosen = page === null ? new Map<string, number>() : readChoices(page.shown, fieldValues(form, "pick"));
          if (page === null || chosen.size === 0)
            throw new Failure("wrong-use", { wanted: "指出至少一樣東西現在的位置", seen: "沒有指出任何東西" });
          const role = may(session.role, "manage") ? "manage" : "operate";
          const picks = asPicks(page.shown, chosen, { by: session.person, role });
          await adoptPicks(world.config().portal.parts, picks, world.now());
          const checks = page.shown.page === null ? {} : { page: page.shown.page };
          const { run: check } = await world.robot.submit({
            flow: CHECK,
            company: { name: run.company, ubn: run.ubn },
            input: checks,
            startedBy: `console ${session.person}`,
            rehearsal: false,
          });
          const about = picks.map(({ part, thing }) => ({ part: part.id, was: part.name, now: thing.words }));
          return { response: c.redirect(`/runs/${check.id}?done=picked`, 303), about: { run: run.id, picks: about } };
        },
      },
      world,
    ),
  );
}

async function pageOf(
  world: ConsoleContext,
  id: string,
  seq: string,
): Promise<{ run: Awaited<ReturnType<typeof recordedRun>>["run"]; page: UnknownPage | null }> {
  const { run, record, quarantined } = await recordedRun(world, id);
  const pages = record === null || quarantined ? [] : unknownPagesOf(record);
  return { run, page: pages.find((one) => String(one.seq) === seq) ?? null };
}
