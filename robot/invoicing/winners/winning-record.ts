import { decodeBig5 } from "../reading/big5-bytes.ts";
import { cellReader } from "../reading/cells.ts";
import { parseDay } from "../values/day.ts";
import { parsePeriod } from "../values/period.ts";
import { prizeByCode } from "../values/prize.ts";
import { DomainError, type Fault, fault } from "../problems/problems.ts";
import { parseInvoiceNumber, parseTrack } from "../values/track.ts";
import { isUbn, parsePrintedUbn } from "../values/ubn.ts";
import { type Remark, type Winner, unreadWinner } from "./winner.ts";
import { RECORD_BYTES } from "./winning-pieces.ts";

/** The fields of a record in their order, with their lengths in bytes; the portal's own layout. */
const LAYOUT = [
  ["總公司統編", 10],
  ["期別", 5],
  ["字軌", 2],
  ["號碼", 8],
  ["賣方名稱", 60],
  ["賣方統編", 10],
  ["賣方地址", 100],
  ["發票日期", 10],
  ["發票時間", 8],
  ["金額", 12],
  ["載具類別", 6],
  ["載具名稱", 60],
  ["載具明碼", 64],
  ["載具隱碼", 64],
  ["隨機碼", 4],
  ["獎別", 1],
  ["中獎獎金", 10],
  ["買方統編", 10],
  ["已匯款", 1],
  ["資料類型", 1],
  ["例外", 2],
  ["列印格式", 2],
  ["UID", 24],
] as const;

type FieldName = (typeof LAYOUT)[number][0];

const PLACES: ReadonlyMap<FieldName, number> = new Map(LAYOUT.map(([name], index) => [name, index]));

/** What is not there may be cut off: everything behind 資料類型 is often blank, and editors take blanks off the end of a line. */
const NEEDED_BYTES = 446;

const CHECK_DIGIT = {
  zh: "賣方統編的檢查碼不符；清冊上這樣寫，所以照用",
  en: "The check digit of the seller's number fails; it is used as the list writes it",
};

/** A line of the list as read: the winner, and what is wrong or odd about it. */
export type ReadLine = {
  readonly winner: Winner;
  readonly faults: readonly Fault[];
  readonly remarks: readonly Remark[];
};

/** Reads one record by its bytes. Never throws: what can't be read becomes a fault, and the line stays in the list. */
export function readWinningRecord(line: number, bytes: Uint8Array): ReadLine {
  const whole = fitted(bytes);
  if (whole === undefined) return unread(line, bytes);
  const read = readWhole(line, whole);
  // Bytes that are missing, or too many, somewhere else move all fields behind that place, and a prize that is no prize shows it.
  const moved = read.faults.length > 0 || read.remarks.some(({ column }) => column === "獎別");
  return bytes.length !== RECORD_BYTES && moved ? unread(line, bytes) : read;
}

function unread(line: number, bytes: Uint8Array): ReadLine {
  const { text } = decodeBig5(bytes);
  const value = `${bytes.length} bytes: ${text}`;
  return { winner: unreadWinner(line, text), faults: [fault("record-length", { line, value })], remarks: [] };
}

function readWhole(line: number, whole: Uint8Array): ReadLine {
  const remarks: Remark[] = [];
  const cells = decoded(line, whole, remarks);
  const { cell, faults } = cellReader({ line, cells }, (name: FieldName) => PLACES.get(name));
  cell("期別", "other", parsePeriod);
  cell("字軌", "other", parseTrack);
  cell("號碼", 8, parseInvoiceNumber);
  const seller = cell("賣方統編", 8, parsePrintedUbn);
  if (seller !== undefined && !isUbn(seller)) remarks.push({ line, column: "賣方統編", text: CHECK_DIGIT });
  cell("發票日期", "date", parseDay);
  const paid = cell("中獎獎金", "other", parseAmount);
  const text = (name: FieldName): string => cells[PLACES.get(name) ?? -1] ?? "";
  const { prize, remark } = prizeByCode(text("獎別"), paid ?? null);
  if (remark !== undefined && paid !== undefined) remarks.push({ line, column: "獎別", text: remark });
  const winner: Winner = {
    line,
    fields: {
      period: text("期別"),
      invoice: `${text("字軌")}${text("號碼")}`,
      day: text("發票日期"),
      time: text("發票時間"),
      total: amountText(text("金額")),
      randomNumber: text("隨機碼"),
      sellerUbn: text("賣方統編"),
      sellerName: text("賣方名稱"),
      sellerAddress: text("賣方地址"),
      headUbn: text("總公司統編"),
      buyerUbn: text("買方統編"),
      carrierType: text("載具類別"),
      carrierName: text("載具名稱"),
      carrierClear: text("載具明碼"),
      carrierHidden: text("載具隱碼"),
      member: "",
      paid: text("已匯款"),
      dataType: text("資料類型"),
      exception: text("例外"),
      printFormat: text("列印格式"),
      uid: text("UID"),
    },
    prize: { ...prize, amount: paid ?? null },
    note: [...faults.map((one) => `${one.column}：${one.message}`), ...remarks.map((one) => one.text.zh)].join(" "),
    whole: faults.length === 0,
  };
  return { winner, faults, remarks };
}

/** The record in its full length: what blanks at its end were taken off or added is no damage. */
function fitted(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < NEEDED_BYTES) return undefined;
  if (bytes.subarray(RECORD_BYTES).some((byte) => byte !== 0x20)) return undefined;
  const whole = new Uint8Array(RECORD_BYTES).fill(0x20);
  whole.set(bytes.subarray(0, RECORD_BYTES));
  return whole;
}

function decoded(line: number, bytes: Uint8Array, remarks: Remark[]): string[] {
  let at = 0;
  return LAYOUT.map(([column, length]) => {
    const { text, unreadable } = decodeBig5(bytes.subarray(at, at + length));
    at += length;
    if (unreadable.length > 0) {
      const which = unreadable.join(" ");
      const zh = `「${column}」有 Big5 沒有的字或半個字（${which}），以〓代替`;
      remarks.push({
        line,
        column,
        text: { zh, en: `${column} has half characters or characters outside Big5 (${which}), shown as 〓` },
      });
    }
    return text.replace(/[\s\u3000\0]+$/u, "").replace(/^[ \u3000]+/u, "");
  });
}

/**
 * Whole TWD, filled up with zeros or blanks.
 * @throws DomainError `amount-invalid`
 */
export function parseAmount(text: string): number {
  const [, digits] = /^(\d{1,15})(?:\.0+)?$/.exec(text.replaceAll(",", "").trim()) ?? [];
  if (digits === undefined) throw new DomainError("amount-invalid", text);
  return Number(digits);
}

/** Without the zeros it was filled up with; what is no amount stays as it is. */
function amountText(text: string): string {
  return /^\d+$/.test(text) ? String(Number(text)) : text;
}
