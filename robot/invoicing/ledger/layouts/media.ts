import { DomainError, type Fault, fault } from "../../problems/problems.ts";
import type { Period } from "../../values/period.ts";
import { isUbn } from "../../values/ubn.ts";
import type { Header } from "../column-names.ts";
import { type RowNumbers, countOf, plainCell, readEnd, readNumbers } from "../numbers.ts";
import { isRecord } from "../sources/records.ts";
import type { Layout, RowReading } from "./layout.ts";
import { passedOver } from "./passed-over.ts";
import { namedPeriod } from "./table.ts";

/** A record of 營業稅媒體申報檔 (進銷項憑證明細), by its fields. */
type MediaRecord = {
  readonly line: number;
  /** 格式代號: what kind of document. */
  readonly format: string;
  /** 資料所屬年月; null where it can't be read. */
  readonly period: Period | null;
  /** 買受人統一編號, or the last number where the record stands for a range. */
  readonly buyerOrEnd: string;
  /** 銷售人統一編號, or the count of documents where the record stands for a range. */
  readonly sellerOrCount: string;
  /** 統一發票字軌號碼, or the first number of a range. */
  readonly number: string;
  /** 課稅別. */
  readonly taxType: string;
  /** 彙加註記: `A` where the record stands for several documents. */
  readonly summary: string;
};

/**
 * Where each field stands in the 81 bytes of a record (0-based, end excluded). Three public programs that write such files agree on all
 * of it but the mark of ranges (彙加註記): two put it into byte 80, one into byte 74, so both are looked at. Nobody here has seen a file
 * that the tax office accepted: the fields that nothing depends on are not read.
 */
export const MEDIA_FIELDS = {
  format: [0, 2],
  period: [18, 23],
  buyerOrEnd: [23, 31],
  sellerOrCount: [31, 39],
  number: [39, 49],
  taxType: [61, 62],
  summaryAt74: [73, 74],
  summaryAt80: [79, 80],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** 格式代號 by what they are of: sales with invoices, allowances for sales, sales without invoices, purchases. */
const SALES = new Set(["31", "32", "35", "37"]);
const ALLOWANCES = new Set(["33", "34", "38"]);
const WITHOUT_INVOICE = new Set(["36"]);
const PURCHASES = /^2[1-9]$/;

/** 課稅別: taxed, zero-rated, exempt, mixed; `F` voided, `D` blank. */
const ISSUED = new Set(["1", "2", "3", "4", "9"]);
const VOIDED = "F";
const BLANK = "D";
/** The same in words, as tables print them. */
const TAX_WORDS: Readonly<Record<string, string>> = {
  應稅: "1",
  零稅率: "2",
  零稅: "2",
  免稅: "3",
  混合: "9",
  混合稅: "9",
  混合稅率: "9",
  作廢: VOIDED,
  作廢發票: VOIDED,
  空白: BLANK,
  空白發票: BLANK,
  空白未使用: BLANK,
  未使用: BLANK,
};
/** 彙加註記 of sales: a single document, or several. */
const SUMMARIES = new Set(["", "A"]);

export const MEDIA_FILE: Layout = {
  id: "media-file",
  title: { zh: "營業稅媒體申報檔（銷項）", en: "the media file of a VAT return (sales)" },
  recognise: ({ cells }, header) => header === null && cells.length === 1 && isRecord(cells[0] ?? ""),
  reader: () => (row) => {
    const [record = ""] = row.cells;
    if (!isRecord(record)) {
      return doubtful(fault("record-not-media", { line: row.line, value: record }));
    }
    const field = (name: keyof typeof MEDIA_FIELDS): string => record.slice(...MEDIA_FIELDS[name]).trim();
    return readRecord({
      line: row.line,
      format: field("format"),
      period: namedPeriod(field("period")),
      buyerOrEnd: field("buyerOrEnd"),
      sellerOrCount: field("sellerOrCount"),
      number: field("number"),
      taxType: field("taxType"),
      // Elsewhere than in byte 80 it is only looked for: something else may stand there.
      summary: field("summaryAt80") || (field("summaryAt74") === "A" ? "A" : ""),
    });
  },
};

/** The same as a table with a header, as points of sale and accounting packages export it. */
export const MEDIA_TABLE: Layout = {
  id: "media-table",
  title: { zh: "營業稅媒體申報檔的表格（以課稅別分開立、作廢、空白）", en: "a VAT return's media file as a table" },
  recognise: (_row, header) =>
    header !== null &&
    header.at.formatCode !== undefined &&
    header.at.taxType !== undefined &&
    header.at.status === undefined,
  reader({ header }) {
    if (header === null) throw new Error("a table is recognised by its header");
    const buyer = columnLike(header, /買受人|買方統/);
    const seller = columnLike(header, /銷售人|賣方統/);
    const summary = columnLike(header, /彙加/);
    return (row) => {
      const cell = (index: number | undefined): string => plainCell(row.cells[index ?? -1] ?? "");
      const { number, formatCode, taxType, end, track, period } = header.at;
      // A sheet keeps no zeros in front of what it takes for a number.
      const eight = (index: number | undefined): string =>
        row.numeric?.has(index ?? -1) === true ? cell(index).padStart(8, "0") : cell(index);
      const digits = eight(number);
      const text = `${track === undefined || /^[A-Z]/.test(digits) ? "" : cell(track)}${digits}`;
      const tax = cell(taxType);
      if (text === "" || !/^[0-9]{2}$/.test(cell(formatCode))) {
        const kind = passedOver(row.cells, row.cells[number ?? -1] ?? "");
        if (kind !== null) return { kind };
      }
      return readRecord({
        line: row.line,
        format: cell(formatCode),
        period: namedPeriod(cell(period)),
        buyerOrEnd: eight(end ?? buyer),
        sellerOrCount: eight(seller),
        number: text,
        taxType: TAX_WORDS[tax] ?? tax,
        summary: cell(summary),
      });
    };
  },
};

function columnLike({ cells }: Header, name: RegExp): number | undefined {
  const index = cells.findIndex((cell) => name.test(plainCell(cell)));
  return index < 0 ? undefined : index;
}

function readRecord(record: MediaRecord): RowReading {
  const { format, taxType, line, number, summary } = record;
  if (PURCHASES.test(format)) return { kind: "other" };
  if (WITHOUT_INVOICE.has(format) && number === "") return { kind: "other" };
  if (!SALES.has(format) && !ALLOWANCES.has(format)) {
    return doubtful(fault("media-code-unknown", { line, column: "格式代號", value: format }));
  }
  if (!SUMMARIES.has(summary)) {
    return doubtful(fault("media-code-unknown", { line, column: "彙加註記", value: summary }));
  }
  const period = record.period === null ? {} : { period: record.period };
  try {
    if (ALLOWANCES.has(format))
      return { kind: "allowance", entry: { numbers: [readNumbers(number)], how: "allowance" } };
    const numbers = rangeOf(record);
    const ubn = isUbn(record.sellerOrCount) ? record.sellerOrCount : undefined;
    if (taxType === BLANK) return { kind: "blank", entry: { numbers: [numbers], how: "blank", ubn, ...period } };
    if (taxType === VOIDED) return { kind: "voided", entry: { numbers: [numbers], how: "voided", ubn, ...period } };
    if (ISSUED.has(taxType)) return { kind: "issued", entry: { numbers: [numbers], how: "issued", ubn, ...period } };
    return doubtful(fault("media-code-unknown", { line, column: "課稅別", value: taxType }));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return doubtful(fault(error.code, { line, column: "發票號碼", value: error.seen }, error.wanted));
  }
}

/**
 * The numbers of a record. A blank one (課稅別 D) stands for the range up to the number in the buyer's field, or for one number where that is
 * empty; a summary (彙加註記 A) must have it. Elsewhere that field is the buyer's.
 */
function rangeOf({ number, buyerOrEnd, sellerOrCount, summary, taxType, line }: MediaRecord): RowNumbers {
  const begin = readNumbers(number);
  if (taxType !== BLANK && summary !== "A") return begin;
  const isEmpty = buyerOrEnd === "" || (summary !== "A" && /^0+$/.test(buyerOrEnd));
  if (isEmpty && summary === "A") throw new DomainError("number-invalid", buyerOrEnd);
  if (isEmpty) return begin;
  const numbers = readEnd(begin, buyerOrEnd, false);
  const count = /^[0-9]+$/.test(sellerOrCount) && !isUbn(sellerOrCount) ? Number(sellerOrCount) : 0;
  if (count > 0 && count !== countOf(numbers)) {
    throw new DomainError("range-count", `${line}: ${sellerOrCount}`, String(countOf(numbers)));
  }
  return numbers;
}

function doubtful(found: Fault): RowReading {
  return { kind: "not-understood", faults: [{ fault: found, doubt: "numbers" }] };
}
