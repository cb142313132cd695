import { type LedgerEntry, type Says, provesUse } from "../ledger/entry.ts";
import type { Fault } from "../problems/problems.ts";
import { readTable } from "../reading/table.ts";
import { type InvoiceNumber, splitInvoiceNumber, type Track } from "../values/track.ts";

/** A row of the portal's list of invoices that it lacks, or that came late or wrong. */
export type LackedInvoice = {
  /** 1-based line of the portal's file. */
  readonly line: number;
  readonly track: Track;
  readonly number: InvoiceNumber;
  /** The whole row by the words of its header, as printed. */
  readonly cells: { readonly [column: string]: string };
};

export type LackedInvoices = {
  readonly rows: readonly LackedInvoice[];
  /** Lines below the first in which no invoice number stands: kept in the file, told to a person. */
  readonly unread: readonly number[];
  readonly faults: readonly Fault[];
};

const NUMBER = /(?<![A-Z0-9])[A-Z]{2}-?\d{8}(?!\d)/;

/**
 * Reads 漏上傳資料清冊 or 未依限或未據實上傳明細. Its layout is not known, so any table will do: a row is about the invoice whose number
 * stands in one of its cells, or in two that are 字軌 and number.
 */
export function readMissingUploads(bytes: Uint8Array): LackedInvoices {
  const table = readTable(bytes);
  const numbers = table.rows.map(({ cells }) => numberIn(cells));
  const first = numbers.findIndex((number) => number !== null);
  // What stands right above the first invoice names the columns; above that are titles.
  const header = first > 0 ? (table.rows[first - 1]?.cells ?? []) : [];
  const rows: LackedInvoice[] = [];
  const unread: number[] = [];
  for (const [at, { line, cells }] of table.rows.entries()) {
    const number = numbers[at] ?? null;
    if (number !== null) rows.push({ line, ...splitInvoiceNumber(number), cells: named(header, cells) });
    else if (at > first && at > 0 && cells.some((cell) => cell.trim() !== "")) unread.push(line);
  }
  return { rows, unread, faults: table.faults };
}

function numberIn(cells: readonly string[]): string | null {
  for (const [at, cell] of cells.entries()) {
    const whole = NUMBER.exec(cell.trim())?.[0];
    if (whole !== undefined) return whole;
    const next = cells[at + 1]?.trim() ?? "";
    if (/^[A-Z]{2}$/.test(cell.trim()) && /^\d{8}$/.test(next)) return `${cell.trim()}${next}`;
  }
  return null;
}

function named(header: readonly string[], cells: readonly string[]): LackedInvoice["cells"] {
  return Object.fromEntries(cells.map((cell, at) => [header[at]?.trim() || `第 ${at + 1} 欄`, cell]));
}

/** What the company's own ledger says of an invoice that the portal lacks. */
export type Lacked = LackedInvoice & {
  /** Null: no row of the ledger proves that the number was used. */
  readonly known: { readonly how: Says; readonly day: string | null; readonly line: number } | null;
};

/** Of several rows about one invoice, its own says more than one about an allowance or an item, and a later state more than an earlier. */
const TELLS_MORE: Readonly<Record<Says, number>> = {
  voided: 5,
  issued: 4,
  cancelled: 3,
  listed: 2,
  allowance: 1,
  item: 1,
  named: 0,
  mentioned: 0,
  blank: 0,
};

/**
 * Joins the portal's list with the invoice ledger; memory grows with the list only. A row about an allowance (折讓) proves that the
 * ledger has the invoice.
 */
export async function joinWithLedger(
  rows: readonly LackedInvoice[],
  entries: AsyncIterable<LedgerEntry>,
): Promise<readonly Lacked[]> {
  const found = new Map<string, Lacked["known"]>(rows.map(({ track, number }) => [`${track}${number}`, null]));
  for await (const entry of entries) {
    const { track, number, how, day, line } = entry;
    const key = `${track}${number}`;
    const before = found.get(key);
    if (before === undefined || !provesUse(entry)) continue;
    if (before === null || TELLS_MORE[how] >= TELLS_MORE[before.how]) found.set(key, { how, day: day ?? null, line });
  }
  return rows.map((row) => ({ ...row, known: found.get(`${row.track}${row.number}`) ?? null }));
}
