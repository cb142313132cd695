import type { Allocation } from "../../../robot/invoicing/blank-numbers/blank.ts";
import { parseDay } from "../../../robot/invoicing/values/day.ts";
import type { FileSource } from "../../../robot/invoicing/reading/table.ts";
import type { LedgerEntry } from "../../../robot/invoicing/ledger/entry.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import {
  type Category,
  type NumberRange,
  numberOf,
  parseRange,
  rangeSize,
  splitInvoiceNumber,
} from "../../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../../robot/invoicing/values/ubn.ts";
import { DomainError } from "../../../robot/invoicing/problems/problems.ts";

/** November and December 2026. */
export const PERIOD = parsePeriod("11512");
export const SHOP = parseUbn("12345675");
export const OTHER = parseUbn("01234569");

/** An allocation of PERIOD, to SHOP if not said. */
export function books(track: string, begin: string, end: string, ubn = SHOP, category: Category = "07"): Allocation {
  return { ...parseRange(track, begin, end), ubn, category, period: PERIOD };
}

let line = 1;
/** An invoice of SHOP, issued if not said, on the next line of a made-up ledger. */
export function use(text: string, day?: string, more: Partial<LedgerEntry> = {}): LedgerEntry {
  line += 1;
  return {
    ...splitInvoiceNumber(text),
    day: day === undefined ? undefined : parseDay(day),
    ubn: SHOP,
    how: "issued",
    file: "made-up.csv",
    line,
    ...more,
  };
}

/** Every number of the runs, one by one. */
export function numbersOf(runs: readonly NumberRange[]): string[] {
  return runs.flatMap((run) =>
    Array.from({ length: rangeSize(run) }, (_, index) => `${run.track}${numberOf(Number(run.begin) + index)}`),
  );
}

/** Bytes as a file, handed over in pieces of a size. */
export function sourceOf(bytes: Uint8Array, name = "made-up.csv", size = 7_000): FileSource {
  return { name, read: () => inPieces(bytes, size) };
}

/** Bytes as a stream. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** What is read, or the refusal of it. */
export function readOrRefusal<Value>(read: () => Value): Value | DomainError {
  try {
    return read();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** The refusal of what must not be read. */
export function refusal(read: () => unknown): DomainError {
  const outcome = readOrRefusal(read);
  if (outcome instanceof DomainError) return outcome;
  throw new Error("nothing was refused");
}
