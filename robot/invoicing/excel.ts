import type { ProblemCode } from "./problems.ts";

/** Excel's date renderings of things like `11-12` in Taiwanese and English installations. */
const DATE_SHAPES = [
  /^\d{1,2}月\d{1,2}日$/,
  /^\d{1,2}-[A-Z][a-z]{2}(-\d{2,4})?$/,
  /^[A-Z][a-z]{2}-\d{2,4}$/,
  /^\d{4}[-/]\d{1,2}[-/]\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?$/,
];

/**
 * Names what Excel did to a value that should have been `width` digits, or nothing when Excel is not the suspect.
 * A value that is too short counts as lost zeros only when it is digits through and through.
 */
export function excelDamage(value: string, width: number): ProblemCode | undefined {
  if (/^\d(\.\d+)?E\+?\d+$/i.test(value)) return "excel-scientific";
  if (/^#+$/.test(value)) return "excel-hashes";
  if (/^(=|')/.test(value)) return "excel-formula";
  if (DATE_SHAPES.some((shape) => shape.test(value))) return "excel-date";
  if (/^\d{1,3}(,\d{3})+(\.0+)?$|^\d+\.0+$/.test(value)) return "excel-number-format";
  if (/^\d+$/.test(value) && value.length < width) return "excel-zeros-lost";
  return undefined;
}
