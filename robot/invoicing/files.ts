import { readE0402 } from "./e0402.ts";
import type { Encoding } from "./encoding.ts";
import { type LedgerOptions, DEFAULT_LEDGER_COLUMNS, readLedger } from "./ledger.ts";
import type { Period } from "./period.ts";
import { type Fault, fault } from "./problems.ts";
import { type Row, readTable } from "./table.ts";
import { TRACK_FILE_COLUMNS, checkRuns, columnName, readTrackFile } from "./track-file.ts";
import type { Ubn } from "./ubn.ts";
import { type UploadFile, checkUploadFile, readUploadFile } from "./upload-file.ts";
import { DEFAULT_UPLOAD_LAYOUT, UPLOAD_COLUMN_NAMES, type UploadLayout } from "./upload-layout.ts";

/** The files this domain knows by looking into them. */
export type FileKind = "track-file" | "upload-file" | "e0402" | "ledger" | "number-list" | "unknown";

const KIND_NAMES: Readonly<Record<FileKind, string>> = {
  "track-file": "平台的字軌檔",
  "upload-file": "空白未使用發票號碼上傳檔",
  e0402: "E0402 空白未使用字軌訊息",
  ledger: "發票明細",
  "number-list": "已使用號碼清單",
  unknown: "不認得的檔案",
};

/** What an installation has set differently. */
export type FileFormats = {
  readonly layout?: UploadLayout;
  readonly columns?: LedgerOptions["columns"];
  readonly statuses?: LedgerOptions["statuses"];
};

export type FileCheck = {
  readonly kind: FileKind;
  /** The kind in words, Traditional Chinese. */
  readonly title: string;
  readonly encoding: Encoding | undefined;
  /** How many rows could be read. */
  readonly rows: number;
  readonly ubns: readonly Ubn[];
  readonly periods: readonly Period[];
  /** Everything wrong, in the order of the lines; empty when the file is right in itself. */
  readonly faults: readonly Fault[];
};

/** How many rows are looked at to tell one file from another: enough to get past a sample's header lines. */
const LOOKED_AT = 20;
/** A header row counts as such although some names are damaged. */
const KNOWN_NAMES = 3;

/** Says which of the known files this is, by its content; the name only helps with XML. */
export function identifyFile(bytes: Uint8Array, name: string, formats: FileFormats = {}): FileKind {
  if (isXml(bytes, name)) return "e0402";
  const rows = readTable(bytes, { atMost: LOOKED_AT }).rows;
  const [first] = rows;
  if (first === undefined) return "unknown";
  const numberColumn = formats.columns?.number ?? DEFAULT_LEDGER_COLUMNS.number;
  if (known(first, TRACK_FILE_COLUMNS)) return "track-file";
  if (first.cells.includes(numberColumn)) return "ledger";
  if (first.cells.length === 1 && isFullNumber(first.cells[0])) return "number-list";
  const layout = formats.layout ?? DEFAULT_UPLOAD_LAYOUT;
  if (rows.some((row) => looksLikeUpload(row, layout))) return "upload-file";
  if (rows.some((row) => row.cells.length >= TRACK_FILE_COLUMNS.length && isTrackLike(row.cells[4])))
    return "track-file";
  return "unknown";
}

function isXml(bytes: Uint8Array, name: string): boolean {
  const start = Buffer.from(bytes.subarray(0, 400)).toString("latin1");
  return start.includes("BranchTrackBlank") || (/\.xml$/i.test(name) && /^[^\w<]*<\?xml/.test(start));
}

function known(row: Row, names: readonly string[]): boolean {
  return names.filter((name) => row.cells.map(columnName).includes(name)).length >= KNOWN_NAMES;
}

function isFullNumber(cell: string | undefined): boolean {
  return cell !== undefined && /^[A-Z]{2}-?\d{8}$/.test(cell);
}

function isTrackLike(cell: string | undefined): boolean {
  return cell !== undefined && /^[A-Za-z]{1,3}$/.test(cell);
}

function looksLikeUpload(row: Row, layout: UploadLayout): boolean {
  const { columns } = layout;
  if (known(row, Object.values(UPLOAD_COLUMN_NAMES))) return true;
  return Math.abs(row.cells.length - columns.length) <= 1 && isTrackLike(row.cells[columns.indexOf("track")]);
}

/**
 * Says what a file is and everything that is wrong with it in itself, line by line. Whether it belongs to a certain business and period is
 * checked where that is known (`checkTrackFile`, `checkUploadFile`); here only rows of one upload file that disagree are noticed.
 */
export async function checkFile(bytes: Uint8Array, name: string, formats: FileFormats = {}): Promise<FileCheck> {
  const kind = identifyFile(bytes, name, formats);
  switch (kind) {
    case "track-file": {
      const file = readTrackFile(bytes);
      return summary(kind, { ...file, faults: [...file.faults, ...checkRuns(file.rows)] });
    }
    case "upload-file": {
      const file = readUploadFile(bytes, formats.layout);
      return summary(kind, { ...file, faults: checkByItself(file) });
    }
    case "e0402": {
      const file = readE0402(bytes);
      return summary(kind, { ...file, faults: checkByItself(file) });
    }
    case "ledger":
    case "number-list":
      return checkLedger(kind, bytes, formats);
    case "unknown": {
      const { faults, encoding, rows } = readTable(bytes, { atMost: LOOKED_AT });
      const seen = fault("file-unknown", { line: rows[0]?.line ?? 0, value: rows[0]?.cells.join(",") ?? "" });
      return summary(kind, { rows: [], encoding, faults: faults.length > 0 ? faults : [seen] });
    }
    default:
      return kind satisfies never;
  }
}

/** The first row stands for the whole file, as one upload is of one period. */
function checkByItself(file: UploadFile): Fault[] {
  const [first] = file.rows;
  if (first === undefined) return [...file.faults];
  return checkUploadFile(file, { period: first.period, ubns: file.rows.map((row) => row.ubn) });
}

type Readable = {
  readonly rows: readonly { readonly ubn: Ubn | undefined; readonly period?: Period }[];
  readonly faults: readonly Fault[];
  readonly encoding: Encoding | undefined;
};

function summary(kind: FileKind, file: Readable): FileCheck {
  return {
    kind,
    title: KIND_NAMES[kind],
    encoding: file.encoding,
    rows: file.rows.length,
    ubns: distinct(file.rows.map((row) => row.ubn)),
    periods: distinct(file.rows.map((row) => row.period)),
    faults: file.faults.toSorted((a, b) => a.line - b.line),
  };
}

function distinct<Value extends string>(values: readonly (Value | undefined)[]): Value[] {
  return Array.from(new Set(values.filter((value) => value !== undefined))).toSorted();
}

async function checkLedger(kind: FileKind, bytes: Uint8Array, formats: FileFormats): Promise<FileCheck> {
  const faults: Fault[] = [];
  const rows = [];
  for await (const use of readLedger(once(bytes), { ...formats, onFault: (found) => faults.push(found) })) {
    rows.push({ ubn: use.ubn });
  }
  return summary(kind, { rows, faults, encoding: readTable(bytes, { atMost: LOOKED_AT }).encoding });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
