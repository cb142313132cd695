import { stringify } from "csv-stringify/sync";
import { cellReader } from "../reading/cells.ts";
import { type Encoding, type WrittenEncoding, encodeText } from "../reading/encoding.ts";
import { type Period, formatPeriod, parsePeriod } from "../values/period.ts";
import { type Fault, type Words, fault } from "../problems/problems.ts";
import { type FileRow, type Table, atLeast, columnName, readTable } from "../reading/table.ts";
import {
  BOOK_SIZE,
  type Category,
  type NumberRange,
  beginsBook,
  booksIn,
  categoryName,
  compareRanges,
  endsBook,
  formatRange,
  overlaps,
  parseCategory,
  parseTrack,
  rangeSize,
} from "../values/track.ts";
import { type Ubn, isUbn, parsePrintedUbn } from "../values/ubn.ts";
import { damagedPeriod, decodeDamaged, isDamagedCategory, looksDamaged } from "./damage.ts";

/** One row of the portal's track file: one run of books allocated to a business. */
export type TrackRow = NumberRange & {
  readonly ubn: Ubn;
  readonly category: Category;
  readonly period: Period;
  /** 1-based line of the file. */
  readonly line: number;
};

/** A track file as read: the rows that could be understood, and what could not. */
export type TrackFile = {
  readonly rows: readonly TrackRow[];
  readonly faults: readonly Fault[];
  /** What is odd but understood: a damaged text beside an intact code, a check digit that fails. */
  readonly remarks: readonly Fault[];
  readonly encoding: Encoding | undefined;
};

/** What the caller knows the file must hold. */
export type ExpectedTracks = {
  readonly ubn: Ubn;
  readonly period: Period;
  readonly category?: Category;
  /** 已配本數 as the portal's list shows it. */
  readonly books?: number;
};

/** The header of the portal's `invnoapply*.csv`, in its order. Other systems append columns such as 機台號碼. */
export const TRACK_FILE_COLUMNS = [
  "營業人統編",
  "發票類別代號",
  "發票類別",
  "發票期別",
  "發票字軌名稱",
  "發票起號",
  "發票迄號",
] as const;

type ColumnName = (typeof TRACK_FILE_COLUMNS)[number];
type Layout = ReadonlyMap<ColumnName, number>;

/** The category is there twice, as code and as name; one of them is enough. */
const OPTIONAL: readonly ColumnName[] = ["發票類別"];

/**
 * Reads the portal's track file (UTF-8 or Big5, CRLF or LF, `7` or `07`, ROC or CE years, `~` with or without spaces). Texts that a wrong
 * encoding has damaged are remarked on where the codes beside them say the same.
 * Never throws: what can't be read becomes a fault with its line and column.
 */
export function readTrackFile(bytes: Uint8Array): TrackFile {
  const { table, remarks: ofBytes } = readableTable(bytes);
  const first = table.rows[0];
  if (first === undefined) return { rows: [], faults: table.faults, remarks: [], encoding: table.encoding };

  const { layout, faults: headerFaults, remarks: ofHeader, dataFrom } = readHeader(first, table.rows[1]);
  const faults: Fault[] = [...table.faults, ...headerFaults];
  const remarks: Fault[] = [...ofBytes, ...ofHeader];
  const rows: TrackRow[] = [];
  for (const record of table.rows.slice(dataFrom)) {
    const read = readTrackRow(record, layout, isCutOff(record, table, layout));
    faults.push(...read.faults);
    remarks.push(...(read.remarks ?? []));
    if (read.row !== undefined) rows.push(read.row);
  }
  if (table.rows.length === dataFrom && table.faults.length === 0)
    faults.push(fault("empty-file", { line: first.line }));
  return { rows, faults, remarks, encoding: table.encoding };
}

/** The table of bytes that may hold some that are no character; what they were, the codes beside them tell. */
function readableTable(bytes: Uint8Array): { table: Table; remarks: Fault[] } {
  const table = readTable(bytes);
  const decoded = table.faults.some(({ code }) => code === "encoding-unknown") ? decodeDamaged(bytes) : null;
  if (decoded === null) return { table, remarks: [] };
  const remarks = [fault("text-damaged", { value: decoded.damage })];
  return { table: { ...readTable(new TextEncoder().encode(decoded.text)), encoding: decoded.encoding }, remarks };
}

function readHeader(
  first: FileRow,
  second: FileRow | undefined,
): { layout: Layout; faults: Fault[]; remarks: Fault[]; dataFrom: 0 | 1 } {
  const inOrder: Layout = new Map(TRACK_FILE_COLUMNS.map((name, index) => [name, index]));
  const names = first.cells.map(columnName);
  const damaged = looksDamaged(first.cells.join(""));
  const remarks = damaged ? [fault("text-damaged", { line: first.line, value: first.cells.join(",") })] : [];
  // With damaged names the portal's own order counts, if the first row of data fits into it, each cell by its shape.
  if (damaged && second !== undefined && fitsInOrder(second)) {
    return { layout: inOrder, faults: [], remarks, dataFrom: 1 };
  }
  if (!TRACK_FILE_COLUMNS.some((name) => names.includes(name))) {
    const faults = [fault("header-missing", { line: first.line, value: first.cells.join(",") })];
    return { layout: inOrder, faults, remarks: [], dataFrom: 0 };
  }
  const layout = new Map<ColumnName, number>();
  const faults: Fault[] = [];
  for (const name of TRACK_FILE_COLUMNS) {
    const index = names.indexOf(name);
    if (index >= 0) layout.set(name, index);
    else if (!OPTIONAL.includes(name)) faults.push(fault("column-missing", { line: first.line, column: name }, name));
  }
  return { layout, faults, remarks, dataFrom: 1 };
}

/** Whether a row is one of the portal's file by the shapes of its cells alone. */
function fitsInOrder({ cells }: FileRow): boolean {
  const [ubn = "", category = "", , period = "", track = "", begin = "", end = ""] = cells;
  return (
    /^\d{8}$/.test(ubn) &&
    /^0?[78]$/.test(category) &&
    /\d/.test(period) &&
    /^[A-Z]{2}$/.test(track) &&
    /^\d{8}$/.test(begin) &&
    /^\d{8}$/.test(end)
  );
}

/** A last line that is not ended and is too short was cut off on its way; that is not Excel's doing. */
function isCutOff(record: FileRow, table: Table, layout: Layout): boolean {
  if (record !== table.rows.at(-1) || table.endsWithNewline) return false;
  const lastCell = record.cells[layout.get("發票迄號") ?? -1];
  return lastCell === undefined || /^\d{0,7}$/.test(lastCell);
}

function readTrackRow(
  record: FileRow,
  layout: Layout,
  cutOff: boolean,
): { row?: TrackRow; faults: readonly Fault[]; remarks?: readonly Fault[] } {
  const { line } = record;
  if (cutOff) return { faults: [fault("row-truncated", { line, value: record.cells.join(",") })] };
  const shortest = Math.max(...layout.values()) + 1;
  if (record.cells.length < shortest) {
    return { faults: [fault("columns-wrong", { line, value: record.cells.join(",") }, atLeast(shortest))] };
  }
  const remarks: Fault[] = [];
  const text = (name: ColumnName): string => record.cells[layout.get(name) ?? -1] ?? "";
  const { cell, number, faults } = cellReader(record, (name: ColumnName) => layout.get(name));
  const ubn = cell("營業人統編", 8, parsePrintedUbn);
  if (ubn !== undefined && !isUbn(ubn))
    remarks.push(fault("ubn-check-digit", { line, column: "營業人統編", value: ubn }));
  const category = cell("發票類別代號", "other", parseCategory);
  const period = cell("發票期別", "other", (written) => damagedPeriod(written) ?? parsePeriod(written));
  if (damagedPeriod(text("發票期別")) !== null)
    remarks.push(fault("text-damaged", { line, column: "發票期別", value: text("發票期別") }));
  const track = cell("發票字軌名稱", "other", parseTrack);
  const begin = number("發票起號");
  const end = number("發票迄號");
  if (layout.has("發票類別")) {
    const value = text("發票類別");
    if (category !== undefined && isDamagedCategory(value)) {
      remarks.push(fault("text-damaged", { line, column: "發票類別", value }, `${category} ${categoryName(category)}`));
    } else {
      const named = cell("發票類別", "other", parseCategory);
      if (named !== undefined && category !== undefined && named !== category) {
        const wanted = {
          zh: `與代號 ${category} 相符的${categoryName(category)}`,
          en: `${categoryName(category)}, as code ${category} says`,
        };
        faults.push(fault("category-invalid", { line, column: "發票類別", value: categoryName(named) }, wanted));
      }
    }
  }
  if (
    ubn === undefined ||
    category === undefined ||
    period === undefined ||
    track === undefined ||
    begin === undefined ||
    end === undefined
  ) {
    return { faults, remarks };
  }
  return { row: { ubn, category, period, track, begin, end, line }, faults, remarks };
}

/** Everything wrong with a track file, line by line: what could not be read, and what is not what was expected. */
export function checkTrackFile(file: TrackFile, expected: ExpectedTracks): Fault[] {
  const faults = [...file.faults, ...checkRanges(file.rows)];
  for (const { line, ubn, period, category } of file.rows) {
    if (ubn !== expected.ubn) {
      faults.push(fault("ubn-other", { line, column: "營業人統編", value: ubn }, expected.ubn));
    }
    if (period !== expected.period) {
      const place = { line, column: "發票期別", value: formatPeriod(period, "roc") };
      faults.push(fault("period-other", place, formatPeriod(expected.period, "roc")));
    }
    if (expected.category !== undefined && category !== expected.category) {
      const place = { line, column: "發票類別代號", value: category };
      faults.push(fault("category-other", place, expected.category));
    }
  }
  // With faults in the rows the sum would only repeat them.
  if (expected.books !== undefined && faults.length === 0) {
    const books = file.rows.reduce((sum, row) => sum + booksIn(row), 0);
    if (books !== expected.books) {
      faults.push(fault("books-other", { value: String(books) }, String(expected.books)));
    }
  }
  return faults.toSorted((a, b) => a.line - b.line);
}

/** The rules every run of books obeys anyone who it belongs to. */
export function checkRanges(rows: readonly TrackRow[]): Fault[] {
  const faults: Fault[] = [];
  for (const row of rows) {
    const { line } = row;
    if (!beginsBook(row.begin)) faults.push(fault("begin-not-book", { line, column: "發票起號", value: row.begin }));
    if (!endsBook(row.end)) faults.push(fault("end-not-book", { line, column: "發票迄號", value: row.end }));
    if (row.end < row.begin) {
      faults.push(fault("run-reversed", { line, column: "發票迄號", value: formatRange(row) }));
    } else if (rangeSize(row) % BOOK_SIZE !== 0) {
      faults.push(fault("run-not-books", { line, column: "發票迄號", value: String(rangeSize(row)) }));
    }
  }
  return [...faults, ...overlapFaults(rows)];
}

/** A number is given once per period, whatever the business or category, so overlap is looked for across both. */
function overlapFaults(rows: readonly TrackRow[]): Fault[] {
  const faults: Fault[] = [];
  const widest = new Map<Period, TrackRow>();
  for (const row of rows.toSorted(compareRanges)) {
    const before = widest.get(row.period);
    if (before !== undefined && overlaps(before, row)) {
      const [earlier, later] = before.line < row.line ? [before, row] : [row, before];
      const place = { line: later.line, column: "發票起號", value: formatRange(later) };
      faults.push(fault("runs-overlap", place, notOverlapping(earlier)));
    }
    if (before === undefined || before.track !== row.track || row.end > before.end) widest.set(row.period, row);
  }
  return faults;
}

/** For the later one of two rows of a file. */
export function notOverlapping(earlier: NumberRange & { readonly line: number }): Words {
  const run = formatRange(earlier);
  return { zh: `與第 ${earlier.line} 行（${run}）不重疊`, en: `no overlap with line ${earlier.line} (${run})` };
}

/** How a track file is written; the defaults are what the portal writes today. */
export type TrackFileStyle = { readonly encoding?: WrittenEncoding; readonly newline?: "\r\n" | "\n" };

/** Writes rows in the portal's own layout. @throws DomainError `big5-loss` */
export function writeTrackFile(
  rows: readonly (NumberRange & Omit<TrackRow, "line">)[],
  style: TrackFileStyle = {},
): Uint8Array {
  const records = rows.map((row) => [
    row.ubn,
    String(Number(row.category)),
    categoryName(row.category),
    formatPeriod(row.period, "roc"),
    row.track,
    row.begin,
    row.end,
  ]);
  const text = stringify([[...TRACK_FILE_COLUMNS], ...records], { record_delimiter: style.newline ?? "\r\n" });
  return encodeText(text, style.encoding ?? "utf-8");
}
