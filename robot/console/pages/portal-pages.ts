import type { Hono } from "hono";
import { z } from "zod";
import { portalOrigin } from "../../config/portal-origin.ts";
import { type CheckedPageState, isStopping, overrulePage, pageStates } from "../../engine/runs/page-states.ts";
import { listOpenRuns, newestResult, type RunRow } from "../../engine/runs/runs.ts";
import { isHeldByPage } from "../../engine/workflow/pages-first.ts";
import { listIn } from "../../recording/export/fragments.ts";
import { html, type Markup } from "../../lib/html.ts";
import { may } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";
import { recordedRun } from "../http/records.ts";
import { renderPage, withAudit } from "../http/respond.ts";
import { icon } from "../view/icons.ts";
import { csrfField } from "../view/layout.ts";
import { type Picture, pictureHref, picturesOf } from "../view/run/filmstrip.ts";
import { momentText } from "../view/time.ts";

/** What the console shows of a check: written by whichever flow checks, read off its result. */
const checked = z.object({
  pages: z
    .array(
      z.object({
        page: z.string(),
        title: z.string(),
        parts: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            by: z.string().nullable(),
            elements: z.number(),
            milliseconds: z.number(),
          }),
        ),
      }),
    )
    .default([]),
});
type Checked = z.output<typeof checked>["pages"][number];

interface LastCheck {
  readonly run: RunRow;
  readonly pages: readonly Checked[];
  readonly pictures: readonly Picture[];
}

/** 平台頁面: whether the robot still knows each page of the portal, part by part, and which jobs wait because it does not. */
export function portalPageRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/pages", async (c) => {
    const { store, flows } = world;
    const states = await pageStates(store, portalOrigin(world.config()));
    const held = (await listOpenRuns(store)).filter(isHeldByPage);
    const checks = flows.filter(({ checksPages }) => checksPages).map(({ name }) => name);
    const last = await lastCheck(world, checks);
    const order = last?.pages.map(({ page }) => page) ?? [];
    const sorted = states.toSorted(
      (a, b) => Number(isStopping(b)) - Number(isStopping(a)) || order.indexOf(a.page) - order.indexOf(b.page),
    );
    const start = checks[0] === undefined ? null : html`<a class="button" href="/start?flow=${checks[0]}">現在檢查</a>`;
    const body = html`<header class="head"><h1>平台頁面</h1>${start}</header>
<p class="soft">平台改版時，檢查會說哪一頁的哪個欄位或按鈕不一樣了。不認得的頁面只停要用它的作業；下次檢查認得了，等著的作業會自己接著做。</p>
${last === null ? html`<p class="empty">還沒有檢查過。建議排在每天的工作之前：設定 › 排程，選「檢查頁面」、一家公司。</p>` : changes(last)}
${sorted.map((state) => card(state, last, { held, world, session: c.get("session") }))}`;
    return renderPage(c, world, { title: "平台頁面", section: "overview", body });
  });

  app.post(
    "/pages/:page/overrule",
    withAudit(
      {
        name: "overrule-page",
        role: "operate",
        async act(c, _form, { person }) {
          const page = c.req.param("page") ?? "";
          await overrulePage(world.store, portalOrigin(world.config()), page, person);
          await world.robot.pagesNoted();
          return { response: c.redirect("/pages?done=overruled", 303), about: { page } };
        },
      },
      world,
    ),
  );
}

async function lastCheck(world: ConsoleContext, flows: readonly string[]): Promise<LastCheck | null> {
  const run = await newestResult(world.store, flows);
  if (run === null) return null;
  const read = checked.safeParse(run.result);
  const { record, quarantined } = await recordedRun(world, run.id);
  return {
    run,
    pages: read.success ? read.data.pages : [],
    pictures: record === null || quarantined ? [] : picturesOf(record),
  };
}

function changes({ run }: LastCheck): Markup {
  const notes = listIn(run.result, "notes").map(String);
  return html`<section class="card"><h2>上一次檢查 <a class="soft small" href="/runs/${run.id}">${momentText(run.createdAt)}　${run.company}</a></h2>${notes.map((one) => html`<p>${one}</p>`)}</section>`;
}

function card(
  state: CheckedPageState,
  last: LastCheck | null,
  {
    held,
    world,
    session,
  }: { readonly held: readonly RunRow[]; readonly world: ConsoleContext; readonly session: Session },
): Markup {
  const { page, title, problem, since, checkedAt, overruledBy } = state;
  const parts = last?.pages.find((one) => one.page === page)?.parts ?? [];
  const picture = last?.pictures.find(({ name }) => name.startsWith(`${title}：`));
  const stops = isStopping(state);
  const using = world.flows.filter((flow) => flow.mayNeed.some((one) => one === page));
  const waiting = held.filter(({ flow }) => using.some(({ name }) => name === flow));
  const look =
    problem === null
      ? { edge: "good", sign: icon("done"), words: "認得" }
      : stops
        ? { edge: "bad", sign: icon("failed"), words: "不認得，要用它的作業先停著" }
        : { edge: "warn", sign: icon("warn"), words: `不認得；${overruledBy ?? ""} 決定照樣執行` };
  return html`<section class="card edge-${look.edge}" id="${page}"><h2>${look.sign} ${title} <span class="soft small">${look.words}</span></h2>
${problem === null ? null : html`<p>${problem}</p>`}
<p class="soft small">${momentText(since)} 起${problem === null ? "認得" : "不認得"}；最後檢查 ${momentText(checkedAt)}。${using.length === 0 ? "" : `要用這一頁的：${using.map((flow) => flow.title.zh).join("、")}。`}${waiting.length === 0 ? "" : `現在等著的有 ${waiting.length} 件。`}</p>
${
  stops && may(session.role, "operate")
    ? html`<form method="post" action="/pages/${page}/overrule" data-confirm="要讓作業照樣用「${title}」嗎？看不懂的地方，作業自己仍會停下來。">${csrfField(session)}<button>照樣執行</button></form>`
    : null
}
${parts.length === 0 ? null : partTable(parts)}
${picture === undefined || last === null ? null : html`<details><summary>這一頁的圖（認到的都框起來了）</summary><a href="${pictureHref(last.run.id, picture.path)}"><img class="page-picture" src="${pictureHref(last.run.id, picture.path)}" alt="${title}，認到的欄位和按鈕框起來了" loading="lazy"></a></details>`}
</section>
`;
}

function partTable(parts: Checked["parts"]): Markup {
  return html`<details><summary>欄位和按鈕 ${parts.length} 個</summary><div class="scroll" tabindex="0" role="region" aria-label="欄位和按鈕"><table class="list"><thead><tr><th scope="col">名稱</th><th scope="col">怎麼認到的</th><th scope="col">幾個</th><th scope="col">花多久</th></tr></thead><tbody>${parts.map(
    ({ id, name, by, elements, milliseconds }) =>
      html`<tr><td>${name}<br><span class="soft small">${id}</span></td><td>${by ?? "這一頁沒有"}</td><td>${elements}</td><td>${milliseconds} 毫秒</td></tr>`,
  )}</tbody></table></div></details>`;
}
