import { html, type Markup } from "../../../lib/html.ts";
import { recordedFiles, type RunRecord } from "../../../recording/format/read.ts";
import type { Verdict } from "../../../recording/verification/verify.ts";
import { icon, type Icon } from "../icons.ts";
import type { Tone } from "../status.ts";

const LOOKS: {
  readonly [verdict in Verdict["verdict"]]: { readonly icon: Icon; readonly tone: Tone; readonly word: string };
} = {
  intact: { icon: "seal", tone: "good", word: "紀錄完整" },
  interrupted: { icon: "waiting", tone: "warn", word: "紀錄中斷" },
  tampered: { icon: "warn", tone: "bad", word: "紀錄被動過" },
};

/** Whether the record is as it was written, with the details behind it, and the way to hand it on. */
export function verdictCard(verdict: Verdict, runId: string, record: RunRecord, mayExport: Markup | null): Markup {
  const { icon: shape, tone, word } = LOOKS[verdict.verdict];
  const files = recordedFiles(record);
  return html`<section class="card edge-${tone}" id="proof"><h2 class="tone-${tone}">${icon(shape)}${word}</h2>
<p>${verdict.words.zh}</p>
<details><summary>細節</summary>
${verdict.verdict === "tampered" ? null : html`<p class="small">鏈尾（第 ${verdict.head.seq} 個事件）<br><code class="hash">${verdict.head.hash}</code></p>`}
<div class="scroll" tabindex="0" role="region" aria-label="表格"><table class="plain"><thead><tr><th scope="col">檔案</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${files.map(({ path, sha256 }) => html`<tr><td>${path}</td><td><code class="hash">${sha256}</code></td></tr>`)}</tbody></table></div>
<p class="soft small">資料夾 ${record.folder}</p></details>
${mayExport === null ? null : html`<form method="post" action="/runs/${runId}/export" class="actions">${mayExport}<button name="format" value="html">匯出網頁</button><button name="format" value="zip">匯出可查證的 zip</button></form>`}
</section>`;
}
