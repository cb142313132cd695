import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures/failure.ts";
import type { Allocation } from "../../invoicing/blank-numbers/blank.ts";
import { blankFiles } from "../../invoicing/blank-numbers/blank-files.ts";
import { type PeriodTallies, tallyPeriods } from "../../invoicing/blank-numbers/blank-periods.ts";
import { passToBranches } from "../../invoicing/blank-numbers/branches.ts";
import { readLedger } from "../../invoicing/ledger/read-ledger.ts";
import type { ReadingReport } from "../../invoicing/ledger/reading-report.ts";
import type { LedgerTeaching } from "../../invoicing/ledger/teaching.ts";
import { parsePeriod } from "../../invoicing/values/period.ts";
import { faultList } from "../../invoicing/problems/problems.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import { formatRun } from "../../invoicing/values/track.ts";
import type { TrackRow } from "../../invoicing/tracks/track-file.ts";
import { blankAnswer, uncertainAnswer } from "./blank-answer.ts";
import { type LedgerWords, taughtBy } from "./ledger-options.ts";
import { type FaultData, faultData, fileFormatsOf, inputFile, refusing } from "../terminal/input-file.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { saveNew } from "../terminal/save-new.ts";
import { readTrackFiles } from "../terminal/track-files.ts";

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
  const taught = taughtBy(options, formats.ledger, output);
  const ledgers = await ledgersOf(options, output);
  const allocations = await allocationsOf(options, formats, output);
  const tallies = refusing("file-invalid", output, () => tallyPeriods(allocations));
  const readings: Reading[] = [];
  for (const file of ledgers) {
    readings.push(await readInto(tallies, file, taught, output));
  }
  const faults = readings.flatMap((reading) => reading.faults);
  const reports = readings.map(({ report }) => report);
  if (readings.some(({ uncertain }) => uncertain)) return uncertainAnswer(faults, reports, output);

  const blanks = tallies.reports();
  const files = refusing("file-invalid", output, () => blanks.flatMap((report) => blankFiles(report, formats.upload)));
  const saved = await saveNew(options.out, files, output);
  return blankAnswer({ reports: blanks, readings: reports, faults, files: saved }, output);
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
    throw new Failure("file-invalid", { wanted, seen: `${stray.period} ${formatRun(stray)}` });
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

type Reading = { readonly faults: readonly FaultData[]; readonly uncertain: boolean; readonly report: ReadingReport };

/** Reads one ledger or list into the tallies. */
async function readInto(
  tallies: PeriodTallies,
  file: FileSource,
  taught: LedgerTeaching,
  output: Output,
): Promise<Reading> {
  const kept = faultList();
  const reports: ReadingReport[] = [];
  let uncertain = false;
  const entries = readLedger(file, {
    ...taught,
    onFault: (fault, doubt) => {
      kept.add(fault);
      if (doubt === "numbers") uncertain = true;
    },
    onReport: (report) => reports.push(report),
  });
  for await (const entry of entries) tallies.add(entry);
  const [report] = reports;
  if (report === undefined) throw new Error(`no reading report of ${file.name}`);
  return { faults: kept.faults.map((fault) => faultData(fault, file.name, output)), uncertain, report };
}
