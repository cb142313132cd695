import type { ProblemCode } from "../problems/problems.ts";

/** What a cell holds when nobody has damaged it: this many digits, a date, or something else. */
export type CellShape = { readonly digits: number } | "date" | "other";

/** Excel's renderings of things like `11-12`, and of dates whose year it hides, in Taiwanese and English installations. */
const DATES_WITHOUT_YEAR = [/^\d{1,2}月\d{1,2}日$/, /^\d{1,2}-[A-Z][a-z]{2}$/, /^[A-Z][a-z]{2}-\d{2}$/];

const WHOLE_DATES = [
  /^\d{4}年\d{1,2}月\d{1,2}日$/,
  /^\d{1,2}-[A-Z][a-z]{2}-\d{2,4}$/,
  /^[A-Z][a-z]{2}-\d{4}$/,
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$/,
];

/** Days since 1900, which is how Excel shows a date in a cell formatted as a number: 1982 to 2064. */
const DAY_NUMBER = /^[3-5]\d{4}$/;

/** Names what Excel did to a value that was refused for what it should have been, or nothing when Excel is not the suspect. */
export function excelDamage(value: string, shape: CellShape): ProblemCode | undefined {
  if (/^\d(\.\d+)?E\+?\d+$/i.test(value)) return "excel-scientific";
  if (/^#+$/.test(value)) return "excel-hashes";
  if (/^(=|')/.test(value)) return "excel-formula";
  const dates = shape === "date" ? [...DATES_WITHOUT_YEAR, DAY_NUMBER] : [...DATES_WITHOUT_YEAR, ...WHOLE_DATES];
  if (dates.some((date) => date.test(value))) return "excel-date";
  if (/^\d{1,3}(,\d{3})+(\.0+)?$|^\d+\.0+$/.test(value)) return "excel-number-format";
  if (typeof shape === "object" && /^\d+$/.test(value) && value.length < shape.digits) return "excel-zeros-lost";
  return undefined;
}
