import type { RunRow } from "../../engine/runs/runs.ts";
import { starterText, timeText } from "../../recording/export/format.ts";

/** `11/21 14:05`: Taipei's time, without the year where it is this one. */
export function momentText(instant: string, now: Date = new Date()): string {
  const [day = "", clock = ""] = timeText(instant).split(" ");
  const thisYear = timeText(now.toISOString()).startsWith(day.slice(0, 4));
  const short = `${day.slice(5, 7)}/${day.slice(8, 10)} ${clock.slice(0, 5)}`;
  return thisYear ? short : `${day.slice(0, 4)}/${short}`;
}

/** How long a run took; empty while it has not ended. */
export function tookText({ createdAt, endedAt }: Pick<RunRow, "createdAt" | "endedAt">): string {
  return endedAt === null ? "" : durationText(Date.parse(endedAt) - Date.parse(createdAt));
}

/** Milliseconds as `42 秒`, `3 分 05 秒`, `2 小時 10 分` or `3 天 4 小時`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 60) return `${seconds} 秒`;
  const [minutes, hours] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600)];
  if (minutes < 60) return `${minutes} 分 ${String(seconds % 60).padStart(2, "0")} 秒`;
  if (hours < 48) return `${hours} 小時 ${minutes % 60} 分`;
  return `${Math.floor(hours / 24)} 天 ${hours % 24} 小時`;
}

/** Who began a run, without the instant that a schedule writes behind its name. */
export function formatStarter(startedBy: string): string {
  return starterText(startedBy).replace(/ \d{4}-\d\d-\d\dT[\d:.]+Z$/, "");
}
