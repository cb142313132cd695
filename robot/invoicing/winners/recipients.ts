import { cellReader } from "../reading/cells.ts";
import type { Encoding } from "../reading/encoding.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { columnName, readTable, type FileRow } from "../reading/table.ts";
import { splitInvoiceNumber } from "../values/track.ts";
import { sha256 } from "../../lib/hash.ts";

/** Who gets one winning invoice by mail. */
export type Recipient = {
  /** 1-based line of the list. */
  readonly line: number;
  /** Track and number: `AB12345678`. */
  readonly invoice: string;
  readonly name: string;
  readonly zip: string;
  readonly county: string;
  readonly town: string;
  readonly street: string;
};

/** 發票號碼, and the fields of the platform's own form (seed 000). */
export const RECIPIENT_COLUMNS = {
  invoice: "發票號碼",
  name: "收件人名稱",
  zip: "郵遞區號",
  county: "縣市",
  town: "鄉鎮市區",
  street: "地址",
} as const;

type Column = keyof typeof RECIPIENT_COLUMNS;
const COLUMNS: readonly Column[] = ["invoice", "name", "zip", "county", "town", "street"];

export type RecipientList = {
  readonly recipients: readonly Recipient[];
  readonly faults: readonly Fault[];
  readonly encoding: Encoding | undefined;
};

/** Whether a header is that of a list of recipients. */
export function isRecipientHeader(names: readonly string[]): boolean {
  return [RECIPIENT_COLUMNS.invoice, RECIPIENT_COLUMNS.name, RECIPIENT_COLUMNS.zip].every((name) =>
    names.includes(columnName(name)),
  );
}

/** Reads a list of recipients: CSV with a header, its columns in any order and in any of the known encodings. Every fault is reported with its line. */
export function readRecipients(bytes: Uint8Array): RecipientList {
  const { rows, faults: broken, encoding } = readTable(bytes);
  const [header, ...lines] = rows;
  if (!header || broken.length > 0) return { recipients: [], faults: broken, encoding };
  const names = header.cells.map(columnName);
  const place = (column: Column): number => names.indexOf(columnName(RECIPIENT_COLUMNS[column]));
  const missing = COLUMNS.filter((column) => place(column) < 0).map((column) => RECIPIENT_COLUMNS[column]);
  if (missing.length > 0) {
    const value = header.cells.join(",");
    const faults = missing.map((column) => fault("column-missing", { line: header.line, column, value }, column));
    return { recipients: [], faults, encoding };
  }
  const faults: Fault[] = [];
  const recipients = new Map<string, Recipient>();
  for (const row of lines) {
    const recipient = readRow(row, place, faults);
    if (recipient === null) continue;
    const other = recipients.get(recipient.invoice);
    if (other) {
      const at = { line: row.line, column: RECIPIENT_COLUMNS.invoice, value: recipient.invoice };
      faults.push(fault("recipient-twice", at, `只在第 ${other.line} 行`));
    } else recipients.set(recipient.invoice, recipient);
  }
  return { recipients: [...recipients.values()], faults, encoding };
}

function readRow(row: FileRow, place: (column: Column) => number, faults: Fault[]): Recipient | null {
  const reader = cellReader(row, place);
  const invoice = reader.cell("invoice", "other", (text) => {
    const { track, number } = splitInvoiceNumber(text);
    return `${track}${number}`;
  });
  const zip = reader.cell("zip", "other", parseZip);
  const text = (column: Column): string | undefined => reader.cell(column, "other", filled);
  const [name, county, town, street] = [text("name"), text("county"), text("town"), text("street")];
  faults.push(...reader.faults.map((one) => ({ ...one, column: titleOf(one.column) })));
  if (invoice === undefined || zip === undefined || name === undefined) return null;
  if (county === undefined || town === undefined || street === undefined) return null;
  return { line: row.line, invoice, name, zip, county, town, street };
}

function filled(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") throw new DomainError("recipient-empty", text);
  return trimmed;
}

function parseZip(text: string): string {
  const digits = text.trim();
  if (!/^(\d{3}|\d{5}|\d{6})$/.test(digits)) throw new DomainError("zip-invalid", text);
  return digits;
}

function titleOf(column: string): string {
  return COLUMNS.filter((one) => one === column).map((one) => RECIPIENT_COLUMNS[one])[0] ?? column;
}

/** What stands for name and address where they shall not be told: the same for the same ones. 臺 and 台 are one. */
export function addressProof({ name, zip, county, town, street }: Omit<Recipient, "line" | "invoice">): string {
  return sha256([name, zip, county, town, street].join("\n").replaceAll("臺", "台"));
}
