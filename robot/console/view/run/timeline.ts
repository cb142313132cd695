import { factList } from "../../../recording/export/fragments.ts";
import { html, type Markup } from "../../../lib/html.ts";
import type { Chapter, TimelineEntry } from "../../../recording/export/timeline.ts";
import { clockText, timeText } from "../../../recording/export/format.ts";
import { icon, type Icon } from "../icons.ts";
import type { Tone } from "../status.ts";

const STATES: Readonly<Record<Chapter["state"], { readonly icon: Icon; readonly tone: Tone; readonly words: string }>> =
  {
    done: { icon: "done", tone: "good", words: "做完了" },
    failed: { icon: "failed", tone: "bad", words: "沒有做完" },
    "put-off": { icon: "waiting", tone: "warn", words: "稍後再做" },
    interrupted: { icon: "other", tone: "warn", words: "中斷，之後重做" },
    open: { icon: "running", tone: "live", words: "到這裡為止" },
  };

/** So many chapters of mere routine in a row are shown as they are. */
const MOST_QUIET = 3;

/** The steps of a run with what happened in each; long stretches of routine are folded. */
export function timeline(chapters: readonly Chapter[]): Markup {
  return html`<ol class="steps">${stretches(chapters).map(stretch)}</ol>`;
}

function isQuiet({ state, entries: told }: Chapter): boolean {
  return state === "done" && told.every(({ tone }) => tone === "quiet");
}

/** A hundred looks into a mailbox are one line to anyone who reads. */
function stretches(chapters: readonly Chapter[]): Chapter[][] {
  const all: Chapter[][] = [];
  for (const chapter of chapters) {
    const last = all.at(-1);
    if (last && isQuiet(chapter) && last.every(isQuiet)) last.push(chapter);
    else all.push([chapter]);
  }
  return all;
}

function stretch(chapters: readonly Chapter[]): Markup {
  const items = chapters.map(step);
  const first = chapters[0]?.events[0];
  if (chapters.length <= MOST_QUIET || !first) return html`${items}`;
  const steps = chapters.filter(({ title }) => title !== null).length;
  return html`<li class="step quiet"><details><summary>${steps} 個例行步驟，沒有新的結果 <span class="soft small">${timeText(first.time)} 起</span></summary><ol class="steps">${items}</ol></details></li>`;
}

function step({ title, state, events, entries: told }: Chapter): Markup {
  const first = events[0];
  if (title === null || !first)
    return told.length === 0 ? html`` : html`<li class="step between">${happenings(told)}</li>`;
  const { icon: shape, tone, words } = STATES[state];
  return html`<li class="step"><div class="title"><span class="tone-${tone}">${icon(shape)}<span class="unseen">${words}：</span></span><strong>${title}</strong><time class="soft small" datetime="${first.time}">${clockText(first.time)}</time></div>${happenings(told)}</li>`;
}

/** What happened in a step; the bookkeeping of the robot itself is folded. */
function happenings(told: readonly TimelineEntry[]): Markup {
  const [loud, quiet] = [told.filter(({ tone }) => tone !== "quiet"), told.filter(({ tone }) => tone === "quiet")];
  const folded =
    quiet.length === 0
      ? null
      : html`<details class="fold"><summary class="soft small">${quiet.length} 則例行紀錄</summary><ul>${quiet.map(happening)}</ul></details>`;
  return html`${loud.length === 0 ? null : html`<ul>${loud.map(happening)}</ul>`}${folded}`;
}

function happening({ event, text, tone, quote, facts = [], picture }: TimelineEntry): Markup {
  const words = picture
    ? html`<a href="#shot-${event.seq}" data-shot="shot-${event.seq}">畫面：${text}</a>`
    : html`${text}`;
  return html`<li id="event-${event.seq}" class="tone-${tone}"><time class="soft small" datetime="${event.time}" title="第 ${event.seq} 個事件">${clockText(event.time)}</time><div>${words}${quote ? html`<blockquote>${quote}</blockquote>` : null}${factList(facts)}</div></li>`;
}
