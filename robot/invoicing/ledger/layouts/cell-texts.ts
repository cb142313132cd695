import { parseDay } from "../../values/day.ts";
import { isUbn } from "../../values/ubn.ts";
import type { Header } from "../column-names.ts";
import { plainCell } from "../numbers.ts";
import type { SourceRow } from "../sources/source.ts";
import type { LedgerField } from "../teaching.ts";
import type { LayoutContext } from "./layout.ts";

/** The text of a field in one row, and in which cell it stands there. */
export type TextOf = {
  (field: LedgerField): string | undefined;
  readonly place: (field: LedgerField) => number | undefined;
};

/**
 * The cell of each field. In a row with more cells than its header, an unquoted comma in a name may have pushed what stands behind it to
 * the right, see {@link pushedBy}.
 */
export function cellTexts(
  row: SourceRow,
  header: Header,
  dropsEmptyCells: boolean,
  statuses: LayoutContext["statuses"],
): TextOf {
  const { cells } = row;
  const { at } = header;
  const pushed = pushedBy(cells, header, statuses);
  const place = (field: LedgerField): number | undefined => {
    const index = at[field];
    return index === undefined || index < pushed.from ? index : index + pushed.by;
  };
  const text = (field: LedgerField): string | undefined => {
    const index = place(field);
    if (index === undefined) return undefined;
    return cells[index] ?? (dropsEmptyCells ? "" : undefined);
  };
  return Object.assign(text, { place });
}

const PUSHED_FIELDS = ["status", "date", "seller"] as const;
const NOT_PUSHED = { from: 0, by: 0 };

/**
 * From which column on, and by how many cells, a row's cells were pushed to the right. Only what can't be in its own place and can be in
 * the other is taken from there, all fields behind the comma alike; a status needs the date or the seller to agree. A number is never
 * looked for elsewhere: the cell beside it may be eight digits as well.
 */
function pushedBy(
  cells: readonly string[],
  { at, cells: names }: Header,
  statuses: LayoutContext["statuses"],
): { readonly from: number; readonly by: number } {
  const extra = cells.length - 1 - names.findLastIndex((name) => name.trim() !== "");
  if (extra <= 0) return NOT_PUSHED;
  const fits = (field: (typeof PUSHED_FIELDS)[number], index: number): boolean =>
    FITS[field](cells[index] ?? "", statuses);
  const isEmpty = (index: number): boolean => (cells[index] ?? "").trim() === "";
  const fields = PUSHED_FIELDS.flatMap((field) => {
    const index = at[field];
    return index === undefined ? [] : [{ field, index }];
  });
  const wrong = fields.filter(({ field, index }) => !isEmpty(index) && !fits(field, index));
  const from = Math.min(...wrong.map(({ index }) => index));
  const isBeyond = (index: number | undefined): boolean => index !== undefined && index >= from;
  if (wrong.length === 0 || isBeyond(at.number) || isBeyond(at.track) || isBeyond(at.end)) return NOT_PUSHED;
  const beyond = fields.filter(({ index }) => index >= from);
  for (let by = 1; by <= extra; by += 1) {
    const agree = beyond.filter(({ field, index }) => fits(field, index + by));
    const allFit = beyond.every(
      ({ field, index }) => fits(field, index + by) || (field !== "status" && isEmpty(index + by)),
    );
    const needed = beyond.some(({ field }) => field === "status") ? 2 : 1;
    if (allFit && agree.length >= needed) return { from, by };
  }
  return NOT_PUSHED;
}

const reads =
  (read: (text: string) => unknown) =>
  (text: string): boolean => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };

/** Whether a cell can hold what its column should. */
const FITS: Readonly<
  Record<(typeof PUSHED_FIELDS)[number], (text: string, statuses: LayoutContext["statuses"]) => boolean>
> = {
  date: reads(parseDay),
  status: (text, statuses) => text.trim() !== "" && statuses(text) !== null,
  seller: (text) => isUbn(plainCell(text)),
};
