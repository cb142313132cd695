import { stringify } from "csv-stringify/sync";
import type { Allocation, BlankRange } from "./blank.ts";
import { type CellReader, cellReader } from "../reading/cells.ts";
import { ENCODING_NAMES, type Encoding, encodeText } from "../reading/encoding.ts";
import { type Period, formatPeriod, parsePeriodCode } from "../values/period.ts";
import { DomainError, type Fault, type ProblemCode, type Words, fault } from "../problems/problems.ts";
import { findIn, mergeRanges, without } from "../values/ranges.ts";
import { type FileRow, readTable } from "../reading/table.ts";
import { notOverlapping } from "../tracks/track-file.ts";
import {
  type Category,
  type NumberRange,
  compareRanges,
  formatRange,
  overlaps,
  parseCategoryCode,
  parseTrack,
} from "../values/track.ts";
import { type Ubn, parseUbn } from "../values/ubn.ts";
import { DEFAULT_UPLOAD_LAYOUT, UPLOAD_COLUMN_NAMES, type UploadColumn, type UploadLayout } from "./upload-layout.ts";

/** One row of 上傳空白未使用發票號碼. */
export type UploadRow = NumberRange & {
  readonly ubn: Ubn;
  readonly period: Period;
  readonly category: Category;
  /** 1-based line of the file. */
  readonly line: number;
};

/** An upload file as read: the rows that could be understood, and what could not. */
export type UploadFile = {
  readonly rows: readonly UploadRow[];
  readonly faults: readonly Fault[];
  readonly encoding: Encoding | undefined;
};

/** What an upload file is held against. */
export type ExpectedUpload = {
  readonly period: Period;
  /** The business, or the head office and its branches. */
  readonly ubns: readonly Ubn[];
  readonly category?: Category;
  /** The tracks of the period; without them it can't be known whether a number was allocated. */
  readonly allocations?: readonly Allocation[];
  /** What the portal lists for the period already. */
  readonly listed?: readonly NumberRange[];
};

/** 序號 has five digits, so one file holds no more. */
export const MOST_UPLOAD_ROWS = 99_999;

/**
 * Writes blank runs as the portal's upload file, in the order 統編, 類別, 字軌, 起號.
 * @throws DomainError `empty-file` when there is nothing to report, `rows-too-many`, `big5-loss`
 */
export function writeUploadFile(
  blanks: readonly BlankRange[],
  layout: UploadLayout = DEFAULT_UPLOAD_LAYOUT,
): Uint8Array {
  if (blanks.length === 0) throw new DomainError("empty-file", "0", { zh: "至少一段空白號碼", en: "at least one run" });
  if (blanks.length > MOST_UPLOAD_ROWS) throw new DomainError("rows-too-many", String(blanks.length));
  const records = blanks.toSorted(compareUploadRows).map((run, index) => {
    const cells: Readonly<Record<UploadColumn, string>> = {
      sequence: sequenceText(index),
      ubn: run.ubn,
      period: run.period,
      track: run.track,
      begin: run.begin,
      end: run.end,
      category: run.category,
      disabled: "",
    };
    return layout.columns.map((column) => cells[column]);
  });
  const header = layout.header ? [layout.columns.map((column) => UPLOAD_COLUMN_NAMES[column])] : [];
  return encodeText(stringify([...header, ...records], { record_delimiter: layout.newline }), layout.encoding);
}

function sequenceText(index: number): string {
  return String(index + 1).padStart(5, "0");
}

export function compareUploadRows(a: BlankRange, b: BlankRange): number {
  if (a.ubn !== b.ubn) return a.ubn < b.ubn ? -1 : 1;
  if (a.category !== b.category) return a.category < b.category ? -1 : 1;
  return compareRanges(a, b);
}

/** Reads an upload file, strictly by its layout. Never throws: what can't be read becomes a fault with its line and column. */
export function readUploadFile(bytes: Uint8Array, layout: UploadLayout = DEFAULT_UPLOAD_LAYOUT): UploadFile {
  const table = readTable(bytes, { exact: true });
  const faults: Fault[] = [...table.faults];
  if (table.encoding !== undefined && table.encoding !== layout.encoding && !isPlainAscii(bytes)) {
    faults.push(fault("encoding-other", { value: ENCODING_NAMES[table.encoding] }, ENCODING_NAMES[layout.encoding]));
  }
  const { records, faults: headerFaults } = withoutHeader(table.rows, layout);
  faults.push(...headerFaults);
  if (table.rows.length > 0 && records.length === 0 && table.faults.length === 0)
    faults.push(fault("empty-file", { line: table.rows[0]?.line ?? 0 }));

  const rows: UploadRow[] = [];
  for (const [index, record] of records.entries()) {
    const last = index === records.length - 1;
    const cutOff = last && !table.endsWithNewline && isCutOff(record, layout);
    const read = cutOff
      ? { row: undefined, faults: [fault("row-truncated", { line: record.line, value: record.cells.join(",") })] }
      : readUploadRow(record, layout, index);
    faults.push(...read.faults);
    if (read.row !== undefined) rows.push(read.row);
  }
  return { rows, faults, encoding: table.encoding };
}

/** The default file is pure ASCII, which is the same bytes as UTF-8 and as Big5. A BOM alone makes it another file. */
function isPlainAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** A header has Chinese in it; the portal's sample may have more than one line of it. */
function isHeader(record: FileRow): boolean {
  return (
    record.cells.some((cell) => /\p{Script=Han}/u.test(cell)) && !record.cells.some((cell) => /^\d{8}$/.test(cell))
  );
}

function withoutHeader(
  all: readonly FileRow[],
  layout: UploadLayout,
): { records: readonly FileRow[]; faults: Fault[] } {
  const firstData = all.findIndex((record) => !isHeader(record));
  const header = firstData < 0 ? all : all.slice(0, firstData);
  const records = all.slice(header.length);
  const [first] = all;
  if (layout.header && header.length === 0 && first !== undefined) {
    return { records, faults: [fault("header-missing", { line: first.line, value: first.cells.join(",") })] };
  }
  const tooMany = header.slice(layout.header ? 1 : 0);
  return {
    records,
    faults: tooMany.map(({ line, cells }) => fault("header-left-in", { line, value: cells.join(",") })),
  };
}

function isCutOff(record: FileRow, layout: UploadLayout): boolean {
  const lastCell = record.cells.at(-1) ?? "";
  const column = layout.columns[record.cells.length - 1];
  if (record.cells.length < requiredColumns(layout)) return true;
  return column === "category" ? lastCell.length < 2 : column === "end" ? lastCell.length < 8 : false;
}

/** The vendor's eighth column may be left out by anyone who does not use it. */
function requiredColumns(layout: UploadLayout): number {
  return layout.columns.at(-1) === "disabled" ? layout.columns.length - 1 : layout.columns.length;
}

function columnsWanted({ columns: { length } }: UploadLayout): Words {
  return { zh: `${length} 欄`, en: `${length} columns` };
}

function readUploadRow(
  record: FileRow,
  layout: UploadLayout,
  index: number,
): { row?: UploadRow; faults: readonly Fault[] } {
  const { line, cells } = record;
  if (cells.length < requiredColumns(layout) || cells.length > layout.columns.length) {
    const place = { line, value: cells.join(",") };
    return { faults: [fault("columns-wrong", place, columnsWanted(layout))] };
  }
  const places = new Map(layout.columns.map((column, place) => [UPLOAD_COLUMN_NAMES[column], place]));
  const reader = cellReader(record, (name: string) => places.get(name));
  const { cell, faults } = reader;
  const names = UPLOAD_COLUMN_NAMES;
  readSequence(reader, index);
  const ubn = cell(names.ubn, 8, parseUbn);
  const period = cell(names.period, 5, parsePeriodCode);
  const track = cell(names.track, "other", parseTrack);
  const begin = reader.number(names.begin);
  const end = reader.number(names.end);
  const category = cell(names.category, 2, parseCategoryCode);
  if (
    ubn === undefined ||
    period === undefined ||
    track === undefined ||
    begin === undefined ||
    end === undefined ||
    category === undefined
  ) {
    return { faults };
  }
  return { row: { ubn, period, track, begin, end, category, line }, faults };
}

function readSequence(reader: CellReader<string>, index: number): void {
  const wanted = sequenceText(index);
  reader.cell(UPLOAD_COLUMN_NAMES.sequence, 5, (text) => {
    if (text !== wanted) throw new DomainError("sequence-wrong", text, wanted);
    return text;
  });
}

/**
 * Everything wrong with an upload file, line by line: what could not be read, and what the portal would refuse or, worse, accept
 * although it is not true. An empty list means that it can be sent.
 */
export function checkUploadFile(file: UploadFile, expected: ExpectedUpload): Fault[] {
  const faults = [...file.faults, ...reversed(file.rows), ...ofAnotherJob(file.rows, expected)];
  const sound = file.rows.filter((row) => row.begin <= row.end);
  faults.push(...overlapsAndOrder(sound));
  if (expected.allocations !== undefined) faults.push(...notAllocated(sound, expected.allocations));
  if (expected.listed !== undefined) faults.push(...alreadyListed(sound, expected.listed));
  return faults.toSorted((a, b) => a.line - b.line);
}

function runFault(code: ProblemCode, row: UploadRow, wanted?: Words): Fault {
  return fault(code, { line: row.line, column: UPLOAD_COLUMN_NAMES.begin, value: formatRange(row) }, wanted);
}

function reversed(rows: readonly UploadRow[]): Fault[] {
  return rows.filter((row) => row.end < row.begin).map((row) => runFault("run-reversed", row));
}

function ofAnotherJob(rows: readonly UploadRow[], expected: ExpectedUpload): Fault[] {
  const names = UPLOAD_COLUMN_NAMES;
  return rows.flatMap(({ line, ubn, period, category }) => [
    ...(expected.ubns.includes(ubn)
      ? []
      : [fault("ubn-other", { line, column: names.ubn, value: ubn }, expected.ubns.join(" / "))]),
    ...(period === expected.period
      ? []
      : [fault("period-other", { line, column: names.period, value: period }, formatPeriod(expected.period, "code"))]),
    ...(expected.category === undefined || category === expected.category
      ? []
      : [fault("category-other", { line, column: names.category, value: category }, expected.category)]),
  ]);
}

/** Order is checked within one UBN, category and track; overlap within the track, as a number exists once. */
function overlapsAndOrder(rows: readonly UploadRow[]): Fault[] {
  const faults: Fault[] = [];
  let widest: UploadRow | undefined;
  for (const row of rows.toSorted((a, b) => compareRanges(a, b) || a.line - b.line)) {
    if (widest !== undefined && widest.period === row.period && overlaps(widest, row)) {
      const [earlier, later] = widest.line < row.line ? [widest, row] : [row, widest];
      faults.push(runFault("runs-overlap", later, notOverlapping(earlier)));
    }
    if (widest === undefined || widest.track !== row.track || row.end > widest.end) widest = row;
  }
  for (const [index, row] of rows.entries()) {
    const before = rows[index - 1];
    const sameTrack = before?.track === row.track && before.ubn === row.ubn && before.category === row.category;
    if (before !== undefined && sameTrack && row.begin < before.begin) {
      const wanted = {
        zh: `大於第 ${before.line} 行的起號 ${before.begin}`,
        en: `greater than ${before.begin} in line ${before.line}`,
      };
      faults.push(runFault("runs-unordered", row, wanted));
    }
  }
  return faults;
}

/** A run must lie in what this very business holds in this category; adjoining books count as one stretch. */
function notAllocated(rows: readonly UploadRow[], allocations: readonly Allocation[]): Fault[] {
  const owner = (one: Omit<UploadRow, "line">): string => [one.ubn, one.category, one.period].join();
  const held = new Map(Array.from(Map.groupBy(allocations, owner), ([key, runs]) => [key, mergeRanges(runs)]));
  const finders = new Map(Array.from(held, ([key, runs]) => [key, findIn(runs)]));
  return rows.flatMap((row) => {
    const within = finders.get(owner(row))?.overlapping(row) ?? [];
    if (without(row, within).length === 0) return [];
    const inTrack = held.get(owner(row))?.filter((one) => one.track === row.track) ?? [];
    return [runFault("not-allocated", row, allocatedInstead(row, inTrack))];
  });
}

function allocatedInstead({ ubn }: UploadRow, inTrack: readonly NumberRange[]): Words {
  if (inTrack.length === 0) {
    return {
      zh: `${ubn} 在這一期、這個類別有配到的字軌`,
      en: `a track allocated to ${ubn} in this period and category`,
    };
  }
  const runs = inTrack.slice(0, 3).map(formatRange);
  const more = inTrack.length > runs.length;
  return {
    zh: `在 ${runs.join("、")}${more ? " 等" : ""} 之內`,
    en: `within ${runs.join(", ")}${more ? " and others" : ""}`,
  };
}

function alreadyListed(rows: readonly UploadRow[], listed: readonly NumberRange[]): Fault[] {
  const tracks = findIn(mergeRanges(listed));
  return rows.flatMap((row) => {
    const [there] = tracks.overlapping(row);
    if (there === undefined) return [];
    return [
      runFault("already-listed", row, {
        zh: `平台還沒有的號碼（已有 ${formatRange(there)}）`,
        en: `numbers that the portal does not have (it has ${formatRange(there)})`,
      }),
    ];
  });
}
