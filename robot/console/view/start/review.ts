import { searchRuns } from "../../../engine/runs/run-search.ts";
import type { Failure } from "../../../failures/failure.ts";
import { taipeiDay } from "../../../invoicing/values/day.ts";
import { type ObligationOfPeriod, obligationsOf } from "../../../invoicing/deadlines/obligations.ts";
import { isPeriod, previousPeriod } from "../../../invoicing/values/period.ts";
import { factList } from "../../../recording/export/fragments.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { categoryText, periodText } from "../../../recording/export/format.ts";
import { may } from "../../access/roles.ts";
import type { Session } from "../../access/sessions.ts";
import { lastQuotas } from "../../starting/quota.ts";
import { TICKED } from "../../../engine/people/question-form.ts";
import { type CheckedUpload, isRight, REHEARSE, tellable, type WantedRun } from "../../starting/start-input.ts";
import type { ConsoleContext } from "../../http/console-context.ts";
import { type BlankPreview, blankPreview } from "../../starting/blank-preview.ts";
import { fileCheckView, taughtView } from "./file-check.ts";
import { questionPart } from "./question-form.ts";
import { icon } from "../icons.ts";
import { csrfField } from "../layout.ts";
import { badge, badgeOfRun } from "../run/run-badge.ts";
import { dayWithWeekday, daysText } from "../status.ts";
import { momentText } from "../time.ts";

/**
 * What will be done, in plain words, before anything is.
 * @param fault why the flow would not take it; null where it would
 */
export async function reviewView(
  world: ConsoleContext,
  session: Session,
  wanted: WantedRun,
  checked: readonly CheckedUpload[],
  fault: Failure | null,
): Promise<Markup> {
  const { flow, company, values, rehearse } = wanted;
  const other = company.blanksReportedBy && flow.reportsBlanks ? company.blanksReportedBy : null;
  const ready = fault === null && checked.every(isRight) && !other;
  const preview = ready ? await blankPreview(world, wanted, checked) : null;
  const live = await world.isLiveConfirmed();
  const filter = { ubn: company.ubn, flow: flow.name, ...(values["period"] ? { period: values["period"] } : {}) };
  const before = (await searchRuns(world.store, filter, { limit: 3, offset: 0 })).runs;
  return html`<header class="head"><h1>${rehearse ? "演練　" : ""}${flow.title.zh}　${company.name}</h1></header>
${fault === null ? null : html`<p class="notice bad" role="alert">${icon("failed")}<span>${fault.message}</span></p>`}
${other ? html`<p class="notice bad" role="alert">${icon("warn")}這家公司的空白號碼由${other.name}上傳，這裡不上傳。</p>` : null}
<section class="card">${factList(factsOf(wanted, world))}</section>
${await quotaWarning(wanted, world)}
${checked.map(({ file, check, objections, teaching }) => html`<section class="card">${taughtView(teaching)}${fileCheckView(file.name, check, objections)}</section>`)}
${preview === null ? null : previewView(preview)}
<section class="card"><h2>會做的事</h2><ol class="will">${flow.does.map((one) => html`<li>${one}</li>`)}</ol>
${flow.final === null ? html`<p class="calm-note">${icon("done")}只看不改，不會在平台上留下任何改變。</p>` : rehearse ? html`<p class="calm-note">${icon("done")}演練：填好、比對、拍下表單就停在送出之前，什麼都不送，也不算做過。</p>` : html`<p class="notice warn">${icon("warn")}<span><strong>不能復原：</strong>${flow.final.zh}</span></p>`}
${before.length === 0 ? null : html`<p class="soft small">同樣的作業最近幾次：</p><ul class="rows">${before.map((run) => html`<li><a href="/runs/${run.id}">${badge(badgeOfRun(run))}<span class="soft">${momentText(run.createdAt)}</span></a></li>`)}</ul>`}</section>
<form method="post" action="${ready ? "/start" : "/start/review"}" class="actions">${csrfField(session)}${carried(wanted)}
${ready && !live && !rehearse ? liveConsent(world, session) : null}
${ready ? html`<button class="primary">${rehearse ? "開始演練" : flow.final === null ? "開始" : "確定，開始執行"}</button>` : null}<a class="button" href="${backTo(wanted)}">回去改</a></form>`;
}

/** What would be sent: ranges, counts and odd places; what is sent is computed again from what the portal says then. */
function previewView(preview: BlankPreview | "unknown"): Markup {
  if (preview === "unknown") {
    return html`<section class="card"><h2>會送出的號碼</h2><p class="calm-note">這一期的字軌還沒有下載過，開始後從平台讀到才算得出來。</p></section>`;
  }
  const { counts, blanks, odd, wrong } = preview;
  return html`<section class="card"><h2>會送出的號碼</h2>
${wrong.map((one) => html`<p class="notice bad" role="alert">${icon("failed")}<span>${one}這樣不會送出。</span></p>`)}
${odd.map((one) => html`<p class="notice warn">${icon("warn")}<span>${one}</span></p>`)}
<p>配號 ${counts.allocated} 號，使用 ${counts.used} 號，空白 <strong>${counts.blank}</strong> 號${blanks.length === 0 ? "：沒有空白號碼，不用上傳" : ""}</p>
${blanks.length === 0 ? null : questionPart(`要上傳的空白號碼，${blanks.length} 段`, blanks)}
<p class="soft small">依先前下載的字軌計算；實際送出的，以開始後從平台讀到的字軌為準。</p></section>`;
}

/** What was asked for, what is set, and until when it has to be done. */
function factsOf({ flow, company, values }: WantedRun, world: ConsoleContext): [string, string][] {
  const facts: [string, string][] = [["公司", `${company.name}（${company.ubn}）`]];
  for (const { name, label, kind } of flow.fields) {
    const value = values[name];
    if (value !== undefined) facts.push([label.zh, wordsOf(kind, value)]);
  }
  for (const [label, value] of flow.settled(company)) facts.push([label, value]);
  const obligation = obligationFor(flow.name, values["period"] ?? "", world);
  if (obligation) {
    const { from, by, movesOnHoliday } = obligation;
    const days = `${dayWithWeekday(from)}${by === null ? " 起" : `–${dayWithWeekday(by)}`}`;
    const fixed = by !== null && !movesOnHoliday ? "，假日不順延" : "";
    facts.push(["期間", `${days}，${daysText(obligation, taipeiDay(world.now()))}${fixed}`]);
  }
  return facts;
}

/** The duty that this flow would see to; null where no day is set for it. */
function obligationFor(flow: string, period: string, world: ConsoleContext): ObligationOfPeriod | null {
  if (!isPeriod(period)) return null;
  const { allocationDay } = world.config().portal;
  const obligations = [previousPeriod(period), period].flatMap((one) =>
    obligationsOf(one, world.flows, { allocationDay }),
  );
  return obligations.find((obligation) => obligation.flow === flow && obligation.about === period) ?? null;
}

/** The quota may have changed since; so it is a warning, and what the portal says when it is asked decides. */
async function quotaWarning({ flow, company, values }: WantedRun, world: ConsoleContext): Promise<Markup | null> {
  if (!flow.fields.some(({ kind }) => kind === "books")) return null;
  const quotas = await lastQuotas(world.store, company.ubn, values["period"] ?? "");
  const quota = quotas.find(({ category }) => category === (values["category"] ?? "07"));
  if (quota === undefined || Number(values["books"]) <= quota.left) return null;
  return html`<p class="notice warn" role="alert">${icon("warn")}只剩 ${quota.left} 本可以取（可取用本數 ${quota.available}，已取用 ${quota.taken}，${quota.on}）。如果還是這樣，這次不會送出。</p>`;
}

function liveConsent(world: ConsoleContext, { role }: Session): Markup {
  const { address } = world.config().portal;
  if (!may(role, "manage")) {
    return html`<p class="notice warn">${icon("warn")}還沒有人同意對正式平台 ${address} 送出資料；請「管理」權限的人先執行一次並同意。</p>`;
  }
  return html`<label class="notice warn"><input type="checkbox" name="live" value="yes" required><span>我同意這個安裝對正式平台 ${address} 送出資料（每個安裝一次）。</span></label>`;
}

function wordsOf(kind: string, value: string): string {
  if (kind === "yes") return "是";
  if (kind === "period") return `${periodText(value)}（${value}）`;
  return kind === "category" ? categoryText(value) : kind === "books" ? `${value} 本` : value;
}

function carried({ flow, company, values, files, rehearse }: WantedRun): Markup {
  const hidden = (name: string, value: string): Markup => html`<input type="hidden" name="${name}" value="${value}">`;
  return html`${hidden("flow", flow.name)}${hidden("company", company.ubn)}${Object.entries(values).map(([name, value]) => hidden(name, value))}${Object.entries(files).map(([name, file]) => hidden(`${name}-kept`, JSON.stringify(file)))}${rehearse ? hidden(REHEARSE, TICKED) : null}`;
}

function backTo(wanted: WantedRun): string {
  const { flow, company, rehearse } = wanted;
  const also = rehearse ? { [REHEARSE]: TICKED } : {};
  return `/start?${new URLSearchParams({ ...tellable(wanted), ...also, flow: flow.name, company: company.ubn }).toString()}`;
}
