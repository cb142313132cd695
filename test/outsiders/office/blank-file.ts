import { CATEGORY_NAMES, type BlankRow, type NumberRun, type UploadJob } from "./records.ts";
import type { PeriodCode } from "./periods.ts";

export interface BlankLine extends NumberRun {
  readonly category: string;
}

interface Known {
  readonly ban: string;
  readonly period: PeriodCode;
  readonly allotted: readonly NumberRun[];
  readonly rows: readonly BlankRow[];
}

/** What the hourly job makes of an uploaded file. */
export function readBlankFile(
  text: string,
  known: Known,
): { readonly lines: readonly BlankLine[]; readonly faults: UploadJob["faults"] } {
  const lines: BlankLine[] = [];
  const faults: { line: number; text: string; why: string }[] = [];
  text
    .replace(/^\uFEFF/u, "")
    .split(/\r?\n/u)
    .forEach((line, index) => {
      if (line.trim() === "") return;
      const cells = line.split(",").map((cell) => cell.trim());
      const [, ban = "", period = "", track = "", begin = "", end = "", category = ""] = cells;
      const read = { track, begin, end, category };
      const why = fault({ ban, period, ...read }, known, lines);
      if (why === null) lines.push(read);
      else faults.push({ line: index + 1, text: line, why });
    });
  if (lines.length === 0 && faults.length === 0) faults.push({ line: 0, text: "", why: "檔案無資料" });
  return { lines, faults };
}

function fault(
  line: BlankLine & { readonly ban: string; readonly period: string },
  known: Known,
  before: readonly BlankLine[],
): string | null {
  if (!/^\d{8}$/u.test(line.ban)) return "統編格式錯誤須為8碼數字";
  if (line.ban !== known.ban) return "E0611 傳送者非總機構或分支機構";
  if (line.period !== known.period) return "發票期別格式錯誤";
  if (!/^[A-Z]{2}$/u.test(line.track)) return "空白字軌長度不得超過2碼";
  if (!/^\d{8}$/u.test(line.begin)) return "空白發票起號長度必為8碼";
  if (!/^\d{8}$/u.test(line.end)) return "空白發票迄號長度必為8碼";
  if (!(line.category.padStart(2, "0") in CATEGORY_NAMES)) return "E0607 發票類別錯誤";
  if (!known.allotted.some((run) => within(line, run))) return "E0613 該區間未曾配號";
  if (known.rows.some((row) => overlaps(line, row))) return "發票區間跟其他資料重疊";
  if (before.some((row) => overlaps(line, row))) return "E0609 上傳資料區間重複";
  return null;
}

function within(inner: NumberRun, outer: NumberRun): boolean {
  return (
    inner.track === outer.track && inner.begin >= outer.begin && inner.end <= outer.end && inner.begin <= inner.end
  );
}

function overlaps(one: NumberRun, other: NumberRun): boolean {
  return one.track === other.track && one.begin <= other.end && other.begin <= one.end;
}
