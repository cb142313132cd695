/**
 * How long the blank numbers of a very large business take, and how much memory: for each number of books, a track file and a ledger
 * on disk (50 rows a book: 48 invoices, two of them with a second row for 作廢, two numbers left blank), then the real commands in a
 * process of their own. Figures and the machine they are of: docs/performance.md.
 *
 *   node test/bench/blank.ts [books…]            20,000 books, one million rows, if none are given
 *   node test/bench/blank.ts --layout portal [books…]   the same invoices in another layout: portal, portal-quoted, media, html,
 *                                                items, split, range, list, media-table
 *   node test/bench/blank.ts --whole [books…]    for comparison: the same ledger read into memory as a whole
 */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { parsePeriod } from "../../robot/invoicing/values/period.ts";
import { writeTrackFile } from "../../robot/invoicing/tracks/track-file.ts";
import { type NumberRange, BOOK_SIZE, numberOf, parseRange } from "../../robot/invoicing/values/track.ts";
import { parseUbn } from "../../robot/invoicing/values/ubn.ts";
import { main } from "../../robot/main.ts";

const SELF = fileURLToPath(import.meta.url);
const UBN = parseUbn("12345675");
const PERIOD = parsePeriod("11510");
const TRACKS = ["AA", "AB", "AC", "AD"];
/** Positions in every book. */
const BLANK: readonly number[] = [0, 47];
const VOIDED: readonly number[] = [7, 19];
const ROWS_PER_PIECE = 2_000;

/** Every book is a run of its own, as if each had been allocated to another shop: nothing adjoins. */
function bookRun(book: number): NumberRange {
  const first = Math.floor(book / TRACKS.length) * BOOK_SIZE * 2;
  return parseRange(TRACKS[book % TRACKS.length] ?? "AA", numberOf(first), numberOf(first + BOOK_SIZE - 1));
}

type Written = {
  readonly head: string;
  readonly row: (number: string, date: string, status: string) => string;
  readonly foot: string;
};

/** Layouts that are read as a stream; the same invoices in each. */
const LAYOUTS: Readonly<Record<string, Written>> = {
  table: {
    head: "發票號碼,發票日期,狀態,賣方統編,金額",
    row: (number, date, status) => `${number},${date},${status},12345675,105`,
    foot: "",
  },
  portal: {
    head: "M,發票狀態,發票號碼,發票日期,買方名稱,賣方統一編號,總計\r\nD,發票號碼,品名,數量,單價,金額",
    row: (number, date, status) =>
      `M,${status}已確認,${number},${date},Acme, Inc.,12345675,105\r\nD,${number},咖啡,1,100,100`,
    foot: "",
  },
  "portal-quoted": {
    head: "M,發票狀態,發票號碼,發票日期,買方名稱,賣方統一編號,總計\r\nD,發票號碼,品名,數量,單價,金額",
    row: (number, date, status) =>
      `M,"${status}已確認","${number}","${date}","Acme, Inc.","12345675","105"\r\nD,"${number}","咖啡","1","100","100"`,
    foot: "",
  },
  media: {
    head: "",
    row: (number, _date, status) =>
      `35123456789000000111510        12345675${number}000000000100${status === "作廢" ? "F" : "1"}0000000005         `,
    foot: "",
  },
  html: {
    head: "<html><body><table><tr><th>發票號碼</th><th>發票日期</th><th>狀態</th></tr>",
    row: (number, date, status) => `<tr><td>${number}</td><td>${date}</td><td>${status}</td></tr>`,
    foot: "</table></body></html>",
  },
  items: {
    head: "發票號碼,發票日期,狀態,賣方統編,品名,數量",
    row: (number, date, status) =>
      `${number},${date},${status},12345675,咖啡,1\r\n${number},${date},${status},12345675,蛋糕,2`,
    foot: "",
  },
  split: {
    head: "字軌,號碼,發票日期,狀態,賣方統編",
    row: (number, date, status) => `${number.slice(0, 2)},${number.slice(2)},${date},${status},12345675`,
    foot: "",
  },
  range: {
    head: "發票起號,發票迄號,發票日期,狀態,張數",
    row: (number, date, status) => `${number},${number.slice(2)},${date},${status},1`,
    foot: "",
  },
  list: { head: "發票號碼", row: (number) => number, foot: "" },
  "media-table": {
    head: "格式代號,資料所屬年月,統一發票字軌號碼,買受人統一編號,銷售人統一編號,課稅別",
    row: (number, _date, status) => `35,11510,${number},,12345675,${status === "作廢" ? "F" : "1"}`,
    foot: "",
  },
};

function* ledger(books: number, layout: string): Generator<string> {
  const { head, row, foot } = LAYOUTS[layout] ?? LAYOUTS["table"] ?? { head: "", row: () => "", foot: "" };
  let lines = head === "" ? [] : [head];
  for (let index = 0; index < books * BOOK_SIZE; index += 1) {
    const { track, begin } = bookRun(Math.floor(index / BOOK_SIZE));
    const position = index % BOOK_SIZE;
    if (BLANK.includes(position)) continue;
    const date = `2026-${position < 25 ? "09" : "10"}-${String(1 + (position % 25)).padStart(2, "0")} 10:11:12`;
    const number = `${track}${numberOf(Number(begin) + position)}`;
    lines.push(row(number, date, "開立"));
    if (VOIDED.includes(position)) lines.push(row(number, date, "作廢"));
    if (lines.length >= ROWS_PER_PIECE) {
      yield `${lines.join("\r\n")}\r\n`;
      lines = [];
    }
  }
  yield `${lines.join("\r\n")}\r\n${foot}`;
}

type Figures = { readonly seconds: number; readonly processor: number; readonly peakMB: number };

const figuresSchema = z.object({ seconds: z.number(), processor: z.number(), peakMB: z.number() });

/** Runs this file in a process of its own; its last line on the standard error are its figures. */
async function measured(words: readonly string[]): Promise<Figures & { readonly stdout: string }> {
  const child = spawn(process.execPath, [SELF, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const figures = stderr.trimEnd().split("\n").at(-1) ?? "";
  return { ...figuresSchema.parse(JSON.parse(figures)), stdout };
}

/** What a child does: a command, or the comparison; then it says what that took. */
async function work(words: readonly string[]): Promise<void> {
  const start = performance.now();
  const [first = "", file = ""] = words;
  if (first === "whole") {
    const rows: string[][] = parse(await readFile(file), { from_line: 2 });
    const used = new Set(rows.map(([number]) => number));
    process.stdout.write(`${used.size}\n`);
  } else {
    process.exitCode = await main(words);
  }
  const { user, system } = process.cpuUsage();
  const peakMB = Math.round(process.resourceUsage().maxRSS / 1024);
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(`${JSON.stringify({ seconds, processor: (user + system) / 1e6, peakMB })}\n`);
}

async function bench(books: number, whole: boolean, layout: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "einvoice-bench-"));
  try {
    const [tracks, invoices] = [join(folder, "tracks.csv"), join(folder, "invoices.csv")];
    const rows = Array.from({ length: books }, (_, book) => bookRun(book));
    await writeFile(tracks, writeTrackFile(rows.map((run) => ({ ...run, ubn: UBN, category: "07", period: PERIOD }))));
    await pipeline(Readable.from(ledger(books, layout)), createWriteStream(invoices));
    const megabytes = Math.round((await stat(invoices)).size / 1e6);
    process.stdout.write(
      `${layout}: ${(books * BOOK_SIZE).toLocaleString("en")} rows (${megabytes} MB), ${books} books\n`,
    );
    if (whole) {
      print("read as a whole", await measured(["--work", "whole", invoices]));
      return;
    }
    const blank = ["files", "blank", "--tracks", tracks, "--invoices", invoices, "--out", join(folder, "out")];
    const answer = await measured(["--work", ...blank, "--lang", "en"]);
    print("files blank", answer);
    process.stdout.write(`  ${answer.stdout.split("\n")[0]}\n`);
    print("files check, the ledger", await measured(["--work", "files", "check", invoices]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print(what: string, { seconds, processor, peakMB }: Figures): void {
  const times = `${seconds.toFixed(1)} s (processor ${processor.toFixed(1)} s)`;
  process.stdout.write(`  ${what}: ${times}, peak ${peakMB} MB\n`);
}

const words = process.argv.slice(2);
if (words[0] === "--work") {
  await work(words.slice(1));
} else {
  const at = words.indexOf("--layout");
  const layout = at < 0 ? "table" : (words[at + 1] ?? "table");
  const sizes = words.map(Number).filter((books) => books > 0);
  for (const books of sizes.length > 0 ? sizes : [20_000]) await bench(books, words.includes("--whole"), layout);
}
