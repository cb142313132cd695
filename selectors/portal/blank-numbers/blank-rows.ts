import { isPrintedUbn } from "../../../robot/invoicing/values/ubn.ts";
import { type Category, parseCategory, parseRange } from "../../../robot/invoicing/values/track.ts";
import type { BlankRow, UploadListRow } from "../../pages.ts";
import { readPeriod } from "../period-text.ts";
import { PageError } from "../../dom/page-error.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import type { Columns, TableRow } from "../../dom/lists/table.ts";

/** Columns of 查詢 of blank numbers. */
const BLANK_TERMS = [TERMS.branchNumber, TERMS.category, TERMS.months, TERMS.track, TERMS.begin, TERMS.end] as const;
export const BLANK_COLUMNS: Columns = { wanted: BLANK_TERMS };

/** Columns of 上傳列表. */
const UPLOAD_TERMS = [TERMS.importedAt, TERMS.importedFile, TERMS.processState, TERMS.failureDetails] as const;
export const UPLOAD_COLUMNS: Columns = { wanted: UPLOAD_TERMS.slice(0, 3), optional: [TERMS.failureDetails] };

/** @throws PageError `page-changed` for a row that can't be a run of blank numbers */
export function asBlankRow({ cells }: TableRow): BlankRow {
  const [ubn = "", categoryText = "", months = "", track = "", begin = "", end = ""] = BLANK_TERMS.map(
    ({ name }) => cells[name],
  );
  const period = readPeriod(months);
  const run = readOrNull(() => parseRange(track, begin, end));
  if (!isPrintedUbn(ubn) || period === null || run === null)
    throw new PageError("page-changed", "清單上的一列空白號碼", Object.values(cells).join(" | "));
  return { ...run, ubn, period, category: readOrNull((): Category => parseCategory(categoryText)), categoryText };
}

export function asUploadRow({ cells }: TableRow): UploadListRow {
  const [importedAt = "", fileName = "", stateText = ""] = UPLOAD_TERMS.map(({ name }) => cells[name]);
  // What was done in part has failure details as well, and is settled: the list of numbers tells which part.
  const state = /失敗|部[分份]/.test(stateText) ? "failed" : stateText === "已完成" ? "done" : "waiting";
  const ubn = Object.entries(cells)
    .find(([name]) => /統編|統一編號/.test(name))?.[1]
    .trim();
  return { ubn: ubn === undefined || ubn === "" ? null : ubn, importedAt, fileName, state, stateText };
}

function readOrNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
