import { ENCODING_NAMES } from "../../../invoicing/reading/encoding.ts";
import type { FileCheck } from "../../../invoicing/file-recognition.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { periodText } from "../../../recording/export/format.ts";
import { formatReadingReport } from "../../../invoicing/ledger/format-reading-report.ts";
import { asksPerson } from "../../starting/start-input.ts";
import type { KnownTeaching } from "../../../engine/flow.ts";
import { icon } from "../icons.ts";
import { momentText } from "../time.ts";

/** Faults that are shown; there can be thousands of the same. */
const MOST = 200;

/**
 * What a file is, and its faults line by line with what to do.
 * @param objections why it does not fit what it was given for, though it may be right in itself
 */
export function fileCheckView(name: string, check: FileCheck, objections: readonly string[]): Markup {
  const { title, encoding, rows, ubns, periods, omitted, warnings, reading } = check;
  const asks = asksPerson(check);
  // What a person will be asked about is no fault to mend in the file.
  const faults = asks ? [] : check.faults;
  const good = faults.length === 0 && objections.length === 0;
  const verdict = good ? (asks ? "有看不懂的地方，開始後會請您說明" : "檔案沒有問題") : "檔案有問題，不能用";
  const tone = good ? (asks ? "warn" : "good") : "bad";
  const about = [
    title.zh,
    encoding === undefined ? "" : ENCODING_NAMES[encoding],
    `${rows} 列`,
    ubns.length === 0 ? "" : `統編 ${some(ubns)}`,
    periods.length === 0 ? "" : `期別 ${some(periods.map(periodText))}`,
  ].filter((part) => part !== "");
  const more = omitted + Math.max(0, faults.length - MOST);
  return html`<div class="check tone-${tone}" role="status"><p class="verdict">${icon(good ? (asks ? "warn" : "done") : "failed")}<strong>${name}</strong>　${verdict}</p>
<p class="soft small">${about.join("，")}</p>
${reading === null ? null : html`<ul class="reading small">${readingLines(reading).map((line) => html`<li>${line}</li>`)}</ul>`}
${objections.map((one) => html`<p class="objection">${one}</p>`)}
${
  faults.length === 0
    ? null
    : html`<div class="scroll" tabindex="0" role="region" aria-label="檔案的問題"><table class="plain faults"><thead><tr><th scope="col">行</th><th scope="col">欄位</th><th scope="col">問題</th><th scope="col">怎麼辦</th></tr></thead><tbody>${faults
        .slice(0, MOST)
        .map(
          ({ line, column, message, remedy }) =>
            html`<tr><td>${line > 0 ? String(line) : "整個檔案"}</td><td>${column}</td><td>${message}</td><td>${remedy}</td></tr>`,
        )}</tbody></table></div>`
}
${warnings.slice(0, MOST).map(({ line, column, message, remedy }) => html`<p class="small">${line > 0 ? `第 ${line} 行` : "整個檔案"}${column}：${message}${remedy}</p>`)}
${more > 0 ? html`<p class="soft small">還有 ${more} 個同樣的問題。</p>` : null}</div>`;
}

/** That what was said earlier of this company's ledgers applies; nothing where nothing does. */
export function taughtView(teaching: KnownTeaching | null): Markup | null {
  if (teaching === null) return null;
  const { by, at } = teaching;
  return html`<p class="notice warn">${icon("warn")}<span>看不懂的地方，沿用 ${momentText(at)} ${by} 對這家公司這種明細的說明（下面標「依設定」的）。</span></p>`;
}

function some(values: readonly string[]): string {
  return values.length > 3 ? `${values.slice(0, 3).join("、")}… 共 ${values.length} 個` : values.join("、");
}

/** How a ledger was read, and what will be asked. */
function readingLines(reading: NonNullable<FileCheck["reading"]>): string[] {
  const lines = formatReadingReport({ ...reading, questions: [], firstRows: [] }).map(({ zh }) => zh.trim());
  return [...lines, ...reading.questions.map(({ text }) => text.zh)];
}
