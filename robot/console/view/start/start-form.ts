import type { CompanyConfig } from "../../../config/schema.ts";
import { type AnyFlow, type FlowField, defaultPeriod } from "../../../engine/flow.ts";
import { takeablePeriods } from "../../../invoicing/deadlines/deadlines.ts";
import { formatPeriod, nextPeriod, type Period, periodOf, previousPeriod } from "../../../invoicing/values/period.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Session } from "../../access/sessions.ts";
import { fieldsInConsole } from "../../starting/console-fields.ts";
import type { Quota } from "../../starting/quota.ts";
import { TICKED } from "../../../engine/people/question-form.ts";
import { REHEARSE } from "../../starting/start-input.ts";
import type { HandedOver } from "../../http/uploads.ts";
import type { ConsoleContext } from "../../http/console-context.ts";
import { categoryText } from "../../../recording/export/format.ts";
import { csrfField } from "../layout.ts";
import { icon } from "../icons.ts";

export interface StartFormState {
  readonly flow: AnyFlow;
  readonly company: CompanyConfig | null;
  readonly values: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, HandedOver>>;
  readonly quotas: readonly Quota[];
  readonly rehearse: boolean;
}

/** The choice of a job, by what it is for. */
export function flowChoice(world: ConsoleContext, chosen: string | null, company: string): Markup {
  return html`<nav aria-label="作業" class="jobs">${world.flows.map(
    ({ name, title, about, final }) =>
      html`<a href="/start?flow=${name}${company === "" ? "" : `&company=${encodeURIComponent(company)}`}"${name === chosen ? html` aria-current="true"` : null}><strong>${title.zh}</strong>${final === null ? html`<span class="soft small">　只看不改</span>` : null}<span class="soft small about">${about.zh}</span></a>`,
  )}</nav>`;
}

/** The form of one flow. Everything in it is checked again when it is sent. */
export function startForm(world: ConsoleContext, session: Session, state: StartFormState): Markup {
  const { flow, company, quotas, rehearse } = state;
  const fields = fieldsInConsole(flow);
  const { companies } = world.config();
  const hasFile = fields.some(({ kind }) => kind === "file");
  return html`<form method="post" action="/start/review" class="stack card start"${hasFile ? html` enctype="multipart/form-data"` : null}>${csrfField(session)}
<input type="hidden" name="flow" value="${flow.name}">
<label class="field">公司<select name="company" required data-of-company>${company === null ? html`<option value="" selected>請選一家</option>` : null}${companies.map(
    ({ name, ubn }) =>
      html`<option value="${ubn}"${ubn === company?.ubn ? html` selected` : null}>${name}　${ubn}</option>`,
  )}</select></label>
<div id="of-company" data-fresh>${company?.blanksReportedBy && flow.reportsBlanks ? html`<p class="notice bad" role="alert">${icon("warn")}這家公司的空白號碼由${company.blanksReportedBy.name}上傳（每單月 ${company.blanksReportedBy.day} 日）。兩邊都傳會重複，所以這裡不上傳；請用「核對空白號碼」。</p>` : null}${quotas.map(quotaLine)}${company?.books === undefined || !fields.some(({ kind }) => kind === "books") ? null : html`<p class="hint" data-usual-books="${company.books}">這家平常取 ${company.books} 本。</p>`}</div>
${fields.map((field) => fieldView(field, state, world.now()))}
${flow.final === null ? null : html`<label class="field"><span><input type="checkbox" name="${REHEARSE}" value="${TICKED}"${rehearse ? html` checked` : null}> 演練</span><span class="hint">填好、逐欄比對、拍下表單，停在送出之前；什麼都不送</span></label>`}
<div class="actions"><button class="primary">看要做什麼…</button><span class="hint">下一步才會開始，這裡還不會送出任何東西。</span></div>
</form>`;
}

/** What is left, not what there was before the last 取號. */
function quotaLine({ category, available, taken, left, on }: Quota): Markup {
  return html`<p class="${left === 0 ? "notice warn" : "hint"}">${categoryText(category)}：還可以取 ${left} 本（可取用本數 ${available}，已取用 ${taken}，${on}）。實際以這次看到的為準，超過就不會送出。</p>`;
}

function fieldView(field: FlowField, { values, files, company }: StartFormState, now: Date): Markup {
  const value = values[field.name];
  switch (field.kind) {
    case "period": {
      const periods = periodsOf(field, now);
      const chosen = value ?? (field.optional ? "" : defaultPeriod(field.choose, now));
      return html`<label class="field">${field.label.zh}<select name="${field.name}">${field.optional ? html`<option value="">—</option>` : null}${periods.map(
        (period) =>
          html`<option value="${period}"${period === chosen ? html` selected` : null}>${formatPeriod(period, "zh")}（${period}）</option>`,
      )}</select></label>`;
    }
    case "category":
      return html`<fieldset class="field"><legend class="plain-legend">${field.label.zh}</legend><div class="choices">${(
        [
          ["07", "07 一般稅額計算"],
          ["08", "08 特種稅額計算"],
        ] as const
      ).map(
        ([code, words]) =>
          html`<label><input type="radio" name="${field.name}" value="${code}"${(value ?? "07") === code ? html` checked` : null}> ${words}</label>`,
      )}</div></fieldset>`;
    case "books":
      return html`<label class="field">${field.label.zh}<input name="${field.name}" type="number" min="1" step="1" inputmode="numeric" required value="${value ?? String(company?.books ?? "")}"><span class="hint">${field.hint?.zh ?? ""}</span></label>`;
    case "text":
      return html`<label class="field">${field.label.zh}<input name="${field.name}" value="${value ?? ""}"><span class="hint">${field.hint?.zh ?? ""}</span></label>`;
    case "yes":
      return html`<label class="field"><span><input type="checkbox" name="${field.name}" value="yes"${value === "yes" ? html` checked` : null}> ${field.label.zh}</span><span class="hint">${field.hint?.zh ?? ""}</span></label>`;
    case "file": {
      const kept = files[field.name];
      return html`<div class="field drop" data-check="${field.name}"><label for="file-${field.name}">${field.label.zh}${field.hint ? html` <span class="hint">${field.hint.zh}</span>` : null}</label>
<div class="zone"><input type="file" id="file-${field.name}" name="${field.name}" accept=".csv,.txt,.xml,.xls,.xlsx"><span class="hint">或把檔案拖到這裡；放下就檢查，不會送到平台。</span></div>
${kept ? html`<input type="hidden" name="${field.name}-kept" value="${JSON.stringify(kept)}"><p class="hint">先前選的：${kept.name}</p>` : null}<div class="result" aria-live="polite"></div></div>`;
    }
  }
}

/** What may be chosen: the portal takes tracks of this period and the next only, and blank numbers of those that are over. */
function periodsOf({ choose }: Extract<FlowField, { kind: "period" }>, now: Date): Period[] {
  const running = periodOf(now);
  switch (choose) {
    case "takeable":
      return [...takeablePeriods(now)].toReversed();
    case "ended":
    case "won":
      return backFrom(previousPeriod(running), 6);
    case "any":
      return backFrom(nextPeriod(running), 8);
  }
}

function backFrom(period: Period, count: number): Period[] {
  const periods = [period];
  for (let last = period; periods.length < count; periods.push(last)) last = previousPeriod(last);
  return periods;
}
