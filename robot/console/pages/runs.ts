import type { Hono } from "hono";
import { searchRuns, type RunFilter } from "../../engine/runs/run-search.ts";
import type { RunRow } from "../../engine/runs/runs.ts";
import { failureCodes, failureKind } from "../../failures/failure.ts";
import { type Day, parseDay } from "../../invoicing/values/day.ts";
import { html, type Markup } from "../../lib/html.ts";
import { periodText } from "../../recording/export/format.ts";
import { liveAddress } from "../http/live.ts";
import { numberInQuery } from "../http/query.ts";
import { renderPage } from "../http/respond.ts";
import { badge, badgeOfRun } from "../view/run/run-badge.ts";
import { momentText, formatStarter, tookText } from "../view/time.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** Runs on one page. */
const PAGE = 50;

const STANDINGS = [
  ["live", "還沒結束"],
  ["done", "完成"],
  ["already-done", "早已完成"],
  ["needs-person", "需要人處理"],
  ["failed", "沒有完成"],
  ["unknown", "結果不明"],
] as const;

/** 紀錄: every run there was, to be searched. */
export function runsRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/runs", async (c) => {
    const live = await liveAddress(world);
    const asked = askedOf(new URL(c.req.url).searchParams);
    const number = numberInQuery(c, "page") ?? 1;
    const { runs, total } = await searchRuns(world.store, asked.filter, { limit: PAGE, offset: (number - 1) * PAGE });
    const isBeyond = number > Math.max(1, Math.ceil(total / PAGE));
    const titles = new Map(world.flows.map(({ name, title }) => [name, title.zh]));
    const body = html`<header class="head"><h1>紀錄</h1><p class="soft">${total.toLocaleString("en-US")} 次執行</p></header>
${searchForm(asked, world)}
<div id="runs" data-fresh>${runs.length === 0 ? nothing(asked) : list(runs, titles)}</div>
${pager(asked, number, total)}`;
    return renderPage(c, world, { title: "紀錄", section: "runs", body, live, status: isBeyond ? 404 : 200 });
  });
}

type Asked = {
  readonly filter: RunFilter;
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
};

const FIELDS = ["text", "ubn", "flow", "standing", "code", "from", "to"] as const;

function askedOf(query: URLSearchParams): Asked {
  const values: Record<string, string> = {};
  for (const name of FIELDS) {
    const value = (query.get(name) ?? (name === "ubn" ? query.get("company") : null) ?? "").trim();
    if (value !== "") values[name] = value;
  }
  const faults: string[] = [];
  const day = (name: "from" | "to"): Day | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    try {
      return parseDay(text);
    } catch {
      faults.push(`日期「${text}」看不懂，請寫成 2026-11-21。`);
      return undefined;
    }
  };
  const [from, to] = [day("from"), day("to")];
  const { from: _from, to: _to, ...texts } = values;
  return { values, faults, filter: { ...texts, ...(from ? { from } : {}), ...(to ? { to } : {}) } };
}

function searchForm({ values, faults }: Asked, world: ConsoleContext): Markup {
  const options = (name: string, all: string, list: readonly (readonly [string, string])[]): Markup =>
    html`<select name="${name}"><option value="">${all}</option>${list.map(
      ([value, title]) =>
        html`<option value="${value}"${values[name] === value ? html` selected` : null}>${title}</option>`,
    )}</select>`;
  const companies = world.config().companies.map(({ name, ubn }) => [ubn, `${name} ${ubn}`] as const);
  const flows = world.flows.map(({ name, title }) => [name, title.zh] as const);
  const codes = failureCodes().map((code) => [code, `${code}　${failureKind(code).explain.zh.slice(0, 18)}`] as const);
  return html`<form class="filters wide" method="get" action="/runs" role="search">
<label class="search"><span>找</span><input type="search" name="text" value="${values["text"] ?? ""}" placeholder="公司、統編或執行編號"></label>
<label><span>公司</span>${options("ubn", "全部", companies)}</label>
<label><span>作業</span>${options("flow", "全部", flows)}</label>
<label><span>結果</span>${options("standing", "全部", STANDINGS)}</label>
<label><span>原因代碼</span>${options("code", "全部", codes)}</label>
<label><span>從</span><input type="date" name="from" value="${values["from"] ?? ""}"></label>
<label><span>到</span><input type="date" name="to" value="${values["to"] ?? ""}"></label>
<button>找</button>${Object.keys(values).length > 0 ? html`<a class="button quiet" href="/runs">清除</a>` : null}
</form>
${faults.map((fault) => html`<p class="notice bad" role="alert">${fault}</p>`)}`;
}

function nothing({ values }: Asked): Markup {
  if (Object.keys(values).length > 0) return html`<p class="empty">沒有符合的執行。<a href="/runs">看全部</a></p>`;
  return html`<section class="empty"><p><strong>還沒有任何執行。</strong></p><p>到<a href="/start">執行</a>開始第一次，或在<a href="/settings">設定</a>排定時間。</p></section>`;
}

function list(runs: readonly RunRow[], titles: ReadonlyMap<string, string>): Markup {
  return html`<table class="list"><caption class="unseen">執行，新的在前</caption>
<thead><tr><th scope="col">開始</th><th scope="col">結果</th><th scope="col">作業</th><th scope="col">公司</th><th scope="col">期別</th><th scope="col">經過</th><th scope="col">發起</th></tr></thead>
<tbody>${runs.map(
    (run) => html`<tr><td class="when"><a href="/runs/${run.id}">${momentText(run.createdAt)}</a></td>
<td>${badge(badgeOfRun(run))}${whyOf(run)}</td><td class="what">${titles.get(run.flow) ?? run.flow}</td><td class="whom">${run.company}<span class="ubn">${run.ubn}</span></td>
<td>${run.period === null ? "" : periodText(run.period)}</td><td class="soft num">${tookText(run)}</td><td class="soft small by">${formatStarter(run.startedBy)}</td></tr>
`,
  )}</tbody></table>`;
}

function whyOf({ failure, progress, state }: RunRow): Markup | null {
  if (state !== "ended") return progress === null ? null : html`<span class="soft small">${progress}</span>`;
  return failure === null || failure.code === "cancelled" ? null : html`<code class="small">${failure.code}</code>`;
}

function pager({ values }: Asked, number: number, total: number): Markup {
  const pages = Math.max(1, Math.ceil(total / PAGE));
  if (pages === 1) return html`<div id="pager" data-fresh></div>`;
  const to = (page: number): string => `/runs?${new URLSearchParams({ ...values, page: String(page) }).toString()}`;
  const link = (page: number, words: string): Markup =>
    page < 1 || page > pages ? html`<span class="soft">${words}</span>` : html`<a href="${to(page)}">${words}</a>`;
  return html`<div id="pager" data-fresh><nav class="pager" aria-label="頁">${link(number - 1, "← 較新")}<span>第 ${number} / ${pages} 頁</span>${link(number + 1, "較舊 →")}</nav></div>`;
}
