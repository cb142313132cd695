import { type InvoiceNumber, type NumberRange, type Track, compareRanges, numberOf, numberValue } from "./track.ts";

/** The same numbers in the fewest runs, in order: overlapping and adjoining runs become one. */
export function mergeRanges(runs: readonly NumberRange[]): NumberRange[] {
  const merged: NumberRange[] = [];
  for (const run of runs.toSorted(compareRanges)) {
    const last = merged.at(-1);
    if (last !== undefined && last.track === run.track && numberValue(run.begin) <= numberValue(last.end) + 1) {
      if (run.end > last.end) merged[merged.length - 1] = { ...last, end: run.end };
    } else {
      merged.push({ track: run.track, begin: run.begin, end: run.end });
    }
  }
  return merged;
}

/** Finds among runs in logarithmic time; made once for many questions. */
export type RangeFinder<Run extends NumberRange> = {
  /** The run that a number lies in. */
  readonly holding: (track: Track, number: InvoiceNumber) => Run | undefined;
  /** All runs that share a number with `run`, in order. */
  readonly overlapping: (run: NumberRange) => Run[];
};

/** Prepares runs that do not overlap each other for looking up. */
export function findIn<Run extends NumberRange>(disjoint: readonly Run[]): RangeFinder<Run> {
  const byTrack = Map.groupBy(disjoint.toSorted(compareRanges), (run) => run.track);
  /** Index of the first run that ends at or behind the number. */
  function firstFrom(runs: readonly Run[], number: InvoiceNumber): number {
    let [low, high] = [0, runs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = runs[middle];
      if (candidate !== undefined && candidate.end < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  return {
    holding(track, number) {
      const runs = byTrack.get(track) ?? [];
      const found = runs[firstFrom(runs, number)];
      return found !== undefined && found.begin <= number ? found : undefined;
    },
    overlapping(run) {
      const runs = byTrack.get(run.track) ?? [];
      const found: Run[] = [];
      for (let index = firstFrom(runs, run.begin); index < runs.length; index += 1) {
        const candidate = runs[index];
        if (candidate === undefined || candidate.begin > run.end) break;
        found.push(candidate);
      }
      return found;
    },
  };
}

/** The numbers of `a` that are not in `b`, in the fewest runs: empty both ways round means both hold the same numbers. */
export function subtractRanges(a: readonly NumberRange[], b: readonly NumberRange[]): NumberRange[] {
  const removed = findIn(mergeRanges(b));
  return mergeRanges(a).flatMap((run) => without(run, removed.overlapping(run)));
}

/** What is left of a run when others, in order and disjoint, are taken out of it. */
export function without(run: NumberRange, removed: readonly NumberRange[]): NumberRange[] {
  const rest: NumberRange[] = [];
  let from = numberValue(run.begin);
  for (const gone of removed) {
    if (from < numberValue(gone.begin)) {
      rest.push({ track: run.track, begin: numberOf(from), end: numberOf(numberValue(gone.begin) - 1) });
    }
    from = numberValue(gone.end) + 1;
  }
  if (from <= numberValue(run.end)) rest.push({ track: run.track, begin: numberOf(from), end: run.end });
  return rest;
}
