import { failureInQuestion } from "../../engine/people/assistance.ts";
import { isList, type Json } from "../../lib/json.ts";
import { factList } from "../../recording/export/fragments.ts";
import { html, type Markup } from "../../lib/html.ts";
import { describeFacts, plainText } from "../../recording/export/format.ts";
import { failureFacts } from "./run/failure-card.ts";

type Rows = readonly { readonly [key: string]: Json | undefined }[];

/** What a question is about, for anyone who has to decide: two readings side by side, what would be deleted and added, what went wrong, or facts. */
export function contextView(context: Json): Markup | null {
  if (context === null || typeof context !== "object" || isList(context)) return null;
  if (context["before"] !== undefined && context["after"] !== undefined) {
    return readings(context["before"], context["after"]);
  }
  if (context["delete"] !== undefined && context["upload"] !== undefined) {
    return html`<div class="two">${change("平台上會刪除", rowsOf(context["delete"]), "bad")}${change("會上傳", rowsOf(context["upload"]), "good")}</div>`;
  }
  const failure = failureInQuestion(context);
  return failure ? failureFacts(failure) : factList(describeFacts(context));
}

/** What the portal said before the press and what it says now; what differs stands out. */
function readings(before: Json, after: Json): Markup {
  const [was, is] = [new Map(describeFacts(before)), new Map(describeFacts(after))];
  const labels = [...new Set([...was.keys(), ...is.keys()])];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="表格"><table class="plain readings"><thead><tr><th scope="col">平台上看到的</th><th scope="col">按下之前</th><th scope="col">事後查證</th></tr></thead>
<tbody>${labels.map((label) => {
    const [old, now] = [was.get(label) ?? "（沒有）", is.get(label) ?? "（沒有）"];
    const differs = old !== now;
    return html`<tr${differs ? html` class="differs"` : null}><th scope="row">${label === "" ? "內容" : label}</th><td>${old}</td><td>${now}${differs ? html` <strong>← 不同</strong>` : null}</td></tr>`;
  })}</tbody></table></div>`;
}

const NAMES: Readonly<Record<string, string>> = {
  ubn: "統編",
  period: "期別",
  category: "類別",
  track: "字軌",
  begin: "起號",
  end: "迄號",
};

function change(title: string, rows: Rows, tone: "good" | "bad"): Markup {
  const columns = Object.keys(NAMES).filter((name) => rows.some((row) => row[name] !== undefined));
  return html`<section class="card edge-${tone}"><h3>${title} <span class="soft">${rows.length} 段</span></h3>${
    rows.length === 0
      ? html`<p class="soft">沒有</p>`
      : html`<div class="scroll" tabindex="0" role="region" aria-label="表格"><table class="plain"><thead><tr>${columns.map((name) => html`<th scope="col">${NAMES[name] ?? name}</th>`)}</tr></thead><tbody>${rows.map(
          (row) => html`<tr>${columns.map((name) => html`<td>${plainText(row[name] ?? "")}</td>`)}</tr>`,
        )}</tbody></table></div>`
  }</section>`;
}

function rowsOf(json: Json): Rows {
  if (!isList(json)) return [];
  return json.filter((one): one is Rows[number] => one !== null && typeof one === "object" && !isList(one));
}
