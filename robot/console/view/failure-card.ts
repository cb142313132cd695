import { type FailureDetail, failureKind, isFailureCode } from "../../failures.ts";
import { factList } from "../../recording/export/fragments.ts";
import { html, type Markup } from "../../recording/export/html.ts";
import type { RecordedRun } from "../records.ts";
import { icon } from "./icons.ts";
import { lookOfRun } from "./run-look.ts";

const AFTER = {
  never: "照同樣的要求再做一次，結果也會一樣；要先改要求或設定。",
  later: "平台上沒有任何改變，之後可以照樣再執行一次。",
  person: "要先由人排除原因，再執行。",
  reconcile: "不知道平台有沒有收下：先查證，不要重複送出。",
} as const;

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

/** Why a run did not do its work: what was wanted, what was seen, the page's own words, and what may be done now. */
export function failureCard({ run, record }: RecordedRun): Markup | null {
  const { failure } = run;
  if (run.state !== "ended" || failure === null) return null;
  const { icon: shape, tone } = lookOfRun(run);
  return html`<section class="card edge-${tone}">
<h2 class="tone-${tone}">${icon(shape)}${failure.code === "cancelled" ? "已取消" : "為什麼沒有完成"}</h2>
<p>${failure.message}</p>
${failureFacts(failure)}
<p><strong>接下來：</strong>${failure.next}</p>
<p class="soft small">${isFailureCode(failure.code) ? AFTER[failureKind(failure.code).after] : null}　代碼 <code>${failure.code}</code></p>
<p class="actions"><a class="button" href="/start?again=${run.id}">照樣再做一次…</a>${record === null ? null : html`<a class="button quiet" href="/runs/${run.id}/compare">和上次成功的比較</a>`}</p>
</section>`;
}
