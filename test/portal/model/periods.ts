import { z } from "zod";
import { taipeiDate, taipeiMidnight } from "./clock.ts";

/** A period code as the portal stores it: ROC year and the even month, `11512` is 115年11-12月. */
export const periodCode = z.string().regex(/^\d{3}(02|04|06|08|10|12)$/, "期別格式錯誤");

function parts(period: string): { rocYear: number; month: number } {
  return { rocYear: Number(period.slice(0, 3)), month: Number(period.slice(3)) };
}

function code(rocYear: number, month: number): string {
  return `${String(rocYear).padStart(3, "0")}${String(month).padStart(2, "0")}`;
}

/** The period in which that moment lies, by the calendar in Taipei. */
export function periodAt(time: number): string {
  const { year, month } = taipeiDate(time);
  return code(year - 1911, month + (month % 2));
}

/** The period `steps` periods after (or, when negative, before) the given one. */
export function shiftPeriod(period: string, steps: number): string {
  const { rocYear, month } = parts(period);
  const index = rocYear * 6 + (month / 2 - 1) + steps;
  return code(Math.floor(index / 6), ((index % 6) + 1) * 2);
}

/** What the current design's screens print: `2026年11-12期`. */
export function periodLabel(period: string): string {
  const { rocYear, month } = parts(period);
  return `${rocYear + 1911}年${String(month - 1).padStart(2, "0")}-${String(month).padStart(2, "0")}期`;
}

/** What files print: `115/11 ~ 115/12`, with or without spaces, in ROC or CE years. */
export function periodRange(period: string, style: { tilde: "spaced" | "tight"; year: "roc" | "ce" }): string {
  const { rocYear, month } = parts(period);
  const year = style.year === "roc" ? String(rocYear) : String(rocYear + 1911);
  const side = (m: number): string => `${year}/${String(m).padStart(2, "0")}`;
  return `${side(month - 1)}${style.tilde === "spaced" ? " ~ " : "~"}${side(month)}`;
}

/** The two parts in which the classic design's selects show a period: the ROC year, and the months as `11~12`. */
export function periodParts(period: string): { year: string; months: string } {
  const { rocYear, month } = parts(period);
  const two = (m: number): string => String(m).padStart(2, "0");
  return { year: String(rocYear), months: `${two(month - 1)}~${two(month)}` };
}

/** Midnight in Taipei of a day in the even (second) month of the period. */
export function dayOfEvenMonth(period: string, day: number): number {
  const { rocYear, month } = parts(period);
  return taipeiMidnight(rocYear + 1911, month, day);
}

/** Midnight in Taipei of a day in the odd month that follows the period. */
export function dayOfNextOddMonth(period: string, day: number): number {
  const { rocYear, month } = parts(period);
  return taipeiMidnight(rocYear + 1911, month + 1, day);
}
