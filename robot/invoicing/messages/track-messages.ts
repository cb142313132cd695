import { z } from "zod";
import { atLines, childReader, fields, linesOf, readMessage } from "./message-xml.ts";
import { parsePeriod } from "../values/period.ts";
import { type Fault, fault } from "../problems/problems.ts";
import type { TrackFile, TrackRow } from "../tracks/track-file.ts";
import {
  type NumberRange,
  BOOK_SIZE,
  formatRange,
  parseCategory,
  parseInvoiceNumber,
  parseTrack,
  rangeSize,
} from "../values/track.ts";
import { parsePrintedUbn } from "../values/ubn.ts";

const ASSIGNMENT = "InvoiceAssignNo";
const ASSIGNMENT_FIELDS = [
  "Ban",
  "InvoiceType",
  "YearMonth",
  "InvoiceTrack",
  "InvoiceBeginNo",
  "InvoiceEndNo",
  "InvoiceBooklet",
] as const;

/** The envelope that comes through Turnkey, or one assignment by itself. */
const assignments = z
  .union([
    z.object({ InvoiceEnvelope: z.object({ InvoicePack: z.object({ InvoiceAssignNo: z.array(fields) }) }) }),
    z.object({ InvoicePack: z.object({ InvoiceAssignNo: z.array(fields) }) }),
    z.object({ InvoiceAssignNo: z.array(fields) }),
  ])
  .transform((tree) => {
    if ("InvoiceEnvelope" in tree) return tree.InvoiceEnvelope.InvoicePack.InvoiceAssignNo;
    return "InvoicePack" in tree ? tree.InvoicePack.InvoiceAssignNo : tree.InvoiceAssignNo;
  });

/**
 * Reads E0501 (營業人電子發票配號檔), by which Turnkey gives a business the numbers that were allocated to it, as the rows of a track file.
 * Never throws: what can't be read becomes a fault with its line.
 */
export function readE0501(bytes: Uint8Array): TrackFile {
  const roots = ["InvoiceEnvelope", "InvoicePack", ASSIGNMENT];
  const read = readMessage(bytes, { roots, problem: "message-broken", item: ASSIGNMENT, schema: assignments });
  if ("broken" in read) return { rows: [], faults: [read.broken], remarks: [], encoding: read.encoding };
  const { items } = linesOf(read.text, ASSIGNMENT, ASSIGNMENT_FIELDS);
  const faults: Fault[] = [];
  const rows = read.tree.flatMap((item, index): TrackRow[] => {
    const lines = items[index] ?? new Map<string, number>();
    const reader = childReader(item, ASSIGNMENT_FIELDS);
    const ubn = reader.cell("Ban", 8, parsePrintedUbn);
    const category = reader.cell("InvoiceType", "other", parseCategory);
    const period = reader.cell("YearMonth", "other", parsePeriod);
    const track = reader.cell("InvoiceTrack", "other", parseTrack);
    const begin = reader.cell("InvoiceBeginNo", 8, parseInvoiceNumber);
    const end = reader.cell("InvoiceEndNo", 8, parseInvoiceNumber);
    faults.push(...atLines(reader.faults, lines));
    if (!ubn || !category || !period || !track || !begin || !end) return [];
    const run = { track, begin, end };
    faults.push(
      ...bookletFaults(run, z.string().catch("").parse(item["InvoiceBooklet"]), lines.get("InvoiceBooklet") ?? 0),
    );
    return [{ ubn, category, period, ...run, line: lines.get(ASSIGNMENT) ?? 0 }];
  });
  return { rows, faults, remarks: [], encoding: read.encoding };
}

const BRANCH_FIELDS = [
  "HeadBan",
  "BranchBan",
  "InvoiceType",
  "YearMonth",
  "InvoiceTrack",
  "InvoiceBeginNo",
  "InvoiceEndNo",
] as const;
const BRANCH_ITEM = "BranchTrackItem";
const BRANCH_ITEM_FIELDS = ["InvoiceBeginNo", "InvoiceEndNo", "InvoiceBooklet"] as const;

const passedOn = z.object({
  BranchTrack: z.object({ Main: fields, Details: z.object({ BranchTrackItem: z.array(fields) }) }),
});

/**
 * Reads E0401 (分支機構配號檔): what a head office passed on to one branch, as rows of a track file in the branch's name.
 * Never throws: what can't be read becomes a fault with its line.
 */
export function readE0401(bytes: Uint8Array): TrackFile {
  const read = readMessage(bytes, {
    roots: ["BranchTrack"],
    problem: "message-broken",
    item: BRANCH_ITEM,
    schema: passedOn,
  });
  if ("broken" in read) return { rows: [], faults: [read.broken], remarks: [], encoding: read.encoding };
  const { Main, Details } = read.tree.BranchTrack;
  const lines = linesOf(read.text, BRANCH_ITEM, ["Main", ...BRANCH_FIELDS, "InvoiceBooklet"]);
  const main = childReader(Main, BRANCH_FIELDS);
  main.cell("HeadBan", 8, parsePrintedUbn);
  const ubn = main.cell("BranchBan", 8, parsePrintedUbn);
  const category = main.cell("InvoiceType", "other", parseCategory);
  const period = main.cell("YearMonth", "other", parsePeriod);
  const track = main.cell("InvoiceTrack", "other", parseTrack);
  const begin = main.cell("InvoiceBeginNo", 8, parseInvoiceNumber);
  const end = main.cell("InvoiceEndNo", 8, parseInvoiceNumber);
  const faults = atLines(main.faults, lines.main);
  const rows = Details.BranchTrackItem.flatMap((item, index): TrackRow[] => {
    const own = lines.items[index] ?? new Map<string, number>();
    const reader = childReader(item, BRANCH_ITEM_FIELDS);
    const from = reader.cell("InvoiceBeginNo", 8, parseInvoiceNumber);
    const to = reader.cell("InvoiceEndNo", 8, parseInvoiceNumber);
    faults.push(...atLines(reader.faults, own));
    if (!ubn || !category || !period || !track || !from || !to) return [];
    const run = { track, begin: from, end: to };
    faults.push(
      ...bookletFaults(run, z.string().catch("").parse(item["InvoiceBooklet"]), own.get("InvoiceBooklet") ?? 0),
    );
    if (begin && end && (from < begin || to > end)) {
      const place = { line: own.get("InvoiceBeginNo") ?? 0, column: "InvoiceBeginNo", value: formatRange(run) };
      faults.push(
        fault("not-allocated", place, { zh: `在 Main 的 ${begin}-${end} 之內`, en: `within ${begin}-${end} of Main` }),
      );
    }
    return [{ ubn, category, period, ...run, line: own.get(BRANCH_ITEM) ?? 0 }];
  });
  return { rows, faults, remarks: [], encoding: read.encoding };
}

/** InvoiceBooklet counts books of 50 numbers; a run that is no whole books is its own fault. */
function bookletFaults(run: NumberRange, written: string, line: number): Fault[] {
  if (written === "" || run.end < run.begin || rangeSize(run) % BOOK_SIZE !== 0) return [];
  const books = rangeSize(run) / BOOK_SIZE;
  if (Number(written) === books) return [];
  const wanted = { zh: `${books}（${formatRange(run)}）`, en: `${books} (${formatRange(run)})` };
  return [fault("books-other", { line, column: "InvoiceBooklet", value: written }, wanted)];
}
