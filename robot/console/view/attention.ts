import type { ObligationCell, CompanyObligations } from "../../engine/runs/obligations.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { type PortalMail, portalMails } from "../../engine/runs/portal-mails.ts";
import { type CheckedPageState, isStopping, pageStates } from "../../engine/runs/page-states.ts";
import { getRun, listOpenRuns } from "../../engine/runs/runs.ts";
import { isHeldByPage } from "../../engine/workflow/pages-first.ts";
import type { Store } from "../../store/store.ts";
import {
  type ObligationOfPeriod,
  type ObligationStatus,
  OBLIGATION_STATUSES,
} from "../../invoicing/deadlines/obligations.ts";
import { formatPeriod, type Period } from "../../invoicing/values/period.ts";
import { html, type Markup } from "../../lib/html.ts";
import { icon } from "./icons.ts";
import { lookOf, statusText } from "./status.ts";

/** What wants a person. */
export const ATTENTION: readonly ObligationStatus[] = ["unknown", "person", "overdue", "failed", "due"];

/** So many things are shown one by one; of more, companies with the same trouble are told together. */
const MOST_SINGLE = 8;
const MOST_QUESTIONS = 4;
const MOST_NAMES = 4;

interface Trouble {
  readonly row: CompanyObligations;
  readonly cell: ObligationCell;
  readonly obligation: ObligationOfPeriod;
}

/** What needs a person, above everything else: questions first, then what is stuck, late or nearly so. */
export async function attentionList(
  rows: readonly CompanyObligations[],
  obligations: readonly ObligationOfPeriod[],
  period: Period | null,
  { store, now, portal }: { readonly store: Store; readonly now: Date; readonly portal: string },
): Promise<Markup> {
  const questions = await openQuestions(store);
  const mails = await portalMails(store, now);
  const pages = (await pageStates(store, portal)).filter(isStopping);
  // The page itself is told: not each run that waits for it.
  const held = pages.length === 0 ? [] : (await listOpenRuns(store)).filter(isHeldByPage);
  const asked = new Set([...questions.map(({ runId }) => runId), ...held.map(({ id }) => id)]);
  const troubles = troublesOf(rows, obligations).filter(({ cell: { runId } }) => runId === null || !asked.has(runId));
  if (questions.length + troubles.length + mails.length + pages.length === 0) {
    return html`<p class="calm-note">${icon("done")}現在沒有要您處理的事。</p>`;
  }
  const shown = questions.slice(0, MOST_QUESTIONS);
  const companies = await Promise.all(shown.map(async ({ runId }) => (await getRun(store, runId)).company));
  const groups = troubles.length > MOST_SINGLE ? together(troubles) : troubles.map((one) => [one]);
  return html`<h2>現在要處理 <span class="soft">${questions.length + troubles.length + mails.length + pages.length} 件</span></h2>
<ul class="todo">${mails.filter(({ urgent }) => urgent).map(mailItem)}${pages.map((one) => pageItem(one, held.length))}${shown.map(
    ({ id, text }, index) =>
      html`<li class="tone-warn"><a href="/questions#${id}">${icon("person")}<strong>等您回答</strong><span class="what">${companies[index] ?? ""}　<span class="soft">${text}</span></span></a></li>`,
  )}${groups.map((group) => item(group, period))}${mails.filter(({ urgent }) => !urgent).map(mailItem)}</ul>
${questions.length > shown.length ? html`<p class="small"><a href="/questions">還有 ${questions.length - shown.length} 個問題</a></p>` : null}`;
}

/** A page that the last check did not know. */
function pageItem({ page, title }: CheckedPageState, held: number): Markup {
  return html`<li class="tone-bad"><a href="/pages#${page}">${icon("failed")}<strong>平台的頁面不認得</strong><span class="what">${title}　<span class="soft">${held === 0 ? "要用它的作業會先停著" : `${held} 件作業停著`}</span></span></a></li>`;
}

/** What a mail of the portal asks for. It has no page of its own: what is done about it is done elsewhere. */
function mailItem({ urgent, line }: PortalMail): Markup {
  return html`<li class="tone-${urgent ? "bad" : "warn"}"><a href="/start">${icon(urgent ? "warn" : "due")}<strong>${urgent ? "今天要處理" : "來信提醒"}</strong><span class="what">${line}</span></a></li>`;
}

/** The worst first. */
function troublesOf(rows: readonly CompanyObligations[], obligations: readonly ObligationOfPeriod[]): Trouble[] {
  const all = rows.flatMap((row) =>
    row.cells.flatMap((cell, index): Trouble[] => {
      const obligation = obligations[index];
      return obligation && ATTENTION.includes(cell.status) ? [{ row, cell, obligation }] : [];
    }),
  );
  return all.toSorted(
    (a, b) => OBLIGATION_STATUSES.indexOf(a.cell.status) - OBLIGATION_STATUSES.indexOf(b.cell.status),
  );
}

function together(troubles: readonly Trouble[]): Trouble[][] {
  return [
    ...Map.groupBy(troubles, ({ cell, obligation }) => `${cell.status} ${obligation.id} ${obligation.about}`).values(),
  ];
}

function item(group: readonly Trouble[], period: Period | null): Markup | null {
  const [first] = group;
  if (!first) return null;
  const { row, cell, obligation } = first;
  const { icon: shape, tone } = lookOf(cell.status);
  const about = html`${obligation.title.zh}　<span class="soft">${formatPeriod(obligation.about, "zh")}</span>`;
  const names = group.slice(0, MOST_NAMES).map((one) => one.row.name);
  const whom = html`　<b>${group.length} 家</b>：${names.join("、")}${group.length > names.length ? "…" : null}`;
  const table = `/?${period === null ? "" : `period=${period}&`}show=attention#table`;
  return html`<li class="tone-${tone}"><a href="${group.length === 1 ? obligationHref(cell, obligation, row) : table}">${icon(shape)}<strong>${statusText(cell, obligation)}</strong><span class="what">${group.length === 1 ? html`${row.name}　${about}` : html`${about}${whom}`}</span></a></li>`;
}

/** Where a person sees to a duty: its run, or the form that starts one. */
export function obligationHref(
  { runId }: ObligationCell,
  { flow, about }: ObligationOfPeriod,
  { ubn }: Pick<CompanyObligations, "ubn">,
): string {
  return runId === null ? `/start?flow=${flow}&company=${ubn}&period=${about}` : `/runs/${runId}`;
}
