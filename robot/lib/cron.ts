import { parse, validateDetailed } from "node-cron";

const DAY_MS = 86_400_000;
/** Taipei is eight hours before UTC all the year; there has been no summer time since 1979. */
const TAIPEI_MS = 8 * 3_600_000;
/** A leap day is at most eight years away. */
const LONGEST_DAYS = 8 * 366;

interface Times {
  /** Milliseconds after midnight in Taipei, ascending. */
  readonly ofDay: readonly number[];
  readonly isDay: (taipeiDay: number) => boolean;
}

/**
 * What is wrong with the times of a schedule, in words for people; null when nothing is. Times are written for cron: minute, hour,
 * day, month, weekday, with a second before them if need be; all in Taipei. Day and weekday must both fit.
 */
export function cronFault(expression: string): string | null {
  const { valid, errors, fields } = validateDetailed(expression);
  if (!valid || !fields) return errors.map(({ field, message }) => `${field}：${message}`).join("；");
  if (fields.second.length > 1) return "最多一分鐘一次，秒請寫一個數字";
  if ([...fields.dayOfMonth, ...fields.dayOfWeek].some((day) => typeof day === "string")) return "不支援 L、W、#";
  return nextOccurrence(expression, new Date()) === null ? "沒有這樣的日子" : null;
}

/**
 * The occurrences after one instant up to and including another, oldest first: whatever happened in between to process, machine
 * and clock, and in whatever zone the machine is.
 */
export function dueOccurrences(expression: string, lastSeen: Date, now: Date): Date[] {
  const times = timesOf(expression);
  const due: Date[] = [];
  for (let day = taipeiDay(lastSeen); day <= taipeiDay(now); day++) {
    for (const instant of instantsOf(times, day)) {
      if (instant > lastSeen.getTime() && instant <= now.getTime()) due.push(new Date(instant));
    }
  }
  return due;
}

/** The first occurrence after an instant; null when there is none in the next eight years. */
export function nextOccurrence(expression: string, after: Date): Date | null {
  const times = timesOf(expression);
  const first = taipeiDay(after);
  for (let day = first; day <= first + LONGEST_DAYS; day++) {
    const next = instantsOf(times, day).find((instant) => instant > after.getTime());
    if (next !== undefined) return new Date(next);
  }
  return null;
}

function timesOf(expression: string): Times {
  const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  const ofDay = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1_000)))
    .sort((x, y) => x - y);
  return {
    ofDay,
    isDay: (day) => {
      // A day of Taipei, read as if it were one of UTC.
      const date = new Date(day * DAY_MS);
      return (
        month.includes(date.getUTCMonth() + 1) &&
        dayOfMonth.includes(date.getUTCDate()) &&
        dayOfWeek.includes(date.getUTCDay())
      );
    },
  };
}

function taipeiDay(instant: Date): number {
  return Math.floor((instant.getTime() + TAIPEI_MS) / DAY_MS);
}

function instantsOf(times: Times, day: number): number[] {
  return times.isDay(day) ? times.ofDay.map((time) => day * DAY_MS + time - TAIPEI_MS) : [];
}
