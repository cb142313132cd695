import type { FailureData, FailureDetail } from "../../../failures/failure.ts";
import { factList } from "../../../recording/export/fragments.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { afterText } from "../../../recording/export/format.ts";
import type { RecordedRun } from "../../http/records.ts";
import { icon } from "../icons.ts";
import { badgeOfRun } from "./run-badge.ts";

/** What was wanted, where, what was seen, and the page's own words. */
export function failureFacts({ wanted, page, seen, pageSays }: FailureDetail): Markup | null {
  const facts = [
    ["要做的", wanted],
    ["在哪一頁", page],
    ["看到的", seen],
    ["平台說", pageSays],
  ] as const;
  return factList(facts.flatMap(([label, value]): [string, string][] => (value === undefined ? [] : [[label, value]])));
}

/** What was done before, and what is missing now: nobody may overlook a half of something. */
function doneFacts({ done = [], missing, until }: FailureData): Markup | null {
  if (done.length === 0) return null;
  const facts: [string, string][] = [["已經做了", done.join("、")]];
  if (missing !== undefined) facts.push(["平台上現在缺", missing]);
  if (until !== undefined) facts.push(["最晚", until]);
  return factList(facts);
}

/** Why a run did not do its work: what was wanted, what was seen, the page's own words, and what may be done now. */
export function failureCard({ run, record }: RecordedRun): Markup | null {
  const { failure } = run;
  if (run.state !== "ended" || failure === null) return null;
  const { icon: shape, tone } = badgeOfRun(run);
  return html`<section class="card edge-${tone}">
<h2 class="tone-${tone}">${icon(shape)}${failure.code === "cancelled" ? "已取消" : "為什麼沒有完成"}</h2>
<p>${failure.message}</p>
${doneFacts(failure)}
${failureFacts(failure)}
<p><strong>接下來：</strong>${failure.next}</p>
<p class="soft small">${afterText(failure.code)}　代碼 <code>${failure.code}</code></p>
<p class="actions"><a class="button" href="/start?again=${run.id}">照樣再做一次…</a>${record === null ? null : html`<a class="button quiet" href="/runs/${run.id}/compare">和上次成功的比較</a>`}</p>
</section>`;
}
