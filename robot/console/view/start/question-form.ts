import { approvalOf } from "../../../engine/effects/approval.ts";
import { type AskedLedger, ledgerOf } from "../../../engine/people/asked-ledger.ts";
import type { QuestionField } from "../../../engine/people/question-form.ts";
import { TICKED } from "../../../engine/people/question-form.ts";
import type { QuestionRow } from "../../../engine/people/questions.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { factList } from "../../../recording/export/fragments.ts";
import type { Form } from "../../http/read-form.ts";
import { fieldOf } from "../../http/respond.ts";
import { contextView } from "../context.ts";

/** Lines of one part that stand open; more are one click away. */
const SHOWN_LINES = 12;

/** What a question is about: of an approval what will be sent, with the picture of the filled form; else its facts. */
export function aboutView(question: QuestionRow): Markup | null {
  const approval = approvalOf(question.context);
  const picture = pictureOf(question);
  const ledger = ledgerOf(question.context);
  if (ledger !== null) return html`${questionPart(`${ledger.file} 讀到什麼`, ledger.lines)}${firstRows(ledger.rows)}`;
  if (approval === null) return html`${contextView(question.context)}${picture}`;
  const { address, shown, fields, others, digest } = approval;
  const kept = others.filter(({ value }) => value !== "");
  return html`${address === null ? null : questionPart("送到哪裡", [address])}${shown.map(({ title, lines }) => questionPart(title, lines))}
${Object.keys(fields).length === 0 ? null : html`<section class="sent"><h3>表單上的每一欄</h3>${factList(Object.entries(fields))}</section>`}
${kept.length === 0 ? null : html`<section class="sent"><h3>表單上的其他欄位，沒有改過</h3>${factList(kept.map(({ name, value }) => [name, value]))}</section>`}${picture}
<p class="soft small">同意只對這一份有效，一天之內、只送一次；內容有任何不同會再問。<span class="digest">識別碼 ${digest.slice(0, 16)}</span></p>`;
}

/** One part of what is read before deciding; of a long one the rest is one click away. */
export function questionPart(title: string, lines: readonly string[]): Markup {
  const list = (some: readonly string[]): Markup => html`<ul>${some.map((line) => html`<li>${line}</li>`)}</ul>`;
  const more = lines.slice(SHOWN_LINES);
  return html`<section class="sent"><h3>${title}</h3>${list(lines.slice(0, SHOWN_LINES))}${
    more.length === 0 ? null : html`<details><summary>還有 ${more.length} 項</summary>${list(more)}</details>`
  }</section>`;
}

/** The beginning of the file as it stands, for anyone who has to say what its columns are. */
function firstRows(rows: AskedLedger["rows"]): Markup | null {
  if (rows.length === 0) return null;
  const width = Math.max(...rows.map(({ cells }) => cells.length));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="檔案的前幾行"><table class="plain"><caption class="soft small">檔案的前 ${rows.length} 行</caption><tbody>${rows.map(
    ({ line, cells }) =>
      html`<tr><th scope="row" class="soft">${line}</th>${Array.from({ length: width }, (_, index) => html`<td>${cells[index] ?? ""}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function pictureOf({ runId, formPicture }: QuestionRow): Markup | null {
  const name = formPicture?.split("/").at(-1);
  if (name === undefined) return null;
  const address = `/runs/${runId}/picture/${name}`;
  return html`<figure class="form-picture"><a href="${address}"><img src="${address}" alt="填好的表單" loading="lazy"></a><figcaption class="soft small">填好的表單；還沒有按下送出</figcaption></figure>`;
}

/** What has to be filled in with the answer. */
export function formFields({ id, form }: QuestionRow): Markup | null {
  if (form === null || form.fields.length === 0) return null;
  const ticks = form.fields.filter(({ kind }) => kind === "tick");
  const rest = form.fields.filter(({ kind }) => kind !== "tick");
  return html`${
    ticks.length === 0
      ? null
      : html`<fieldset class="ticks"><legend>和平常不同的地方，看過一項勾一項</legend>${ticks.map((one) => fieldView(id, one))}</fieldset>`
  }${rest.length === 0 ? null : html`<div class="asked-fields">${rest.map((one) => fieldView(id, one))}</div>`}`;
}

function fieldView(question: string, field: QuestionField): Markup {
  const name = fieldName(field.id);
  const own = `${question}-${field.id}`;
  if (field.kind === "tick") {
    return html`<label class="tick"><input type="checkbox" id="${own}" name="${name}" value="${TICKED}" required><span>${field.label.zh}</span></label>`;
  }
  return html`<label class="field">${field.label.zh}<select id="${own}" name="${name}" required>${
    field.value === undefined ? html`<option value="" selected>請選</option>` : null
  }${field.options.map(
    ({ value, label }) =>
      html`<option value="${value}"${value === field.value ? html` selected` : null}>${label}</option>`,
  )}</select></label>`;
}

/** What a person filled in, by field. */
export function valuesOf({ form }: QuestionRow, answer: string, given: Form): Record<string, string> {
  if (form === null || form.answer !== answer) return {};
  const filled = form.fields.map(({ id }): [string, string] => [id, fieldOf(given, fieldName(id))]);
  return Object.fromEntries(filled.filter(([, value]) => value !== ""));
}

function fieldName(id: string): string {
  return `field-${id}`;
}
