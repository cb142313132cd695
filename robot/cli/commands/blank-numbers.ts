import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures/failure.ts";
import type { Allocation } from "../../invoicing/blank-numbers/blank.ts";
import { blankFiles } from "../../invoicing/blank-numbers/blank-files.ts";
import { type PeriodTallies, tallyPeriods } from "../../invoicing/blank-numbers/blank-periods.ts";
import { passToBranches } from "../../invoicing/blank-numbers/branches.ts";
import {
  type LedgerColumns,
  type LedgerOptions,
  DEFAULT_LEDGER_COLUMNS,
  readLedger,
} from "../../invoicing/blank-numbers/ledger.ts";
import { parsePeriod } from "../../invoicing/values/period.ts";
import { faultList } from "../../invoicing/problems/problems.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import { formatRun } from "../../invoicing/values/track.ts";
import type { TrackRow } from "../../invoicing/tracks/track-file.ts";
import { blankAnswer, uncertainAnswer } from "./blank-answer.ts";
import { type FaultData, faultData, fileFormatsOf, inputFile, refusing } from "../terminal/input-file.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { saveNew } from "../terminal/save-new.ts";
import { readTrackFiles } from "../terminal/track-files.ts";

export interface BlankOptions {
  readonly tracks: readonly string[];
  readonly invoices?: readonly string[];
  /** Plain lists of used numbers. */
  readonly used?: readonly string[];
  readonly out: string;
  /** `number=Invoice No`: a column of the ledger and its name there. */
  readonly columns?: readonly string[];
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
  const columns = { ...formats.ledger.columns, ...columnsOf(options.columns ?? [], output) };
  const ledgers = await ledgersOf(options, output);
  const allocations = await allocationsOf(options, formats, output);
  const tallies = refusing("file-invalid", output, () => tallyPeriods(allocations));
  const readings: Reading[] = [];
  for (const file of ledgers) {
    readings.push(await readInto(tallies, file, { columns, statuses: formats.ledger.statuses }, output));
  }
  const faults = readings.flatMap((reading) => reading.faults);
  if (readings.some(({ uncertain }) => uncertain)) return uncertainAnswer(faults, output);

  const reports = tallies.reports();
  const files = refusing("file-invalid", output, () => reports.flatMap((report) => blankFiles(report, formats.upload)));
  return blankAnswer({ reports, faults, files: await saveNew(options.out, files, output) }, output);
}

async function ledgersOf({ invoices = [], used = [] }: BlankOptions, output: Output): Promise<FileSource[]> {
  const named = [...invoices, ...used];
  if (named.length === 0) {
    const wanted = output.say("發票明細 --invoices，或已使用號碼清單 --used", "--invoices or --used");
    throw new Failure("wrong-use", { wanted, seen: output.say("都沒有給", "neither was given") });
  }
  return Promise.all(named.map((path) => inputFile(path, output)));
}

const FIELDS = ["number", "date", "status", "seller"] as const satisfies readonly (keyof LedgerColumns)[];

/**
 * Column names from the command line: `date=開立日`, several with commas or spaces between them; a field may also be named by its
 * usual column (`發票日期=開立日`). Nothing behind the equals sign means that the ledger has no such column.
 */
function columnsOf(words: readonly string[], output: Output): Partial<LedgerColumns> {
  const columns: { -readonly [Field in keyof LedgerColumns]?: LedgerColumns[Field] } = {};
  for (const pair of words.flatMap((word) => word.split(",")).filter((word) => word.trim() !== "")) {
    const [key = "", name, ...rest] = pair.split("=").map((part) => part.trim());
    const field = FIELDS.find((one) => one === key || DEFAULT_LEDGER_COLUMNS[one] === key);
    if (field === undefined || name === undefined || rest.length > 0 || (name === "" && field === "number")) {
      const wanted = "--columns number=… date=… status=… seller=…";
      throw new Failure("wrong-use", { wanted, seen: output.say(`「${pair}」`, `"${pair}"`) });
    }
    if (field === "number") columns.number = name;
    else columns[field] = name === "" ? null : name;
  }
  return columns;
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

type Reading = { readonly faults: readonly FaultData[]; readonly uncertain: boolean };

/** Reads one ledger or list into the tallies. */
async function readInto(
  tallies: PeriodTallies,
  file: FileSource,
  formats: Pick<LedgerOptions, "columns" | "statuses">,
  output: Output,
): Promise<Reading> {
  const kept = faultList();
  let uncertain = false;
  const uses = readLedger(file, {
    ...formats,
    onFault: (fault, doubt) => {
      kept.add(fault);
      if (doubt === "numbers") uncertain = true;
    },
  });
  for await (const use of uses) tallies.add(use);
  return { faults: kept.faults.map((fault) => faultData(fault, file.name, output)), uncertain };
}
