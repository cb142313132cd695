import { z } from "zod";

interface Appointment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const TAIPEI_OFFSET = 8 * 3_600_000;
const LONGEST_TIMER = 2_000_000_000;

/** A moment on the portal's clock, as ISO 8601 with the Taipei offset: `2026-11-03T09:00:00+08:00`. */
export function taipeiIso(time: number): string {
  return `${new Date(time + TAIPEI_OFFSET).toISOString().slice(0, 19)}+08:00`;
}

/** Year, month (1–12) and day of the month in Taipei (which knows no daylight saving time). */
export function taipeiDate(time: number): { year: number; month: number; day: number } {
  const shifted = new Date(time + TAIPEI_OFFSET);
  return { year: shifted.getUTCFullYear(), month: shifted.getUTCMonth() + 1, day: shifted.getUTCDate() };
}

/** Midnight in Taipei at the start of that day, in epoch milliseconds. Months beyond 12 run into the next year. */
export function taipeiMidnight(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) - TAIPEI_OFFSET;
}

/** An ISO time with an offset → epoch milliseconds. */
export const isoTime = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/**
 * The portal's own clock. One portal minute takes `msPerMinute` real milliseconds. Appointments run in the order of their portal
 * time, also when the clock is moved forward over several of them; while one runs, `now()` is the moment it was made for.
 */
export class HurriedClock {
  private anchorPortal: number;
  private anchorReal: number;
  private pace: number;
  private running: number | null = null;
  private appointments: Appointment[] = [];
  private counter = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(start: number, msPerMinute: number) {
    this.anchorPortal = start;
    this.anchorReal = performance.now();
    this.pace = msPerMinute;
  }

  /** Portal time in epoch milliseconds. */
  now(): number {
    return this.running ?? this.anchorPortal + ((performance.now() - this.anchorReal) / this.pace) * 60_000;
  }

  iso(): string {
    return taipeiIso(this.now());
  }

  get msPerMinute(): number {
    return this.pace;
  }

  /** Moves the clock. Forward: everything due on the way happens, in order. Backward: appointments just wait longer. */
  set(time: number): void {
    this.anchorPortal = time;
    this.anchorReal = performance.now();
    this.runDue();
  }

  advance(minutes: number): void {
    this.set(this.now() + minutes * 60_000);
  }

  setPace(msPerMinute: number): void {
    this.anchorPortal = this.now();
    this.anchorReal = performance.now();
    this.pace = msPerMinute;
    this.plan();
  }

  /** Calls `run` once when the portal's clock reaches `time`. */
  at(time: number, run: () => void): void {
    this.counter += 1;
    this.appointments.push({ at: time, order: this.counter, run });
    this.appointments.sort((a, b) => a.at - b.at || a.order - b.order);
    this.plan();
  }

  afterMinutes(minutes: number, run: () => void): void {
    this.at(this.now() + minutes * 60_000, run);
  }

  close(): void {
    this.appointments = [];
    this.plan();
  }

  private runDue(): void {
    for (let next = this.appointments[0]; next !== undefined && next.at <= this.now(); next = this.appointments[0]) {
      this.appointments.shift();
      this.running = next.at;
      try {
        next.run();
      } finally {
        this.running = null;
      }
    }
    this.plan();
  }

  private plan(): void {
    if (this.running !== null) return;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const next = this.appointments[0];
    if (next === undefined) return;
    const delay = ((next.at - this.now()) / 60_000) * this.pace;
    this.timer = setTimeout(() => this.runDue(), Math.min(Math.max(1, Math.ceil(delay)), LONGEST_TIMER));
  }
}
