import { DomainError, type Fault, fault } from "../../problems/problems.ts";
import { type CellReader, cellReader } from "../../reading/cells.ts";
import { DAMAGED } from "../../reading/lenient-text.ts";
import { atLeast } from "../../reading/table.ts";
import { type Day, parseDay } from "../../values/day.ts";
import { type Period, parsePeriod } from "../../values/period.ts";
import { type Ubn, isUbn, parseUbn } from "../../values/ubn.ts";
import { type Header, readHeader, rivalsOfNumber } from "../column-names.ts";
import {
  type RowNumbers,
  countOf,
  isNearlyNumber,
  numbersIn,
  plainCell,
  readEnd,
  readNumbers,
  readTrackAndDigits,
} from "../numbers.ts";
import { askRemark, askWord } from "../questions.ts";
import { dayOfSerial } from "../sources/workbook.ts";
import type { SourceRow } from "../sources/source.ts";
import type { LedgerField } from "../teaching.ts";
import type { StatusMeaning } from "../vocabulary.ts";
import type { Doubt, LayoutContext, RowReader, RowReading } from "./layout.ts";
import { type TextOf, cellTexts } from "./cell-texts.ts";
import { addsUp, numbersOfRow, passedOver } from "./passed-over.ts";

const REMARKS = /備註|附註|註記|說明|摘要|狀態|狀況|remark|memo|note|status/i;
const GOODS = /品名|品項|商品|貨品|產品|單價/;

type Doubted = { readonly fault: Fault; readonly doubt: Doubt };
type Field = LedgerField | "count";

/** A ledger repeats few dates and sellers a million times: each is read once. */
export type RememberedReaders = { readonly day: (text: string) => Day; readonly ubn: (text: string) => Ubn };

/**
 * Reads the rows of any table whose header names its columns: a row an invoice, a row an item, track and digits in two columns, a row a
 * range. What is not understood is a fault with its line; only rows without anything like a number are passed over.
 */
export function tableReader(context: LayoutContext, header: Header): RowReader {
  const { columns, statuses, dropsEmptyCells } = context;
  const { at, perItem } = header;
  const hasStatus = at.status !== undefined;
  const width =
    1 + Math.max(...(["number", "track", "end", "date", "status", "seller"] as const).map((field) => at[field] ?? 0));
  const needed = 1 + Math.max(at.number ?? 0, at.track ?? 0, at.status ?? 0);
  const onlyNumbers = at.date === undefined && !hasStatus && at.seller === undefined;
  const isList = isListHeader(header);
  // In a table of goods a count may be of them, of tickets for one.
  const countsGoods = perItem && header.cells.some((cell) => GOODS.test(cell));
  const known = new Set<number | undefined>(Object.values(at));
  const titles = context.titles.map(({ cells }) => cells);
  const rivals = rivalsOfNumber(header, titles);
  const remarks = header.cells.flatMap((cell, index) => (!known.has(index) && REMARKS.test(cell) ? [index] : []));
  const nameOf = (field: Field): string => header.cells[at[field] ?? -1]?.trim() || "發票號碼";
  const readers = rememberedReaders();
  /** The invoice of the row before: further rows of it are its items. */
  let before = { key: "", number: "" };

  return (row) => {
    const text = cellTexts(row, header, dropsEmptyCells, statuses);
    const numberText = text("number") ?? "";
    const empty = plainCell(numberText) === "" && (at.track === undefined || plainCell(text("track") ?? "") === "");
    if (empty) return withoutNumber(row, text, numberText);
    const read = numbersOf(row, text);
    if (!(read instanceof DomainError)) return withNumber(row, text, read);
    const kind = passedOver(row.cells, numberText);
    if (kind !== null) return mentioning(kind, row);
    const again = readHeader(row.cells, columns);
    if (again !== null && again.missing.length === 0) return { kind: "header", header: again };
    if (looksLikeNumber(numberText) || looksLikeNumber(text("track") ?? "")) return refused(row, [numberFault(row)]);
    return withoutNumber(row, text, numberText);
  };

  function numbersOf(row: SourceRow, text: TextOf): RowNumbers | DomainError {
    const numeric = (field: LedgerField): boolean => row.numeric?.has(at[field] ?? -1) ?? false;
    try {
      const own = text("number") ?? "";
      const begin =
        at.track === undefined ? readNumbers(own) : readTrackAndDigits(text("track") ?? "", own, numeric("number"));
      return at.end === undefined ? begin : readEnd(begin, text("end") ?? "", numeric("end"));
    } catch (error) {
      if (error instanceof DomainError) return error;
      throw error;
    }
  }

  /** The fault that names what is wrong with the number, with what Excel may have done to it. */
  function numberFault(row: SourceRow): Doubted {
    const { cell, faults } = cellReader<"number">(row, () => at.number);
    if (at.track === undefined) cell("number", "other", readNumbers);
    else cell("number", 8, (digits) => readTrackAndDigits(row.cells[at.track ?? -1] ?? "", digits, false));
    const [found] = faults;
    const value = row.cells[at.number ?? -1] ?? "";
    return {
      fault: { ...(found ?? fault("invoice-number-invalid", { line: row.line, value })), column: nameOf("number") },
      doubt: "numbers",
    };
  }

  function refused(row: SourceRow, faults: readonly Doubted[]): RowReading {
    const damaged = row.cells[at.number ?? -1]?.includes(DAMAGED) ?? false;
    if (!damaged) return { kind: "not-understood", faults };
    return { kind: "not-understood", faults: [{ fault: damagedFault(row, "number"), doubt: "numbers" }] };
  }

  function damagedFault(row: SourceRow, field: LedgerField): Fault {
    return fault("bytes-damaged", { line: row.line, column: nameOf(field), value: row.cells[at[field] ?? -1] ?? "" });
  }

  function withoutNumber(row: SourceRow, text: TextOf, numberText: string): RowReading {
    const kind = passedOver(row.cells, numberText);
    if (kind !== null) return mentioning(kind, row);
    const again = readHeader(row.cells, columns);
    if (again !== null && again.missing.length === 0) return { kind: "header", header: again };
    const statusText = (text("status") ?? "").trim();
    const word = statusText === "" ? null : statuses(statusText);
    const isOfInvoice = word !== null || isDay(text("date") ?? "") || isUbn(plainCell(text("seller") ?? ""));
    const holdsNumber = numbersOfRow(row.cells).length > 0;
    if (word?.meaning === "undecided" && !holdsNumber) {
      return { kind: "undecided", word: { text: statusText, ...word } };
    }
    if (isOfInvoice || holdsNumber) return refused(row, [numberFault(row)]);
    const filled = row.cells.some((cell) => cell.trim() !== "");
    if (perItem && before.key !== "" && filled && statusText === "" && numberText.trim() === "")
      return { kind: "item" };
    return { kind: "note" };
  }

  function withNumber(row: SourceRow, text: TextOf, numbers: RowNumbers): RowReading {
    const statusText = (text("status") ?? "").trim();
    const number = `${numbers.track}${numbers.begin}-${numbers.end}`;
    const key = `${number}|${statusText}|${text("date") ?? ""}|${text("seller") ?? ""}`;
    if (number === before.number && hasStatus && statusText === "" && addsUp(row.cells)) return { kind: "total" };
    if (perItem && number === before.number && (key === before.key || isContinuation(statusText, text))) {
      const known = statusText === "" ? null : statuses(statusText);
      return { kind: "item", ...(known === null ? {} : { word: { text: statusText, ...known } }) };
    }
    before = { key, number };
    const faults: Doubted[] = [];
    const { cell, faults: found } = cellReader<LedgerField>(row, (field) => text.place(field));
    const meaning = meaningOf(row, text, statusText, faults);
    const isUse =
      meaning.of === "issued" || meaning.of === "voided" || meaning.of === "cancelled" || meaning.of === undefined;
    const day = dayOf(row, text, cell, isUse);
    const ubn = sellerOf(row, text, cell, isUse);
    for (const one of found) faults.push(doubted(row, one));
    if (!dropsEmptyCells && row.cells.length < width) {
      const place = { line: row.line, value: row.cells.join(",") };
      // What is cut off behind number and status says nothing about whether the number was used.
      faults.push({
        fault: fault("columns-wrong", place, atLeast(width)),
        doubt: row.cells.length < needed ? "numbers" : "checks",
      });
    }
    const counted = countFault(row, numbers);
    if (counted !== null) faults.push({ fault: counted, doubt: "numbers" });
    const inDoubt = meaning.unknown || faults.some(({ doubt }) => doubt === "numbers");
    const word = hasStatus && meaning.word !== undefined ? { word: meaning.word } : {};
    const questions = meaning.questions === undefined ? {} : { questions: meaning.questions };
    if (!inDoubt && meaning.of === "not-a-use") return { kind: "not-a-use", ...word };
    // A number whose row is not understood counts as used until a person has said otherwise.
    const how =
      meaning.of === undefined || meaning.of === "not-a-use" || meaning.of === "undecided" ? "issued" : meaning.of;
    const said = hasStatus ? how : onlyNumbers ? "listed" : "issued";
    return {
      kind: inDoubt ? "not-understood" : said,
      entry: {
        numbers: [numbers],
        how: said,
        day,
        ubn,
        ...(perItem ? { perItem } : {}),
        ...placeOf(row),
        ...(day === undefined ? periodOf(row) : {}),
        ...(said === "blank" && isPositive(row.cells[at.amount ?? -1] ?? "") ? { isPriced: true } : {}),
      },
      ...namedBeside(row, numbers),
      ...word,
      faults,
      ...questions,
    };
  }

  function placeOf({ cells }: SourceRow): { readonly place?: string } {
    const place = at.place === undefined ? "" : (cells[at.place] ?? "").normalize("NFKC").trim();
    return place === "" ? {} : { place };
  }

  function periodOf({ cells }: SourceRow): { readonly period?: Period } {
    const period = at.period === undefined ? null : namedPeriod(cells[at.period] ?? "");
    return period === null ? {} : { period };
  }

  /** Other invoice numbers in cells that nobody needs: `換開 AB00000007` in a remark. */
  function namedBeside({ cells }: SourceRow, own: RowNumbers): Pick<RowReading, "named" | "beside"> {
    const named: RowNumbers[] = [];
    const beside: RowNumbers[] = [];
    for (const [index, cell] of cells.entries()) {
      if (cell.length < SHORTEST_NUMBER || known.has(index)) continue;
      for (const number of numbersIn(cell)) {
        const read = readNumbers(number);
        const isOwn = read.track === own.track && read.begin >= own.begin && read.begin <= own.end;
        const list = rivals.has(index) ? beside : named;
        if (!isOwn && list.length < MOST_MENTIONED) list.push(read);
      }
    }
    return { ...(named.length === 0 ? {} : { named }), ...(beside.length === 0 ? {} : { beside }) };
  }

  /** Programs that print an invoice's own cells on its first line only. */
  function isContinuation(statusText: string, text: TextOf): boolean {
    return statusText === "" && hasStatus && (text("date") ?? "").trim() === "";
  }

  function meaningOf(
    row: SourceRow,
    text: TextOf,
    statusText: string,
    faults: Doubted[],
  ): {
    readonly of: StatusMeaning | undefined;
    readonly unknown: boolean;
    readonly word?: RowReading["word"];
    readonly questions?: RowReading["questions"];
  } {
    if (!hasStatus && columns.status === null) {
      const remark = remarkOfBlank(row);
      if (remark !== null) {
        faults.push(remark);
        return { of: undefined, unknown: true };
      }
    }
    // That no column of the status was found has been said once, for the whole ledger.
    if (!hasStatus) return { of: "issued", unknown: columns.status !== null && !isList };
    if (text("status") === undefined) return { of: undefined, unknown: true };
    if (statusText.includes(DAMAGED)) {
      faults.push({ fault: damagedFault(row, "status"), doubt: "numbers" });
      return { of: undefined, unknown: true };
    }
    const found = statuses(statusText);
    if (found !== null && found.meaning !== "undecided") {
      // No invoice is of less than nothing: what takes money back is of an allowance, whatever the word beside it.
      if (found.meaning === "issued" && isNegative(row.cells[at.amount ?? -1] ?? "")) {
        return { of: "allowance", unknown: false, word: { text: statusText, ...found } };
      }
      return { of: found.meaning, unknown: false, word: { text: statusText, ...found } };
    }
    const asked = askWord(statusText, row.line, nameOf("status"), found !== null);
    faults.push({ fault: asked.fault, doubt: "numbers" });
    return {
      of: found?.meaning,
      unknown: true,
      word: { text: statusText, meaning: found?.meaning ?? null, taught: false },
      questions: [asked.question],
    };
  }

  /** A ledger of which was said that each row used its number, and a remark that says otherwise. */
  function remarkOfBlank({ line, cells }: SourceRow): Doubted | null {
    const index = remarks.find((one) => statuses(cells[one] ?? "")?.meaning === "blank");
    if (index === undefined) return null;
    const asked = askRemark(cells[index] ?? "", line, header.cells[index]?.trim() ?? "");
    return { fault: asked, doubt: "numbers" };
  }

  function dayOf(row: SourceRow, text: TextOf, cell: CellReader<LedgerField>["cell"], isUse: boolean): Day | undefined {
    const shown = text("date");
    if (shown === undefined) return undefined;
    if (!isUse && shown.trim() === "") return undefined;
    const serial = row.numeric?.has(at.date ?? -1) === true ? dayOfSerial(shown) : undefined;
    if (serial !== undefined) return readers.day(serial);
    if (isUse) return cell("date", "date", readers.day);
    return isDay(shown) ? readers.day(shown) : undefined;
  }

  function sellerOf(
    row: SourceRow,
    text: TextOf,
    cell: CellReader<LedgerField>["cell"],
    isUse: boolean,
  ): Ubn | undefined {
    const shown = text("seller");
    if (shown === undefined) return undefined;
    const plain = plainCell(shown);
    const whole = row.numeric?.has(at.seller ?? -1) === true ? plain.padStart(8, "0") : plain;
    if (isUbn(whole)) return readers.ubn(whole);
    if (!isUse || (plain === "" && dropsEmptyCells)) return undefined;
    return cell("seller", 8, (given) => readers.ubn(plainCell(given)));
  }

  function countFault(row: SourceRow, numbers: RowNumbers): Fault | null {
    if (at.count === undefined || (countsGoods && at.end === undefined)) return null;
    const text = plainCell(row.cells[at.count] ?? "").replaceAll(",", "");
    if (!/^[0-9]+$/.test(text) || Number(text) === countOf(numbers)) return null;
    // A voided or blank number may count as none where each row has one number.
    if (at.end === undefined && Number(text) === 0) return null;
    return fault("range-count", { line: row.line, column: nameOf("count"), value: text }, String(countOf(numbers)));
  }

  function doubted(row: SourceRow, found: Fault): Doubted {
    const field = (["number", "track", "end", "date", "status", "seller"] as const).find((one) => one === found.column);
    if (field === undefined) return { fault: found, doubt: "numbers" };
    const doubt = field === "date" || field === "seller" ? "checks" : "numbers";
    if (row.cells[at[field] ?? -1]?.includes(DAMAGED)) return { fault: damagedFault(row, field), doubt };
    return { fault: { ...found, column: nameOf(field) }, doubt };
  }

  function isDay(text: string): boolean {
    try {
      return text.trim() !== "" && readers.day(text) !== undefined;
    } catch {
      return false;
    }
  }
}

/** A row that is passed over; numbers that it names are not lost: they do not count as blank without a word about it. */
function mentioning(kind: "total" | "note", { cells }: SourceRow): RowReading {
  const named = numbersOfRow(cells).slice(0, MOST_MENTIONED);
  if (named.length === 0) return { kind };
  return { kind, entry: { numbers: named.map((number) => readNumbers(number)), how: "mentioned" } };
}
const MOST_MENTIONED = 20;
const SHORTEST_NUMBER = 10;

/** Whether the table is a bare list of numbers: such a list needs no status. */
export function isListHeader({ cells, at }: Header): boolean {
  return cells.every((cell, index) => cell.trim() === "" || index === at.number || index === at.track);
}

/** Whether a text in a number's cell may have been one: passed over it never is. */
function looksLikeNumber(text: string): boolean {
  return isNearlyNumber(text) || /[0-9]{5}/.test(plainCell(text)) || text.includes(DAMAGED);
}

/** The period that a cell names, in any spelling; null where it can't be read, or is empty. */
export function namedPeriod(text: string): Period | null {
  try {
    return text.trim() === "" ? null : parsePeriod(text);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

function isPositive(text: string): boolean {
  return /^[0-9]*[1-9][0-9.]*$/.test(amountOf(text));
}

function amountOf(text: string): string {
  return plainCell(text).replaceAll(/NT\$?|[$,元]/g, "");
}

/** `-105`, `(105)`, `105-`, `△105`, as bookkeepers write what is less than nothing. */
function isNegative(text: string): boolean {
  const plain = amountOf(text);
  return /^[-△▲][0-9]*[1-9][0-9.]*$|^\([0-9]*[1-9][0-9.]*\)$|^[0-9]*[1-9][0-9.]*-$/.test(plain);
}

/** How many values are remembered before starting over: a period has 62 days, an office some hundred sellers. */
const REMEMBERED = 10_000;

function rememberedReaders(): RememberedReaders {
  return { day: remembered(parseDay), ubn: remembered(parseUbn) };
}

function remembered<Value>(read: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}
