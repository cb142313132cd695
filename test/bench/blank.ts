/**
 * How long the blank numbers of a very large business take, and how much memory: a ledger of 1,000,000 rows (960,000 invoices, 40,000 of them
 * with a second row for 作廢) over 20,000 books, read as a CSV stream, tallied, written as upload file and E0402 and checked again. Run: `node test/bench/blank.ts [books]`.
 */
import { type Allocation, tallyBlanks } from "../../robot/invoicing/blank.ts";
import { writeE0402 } from "../../robot/invoicing/e0402.ts";
import { readLedger } from "../../robot/invoicing/ledger.ts";
import { parsePeriod } from "../../robot/invoicing/period.ts";
import type { Fault } from "../../robot/invoicing/problems.ts";
import { type NumberRun, BOOK_SIZE, numberOf, parseRun } from "../../robot/invoicing/track.ts";
import { parseUbn } from "../../robot/invoicing/ubn.ts";
import { checkUploadFile, readUploadFile, writeUploadFile } from "../../robot/invoicing/upload-file.ts";

const [books = 20_000] = process.argv.slice(2).map(Number);
const UBN = parseUbn("12345675");
const PERIOD = parsePeriod("11512");
const TRACKS = ["AA", "AB", "AC", "AD"];
/** Of these numbers of every book one stays blank, so that the result is large, too. */
const BLANK_EVERY = 47;
/** Two invoices of every book are voided later. */
const VOIDED: readonly number[] = [7, 19];
const ROWS_PER_PIECE = 2000;
let rows = 0;

/** Every book is a row of its own, as if each had been allocated to another shop: nothing adjoins. */
function allocations(): Allocation[] {
  return Array.from({ length: books }, (_, book) => ({ ...bookRun(book), ubn: UBN, category: "07", period: PERIOD }));
}

function bookRun(book: number): NumberRun {
  const first = Math.floor(book / TRACKS.length) * BOOK_SIZE * 2;
  return parseRun(TRACKS[book % TRACKS.length] ?? "AA", numberOf(first), numberOf(first + BOOK_SIZE - 1));
}

/** The ledger's text, made while it is read: it is never in memory as a whole. */
async function* ledger(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode("發票號碼,發票日期,狀態,賣方統編,金額\r\n");
  let lines: string[] = [];
  for (let index = 0; index < books * BOOK_SIZE; index += 1) {
    const { track, begin } = bookRun(Math.floor(index / BOOK_SIZE));
    const position = index % BOOK_SIZE;
    if (position % BLANK_EVERY === 0) continue;
    const date = `2026-${position < 25 ? "11" : "12"}-${String(1 + (position % 25)).padStart(2, "0")} 10:11:12`;
    const number = `${track}${numberOf(Number(begin) + position)}`;
    lines.push(`${number},${date},開立,12345675,105`);
    if (VOIDED.includes(position)) lines.push(`${number},${date},作廢,12345675,105`);
    if (lines.length >= ROWS_PER_PIECE) {
      rows += lines.length;
      yield encoder.encode(`${lines.join("\r\n")}\r\n`);
      lines = [];
    }
  }
  rows += lines.length;
  yield encoder.encode(`${lines.join("\r\n")}\r\n`);
}

/** Seconds of each stage. */
const seconds: Record<string, string> = {};
async function timed<Result>(stage: string, action: () => Result | Promise<Result>): Promise<Result> {
  const start = { wall: performance.now(), cpu: process.cpuUsage() };
  const result = await action();
  const { user, system } = process.cpuUsage(start.cpu);
  const wall = (performance.now() - start.wall) / 1000;
  seconds[stage] = `${wall.toFixed(2)} (processor ${((user + system) / 1e6).toFixed(2)})`;
  return result;
}

const faults: Fault[] = [];
const allocated = allocations();
const baseline = process.memoryUsage.rss();
const report = await timed("ledger and blank numbers", async () => {
  const tally = tallyBlanks(PERIOD, allocated);
  for await (const use of readLedger(ledger(), { onFault: (fault) => faults.push(fault) })) tally.add(use);
  return tally.report();
});
const afterTally = process.resourceUsage().maxRSS * 1024;
const csv = await timed("upload file", () => writeUploadFile(report.blanks));
const checked = await timed("read and check the upload file", () =>
  checkUploadFile(readUploadFile(csv), { period: PERIOD, ubns: [UBN], allocations: allocated }),
);
const xml = await timed("E0402", () => writeE0402(report.blanks));

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
console.log({
  rows,
  books,
  ...report.totals,
  blankRuns: report.blanks.length,
  findings: report.findings.length,
  findingsOmitted: report.omitted,
  faults: faults.length + checked.length,
  uploadFile: megabytes(csv.length),
  e0402Files: xml.length,
  seconds,
  memoryBefore: megabytes(baseline),
  peakMemoryWithLedger: megabytes(afterTally),
  peakMemory: megabytes(process.resourceUsage().maxRSS * 1024),
});
