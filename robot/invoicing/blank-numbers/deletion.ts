import type { OwnedRange } from "./portal-list.ts";
import type { Period } from "../values/period.ts";
import type { Category } from "../values/track.ts";

/** A row of the portal's list of blank numbers, as far as a deletion tells rows apart. */
export type DeletableRow = OwnedRange & {
  readonly period: Period;
  /** Null where the portal prints a category that has no code. */
  readonly category: Category | null;
  /** 發票類別, as printed. */
  readonly categoryText: string;
};

/** How many rows are deleted, by the label under which the fields of a deletion say it. */
export const DELETED_ROWS = "刪除筆數";

/**
 * What a deletion asks for, and what the page holds ticked, by label: `刪除筆數` and the rows, in an order of their own so that
 * both can be compared: `刪除 1`: `12345675 11510 07 AB 00000050-00000099`.
 */
export function deletionFields(rows: readonly DeletableRow[]): { readonly [label: string]: string } {
  const texts = rows
    .map(({ ubn, period, category, categoryText, track, begin, end }) =>
      [ubn, period, category ?? categoryText, track, `${begin}-${end}`].join(" "),
    )
    .sort();
  return {
    [DELETED_ROWS]: String(rows.length),
    ...Object.fromEntries(texts.map((text, index) => [`刪除 ${index + 1}`, text])),
  };
}
