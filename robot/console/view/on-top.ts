import type { ChoreCell, CompanyChores } from "../../engine/runs/duties.ts";
import { openQuestions } from "../../engine/people/questions.ts";
import { type PortalMail, portalMails } from "../../engine/runs/portal-mails.ts";
import { getRun } from "../../engine/runs/runs.ts";
import type { Store } from "../../store/store.ts";
import { type ChoreOfPeriod, type Standing, STANDINGS } from "../../invoicing/deadlines/duties.ts";
import { formatPeriod, type Period } from "../../invoicing/values/period.ts";
import { html, type Markup } from "../../lib/html.ts";
import { icon } from "./icons.ts";
import { lookOf, standingWords } from "./standing.ts";

/** What wants somebody. */
export const ATTENTION: readonly Standing[] = ["unknown", "person", "overdue", "failed", "due"];

/** So many things are shown one by one; of more, companies with the same trouble are told together. */
const MOST_SINGLE = 8;
const MOST_QUESTIONS = 4;
const MOST_NAMES = 4;

interface Trouble {
  readonly row: CompanyChores;
  readonly cell: ChoreCell;
  readonly chore: ChoreOfPeriod;
}

/** What needs a person, above everything else: questions first, then what is stuck, late or nearly so. */
export async function onTop(
  rows: readonly CompanyChores[],
  chores: readonly ChoreOfPeriod[],
  period: Period | null,
  { store, now }: { readonly store: Store; readonly now: Date },
): Promise<Markup> {
  const questions = await openQuestions(store);
  const mails = await portalMails(store, now);
  const asked = new Set(questions.map(({ runId }) => runId));
  const troubles = troublesOf(rows, chores).filter(({ cell: { runId } }) => runId === null || !asked.has(runId));
  if (questions.length === 0 && troubles.length === 0 && mails.length === 0) {
    return html`<p class="calm-note">${icon("done")}現在沒有要您處理的事。</p>`;
  }
  const shown = questions.slice(0, MOST_QUESTIONS);
  const companies = await Promise.all(shown.map(async ({ runId }) => (await getRun(store, runId)).company));
  const groups = troubles.length > MOST_SINGLE ? together(troubles) : troubles.map((one) => [one]);
  return html`<h2>現在要處理 <span class="soft">${questions.length + troubles.length + mails.length} 件</span></h2>
<ul class="todo">${mails.filter(({ urgent }) => urgent).map(mailItem)}${shown.map(
    ({ id, text }, index) =>
      html`<li class="tone-warn"><a href="/questions#${id}">${icon("person")}<strong>等您回答</strong><span class="what">${companies[index] ?? ""}　<span class="soft">${text}</span></span></a></li>`,
  )}${groups.map((group) => item(group, period))}${mails.filter(({ urgent }) => !urgent).map(mailItem)}</ul>
${questions.length > shown.length ? html`<p class="small"><a href="/questions">還有 ${questions.length - shown.length} 個問題</a></p>` : null}`;
}

/** What a mail of the portal asks for. It has no page of its own: what is done about it is done elsewhere. */
function mailItem({ urgent, line }: PortalMail): Markup {
  return html`<li class="tone-${urgent ? "bad" : "warn"}"><a href="/start">${icon(urgent ? "warn" : "due")}<strong>${urgent ? "今天要處理" : "來信提醒"}</strong><span class="what">${line}</span></a></li>`;
}

/** The worst first. */
function troublesOf(rows: readonly CompanyChores[], chores: readonly ChoreOfPeriod[]): Trouble[] {
  const all = rows.flatMap((row) =>
    row.cells.flatMap((cell, index): Trouble[] => {
      const chore = chores[index];
      return chore && ATTENTION.includes(cell.standing) ? [{ row, cell, chore }] : [];
    }),
  );
  return all.toSorted((a, b) => STANDINGS.indexOf(a.cell.standing) - STANDINGS.indexOf(b.cell.standing));
}

function together(troubles: readonly Trouble[]): Trouble[][] {
  return [...Map.groupBy(troubles, ({ cell, chore }) => `${cell.standing} ${chore.chore} ${chore.about}`).values()];
}

function item(group: readonly Trouble[], period: Period | null): Markup | null {
  const [first] = group;
  if (!first) return null;
  const { row, cell, chore } = first;
  const { icon: shape, tone } = lookOf(cell.standing);
  const about = html`${chore.title}　<span class="soft">${formatPeriod(chore.about, "zh")}</span>`;
  const names = group.slice(0, MOST_NAMES).map((one) => one.row.name);
  const whom = html`　<b>${group.length} 家</b>：${names.join("、")}${group.length > names.length ? "…" : null}`;
  const table = `/?${period === null ? "" : `period=${period}&`}show=attention#table`;
  return html`<li class="tone-${tone}"><a href="${group.length === 1 ? choreHref(cell, chore, row) : table}">${icon(shape)}<strong>${standingWords(cell, chore)}</strong><span class="what">${group.length === 1 ? html`${row.name}　${about}` : html`${about}${whom}`}</span></a></li>`;
}

/** Where somebody sees to a duty: its run, or the form that starts one. */
export function choreHref(
  { runId }: ChoreCell,
  { flow, about }: ChoreOfPeriod,
  { ubn }: Pick<CompanyChores, "ubn">,
): string {
  return runId === null ? `/start?flow=${flow}&company=${ubn}&period=${about}` : `/runs/${runId}`;
}
