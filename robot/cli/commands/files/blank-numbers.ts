import type { Config } from "../../../config/schema.ts";
import { Failure } from "../../../failures/failure.ts";
import type { Allocation } from "../../../invoicing/blank-numbers/blank.ts";
import { blankFiles } from "../../../invoicing/blank-numbers/blank-files.ts";
import { type PeriodTallies, tallyPeriods } from "../../../invoicing/blank-numbers/blank-periods.ts";
import { passToBranches } from "../../../invoicing/blank-numbers/branches.ts";
import { readLedger } from "../../../invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../../invoicing/ledger/reading-report.ts";
import { type LedgerTeaching, NOTHING_TAUGHT } from "../../../invoicing/ledger/teaching.ts";
import { parsePeriod } from "../../../invoicing/values/period.ts";
import { faultList } from "../../../invoicing/problems/problems.ts";
import type { FileSource } from "../../../invoicing/reading/table.ts";
import { formatRange } from "../../../invoicing/values/track.ts";
import type { TrackRow } from "../../../invoicing/tracks/track-file.ts";
import { blankAnswer, uncertainAnswer } from "./blank-answer.ts";
import { type LedgerWords, taughtBy } from "./ledger-options.ts";
import { type FaultData, faultData, fileFormatsOf, inputFile, refusing } from "../../terminal/input-file.ts";
import {
  appliedOf,
  joined,
  keptLine,
  layoutOf,
  memoryLines,
  type Recalled,
  recallTeaching,
} from "../../terminal/ledger-memory.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { saveNew } from "../../terminal/save-new.ts";
import { readTrackFiles } from "../../terminal/track-files.ts";

export interface BlankOptions extends LedgerWords {
  readonly tracks: readonly string[];
  readonly invoices?: readonly string[];
  /** Plain lists of used numbers. */
  readonly used?: readonly string[];
  readonly out: string;
  readonly period?: string;
  /** What a head office passed on, in the layout of a track file: each row belongs to the branch it names. */
  readonly branches?: readonly string[];
  readonly config?: string;
}

/**
 * `files blank`: the numbers that were allocated and not used, as the portal's upload file and as E0402 messages, with what is odd.
 * Where it can't be known which numbers were used (an unreadable number or status), nothing is written: it would be wrong.
 */
export async function blankNumbers(options: BlankOptions, output: Output): Promise<Answer> {
  const formats = await fileFormatsOf(options.config);
  const said = taughtBy(options, NOTHING_TAUGHT, output);
  const files = await ledgersOf(options, output);
  const allocations = await allocationsOf(options, formats, output);
  const about = { files, configured: formats.ledger, said, ubn: onlyHead(allocations), config: options.config };
  const { tallies, readings, memory } = await readLedgers(allocations, about, output);
  const faults = readings.flatMap((reading) => reading.faults);
  const reports = readings.map(({ report }) => report);
  if (readings.some(({ report }) => !report.understood)) return uncertainAnswer(faults, reports, memory, output);

  const blanks = tallies.reports();
  const made = refusing("file-invalid", output, () => blanks.flatMap((report) => blankFiles(report, formats.upload)));
  const saved = await saveNew(options.out, made, output);
  const anomalies = blanks.flatMap((report) => tallies.anomalies(report, formats.odd));
  return blankAnswer({ reports: blanks, readings: reports, faults, files: saved, anomalies, memory }, output);
}

/** The one business that reports these numbers; null where there are several. */
function onlyHead(allocations: readonly Allocation[]): string | null {
  const heads = new Set(allocations.map(({ ubn, headUbn }) => headUbn ?? ubn));
  return heads.size === 1 ? (Array.from(heads)[0] ?? null) : null;
}

async function ledgersOf({ invoices = [], used = [] }: BlankOptions, output: Output): Promise<FileSource[]> {
  const named = [...invoices, ...used];
  if (named.length === 0) {
    const wanted = output.say("發票明細 --invoices，或已使用號碼清單 --used", "--invoices or --used");
    throw new Failure("wrong-use", { wanted, seen: output.say("都沒有給", "neither was given") });
  }
  return Promise.all(named.map((path) => inputFile(path, output)));
}

/** Who may use which numbers: the track files, with what the head offices passed to their branches. */
async function allocationsOf(
  { tracks, branches = [], period: wanted }: BlankOptions,
  formats: Config["files"],
  output: Output,
): Promise<Allocation[]> {
  const period = wanted === undefined ? undefined : refusing("wrong-use", output, () => parsePeriod(wanted));
  const ofPeriod = (rows: readonly TrackRow[]): TrackRow[] =>
    rows.filter((row) => period === undefined || row.period === period);
  const rows = await readTrackFiles(tracks, output);
  const own = ofPeriod(rows);
  if (own.length === 0) {
    const seen = Array.from(new Set(rows.map((row) => row.period))).join(output.say("、", ", "));
    throw new Failure("wrong-use", { wanted: output.say(`${period} 期的字軌`, `tracks of ${period}`), seen });
  }
  const passed = ofPeriod(await readTrackFiles(branches, output, "passed-on"));
  const stray = passed.find((row) => !own.some(({ period: held }) => held === row.period));
  if (stray !== undefined) {
    const wanted = output.say("總機構在同一期配到的號碼", "numbers of the head office in the same period");
    throw new Failure("file-invalid", { wanted, seen: `${stray.period} ${formatRange(stray)}` });
  }
  const headOf = new Map(formats.branches.flatMap(({ head, branches: all }) => all.map((one) => [one, head] as const)));
  const byPeriod = Map.groupBy(own, (row) => row.period);
  return refusing("file-invalid", output, () =>
    Array.from(byPeriod).flatMap(([of, allocated]) =>
      passToBranches(
        allocated.map(({ line: _line, ...row }) => ({ ...row, headUbn: headOf.get(row.ubn) })),
        passed.filter((row) => row.period === of).map((row) => ({ ...row, branchUbn: row.ubn })),
      ),
    ),
  );
}

type Reading = { readonly faults: readonly FaultData[]; readonly report: ReadingReport };

type Ledgers = {
  readonly files: readonly FileSource[];
  readonly configured: LedgerTeaching;
  /** What the command line says of them. */
  readonly said: LedgerTeaching;
  /** Whose they are; null where that is not one company. */
  readonly ubn: string | null;
  readonly config: string | undefined;
};

/**
 * Reads all ledgers; those that are not understood once more with what was said earlier of this company's ledgers of their layout. What
 * the command line says is kept.
 */
async function readLedgers(
  allocations: readonly Allocation[],
  ledgers: Ledgers,
  output: Output,
): Promise<{ tallies: PeriodTallies; readings: Reading[]; memory: string[] }> {
  const { files, configured, said } = ledgers;
  const plain = joined(configured, said);
  const first = await readAll(allocations, files, () => plain, output);
  const strange = first.readings.filter(({ report }) => !report.understood);
  const recalled = await recalledFor(strange, ledgers);
  const memory = Array.from(recalled).flatMap(([file, found]) => memoryLines(found, file, output));
  const isKnown = Array.from(recalled.values()).some(({ own }) => own !== null);
  const read = isKnown
    ? await readAll(
        allocations,
        files,
        (file) => joined(configured, recalled.get(file.name)?.own?.teaching ?? NOTHING_TAUGHT, said),
        output,
      )
    : first;
  return { ...read, memory: [...memory, ...(await kept(read.readings, ledgers, recalled, output))] };
}

async function readAll(
  allocations: readonly Allocation[],
  files: readonly FileSource[],
  taught: (file: FileSource) => LedgerTeaching,
  output: Output,
): Promise<{ tallies: PeriodTallies; readings: Reading[] }> {
  const tallies = refusing("file-invalid", output, () => tallyPeriods(allocations));
  const readings: Reading[] = [];
  for (const file of files) readings.push(await readInto(tallies, file, taught(file), output));
  return { tallies, readings };
}

/** What was said earlier of the layouts of ledgers that are not understood, by file. */
async function recalledFor(readings: readonly Reading[], ledgers: Ledgers): Promise<ReadonlyMap<string, Recalled>> {
  const found = new Map<string, Recalled>();
  if (ledgers.ubn === null) return found;
  for (const { report } of readings) {
    const file = ledgers.files.find(({ name }) => name === report.file);
    if (file === undefined) continue;
    const about = { ubn: ledgers.ubn, layout: await layoutOf(file, ledgers.configured) };
    const recalled = await recallTeaching(ledgers.config, about);
    if (recalled !== null) found.set(report.file, recalled);
  }
  return found;
}

/** Keeps what the command line says of each ledger that is understood with it, and tells so. */
async function kept(
  readings: readonly Reading[],
  ledgers: Ledgers,
  recalled: ReadonlyMap<string, Recalled>,
  output: Output,
): Promise<string[]> {
  const { said, ubn } = ledgers;
  const lines: string[] = [];
  for (const { report } of readings) {
    const file = ledgers.files.find(({ name }) => name === report.file);
    const applied = appliedOf(said, report);
    if (file === undefined || !report.understood || applied === null) continue;
    if (ubn === null) {
      const why = output.say(
        "字軌是好幾家公司的，所以沒有記住",
        "the tracks are of several companies, so it was not kept",
      );
      lines.push(`${report.file}：${why}`);
      continue;
    }
    const teaching = joined(recalled.get(report.file)?.own?.teaching ?? NOTHING_TAUGHT, applied);
    const about = { ubn, layout: await layoutOf(file, ledgers.configured), file: report.file };
    lines.push(await keptLine(ledgers.config, about, { teaching, applied }, output));
  }
  return lines;
}

/** Reads one ledger or list into the tallies. */
async function readInto(
  tallies: PeriodTallies,
  file: FileSource,
  taught: LedgerTeaching,
  output: Output,
): Promise<Reading> {
  const faults = faultList();
  const reports: ReadingReport[] = [];
  const onReport = (report: ReadingReport): void => void reports.push(report);
  for await (const entry of readLedger(file, { ...taught, onFault: faults.add, onReport })) tallies.add(entry);
  const [report] = reports;
  if (report === undefined) throw new Error(`no reading report of ${file.name}`);
  return { faults: faults.faults.map((fault) => faultData(fault, file.name, output)), report };
}
