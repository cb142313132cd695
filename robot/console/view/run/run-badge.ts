import type { Outcome, RunRow } from "../../../engine/runs/runs.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { icon, type Icon } from "../icons.ts";
import type { Tone } from "../status.ts";

export interface BadgeStyle {
  readonly icon: Icon;
  readonly tone: Tone;
  readonly word: string;
}

const OUTCOMES: { readonly [outcome in Outcome]: BadgeStyle } = {
  done: { icon: "done", tone: "good", word: "完成" },
  "already-done": { icon: "done", tone: "good", word: "早已完成" },
  waiting: { icon: "waiting", tone: "live", word: "等待中" },
  "needs-person": { icon: "person", tone: "warn", word: "需要人處理" },
  failed: { icon: "failed", tone: "bad", word: "沒有完成" },
  unknown: { icon: "unknown", tone: "bad", word: "結果不明" },
};

const CANCELLED: BadgeStyle = { icon: "other", tone: "faint", word: "已取消" };

/** How a run stands, as shape, word and colour. */
export function badgeOfRun(run: Pick<RunRow, "state" | "outcome" | "failure" | "rehearsal">): BadgeStyle {
  const look = lookOfRun(run);
  if (!run.rehearsal) return look;
  const isOver = run.outcome === "done" || run.outcome === "already-done";
  return isOver ? { ...look, tone: "live", word: "演練過，沒有送出" } : { ...look, word: `演練　${look.word}` };
}

function lookOfRun({ state, outcome, failure }: Pick<RunRow, "state" | "outcome" | "failure">): BadgeStyle {
  switch (state) {
    case "queued":
      return { icon: "queued", tone: "live", word: "排隊中" };
    case "running":
      return { icon: "running", tone: "live", word: "執行中" };
    case "waiting":
      return OUTCOMES.waiting;
    case "needs-person":
      return { icon: "person", tone: "warn", word: "等人回答" };
    case "ended":
      if (failure?.code === "cancelled") return CANCELLED;
      return outcome === null ? OUTCOMES.unknown : OUTCOMES[outcome];
  }
}

export function badge({ icon: shape, tone, word }: BadgeStyle): Markup {
  return html`<span class="badge tone-${tone}">${icon(shape)}${word}</span>`;
}
