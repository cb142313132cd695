import type { AnomalyLimits } from "./blank-numbers/odd/anomalies.ts";
import { CARRIER_LIST_COLUMNS, readCarrierList } from "./carriers/carrier-list.ts";
import { elementOf, readE0402 } from "./blank-numbers/e0402.ts";
import {
  type UploadFailure,
  explainFailures,
  isFailureHeader,
  readFailureDetails,
} from "./blank-numbers/failure-details.ts";
import type { Encoding } from "./reading/encoding.ts";
import { numbersIn } from "./ledger/numbers.ts";
import { type LedgerOptions, readLedger } from "./ledger/read-ledger.ts";
import type { ReadingReport } from "./ledger/reading-report.ts";
import { recogniseLedger } from "./ledger/recognise-ledger.ts";
import { firstBytes } from "./reading/head.ts";
import { type MigMessage, messageTitle, migMessage } from "./messages/mig.ts";
import { readE0401, readE0501 } from "./messages/track-messages.ts";
import { isMemberHeader, readMembers } from "./winners/members.ts";
import { type Period, isPeriod } from "./values/period.ts";
import { type Fault, type Words, fault, faultList } from "./problems/problems.ts";
import { isRecipientHeader, readRecipients } from "./winners/recipients.ts";
import { type FileSource, type FileRow, columnName, readTable } from "./reading/table.ts";
import { TRACK_FILE_COLUMNS, checkRanges, readTrackFile } from "./tracks/track-file.ts";
import { type Ubn, isPrintedUbn } from "./values/ubn.ts";
import { type UploadFile, checkUploadFile, readUploadFile } from "./blank-numbers/upload-file.ts";
import { DEFAULT_UPLOAD_LAYOUT, UPLOAD_COLUMN_NAMES, type UploadLayout } from "./blank-numbers/upload-layout.ts";
import { type WinningKind, looksEncrypted, readWinners, winningKind } from "./winners/winning-list.ts";

/** The files this domain knows by looking into them. */
export type RecognisedKind =
  | "track-file"
  | "upload-file"
  | "e0402"
  | "e0501"
  | "e0401"
  | "other-message"
  | "ledger"
  | "number-list"
  | "carrier-list"
  | "member-list"
  | "recipients"
  | "failure-details"
  | WinningKind
  | "unknown";

const KIND_NAMES: Readonly<Record<RecognisedKind, Words>> = {
  "track-file": { zh: "平台的字軌檔", en: "track file of the portal" },
  "upload-file": { zh: "空白未使用發票號碼上傳檔", en: "upload file of blank numbers" },
  e0402: { zh: "E0402 空白未使用字軌訊息", en: "E0402 message of blank numbers" },
  e0501: { zh: "E0501 營業人電子發票配號檔訊息", en: "E0501 message of allocated numbers" },
  e0401: { zh: "E0401 分支機構配號檔訊息", en: "E0401 message of numbers passed on to a branch" },
  "other-message": { zh: "電子發票的其他訊息", en: "another message of electronic invoices" },
  ledger: { zh: "發票明細", en: "invoice ledger" },
  "number-list": { zh: "已使用號碼清單", en: "list of used numbers" },
  "carrier-list": { zh: "歸戶清單", en: "list of carriers to bind" },
  recipients: { zh: "中獎發票的收件名單", en: "list of recipients of winning invoices" },
  "failure-details": { zh: "上傳空白號碼的失敗明細", en: "rows of an upload of blank numbers that were refused" },
  "winning-list": { zh: "平台的中獎清冊", en: "list of winners of the portal" },
  "winning-csv": { zh: "加值平台的中獎清冊", en: "list of winners of a value-added platform" },
  "member-list": { zh: "會員名單", en: "list of members" },
  unknown: { zh: "不認得的檔案", en: "unknown file" },
};

/** What an installation has set differently. */
export type FileFormats = {
  readonly upload?: UploadLayout;
  readonly ledger?: Pick<LedgerOptions, "columns" | "statuses">;
  /** From when on something about blank numbers is odd, and how many earlier periods say what is usual. */
  readonly odd?: AnomalyLimits & { readonly periods: number };
  /** Address of a carrier's page at the member site, with `{member}` in it. */
  readonly carrierPage?: string | null;
};

export type FileCheck = {
  readonly kind: RecognisedKind;
  /** The kind in words. */
  readonly title: Words;
  readonly encoding: Encoding | undefined;
  /** How many rows could be read. */
  readonly rows: number;
  readonly ubns: readonly Ubn[];
  readonly periods: readonly Period[];
  /** Everything wrong, in the order of the lines; empty when the file is right in itself. */
  readonly faults: readonly Fault[];
  /** How many more faults there were, beyond ten thousand of one kind. */
  readonly omitted: number;
  /** What is odd and understood nevertheless: it stops nothing. */
  readonly warnings: readonly Fault[];
  /** Of a ledger: how it was read, row by row. */
  readonly reading: ReadingReport | null;
};

/** How many rows: enough to get past a sample's header lines. */
const LOOKED_AT = 20;
/** A header row counts as such although some names are damaged. */
const KNOWN_NAMES = 3;

/** Says which of the known files this is, by the beginning of its content; the name only helps with XML. */
export function identifyFile(head: Uint8Array, name: string, formats: FileFormats = {}): RecognisedKind {
  const message = migMessage(head);
  if (message !== null) return kindOfMessage(message);
  if (isXml(head, name)) return "unknown";
  const { rows } = readTable(head, { atMost: LOOKED_AT });
  const [first] = rows;
  const winning = winningKind(head, first?.cells.map(columnName) ?? []);
  if (winning !== undefined) return winning;
  if (first === undefined) return isDamagedTrackFile(head) ? "track-file" : "unknown";
  if (known(first, TRACK_FILE_COLUMNS)) return "track-file";
  const names = first.cells.map(columnName);
  if (isRecipientHeader(names)) return "recipients";
  if (isFailureHeader(names)) return "failure-details";
  const ledger = recogniseLedger(head, formats.ledger?.columns ?? {});
  if (ledger !== null) return ledger.id === "number-list" ? "number-list" : "ledger";
  if (isMemberHeader(names)) return "member-list";
  if (isCarrierHeader(names)) return "carrier-list";
  const layout = formats.upload ?? DEFAULT_UPLOAD_LAYOUT;
  if (rows.some((row) => looksLikeUpload(row, layout))) return "upload-file";
  if (rows.some((row) => row.cells.length >= TRACK_FILE_COLUMNS.length && isTrackLike(row.cells[4])))
    return "track-file";
  return "unknown";
}

function kindOfMessage({ code }: MigMessage): RecognisedKind {
  if (code === "E0402") return "e0402";
  if (code === "E0501") return "e0501";
  return code === "E0401" ? "e0401" : "other-message";
}

function isXml(bytes: Uint8Array, name: string): boolean {
  const start = Buffer.from(bytes.subarray(0, 400)).toString("latin1");
  return /\.xml$/i.test(name) && /^[^\w<]*<\?xml/.test(start);
}

/** A track file some of whose bytes are no characters, by the shape of what can be read of it. */
function isDamagedTrackFile(head: Uint8Array): boolean {
  const { rows, faults } = readTrackFile(head);
  return rows.length > 0 && faults.length === 0;
}

function known(row: FileRow, names: readonly string[]): boolean {
  return names.filter((name) => row.cells.map(columnName).includes(name)).length >= KNOWN_NAMES;
}

function isCarrierHeader(names: readonly string[]): boolean {
  const has = (column: keyof typeof CARRIER_LIST_COLUMNS): boolean =>
    names.includes(columnName(CARRIER_LIST_COLUMNS[column]));
  return has("kind") && (has("link") || has("member"));
}

function isTrackLike(cell: string | undefined): boolean {
  return cell !== undefined && /^[A-Za-z]{1,3}$/.test(cell);
}

function looksLikeUpload(row: FileRow, layout: UploadLayout): boolean {
  const { columns } = layout;
  if (known(row, Object.values(UPLOAD_COLUMN_NAMES))) return true;
  return Math.abs(row.cells.length - columns.length) <= 1 && isTrackLike(row.cells[columns.indexOf("track")]);
}

/**
 * Says what a file is and everything that is wrong with it in itself, line by line. Whether it belongs to a certain business and period is
 * checked where that is known (`checkTrackFile`, `checkUploadFile`); here only rows of one upload file that disagree are noticed.
 * Ledgers are read as a stream, whatever their size; the other files are at most some megabytes and are read whole.
 * @throws whatever the source throws
 */
export async function checkFile(file: FileSource, formats: FileFormats = {}): Promise<FileCheck> {
  const head = await firstBytes(file);
  const kind = identifyFile(head, file.name, formats);
  switch (kind) {
    case "track-file": {
      const read = readTrackFile(await wholeOf(file));
      return summary(kind, { ...read, faults: [...read.faults, ...checkRanges(read.rows)] });
    }
    case "upload-file": {
      const read = readUploadFile(await wholeOf(file), formats.upload);
      return summary(kind, { ...read, faults: checkByItself(read) });
    }
    case "e0402": {
      const read = readE0402(await wholeOf(file));
      const faults = checkByItself(read).map((one) => ({ ...one, column: elementOf(one.column) }));
      return summary(kind, { ...read, faults });
    }
    case "e0501":
    case "e0401": {
      const bytes = await wholeOf(file);
      const read = kind === "e0501" ? readE0501(bytes) : readE0401(bytes);
      return summary(kind, { ...read, faults: [...read.faults, ...checkRanges(read.rows)] });
    }
    case "other-message": {
      const title = messageTitle(migMessage(head) ?? { code: "", name: KIND_NAMES[kind] });
      const { encoding } = readTable(head, { atMost: 1 });
      const faults = [fault("message-other", { line: 1, value: title.zh })];
      return { ...summary(kind, { rows: [], encoding, faults }), title };
    }
    case "recipients": {
      const { recipients, faults, encoding } = readRecipients(await wholeOf(file));
      return { ...summary(kind, { rows: [], faults, encoding }), rows: recipients.length };
    }
    case "failure-details": {
      const { rows, faults, encoding } = readFailureDetails(await wholeOf(file));
      const refused = explainFailures({ rows, faults, encoding, columns: [] }, []).map(refusedRow);
      return { ...summary(kind, { rows: [], encoding, faults, remarks: refused }), rows: rows.length };
    }
    case "ledger":
    case "number-list":
      return checkLedger(kind, file, formats);
    case "carrier-list": {
      const { carriers, faults } = readCarrierList(await wholeOf(file), formats.carrierPage ?? null);
      return {
        ...summary(kind, { rows: [], encoding: readTable(head, { atMost: 1 }).encoding, faults }),
        rows: carriers.length,
      };
    }
    case "winning-list":
    case "winning-csv":
      return checkWinners(kind, file);
    case "member-list": {
      const bytes = await wholeOf(file);
      const { faults } = readMembers(bytes);
      const { encoding, rows } = readTable(bytes);
      // Its rows are of nobody's numbers and of no period.
      return { ...summary(kind, { rows: [], encoding, faults }), rows: Math.max(0, rows.length - 1) };
    }
    case "unknown": {
      if (looksEncrypted(head, file.name))
        return summary(kind, { rows: [], encoding: undefined, faults: [fault("winning-encrypted", {})] });
      const tried = await checkLedger("ledger", file, formats);
      if (isLedger(tried, head)) return tried;
      const { faults, encoding, rows } = readTable(head, { atMost: LOOKED_AT });
      const seen = fault("file-unknown", { line: rows[0]?.line ?? 0, value: rows[0]?.cells.join(",") ?? "" });
      return summary(kind, { rows: [], encoding, faults: faults.length > 0 ? faults : [seen] });
    }
    default:
      return kind satisfies never;
  }
}

/**
 * Whether a file that no beginning of a text told is a ledger after all: a workbook, a table of a web page, damaged bytes. One whose
 * rows hold invoice numbers is told as a ledger that is not understood, so that a person can say what its columns are.
 */
function isLedger({ reading, faults }: FileCheck, head: Uint8Array): boolean {
  if (reading === null) return false;
  if (reading.layout !== null) {
    const names = reading.layout.fingerprint.split("|");
    // The portal's track file saved again by Excel has ranges too, and is no ledger.
    return TRACK_FILE_COLUMNS.filter((name) => names.includes(name)).length < KNOWN_NAMES;
  }
  if (faults.some(({ code }) => code === "old-workbook" || code === "workbook-not-csv")) return true;
  return reading.firstRows.some(({ cells }) => cells.some((cell) => numbersIn(cell).length > 0)) && head.length > 0;
}

/** What the portal says of a row that it did not take, with what to do. */
function refusedRow({ line, reason, remedy, refusal }: UploadFailure): Fault {
  const advice = {
    zh: remedy,
    en: refusal?.remedy.en ?? "Mend the row by the portal's own manual and upload it again.",
  };
  return fault("upload-refused", { line, value: reason }, undefined, advice);
}

async function wholeOf(file: FileSource): Promise<Uint8Array> {
  return Buffer.concat(await Array.fromAsync(file.read()));
}

/** The first row stands for the whole file, as one upload is of one period. */
function checkByItself(file: UploadFile): Fault[] {
  const [first] = file.rows;
  if (first === undefined) return [...file.faults];
  return checkUploadFile(file, { period: first.period, ubns: distinct(file.rows.map((row) => row.ubn)) });
}

type Readable = {
  readonly remarks?: readonly Fault[];
  readonly rows: readonly { readonly ubn: Ubn; readonly period: Period }[];
  readonly faults: readonly Fault[];
  readonly encoding: Encoding | undefined;
};

function summary(kind: RecognisedKind, { rows, encoding, faults, remarks = [] }: Readable): FileCheck {
  const kept = faultList();
  for (const one of faults.toSorted((a, b) => a.line - b.line)) kept.add(one);
  return {
    kind,
    title: KIND_NAMES[kind],
    encoding,
    rows: rows.length,
    ubns: distinct(rows.map((row) => row.ubn)),
    periods: distinct(rows.map((row) => row.period)),
    faults: kept.faults,
    omitted: kept.omitted(),
    warnings: remarks,
    reading: null,
  };
}

function distinct<Value extends string>(values: readonly Value[]): Value[] {
  return Array.from(new Set(values)).toSorted();
}

async function checkLedger(kind: "ledger" | "number-list", file: FileSource, formats: FileFormats): Promise<FileCheck> {
  const kept = faultList();
  const ubns = new Set<Ubn>();
  let encoding: Encoding | undefined;
  let rows = 0;
  let line = 0;
  let reading: ReadingReport | null = null;
  const options: LedgerOptions = {
    ...formats.ledger,
    onFault: kept.add,
    onEncoding: (known) => {
      encoding = known;
    },
    onReport: (report) => {
      reading = report;
    },
  };
  for await (const entry of readLedger(file, options)) {
    if (entry.how === "mentioned") continue;
    // A row may stand for a range of numbers.
    if (entry.line !== line) rows += 1;
    line = entry.line;
    if (entry.ubn !== undefined) ubns.add(entry.ubn);
  }
  const found = { encoding, rows: rows + itemsOf(reading), ubns: Array.from(ubns).toSorted(), periods: [] };
  const isKnown = layoutOf(reading) !== null;
  const named = isKnown ? { kind, title: KIND_NAMES[kind] } : { kind: UNKNOWN, title: KIND_NAMES.unknown };
  return { ...named, ...found, faults: kept.faults, omitted: kept.omitted(), warnings: [], reading };
}

const UNKNOWN: RecognisedKind = "unknown";

/** Rows of items that repeat the number of their invoice. */
function itemsOf(reading: ReadingReport | null): number {
  return reading?.kinds.find(({ kind }) => kind === "item")?.count ?? 0;
}

function layoutOf(reading: ReadingReport | null): ReadingReport["layout"] {
  return reading?.layout ?? null;
}

async function checkWinners(kind: WinningKind, file: FileSource): Promise<FileCheck> {
  const kept = faultList();
  const ubns = new Set<Ubn>();
  const periods = new Set<Period>();
  let rows = 0;
  for await (const { fields } of readWinners(kind, file, { onFault: kept.add })) {
    rows += 1;
    if (isPrintedUbn(fields.sellerUbn)) ubns.add(fields.sellerUbn);
    if (isPeriod(fields.period)) periods.add(fields.period);
  }
  const encoding: Encoding | undefined = kind === "winning-list" ? "big5" : undefined;
  const found = { encoding, rows, ubns: Array.from(ubns).toSorted(), periods: Array.from(periods).toSorted() };
  return {
    kind,
    title: KIND_NAMES[kind],
    ...found,
    faults: kept.faults,
    omitted: kept.omitted(),
    warnings: [],
    reading: null,
  };
}
