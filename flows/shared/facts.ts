import { z } from "zod";
import type { Period } from "../../robot/invoicing/values/period.ts";
import type { Category, NumberRange } from "../../robot/invoicing/values/track.ts";
import type { Ubn } from "../../robot/invoicing/values/ubn.ts";

/** What flows find out, as far as several of them find out the same. Rows come from the flows themselves; the store gives them back as they were. */

export type TrackFact = NumberRange & { readonly period: Period; readonly category: Category; readonly books: number };

export type BlankFact = NumberRange & { readonly ubn: Ubn; readonly period: Period; readonly category: Category };

export type NumberCounts = { readonly allocated: number; readonly used: number; readonly blank: number };

const range = { track: z.string(), begin: z.string(), end: z.string(), period: z.string(), category: z.string() };
const isRange = (row: unknown): boolean => z.object(range).safeParse(row).success;

/** The tracks of a run, each with its numbers and books. */
export const trackFacts = z
  .array(z.custom<TrackFact>((row) => isRange(row) && z.object({ books: z.number() }).safeParse(row).success))
  .readonly()
  .default([]);

/** Blank numbers that the portal lists, as far as the run is about them. */
export const blankFacts = z.array(z.custom<BlankFact>(isRange)).readonly().default([]);

/** How many numbers were allocated, used and left blank, where blank numbers were computed or uploaded. */
export const countFacts = z
  .object({ allocated: z.number(), used: z.number(), blank: z.number() })
  .readonly()
  .nullable()
  .default(null);

/** What a run about blank numbers has found out. */
export const reportedBlanks = z.object({ blanks: blankFacts, counts: countFacts });

export type ReportedBlanks = z.input<typeof reportedBlanks>;

/** One line for each range of tracks. */
export function trackLines({ tracks }: { readonly tracks: readonly TrackFact[] }): string[] {
  return tracks.map(({ period, track, begin, end, books }) => `${period}  ${track} ${begin}–${end}  ${books} 本`);
}
