import { formatPeriod, type Period } from "../../invoicing/values/period.ts";
import type { HeadsDay } from "../verification/heads.ts";
import { recordedFiles, type RunRecord } from "../format/read.ts";
import type { Verdict } from "../verification/verify.ts";
import { effectSummaries, personDecisions } from "./decisions.ts";
import { document, factList, listIn, numberTables, outcomeBadge } from "./fragments.ts";
import { html, type Markup } from "../../lib/html.ts";
import { clockText, dayText, sizeText, starterText, timeText } from "./format.ts";

/** What the report of one company and period is made of. */
export interface ReportParts {
  readonly company: { readonly name: string; readonly ubn: string };
  readonly period: Period;
  readonly runs: readonly ReportedRun[];
  /** The days on which these runs were recorded, as far as their heads are kept. */
  readonly days: readonly HeadsDay[];
  readonly madeAt: Date;
  readonly robot: string;
}

export interface ReportedRun {
  readonly runId: string;
  /** Null when the record can't be shown: it is gone, or nothing in it can be read. */
  readonly record: RunRecord | null;
  readonly verdict: Verdict;
  /** A secret was found in it: nothing of what it says is repeated. */
  readonly quarantined: boolean;
}

/**
 * What was done for a company in a period, in Traditional Chinese, for anyone who audits it: each run with the verdict on its record,
 * each act at the portal with the portal's own words, each decision of a person, each file with its hash, and the heads of the chains.
 */
export function reportPage(parts: ReportParts): string {
  const { company, period, runs, days } = parts;
  const title = `電子發票作業稽核報告　${company.name}　${formatPeriod(period, "zh")}`;
  const shown = runs.flatMap((run) => (run.record && !run.quarantined ? [run.record] : []));
  const body = html`<header>
<p class="soft small">電子發票作業機器人　稽核報告</p>
<h1>${company.name}　${formatPeriod(period, "zh")}</h1>
</header>
<main>
${summary(parts)}
<h2>一、執行</h2>
${runTable(runs)}
<h2>二、對平台做的動作</h2>
${actTable(shown)}
<h2>三、結果</h2>
${results(shown)}
<h2>四、由人決定的事</h2>
${decisionTable(shown)}
<h2>五、檔案</h2>
${fileTable(shown)}
<h2>六、怎麼查證</h2>
${evidence(runs, days)}
</main>`;
  return document(title, body);
}

function summary({ company, period, runs, madeAt, robot }: ReportParts): Markup {
  const altered = runs.filter(({ verdict }) => verdict.verdict === "tampered").length;
  const open = runs.filter(({ verdict }) => verdict.verdict === "interrupted").length;
  const words =
    altered > 0
      ? `有 ${altered} 次執行的紀錄被更動過或不見了，見下表。`
      : `${runs.length} 次執行的紀錄都沒有被更動${open > 0 ? `（其中 ${open} 次還沒有結束或曾中斷）` : ""}。`;
  return html`<section class="card ${altered > 0 ? "bad" : "good"}">
${factList([
  ["公司", `${company.name}（統一編號 ${company.ubn}）`],
  ["期別", `${formatPeriod(period, "zh")}（${period}）`],
  ["製作時間", `${timeText(madeAt.toISOString())}（台北時間），機器人 ${robot} 版`],
  ["紀錄的驗證", words],
])}</section>`;
}

function runTable(runs: readonly ReportedRun[]): Markup {
  return table(
    ["開始", "作業", "結果", "發起者", "執行編號", "紀錄"],
    runs.map(({ runId, record, verdict, quarantined }) => {
      const mark = { intact: "✓ 完整", interrupted: "… 未結束", tampered: "✗ 被更動" }[verdict.verdict];
      if (record === null) return ["", "（讀不到紀錄）", "", "", runId, mark];
      const { header } = record;
      const outcome = quarantined ? html`<span class="badge bad">已隔離</span>` : outcomeBadge(record);
      return [timeCell(header.startedAt), header.title, outcome, starterText(header.startedBy), runId, mark];
    }),
  );
}

function actTable(records: readonly RunRecord[]): Markup {
  const rows = records.flatMap(({ header, events }) =>
    effectSummaries(events).map(({ name, sent, outcome, words, at }) => [
      timeCell(at),
      name,
      sent.length === 0 ? "（沒有送出）" : html`${sent.map(([label, value]) => html`<div>${label} ${value}</div>`)}`,
      words === null ? outcome : html`${outcome}<br><span class="soft">平台說：${words}</span>`,
      header.runId,
    ]),
  );
  return rows.length === 0 ? nothing() : table(["時間", "動作", "送出的內容", "結果", "執行編號"], rows);
}

function results(records: readonly RunRecord[]): Markup {
  const parts = records.flatMap(({ header, ended }) => {
    const tables = numberTables(ended?.summary);
    const notes = listIn(ended?.summary, "notes").map(String);
    if (tables.length === 0 && notes.length === 0) return [];
    return [
      html`<section class="card"><h3>${header.title}　<span class="soft small">${header.runId}</span></h3>${notes.map((note) => html`<p>${note}</p>`)}${tables}</section>`,
    ];
  });
  return parts.length === 0 ? nothing() : html`${parts}`;
}

function decisionTable(records: readonly RunRecord[]): Markup {
  const rows = records.flatMap(({ header, events }) =>
    personDecisions(events).map(({ question, answer, by, at }) => [
      timeCell(at),
      question,
      answer ?? "（還沒有人回答）",
      by ?? "",
      header.runId,
    ]),
  );
  return rows.length === 0 ? nothing() : table(["時間", "問題", "回答", "回答的人", "執行編號"], rows);
}

function fileTable(records: readonly RunRecord[]): Markup {
  const rows = records.flatMap((record) =>
    recordedFiles(record)
      .filter(({ event }) => event.type === "file")
      .map(({ path, bytes, sha256 }) => [
        html`<span class="wide">${record.header.runId}/${path}</span>`,
        sizeText(bytes),
        html`<span class="hash">${sha256}</span>`,
      ]),
  );
  return rows.length === 0 ? nothing() : table(["檔案", "大小", "SHA-256"], rows);
}

function evidence(runs: readonly ReportedRun[], days: readonly HeadsDay[]): Markup {
  const heads = runs.map(({ runId, verdict }) =>
    verdict.verdict === "tampered"
      ? [runId, verdict.words.zh, ""]
      : [runId, `第 ${verdict.head.seq} 個事件`, html`<span class="hash">${verdict.head.hash}</span>`],
  );
  return html`<p>每次執行的紀錄是一條雜湊鏈；下面是各條鏈的鏈尾，要和另外保存或寄出的相同。憑據是紀錄資料夾本身，用 <code>export</code> 匯出後，不需要機器人的程式也能查證。</p>
${table(["執行編號", "鏈尾在", "雜湊"], heads)}
${
  days.length === 0
    ? html`<p class="soft">這些執行當天的鏈尾文件還沒有做成（每天結束後才有）。</p>`
    : html`<p>每天所有鏈尾合成一份文件，文件的雜湊與時戳：</p>${table(
        ["日期", "文件的 SHA-256", "時戳（RFC 3161）"],
        days.map(({ day, sha256, stamp }) => [
          day,
          html`<span class="hash">${sha256}</span>`,
          stamp === null ? "沒有" : `${dayText(stamp.at)}　${timeText(stamp.at)}`,
        ]),
      )}`
}`;
}

function timeCell(instant: string): Markup {
  return html`<span class="unbroken">${dayText(instant)}</span> ${clockText(instant)}`;
}

function nothing(): Markup {
  return html`<p class="soft">沒有。</p>`;
}

function table(columns: readonly string[], rows: readonly (readonly (Markup | string)[])[]): Markup {
  return html`<table><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}
