import { type Day, daysBetween } from "../../invoicing/values/day.ts";
import {
  type ObligationOfPeriod,
  type ObligationState,
  type ObligationStatus,
} from "../../invoicing/deadlines/obligations.ts";
import type { Icon } from "./icons.ts";

export type Tone = "good" | "warn" | "bad" | "live" | "calm" | "faint";

/** How each status looks: a shape, a word and a colour that say the same. */
const LOOKS: {
  readonly [status in ObligationStatus]: { readonly icon: Icon; readonly tone: Tone; readonly word: string };
} = {
  unknown: { icon: "unknown", tone: "bad", word: "結果不明" },
  person: { icon: "person", tone: "warn", word: "需要人" },
  overdue: { icon: "warn", tone: "bad", word: "逾期" },
  failed: { icon: "failed", tone: "bad", word: "沒有完成" },
  due: { icon: "due", tone: "warn", word: "快到期" },
  running: { icon: "running", tone: "live", word: "執行中" },
  waiting: { icon: "waiting", tone: "live", word: "等待中" },
  queued: { icon: "queued", tone: "live", word: "排隊中" },
  open: { icon: "open", tone: "calm", word: "還沒做" },
  later: { icon: "later", tone: "faint", word: "還沒開始" },
  other: { icon: "other", tone: "faint", word: "他人上傳" },
  passed: { icon: "other", tone: "faint", word: "平台自動配" },
  done: { icon: "done", tone: "good", word: "完成" },
};

export function lookOf(status: ObligationStatus): { readonly icon: Icon; readonly tone: Tone; readonly word: string } {
  return LOOKS[status];
}

/** A status with what is known of its time: `逾期 11 天`, `完成 11/05`. */
export function statusText(
  { status, daysLeft, doneOn }: ObligationState,
  { from }: Pick<ObligationOfPeriod, "from">,
): string {
  const { word } = LOOKS[status];
  if (status === "done") return doneOn === null ? word : `${word} ${shortDay(doneOn)}`;
  if (status === "later") return `${shortDay(from)} 起`;
  if (daysLeft === null) return word;
  if (status === "overdue") return `${word} ${-daysLeft} 天`;
  if (status === "due") return daysLeft === 0 ? "今天到期" : `剩 ${daysLeft} 天`;
  return word;
}

/** The same for the command line in English: `overdue by 11 days`, `done 11/05`. */
export function statusEnglish(
  { status, daysLeft, doneOn }: ObligationState,
  { from }: Pick<ObligationOfPeriod, "from">,
): string {
  const word = ENGLISH[status];
  if (status === "done") return doneOn === null ? word : `${word} ${shortDay(doneOn)}`;
  if (status === "later") return `from ${shortDay(from)}`;
  if (daysLeft === null) return word;
  if (status === "overdue") return `${word} by ${-daysLeft} days`;
  return status === "due" ? `${word}, ${daysLeft} days left` : word;
}

const ENGLISH: { readonly [status in ObligationStatus]: string } = {
  unknown: "outcome unknown",
  person: "a person is needed",
  overdue: "overdue",
  failed: "failed",
  due: "due",
  running: "running",
  waiting: "waiting",
  queued: "queued",
  open: "not done yet",
  later: "later",
  other: "uploaded by another party",
  passed: "left to the portal",
  done: "done",
};

/** How many days are left of a duty's time: `還有 27 天`, `今天`, `已過 11 天`, `27 天後開始`. */
export function daysText({ from, by }: Pick<ObligationOfPeriod, "from" | "by">, today: Day): string {
  if (today < from) return `${daysBetween(today, from)} 天後開始`;
  const left = daysBetween(today, by ?? from);
  if (left === 0) return "今天";
  return left < 0 ? `已過 ${-left} 天` : `還有 ${left} 天`;
}

/** `11/05` */
function shortDay(day: Day): string {
  return `${day.slice(5, 7)}/${day.slice(8, 10)}`;
}

/** `1/10（日）`: the weekday matters where a weekend moves nothing. */
export function dayWithWeekday(day: Day): string {
  const weekday = "日一二三四五六"[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? "";
  return `${Number(day.slice(5, 7))}/${Number(day.slice(8, 10))}（${weekday}）`;
}

export function isWeekend(day: Day): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}
