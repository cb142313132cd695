import type * as Library from "hucre/xlsx";

/** A row of a sheet as it stands there, its place counted from 0. */
export interface SheetRow {
  readonly index: number;
  readonly values: readonly unknown[];
}

export interface SheetColumn {
  readonly header: string;
  readonly width: number;
  /** How its cells are shown: `@` as text, `#,##0` as a number. */
  readonly format: string;
}

/*
 * The only file that knows the library for workbooks (`hucre`), which is young: what reads and what writes them asks for the three things below. Which library may
 * take its place, and what it costs, is in `docs/decisions/0022-ledgers.md`. It is loaded with the first workbook: most commands see none.
 */
const library = (): Promise<typeof Library> => import("hucre/xlsx");

/** Names of the sheets of a workbook, in their order. @throws Error for what is no workbook, or a damaged one */
export async function sheetNames(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = [];
  const { readXlsx } = await library();
  await readXlsx(bytes, {
    sheets: ({ name }) => {
      names.push(name);
      return false;
    },
  });
  return names;
}

/** The rows of a sheet, one by one. */
export async function* sheetRows(bytes: Uint8Array, sheet: string): AsyncGenerator<SheetRow> {
  yield* (await library()).streamXlsxRows(bytes, { sheet });
}

/** A workbook of one sheet, written as a stream: the same rows make the same bytes. */
export async function* writeSheet(
  name: string,
  columns: readonly SheetColumn[],
  rows: AsyncIterable<(string | number)[]>,
): AsyncGenerator<Uint8Array> {
  yield* (await library()).writeXlsxStream(rows, {
    name,
    freezePane: { rows: 1 },
    columns: columns.map(({ header, width, format }) => ({ header, width, numFmt: format })),
  });
}

/** What a person sees in the cell; a date with its time of day, as the calendar of the sheet has it. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return "";
    return new Date(Math.round(value.getTime() / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ");
  }
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value).toUpperCase() : "";
}
