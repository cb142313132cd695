import { z } from "zod";
import { html, type Markup } from "../../../lib/html.ts";
import { sizeText } from "../../../recording/export/format.ts";
import { type RecordedFile, recordedFiles } from "../../../recording/format/read.ts";
import type { RecordedRun } from "../../http/records.ts";
import { icon } from "../icons.ts";

const about = z.object({
  name: z.string().optional(),
  origin: z.string().optional(),
  direction: z.string().optional(),
});

/** The files that came or went, with a look into tables, and the traces of each visit. */
export function fileList({ run, record, quarantined }: RecordedRun): Markup | null {
  if (record === null || quarantined) return null;
  const all = recordedFiles(record);
  const files = all.filter(({ event }) => event.type === "file");
  const traces = all.filter(({ event }) => event.type === "trace");
  return html`${files.length === 0 ? null : html`<section><h2>檔案</h2><ul class="files">${files.map((file) => fileItem(run.id, file))}</ul></section>`}
${traces.length === 0 ? null : html`<section><h2>操作軌跡</h2><p class="soft small">每次進入平台一份，可以逐步重看當時的頁面；密碼等機密內容已去除。</p><ul class="files">${traces.map(({ path, bytes }) => html`<li>${icon("play")}<a href="/runs/${run.id}/trace/${encodeURIComponent(baseOf(path))}">${baseOf(path)}</a><span class="soft small">${sizeText(bytes)}</span></li>`)}</ul></section>`}`;
}

function fileItem(runId: string, { path, bytes, sha256, event }: RecordedFile): Markup {
  const { name, origin, direction } = about.parse(event.data);
  const href = `/runs/${runId}/file/${encodeURIComponent(baseOf(path))}`;
  const isTable = /\.(csv|txt)$/i.test(path);
  return html`<li>${icon("file")}<div><a href="${href}" download>${name ?? baseOf(path)}</a><span class="soft small">　${direction === "out" ? "送出" : "收到"}　${sizeText(bytes)}　${origin ?? ""}</span>
${isTable ? html`<details data-load="${href}/preview"><summary class="small">看內容</summary><p class="soft small"><a href="${href}/preview">載入中…</a></p></details>` : null}
<code class="hash soft">${sha256}</code></div></li>`;
}

export function baseOf(path: string): string {
  return path.replace(/^.*\//, "");
}
