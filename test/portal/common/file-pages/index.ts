import type { FilePage } from "./file-page.ts";
import { missingUploads } from "./missing-uploads.ts";

/** Every page of that kind. */
export const FILE_PAGES: readonly FilePage[] = [missingUploads];

/** Entries of a menu's group, before those that lead nowhere on the practice portal. */
export function inGroup<Entry extends { readonly title: string }>(
  pages: readonly FilePage[],
  entry: (page: FilePage) => Entry,
  others: readonly Entry[],
): Entry[] {
  const made = pages.map(entry);
  return [...made, ...others.filter(({ title }) => !made.some((one) => title.startsWith(one.title)))];
}
