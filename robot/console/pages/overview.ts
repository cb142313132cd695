import type { Hono } from "hono";
import { portalOrigin } from "../../config/portal-origin.ts";
import { type ObligationCell, obligationTable, type CompanyObligations } from "../../engine/runs/obligations.ts";
import { type Day, taipeiDay } from "../../invoicing/values/day.ts";
import {
  type ObligationOfPeriod,
  obligationsAt,
  obligationsOf,
  type ObligationStatus,
  OBLIGATION_STATUSES,
} from "../../invoicing/deadlines/obligations.ts";
import {
  formatPeriod,
  isPeriod,
  nextPeriod,
  type Period,
  periodOfDay,
  previousPeriod,
} from "../../invoicing/values/period.ts";
import { html, type Markup } from "../../lib/html.ts";
import { liveAddress } from "../http/live.ts";
import { renderPage } from "../http/respond.ts";
import { icon } from "../view/icons.ts";
import { ATTENTION, obligationHref, attentionList } from "../view/attention.ts";
import { dayWithWeekday, daysText, isWeekend, lookOf, statusText } from "../view/status.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** Which companies are shown. */
const VIEWS = [
  { key: "all", title: "全部" },
  { key: "attention", title: "要處理" },
  { key: "live", title: "進行中" },
  { key: "open", title: "還沒做完" },
  { key: "done", title: "都做完了" },
] as const;
type View = (typeof VIEWS)[number]["key"];

const LIVE: readonly ObligationStatus[] = ["running", "waiting", "queued"];
const SETTLED: readonly ObligationStatus[] = ["done", "other", "passed", "later"];

/** 總覽: what is to be done for whom, until when, and how it stands. */
export function overviewRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/", async (c) => {
    const live = await liveAddress(world);
    const config = world.config();
    const today = taipeiDay(world.now());
    const asked = c.req.query("period") ?? "";
    const period = isPeriod(asked) ? asked : null;
    const options = { allocationDay: config.portal.allocationDay };
    const { flows } = world;
    const obligations = period === null ? obligationsAt(today, flows, options) : obligationsOf(period, flows, options);
    const rows = byUrgency(await obligationTable(world.store, config.companies, obligations, flows, today));
    const view = VIEWS.find(({ key }) => key === c.req.query("show"))?.key ?? "all";
    const query = (c.req.query("q") ?? "").trim();
    const body = html`<header class="head"><div><h1>總覽</h1><p class="crumb"><a href="/pages">平台頁面</a></p></div>${periodPicker(period, periodOfDay(today))}</header>
${
  config.companies.length === 0
    ? nothingYet()
    : html`
<section id="on-top" data-fresh aria-label="現在要處理">${await attentionList(rows, obligations, period, { store: world.store, now: world.now(), portal: portalOrigin(config) })}</section>
<section aria-label="期限" class="deadlines">${obligations.map((obligation) => deadline(obligation, today))}</section>
${filters(view, query, period, rows)}
<div id="table" data-fresh>${table(shownRows(rows, view, query), obligations, today)}</div>`
}`;
    return renderPage(c, world, { title: "總覽", section: "overview", body, live });
  });
}

function periodPicker(period: Period | null, running: Period): Markup {
  const around = [previousPeriod(previousPeriod(running)), previousPeriod(running), running, nextPeriod(running)];
  const link = (href: string, title: string, here: boolean): Markup =>
    html`<a href="${href}"${here ? html` aria-current="true"` : null}>${title}</a>`;
  return html`<nav class="tabs" aria-label="期別">${link("/", "現在要做的", period === null)}${around.map((one) =>
    link(`/?period=${one}`, formatPeriod(one, "zh"), period === one),
  )}</nav>`;
}

function nothingYet(): Markup {
  return html`<section class="empty"><p><strong>還沒有任何公司。</strong></p><p>到<a href="/settings">設定</a>加入公司，或匯入名冊（CSV）。</p></section>`;
}

function worst(row: CompanyObligations): number {
  return Math.min(...row.cells.map(({ status }) => OBLIGATION_STATUSES.indexOf(status)), OBLIGATION_STATUSES.length);
}

/** What wants a person's eyes comes first. */
function byUrgency(rows: readonly CompanyObligations[]): CompanyObligations[] {
  return rows.toSorted((a, b) => worst(a) - worst(b));
}

/** One duty: of which period, until when, and that no weekend moves it. */
function deadline({ title, about, from, by, movesOnHoliday }: ObligationOfPeriod, today: Day): Markup {
  const last = by ?? from;
  const fixed = by !== null && !movesOnHoliday;
  return html`<div class="deadline"><span class="name">${title.zh}<span class="soft">${formatPeriod(about, "zh")}</span></span>
<span class="when">${dayWithWeekday(from)}${by === null ? " 起" : html`–<strong>${dayWithWeekday(by)}</strong>`}</span>
<span class="left">${daysText({ from, by }, today)}</span>${fixed ? html`<span class="fixed${isWeekend(last) ? " weekend" : ""}">${isWeekend(last) ? "遇假日，" : ""}假日不順延</span>` : null}</div>`;
}

function filters(view: View, query: string, period: Period | null, rows: readonly CompanyObligations[]): Markup {
  return html`<form class="filters" method="get" action="/" role="search">
${period === null ? null : html`<input type="hidden" name="period" value="${period}">`}
<fieldset class="chips"><legend class="unseen">只看</legend>${VIEWS.map(
    ({ key, title }) =>
      html`<label><input type="radio" name="show" value="${key}"${key === view ? html` checked` : null}><span>${title} <span class="soft">${rows.filter((row) => isInView(row, key)).length}</span></span></label>`,
  )}</fieldset>
<label class="search"><span class="unseen">找公司</span><input type="search" name="q" value="${query}" placeholder="找公司名稱或統一編號" data-filter="#table tbody tr"></label>
<button class="quiet">套用</button>
</form>`;
}

function isInView({ cells }: CompanyObligations, view: View): boolean {
  const has = (wanted: readonly ObligationStatus[]): boolean => cells.some(({ status }) => wanted.includes(status));
  switch (view) {
    case "all":
      return true;
    case "attention":
      return has(ATTENTION);
    case "live":
      return has(LIVE);
    case "open":
      return cells.some(({ status }) => !SETTLED.includes(status));
    case "done":
      return cells.every(({ status }) => SETTLED.includes(status));
  }
}

function shownRows(rows: readonly CompanyObligations[], view: View, query: string): CompanyObligations[] {
  return rows.filter(
    (row) => isInView(row, view) && (query === "" || row.name.includes(query) || row.ubn.includes(query)),
  );
}

function table(rows: readonly CompanyObligations[], obligations: readonly ObligationOfPeriod[], today: Day): Markup {
  if (rows.length === 0) return html`<p class="empty">沒有符合的公司。</p>`;
  return html`<table class="matrix"><caption class="unseen">各公司的作業與狀態，${today}</caption>
<thead><tr><th scope="col">公司</th>${obligations.map(({ title }) => html`<th scope="col">${title.zh}</th>`)}</tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr><th scope="row"><a href="/runs?company=${row.ubn}">${row.name}</a><span class="ubn">${row.ubn}</span></th>${row.cells.map((cell, index) => cellOf(cell, obligations[index], row))}</tr>
`,
  )}</tbody></table>
<p class="soft small" data-filter-none hidden>沒有符合的公司。</p>`;
}

function cellOf(cell: ObligationCell, obligation: ObligationOfPeriod | undefined, row: CompanyObligations): Markup {
  if (!obligation) return html`<td></td>`;
  const { icon: shape, tone } = lookOf(cell.status);
  const words = html`${icon(shape)}${statusText(cell, obligation)}`;
  const label = `${row.name} ${obligation.title.zh}：${statusText(cell, obligation)}`;
  const still = cell.runId === null && (cell.status === "later" || cell.status === "other" || cell.status === "passed");
  return html`<td data-title="${obligation.title.zh}">${still ? html`<span class="cell tone-${tone}">${words}</span>` : html`<a class="cell tone-${tone}" href="${obligationHref(cell, obligation, row)}" aria-label="${label}">${words}</a>`}</td>`;
}
