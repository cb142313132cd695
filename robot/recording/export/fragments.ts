import type { RunRecord } from "../format/read.ts";
import { html, type Markup, markup } from "../../lib/html.ts";
import { STYLE } from "./style.ts";
import { categoryText, outcomeText, periodText } from "./format.ts";

/** Pieces that the page of a run and the report of a period have in common. */

/** A whole page that loads nothing and runs no program: it opens anywhere and says the same in ten years. */
export function document(title: string, body: Markup): string {
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
  return html`<!doctype html>
<html lang="zh-Hant-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${markup(STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.toString();
}

/** Labels and values; null when there are none. */
export function factList(facts: readonly (readonly [string, string])[]): Markup | null {
  if (facts.length === 0) return null;
  return html`<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}

/** How a run ended, in its colour. */
export function outcomeBadge({ ended }: RunRecord): Markup {
  if (ended === null) return html`<span class="badge warn">還沒有結束</span>`;
  const tone = ended.outcome.endsWith("done") ? "good" : ended.outcome === "failed" ? "bad" : "warn";
  return html`<span class="badge ${tone}">${outcomeText(ended.outcome)}</span>`;
}

/** The numbers that a run brought, as tables; empty when it brought none. */
export function numberTables(summary: unknown): Markup[] {
  return (
    [
      ["tracks", "字軌號碼"],
      ["blanks", "空白未使用號碼"],
    ] as const
  ).flatMap(([name, title]) => {
    const rows = listIn(summary, name);
    return rows.length === 0 ? [] : [numberTable(title, rows)];
  });
}

/** The list of this name in a run's summary. */
export function listIn(summary: unknown, name: string): readonly unknown[] {
  const list =
    summary !== null && typeof summary === "object" ? Object.entries(summary).find(([key]) => key === name)?.[1] : null;
  return Array.isArray(list) ? list : [];
}

const NUMBER_COLUMNS = [
  ["period", "期別"],
  ["category", "發票類別"],
  ["track", "字軌"],
  ["begin", "起號"],
  ["end", "迄號"],
  ["books", "本數"],
] as const;

function numberTable(title: string, rows: readonly unknown[]): Markup {
  const cell = (row: unknown, key: string): string => {
    const value =
      row !== null && typeof row === "object" ? Object.entries(row).find(([name]) => name === key)?.[1] : null;
    if (typeof value !== "string" && typeof value !== "number") return "";
    if (key === "category") return categoryText(value);
    return key === "period" ? periodText(String(value)) : String(value);
  };
  return html`<table><caption class="small soft">${title}</caption>
<thead><tr>${NUMBER_COLUMNS.map(([, label]) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${NUMBER_COLUMNS.map(([key]) => html`<td>${cell(row, key)}</td>`)}</tr>`)}</tbody></table>`;
}
