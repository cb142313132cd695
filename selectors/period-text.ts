import { parsePeriod, type Period } from "../robot/invoicing/period.ts";

/** What a select box of periods says: its prompt, or a period in one of its spellings. */
export const PERIODS = /期別|\d{2,4}\s*[年/]\s*\d{1,2}/;

/** The period that a text on a page names, or null. */
export function readPeriod(text: string): Period | null {
  try {
    return parsePeriod(text);
  } catch {
    return null;
  }
}
