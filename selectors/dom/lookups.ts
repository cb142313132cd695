import type { Locator, Page } from "playwright";
import { logInteraction } from "./interaction-log.ts";

/** What became of looking for one part of a page. */
export interface Lookup {
  /** `page.part`, the name in `selectors/local.json`. */
  readonly id: string;
  readonly name: string;
  /** By which of its descriptions it was found; null where it was not. */
  readonly by: string | null;
  /** How many things on the page may be meant. */
  readonly elements: number;
  /** By what this installation says of it. */
  readonly local: boolean;
  readonly milliseconds: number;
}

const watched = new WeakMap<Page, Map<string, Lookup>>();

/** Whether somebody wants to know how the parts of this page are found. */
export function isWatched(page: Page): boolean {
  return watched.has(page);
}

/** Notes how a part was found, and marks it for the next picture. One that was found once counts as found. */
export function noteLookup(page: Page, lookup: Lookup, found: Locator | null): void {
  const seen = watched.get(page);
  if (seen === undefined) return;
  if (found !== null) logInteraction(found);
  const before = seen.get(lookup.id);
  if (lookup.by === null && before !== undefined && before.by !== null) return;
  seen.set(lookup.id, lookup);
}

/** What is looked for on the page while `work` runs, in the order in which it was first looked for. */
export async function lookupsDuring<T>(
  page: Page,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly lookups: readonly Lookup[] }> {
  const seen = new Map<string, Lookup>();
  watched.set(page, seen);
  try {
    return { result: await work(), lookups: [...seen.values()] };
  } finally {
    watched.delete(page);
  }
}
