import { DomainError, type Fault, fault } from "../problems/problems.ts";
import type { Encoding } from "../reading/encoding.ts";
import { firstBytes } from "../reading/head.ts";
import { DAMAGED } from "../reading/lenient-text.ts";
import type { FileSource } from "../reading/table.ts";
import { type Header, columnOf, isOfTracks, namesColumns, readHeader } from "./column-names.ts";
import type { LedgerEntry } from "./entry.ts";
import type { Doubt, Layout, RowReader, RowReading } from "./layouts/layout.ts";
import { LAYOUTS, WITHOUT_STATUS } from "./layouts/layouts.ts";
import { NUMBER_LIST } from "./layouts/number-list.ts";
import { numbersOfRow, passedOver } from "./layouts/passed-over.ts";
import { isListHeader } from "./layouts/table.ts";
import { eachNumber } from "./numbers.ts";
import { type Asked, askColumns, askStatusColumn, askWhichColumn, missingColumn } from "./questions.ts";
import type { ReadingReport } from "./reading-report.ts";
import { type ReportBuilder, reportBuilder } from "./report-builder.ts";
import { HTML } from "./sources/html.ts";
import { RECORDS } from "./sources/records.ts";
import type { Source, SourceRow } from "./sources/source.ts";
import { TEXT } from "./sources/text.ts";
import { WORKBOOK } from "./sources/workbook.ts";
import { LEDGER_FIELDS, type LedgerColumns, type LedgerStatuses, layoutFingerprint } from "./teaching.ts";
import { type StatusReader, statusReader } from "./vocabulary.ts";

export type { Doubt } from "./layouts/layout.ts";

export type LedgerOptions = {
  /** What a person said about the columns. */
  readonly columns?: LedgerColumns | undefined;
  /** Meanings of further status words, on top of the known ones. */
  readonly statuses?: LedgerStatuses | undefined;
  /** Called for everything that can't be read, as the stream passes. */
  readonly onFault: (fault: Fault, doubt: Doubt) => void;
  /** Called once, when the encoding of a text is known. */
  readonly onEncoding?: (encoding: Encoding) => void;
  /** Called once, behind the last entry: how the whole file was read. Nothing may be computed from it where it is not `understood`. */
  readonly onReport?: (report: ReadingReport) => void;
};

/** How a file may hold rows; the first that recognises it reads it. */
const SOURCES: readonly Source[] = [WORKBOOK, HTML, RECORDS, TEXT];

/** How many rows may stand above the header. */
const MOST_TITLES = 200;
/** Rows of sheets without a table that are kept until the end of the file, when it is known whether there was one elsewhere. */
const MOST_IDLE = 1000;

/**
 * Reads an invoice ledger in any layout, encoding and container that is known, row by row: memory does not grow with the file, except for
 * workbooks. What is not understood goes to `onFault` with its line and stands in the reading report; a row whose number is readable
 * gives an entry even if its status is not: to report a used number as blank is the worse mistake.
 * @throws whatever the source throws
 */
export async function* readLedger(file: FileSource, options: LedgerOptions): AsyncGenerator<LedgerEntry> {
  const { columns = {}, statuses = {}, onFault, onReport } = options;
  const report = reportBuilder(file.name, { columns, statuses });
  const found = (one: Fault, doubt: Doubt): void => {
    report.fault(one, doubt === "numbers");
    onFault(one, doubt);
  };
  const reading = ledgerReading({ columns, statuses: statusReader(statuses), report, found });
  try {
    const head = await firstBytes(file);
    const source = sourceOf(head);
    const events = {
      onBroken: (broken: Fault) => found(broken, "numbers"),
      onEncoding(encoding: Encoding) {
        report.encoding(encoding);
        options.onEncoding?.(encoding);
      },
    };
    for await (const row of source.rows(file, head, events)) {
      for (const { entry, named = [], beside = [] } of reading.row(row, source)) {
        const place = { day: undefined, ubn: undefined, file: file.name, line: row.line };
        for (const { track, begin } of named) yield { track, number: begin, how: "named", ...place };
        for (const { track, begin } of beside) yield { track, number: begin, how: "mentioned", ...place };
        if (entry === undefined) continue;
        const { numbers: ranges, ...said } = entry;
        const common = { day: undefined, ubn: undefined, ...said, file: file.name, line: row.line };
        for (const numbers of ranges) {
          for (const number of eachNumber(numbers)) yield { track: numbers.track, number, ...common };
        }
      }
    }
    reading.end(source, head);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    found(fault(error.code, { value: error.seen }, error.wanted), "numbers");
  }
  onReport?.(report.report());
}

/** Which container a file is. @throws DomainError `old-workbook` for what only Excel opens */
function sourceOf(head: Uint8Array): Source {
  if (head[0] === 0xd0 && head[1] === 0xcf && head[2] === 0x11 && head[3] === 0xe0) {
    throw new DomainError("old-workbook", "xls");
  }
  const source = SOURCES.find((one) => one.recognise(head)) ?? TEXT;
  if (source === TEXT && ONLY_EXCEL.test(Buffer.from(head.subarray(0, 2048)).toString("latin1"))) {
    throw new DomainError("old-workbook", "xml");
  }
  return source;
}

/** A workbook as XML of 2003, or as a web archive: both are called .xls. */
const ONLY_EXCEL = /^[^\w<]*(?:<\?xml[^]*urn:schemas-microsoft-com:office:spreadsheet|mime-version:[^]*content-type:)/i;

type Context = {
  readonly columns: LedgerColumns;
  readonly statuses: StatusReader;
  readonly report: ReportBuilder;
  readonly found: (fault: Fault, doubt: Doubt) => void;
};

/** The rows of one file, in order: finds the table of each section and has its layout read the rows. */
function ledgerReading({ columns, statuses, report, found }: Context): {
  readonly row: (row: SourceRow, source: Source) => readonly RowReading[];
  readonly end: (source: Source, head: Uint8Array) => void;
} {
  let section = -1;
  let reader: RowReader | undefined;
  let names = "";
  /** Rows above a header that has not been found yet. */
  let above: SourceRow[] = [];
  let isLost = false;
  /** The row by which a list of numbers without a header was recognised. */
  let headless: SourceRow | null = null;
  let sheet: string | undefined;
  const tell = (one: Fault, doubt: Doubt): void => found(inSheet(one, sheet), doubt);
  let tables = 0;
  let seen = 0;
  const idle: SourceRow[] = [];
  const isPositional = [columns.number, columns.track].some((name) => name?.startsWith("#") === true);

  function row(current: SourceRow, source: Source): readonly RowReading[] {
    seen += 1;
    if (seen <= MOST_TITLES) report.firstRow(current);
    if (current.section !== section) {
      leaveSection();
      section = current.section;
      sheet = current.sheet;
      headless = null;
      reader = undefined;
      names = "";
      isLost = false;
    }
    if (isLost) return [counted(current, { kind: "not-understood" })];
    if (reader === undefined) return opened(current, source);
    return [readBy(reader, current, source)];
  }

  function readBy(read: RowReader, current: SourceRow, source: Source): RowReading {
    const reading = read(current);
    for (const { fault: one, doubt } of reading.faults ?? []) tell(one, doubt);
    const { header } = reading;
    // A header further down that names other columns: they hold from here on.
    if (header !== undefined && layoutFingerprint(header.cells) !== names) {
      refuseHeadless(header);
      start(current, header, source, [current]);
    }
    return counted(current, reading);
  }

  function counted(current: SourceRow, reading: RowReading): RowReading {
    report.row(
      current,
      reading,
      current.cells.some((cell) => cell.includes(DAMAGED)),
    );
    return reading;
  }

  function opened(current: SourceRow, source: Source): readonly RowReading[] {
    const header = isPositional ? headerOfPositions(current, columns) : readHeader(current.cells, columns);
    const layout = LAYOUTS.find((one) => one.recognise(current, header));
    if (layout === undefined) {
      above.push(current);
      if (above.length > MOST_TITLES) loseTrack();
      return [];
    }
    for (const title of above) titleRow(title);
    const titles = [...idle, ...above, current];
    above = [];
    if (header === null && layout.id === NUMBER_LIST.id) headless = current;
    start(current, header, source, titles, layout);
    if (header !== null && !isPositional) return [counted(current, { kind: "header" })];
    return reader === undefined ? [] : [readBy(reader, current, source)];
  }

  /** What was taken for the first number of a bare list stands above the header of a table: it is a title. */
  function refuseHeadless(header: Header): void {
    if (headless === null || isListHeader(header)) return;
    tell(fault("number-above-header", { line: headless.line, value: headless.cells.join(",") }), "numbers");
    headless = null;
  }

  function start(
    current: SourceRow,
    header: Header | null,
    source: Source,
    titles: readonly SourceRow[],
    known?: Layout,
  ): void {
    const layout = known ?? LAYOUTS.find((one) => one.recognise(current, header));
    if (layout === undefined) return;
    tables += 1;
    names = header === null ? "" : layoutFingerprint(header.cells);
    report.layout(layout, header);
    if (header !== null) questionHeader(header, layout, current.line);
    reader = layout.reader({ header, columns, statuses, dropsEmptyCells: source.dropsEmptyCells, titles });
  }

  /** What about a header has to be said by a person, or is missing. */
  function questionHeader(header: Header, { id }: Layout, line: number): void {
    for (const { field, names: several } of header.ambiguous) ask(askWhichColumn(field, several, line));
    for (const { field, name } of header.missing) {
      const doubt = field === "date" || field === "seller" ? "checks" : "numbers";
      tell(missingColumn(field, name, header.cells, line), doubt);
    }
    if (isOfTracks(header) && (columns.number === undefined || columns.end === undefined)) {
      tell(fault("table-of-tracks", { line, value: header.cells.join(",") }), "numbers");
      return;
    }
    if (WITHOUT_STATUS.has(id)) return;
    if (header.at.status === undefined && columns.status === undefined) ask(askStatusColumn(header, line));
    if (header.at.date === undefined && columns.date === undefined) {
      const place = { line, column: "發票日期", value: header.cells.join(",") };
      tell(fault("column-missing", place, "發票日期"), "checks");
    }
  }

  function ask({ fault: one, question }: Asked): void {
    report.question(question);
    tell(one, "numbers");
  }

  /** A row above the header; one that holds a number is none, and must not vanish. */
  function titleRow(title: SourceRow): void {
    if (numbersOfRow(title.cells).length === 0 || passedOver(title.cells, "") !== null) {
      counted(title, { kind: "title" });
      return;
    }
    counted(title, { kind: "not-understood" });
    tell(fault("number-above-header", { line: title.line, value: title.cells.join(",") }), "numbers");
  }

  /** No table is found where rows hold invoice numbers, or for too long. */
  function loseTrack(): void {
    isLost = true;
    for (const one of above) counted(one, { kind: "not-understood" });
    const rows = above.slice(0, MOST_TITLES);
    sheet = rows[0]?.sheet;
    above = [];
    const names = likelyHeader(rows);
    const missing = LEDGER_FIELDS.flatMap((field) => {
      const name = columns[field];
      const isThere = typeof name === "string" && rows.some(({ cells }) => columnOf(cells, name) >= 0);
      return typeof name === "string" && !isThere ? [{ field, name }] : [];
    });
    const asked = askColumns(names);
    report.question(asked.question);
    for (const { field, name } of missing) {
      tell(missingColumn(field, name, names?.cells ?? [], names?.line ?? 0), "numbers");
    }
    if (missing.length === 0) tell(asked.fault, "numbers");
  }

  function leaveSection(): void {
    if (above.some(({ cells }) => numbersOfRow(cells).length > 0)) loseTrack();
    for (const one of above) {
      if (idle.length < MOST_IDLE) idle.push(one);
      else counted(one, { kind: "title" });
    }
    above = [];
  }

  function end(source: Source, head: Uint8Array): void {
    leaveSection();
    if (tables > 0 || (idle.length === 0 && isLost)) {
      for (const one of idle) counted(one, { kind: "title" });
      return;
    }
    if (source.id === "html" && !idle.some(({ cells }) => namesColumns(cells))) {
      for (const one of idle) counted(one, { kind: "not-understood" });
      const value = Buffer.from(head.subarray(0, 200)).toString("utf8").trim();
      tell(fault("html-not-csv", { line: 1, value }), "numbers");
      return;
    }
    if (seen === 0) {
      tell(fault("empty-file", {}), "numbers");
      return;
    }
    above = idle;
    if (above.length > 0) loseTrack();
  }

  return { row, end };
}

/** In a workbook of several sheets a line alone does not say where. */
function inSheet(one: Fault, sheet: string | undefined): Fault {
  if (sheet === undefined) return one;
  const { message, english } = one;
  return {
    ...one,
    message: `工作表「${sheet}」：${message}`,
    english: { ...english, message: `Sheet "${sheet}": ${english.message}` },
  };
}

/** The row that most likely names the columns of a table that is not known: what a person has to look at. */
function likelyHeader(rows: readonly SourceRow[]): SourceRow | undefined {
  const first = rows.findIndex(({ cells }) => numbersOfRow(cells).length > 0);
  const above = first > 0 ? rows[first - 1] : undefined;
  const wide = rows.find(({ cells }) => cells.filter((cell) => cell.trim() !== "").length > 1);
  return rows.find(({ cells }) => namesColumns(cells)) ?? above ?? wide ?? rows[0];
}

/** Columns that a person named by their positions, where the row has a number in its place; null for rows above. */
function headerOfPositions({ cells }: SourceRow, columns: LedgerColumns): Header | null {
  if (numbersOfRow(cells).length === 0) return null;
  const header = readHeader(
    cells.map((_cell, index) => `#${index + 1}`),
    columns,
  );
  return header?.missing.length === 0 ? header : null;
}
