import { DELETED_ROWS, deletionFields } from "../../../robot/invoicing/blank-numbers/deletion.ts";
import { asBlankRow, BLANK_COLUMNS } from "./blank-rows.ts";
import { Submission } from "../../submit/submission.ts";
import { atRest } from "../../dom/forms/at-rest.ts";
import { readFormState } from "../../dom/forms/form-state.ts";
import type { BlankRow, Fields, FormState, OpenForm } from "../../pages.ts";
import { submitButton } from "../../dom/locator-spec.ts";
import { PageError } from "../../dom/page-error.ts";
import { TERMS } from "../../dom/reading/vocabulary.ts";
import type { PageContext } from "../../dom/windows/page-context.ts";
import { readRows, type TableRow } from "../../dom/lists/table.ts";
import { isRowChecked, tickRow } from "../../dom/lists/checkbox.ts";

const remove = submitButton("blank.list.delete", TERMS.remove, {
  purpose: /空白|未使用|blank|unused/,
  fields: [TERMS.trackPeriod],
});

const WORDS = {
  accepted: /刪除.{0,6}(成功|完成)|已刪除|成功.{0,4}刪除/,
  refused: /失敗|錯誤|不得|不可|不能|無法|無權|異動|不存在|逾期|已[逾過]|截止|非.{0,6}(期間|開放)|請(先|選擇|勾選)/,
  reasons: [{ words: /期別|期間|逾期|已[逾過]|截止|開放/, reason: "window" }],
} as const;

/**
 * Finds these rows of 查詢, to be ticked, all of which have to stand on one page of the list, since nobody knows whether ticks outlive the
 * turning of a page.
 * @param search 查詢 again: the list page by page, that page being on screen
 * @returns the form whose press deletes what is ticked then
 * @throws PageError `page-changed` when a row is not listed, or they lie on several pages
 */
export async function blankDeletion(
  pageContext: PageContext,
  wanted: readonly BlankRow[],
  search: () => AsyncGenerator<readonly TableRow[]>,
): Promise<OpenForm> {
  const rows = await standing(wanted, search);
  const submission = new Submission(pageContext.page, pageContext.dialogs, WORDS);
  const held = (): Promise<FormState> =>
    readFormState(
      pageContext.page,
      rows.map(({ row }) => ({ at: row.getByRole("checkbox"), how: "sets" })),
    );
  return {
    form: {
      state: (when) => (when === "now" ? held() : atRest(pageContext.page, held)),
      submit: submission.button(remove),
      readBack: async () => deletionFields(await tickedRows(pageContext)),
      confirmation: () => submission.confirmation(readConfirmation),
      passwordBox: () => submission.passwordBox(),
      answer: () => submission.answer(),
    },
    fill: async () => {
      for (const { row } of rows) await tickRow(row);
    },
  };
}

/** The wanted rows, on the page of the list where they stand, that page being on screen. */
async function standing(
  wanted: readonly BlankRow[],
  search: () => AsyncGenerator<readonly TableRow[]>,
): Promise<readonly TableRow[]> {
  const name = `要刪除的 ${wanted.length} 列`;
  const pages = new Map<number, TableRow[]>();
  let left = wanted;
  let last = 0;
  for await (const rows of search()) {
    const { found, missing } = matching(rows, left);
    left = missing;
    last++;
    if (found.length > 0) pages.set(last, found);
  }
  const [place, ...others] = pages;
  if (left.length > 0 || !place) throw new PageError("page-changed", name, `清單裡找不到其中 ${left.length} 列`);
  if (others.length > 0) {
    const numbers = [...pages.keys()].join("、");
    throw new PageError("page-changed", `${name}都在清單的同一頁`, `分在第 ${numbers} 頁；請分次刪除`);
  }
  const [number, found] = place;
  if (number === last) return found;
  let page = 0;
  for await (const rows of search()) if (++page === number) return matching(rows, wanted).found;
  throw new PageError("page-changed", name, "再查一次時，清單變短了");
}

/** Each wanted row takes one listed row that says the same; equal rows of the list are as good as each other. */
function matching(
  rows: readonly TableRow[],
  wanted: readonly BlankRow[],
): { found: TableRow[]; missing: readonly BlankRow[] } {
  const missing = [...wanted];
  const found = rows.filter((row) => {
    const key = keyOf(asBlankRow(row));
    const at = missing.findIndex((one) => keyOf(one) === key);
    if (at >= 0) missing.splice(at, 1);
    return at >= 0;
  });
  return { found, missing };
}

function keyOf(row: BlankRow): string {
  return Object.values(deletionFields([row])).join(" ");
}

async function tickedRows({ page }: PageContext): Promise<BlankRow[]> {
  const ticked: BlankRow[] = [];
  for (const row of await readRows(page, BLANK_COLUMNS)) if (await isRowChecked(row.row)) ticked.push(asBlankRow(row));
  return ticked;
}

function readConfirmation(box: string): Fields {
  const rows = /(\d+)\s*筆/.exec(box)?.[1];
  return rows === undefined ? {} : { [DELETED_ROWS]: rows };
}
