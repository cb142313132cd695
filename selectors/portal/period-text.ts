import { parsePeriod, type Period } from "../../robot/invoicing/values/period.ts";

/** What a select box of periods says: its prompt, or a period in one of its spellings. */
export const PERIODS = /期別|\d{2,4}\s*[年/]\s*\d{1,2}|(?<![-\d])\d{3,4}-(0?[1-9]|1[0-2])(?![-\d])/;

/** The period that a text on a page names, or null. */
export function readPeriod(text: string): Period | null {
  try {
    return parsePeriod(text);
  } catch {
    return null;
  }
}

/** The period that a text begins with, as its code, since each view prints it in its own way; any other text as it is. */
export function normalPeriod(text: string): string {
  const [lead = ""] = /^[\d\s民國西元中華年第月份期/~～、至-]*/.exec(text.trim()) ?? [];
  return readPeriod(text) ?? readPeriod(lead) ?? text.trim();
}
