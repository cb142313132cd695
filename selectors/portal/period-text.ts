import { PageError } from "../dom/page-error.ts";
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

export function periodsIn(texts: readonly string[]): Period[] {
  return texts.map(readPeriod).filter((period) => period !== null);
}

/** What a choice of periods says where it offers none. */
const NONE_OFFERED = /^$|^[-－—–~.…]+$|請|全部|不限|沒有|無|未|不開放|select|choose|^all$|none/i;

/**
 * The periods that a choice offers, as printed. What can't be read as periods says nothing of whether one is offered, be it another spelling or something
 * that is no choice of periods at all.
 * @throws PageError `page-changed`
 */
export function offeredPeriods(texts: readonly string[]): Period[] {
  const offered = texts.map((text) => text.trim()).filter((text) => !NONE_OFFERED.test(text));
  const periods = periodsIn(offered);
  if (offered.length === 0 || periods.length > 0) return periods;
  throw new PageError("page-changed", "「發票期別」的選項", `看到的是：${offered.join("、")}，讀不出是哪一期`);
}
