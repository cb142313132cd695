import { parse } from "node-cron";

const WEEKDAYS = "日一二三四五六";

/** When a schedule rings, as people say it: `每單月 3 日 02:00`. What is too odd for that is shown as it is written. */
export function formatCron(expression: string): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const days = daysWords(numbers(dayOfMonth), numbers(month), numbers(dayOfWeek));
  return `${days} ${timesWords(hour, minute)}`;
}

function numbers(list: readonly unknown[]): number[] {
  return list.filter((one) => typeof one === "number");
}

function daysWords(days: readonly number[], months: readonly number[], weekdays: readonly number[]): string {
  const everyDay = days.length === 31;
  const which = monthsWords(months);
  const on = weekdays.length >= 7 ? "" : `每週${weekdays.map((day) => WEEKDAYS[day % 7]).join("、")}`;
  if (everyDay)
    return on === "" ? (which === "每月" ? "每天" : `${which}的每一天`) : which === "每月" ? on : `${which}的${on}`;
  const dates = `${which} ${ranges(days)} 日`;
  return on === "" ? dates : `${dates}且是${on.replace("每", "")}`;
}

function monthsWords(months: readonly number[]): string {
  if (months.length === 12) return "每月";
  if (months.join() === "1,3,5,7,9,11") return "每單月";
  if (months.join() === "2,4,6,8,10,12") return "每雙月";
  return `每年 ${ranges(months)} 月`;
}

function timesWords(hours: readonly number[], minutes: readonly number[]): string {
  if (hours.length === 24 && minutes.length === 60) return "每分鐘";
  if (hours.length === 24) return `每小時的 ${minutes.join("、")} 分`;
  const times = hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`));
  if (times.length <= 4) return times.join("、");
  return `${ranges(hours)} 點的 ${minutes.join("、")} 分`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** `1–10` or `3、8`. */
function ranges(list: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const one of list) {
    const last = parts.at(-1);
    if (last && one === last[1] + 1) last[1] = one;
    else parts.push([one, one]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join("、");
}

/** How a person says when, before it is cron. */
export interface When {
  readonly often: "daily" | "weekly" | "monthly" | "odd" | "even" | "cron";
  /** `02:00` */
  readonly time: string;
  /** Day of the month, or of the week (0 is Sunday). */
  readonly day: string;
  readonly cron: string;
}

/** The same as cron writes it. What is missing makes an expression that the schema refuses with its reason. */
export function cronOf({ often, time, day, cron }: When): string {
  const [hour = "", minute = ""] = time.split(":");
  const at = `${Number(minute)} ${Number(hour)}`;
  switch (often) {
    case "daily":
      return `${at} * * *`;
    case "weekly":
      return `${at} * * ${day}`;
    case "monthly":
      return `${at} ${day} * *`;
    case "odd":
      return `${at} ${day} 1,3,5,7,9,11 *`;
    case "even":
      return `${at} ${day} 2,4,6,8,10,12 *`;
    case "cron":
      return cron;
  }
}
