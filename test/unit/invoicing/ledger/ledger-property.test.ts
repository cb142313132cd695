import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tallyBlanks } from "../../../../robot/invoicing/blank-numbers/blank.ts";
import { readLedger } from "../../../../robot/invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../../../robot/invoicing/ledger/reading-report.ts";
import { fileOfBytes } from "../../../../robot/invoicing/reading/table.ts";
import { parsePeriod } from "../../../../robot/invoicing/values/period.ts";
import { type Dice, diceOf } from "../../../support/ledgers/dice.ts";
import { type DrawnFile, LAYOUTS, drawFile } from "../../../support/ledgers/files.ts";
import { type Mutation, MUTATIONS } from "../../../support/ledgers/tables.ts";
import { type TrueRow, type Truth, BOOK, TRACKS, drawTruth } from "../../../support/ledgers/truth.ts";
import { books, numbersOf } from "../invoicing-support.ts";
import { EVERY_TEST } from "../../../support/every-test.ts";

/**
 * Ledgers drawn in every layout, encoding and container from one list of what truly happened. `EINVOICE_TESTS=all` draws ten thousand of
 * them, every day a few hundred; `EINVOICE_SEED` begins elsewhere.
 */
const DRAWINGS = EVERY_TEST ? 10_000 : 300;

const PERIOD = parsePeriod("11510");
const ALLOCATIONS = TRACKS.map((track) => ({
  ...books(track, "00000000", String(BOOK - 1).padStart(8, "0")),
  period: PERIOD,
}));

type Read = {
  readonly blank: string[];
  readonly stops: { readonly file: number; readonly line: number; readonly code: string }[];
  readonly checks: string[];
  readonly errors: string[];
  readonly reports: ReadingReport[];
};

async function read(files: readonly DrawnFile[]): Promise<Read> {
  const tally = tallyBlanks(PERIOD, ALLOCATIONS);
  const stops: Read["stops"] = [];
  const checks: string[] = [];
  const reports: ReadingReport[] = [];
  for (const [file, { bytes }] of files.entries()) {
    const entries = readLedger(fileOfBytes(`ledger-${file}`, bytes), {
      onFault: ({ line, code, value }, doubt) => {
        if (doubt === "numbers") stops.push({ file, line, code });
        else checks.push(`${line} ${code} ${value}`);
      },
      onReport: (report) => reports.push(report),
    });
    for await (const entry of entries) tally.add(entry);
  }
  const { blanks, findings } = tally.report();
  const errors = findings.filter(({ severity }) => severity === "error").map(({ text }) => text.en);
  return { blank: numbersOf(blanks), stops, checks, errors, reports };
}

/** Splits the rows among several systems, by the numbers: a number is in one system. */
async function drawFiles(dice: Dice, { rows }: Truth, mutation: Mutation | null): Promise<DrawnFile[]> {
  const systems = 1 + dice.below(3);
  const spoiled = dice.below(systems);
  const files: DrawnFile[] = [];
  for (let system = 0; system < systems; system += 1) {
    const own: TrueRow[] = rows.filter(({ number }) => number % systems === system);
    const layout = dice.one(LAYOUTS);
    const ordered = dice.percent(20) ? own.toReversed() : own;
    if (own.length > 0) files.push(await drawFile(dice, ordered, layout, system === spoiled ? mutation : null));
  }
  return files;
}

/** What is wrong with how the files were read; empty where it is right. */
function complaints(
  files: readonly DrawnFile[],
  truth: Truth,
  { blank, stops, checks, errors, reports }: Read,
): string[] {
  const sums = reports.flatMap(({ file, rows, kinds }) => {
    const sum = kinds.reduce((all, { count }) => all + count, 0);
    return sum === rows ? [] : [`${file}: kinds add up to ${sum} of ${rows}`];
  });
  const victims = files.flatMap(({ victim }, file) => (victim === null ? [] : [{ file, line: victim }]));
  if (victims.length > 0) {
    const missed = victims.filter(({ file, line }) => !stops.some((stop) => stop.file === file && stop.line === line));
    const believed = reports.every(({ understood }) => understood) ? ["nothing stopped"] : [];
    return [...sums, ...believed, ...missed.map(({ file, line }) => `${file}: nothing is said of line ${line}`)];
  }
  const wanted = Array.from(truth.blank).toSorted();
  const wrong =
    blank.toSorted().join() === wanted.join() ? [] : [`blank: ${blank.join(" ")}; wanted: ${wanted.join(" ")}`];
  const counts = reports.flatMap(({ rows }, file) => (rows === files[file]?.rows ? [] : [`${file}: ${rows} rows`]));
  const unread = stops.map(({ file, line, code }) => `${file}: ${line} ${code}`);
  return [...sums, ...wrong, ...counts, ...unread, ...checks, ...errors];
}

test("finds exactly the blank numbers of what truly happened, in every layout, or stops at the very line", {
  timeout: 3_600_000,
}, async () => {
  const counted = { whole: 0, spoiled: 0 };
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const dice = diceOf(seed);
      const truth = drawTruth(dice);
      const mutation = dice.percent(35) ? dice.one(MUTATIONS) : null;
      const files = await drawFiles(dice, truth, mutation);
      const what = files.map(({ what: of }) => of);
      expect([what, complaints(files, truth, await read(files))]).toEqual([what, []]);
      counted[files.some(({ victim }) => victim !== null) ? "spoiled" : "whole"] += 1;
    }),
    { numRuns: DRAWINGS, seed: Number(process.env["EINVOICE_SEED"] ?? 20_261_130), endOnFailure: true },
  );
  expect(counted.whole + counted.spoiled).toBe(DRAWINGS);
  expect(counted.spoiled).toBeGreaterThan(DRAWINGS / 6);
});
