import {
  type Anomaly,
  comparedWithEarlier,
  type EarlierPeriod,
  formatBlanks,
  watchLedger,
} from "../../robot/invoicing/blank-numbers/odd/anomalies.ts";
import { type Allocation, type BlankReport, tallyBlanks } from "../../robot/invoicing/blank-numbers/blank.ts";
import { asUse } from "../../robot/invoicing/ledger/entry.ts";
import type { LedgerTeaching } from "../../robot/invoicing/ledger/teaching.ts";
import { formatPeriod, type Period } from "../../robot/invoicing/values/period.ts";
import { type Fault, faultList } from "../../robot/invoicing/problems/problems.ts";
import { readUploadFile, writeUploadFile } from "../../robot/invoicing/blank-numbers/upload-file.ts";
import { readTrackFile } from "../../robot/invoicing/tracks/track-file.ts";
import { rangeSize } from "../../robot/invoicing/values/track.ts";
import {
  type ApprovalTopic,
  Failure,
  type FlowPorts,
  type GivenFile,
  type SavedFile,
} from "../../robot/engine/flow.ts";
import { type CheckedFile, summarize } from "./blank-numbers.ts";
import { entriesOf, faultLine, readingOf } from "./ledger-entries.ts";
import { describeReading, understoodLedger } from "./ledger-teaching.ts";
import type { NumberCounts, TrackFact } from "./facts.ts";

/** What is known of blank numbers before they are sent: their counts, how the ledger was read, what is odd. */
export type BlankSummary = {
  readonly counts: NumberCounts;
  /** How the ledger was read; empty where there was none. */
  readonly reading: readonly string[];
  readonly odd: readonly Anomaly[];
};

/** The upload file that was made of an invoice ledger; no file where every number was used. */
type Computed = { readonly file: SavedFile | null; readonly summary: BlankSummary; readonly notes: readonly string[] };

/**
 * Computes the blank numbers of the period from the tracks and the invoice ledger, and keeps the upload file of them.
 * @throws Failure `file-invalid` where it can't be known which numbers were used, or what was used can't be right: a number that was
 *   used and reported as blank is the worst of all mistakes
 */
export async function computedFile(
  ports: FlowPorts<unknown>,
  period: Period,
  tracks: readonly TrackFact[],
  invoices: GivenFile,
): Promise<Computed> {
  const { company, step, files, formats, record } = ports;
  const ledger = await step("bring-ledger", "收下發票明細", () => files.bring(invoices));
  const known = await understoodLedger(ports, ledger, (file, teaching) => readingOf(ports, file, teaching));
  const earlier = await earlierPeriods(ports, period);
  return step("compute-blanks", "算出空白號碼", async () => {
    const { report, watched, faults } = await readUses(ports, period, tracks, ledger, known.teaching);
    const reading = [...known.notes, ...describeReading(known.report), ...faults.map(faultLine)];
    const wrong = report.findings
      .filter(({ severity }) => severity === "error")
      .map(({ text, line }) => `${line > 0 ? `第 ${line} 行：` : ""}${text.zh}`);
    if (wrong.length > 0) {
      await record(`發票明細有 ${wrong.length} 處不對`, { data: wrong });
      throw new Failure("file-invalid", {
        wanted: `${company.ubn} ${formatPeriod(period, "zh")}的發票明細`,
        seen: summarize(wrong),
      });
    }
    const { allocated, used, blank } = report.totals;
    const counts = { allocated, used, blank };
    const odd = blank === 0 ? [] : [...watched, ...historyOf(ports, counts, earlier)];
    await record("發票明細讀到什麼", { data: { counts, reading, odd: odd.map(({ text }) => text.zh) } });
    const remarks = report.findings.map(({ text }) => text.zh);
    const notes = [countLine(counts), ...known.notes, ...faults.map(faultLine), ...remarks];
    const summary = { counts, reading, odd };
    if (report.blanks.length === 0) {
      return { file: null, summary, notes: [...notes, "沒有空白號碼，不用上傳"] };
    }
    const name = `空白號碼-${company.ubn}-${period}.csv`;
    const content = writeUploadFile(report.blanks, formats.upload);
    const file = await files.save(name, content, { origin: `由 ${ledger.name} 算出`, direction: "out" });
    return { file, summary, notes };
  });
}

/** @throws Failure `file-invalid` where a row can't be read that may have used a number */
async function readUses(
  ports: FlowPorts<unknown>,
  period: Period,
  tracks: readonly TrackFact[],
  ledger: SavedFile,
  teaching: LedgerTeaching,
): Promise<{ report: BlankReport; watched: readonly Anomaly[]; faults: readonly Fault[] }> {
  const { company, formats } = ports;
  const allocations: Allocation[] = tracks.map((track) => ({ ...track, ubn: company.ubn }));
  const faults = faultList();
  let uncertain = false;
  const entries = await entriesOf(ports, ledger, teaching, {
    onFault: (fault, doubt) => {
      faults.add(fault);
      uncertain ||= doubt === "numbers";
    },
  });
  const tally = tallyBlanks(period, allocations);
  const watch = watchLedger(period, company, allocations);
  for await (const entry of entries) {
    tally.add(entry);
    const use = asUse(entry);
    if (use !== null) watch.add(use);
  }
  if (uncertain) {
    const wanted = `${company.ubn} ${formatPeriod(period, "zh")}的發票明細`;
    throw new Failure("file-invalid", { wanted, seen: summarize(faults.faults.map(faultLine)) });
  }
  const report = tally.report();
  return { report, watched: formats.odd ? watch.anomalies(report, formats.odd) : [], faults: faults.faults };
}

/** What can be said of a file of blank numbers that was given as it is. */
export async function summaryOfFile(
  ports: FlowPorts<unknown>,
  period: Period,
  { rows }: CheckedFile,
  tracks: readonly TrackFact[],
): Promise<BlankSummary> {
  const earlier = await earlierPeriods(ports, period);
  const allocated = sizeOf(tracks);
  const blank = sizeOf(rows);
  const counts = { allocated, used: allocated - blank, blank };
  return { counts, reading: [], odd: historyOf(ports, counts, earlier) };
}

/** What anyone who has to agree is shown of an upload: which numbers, how many of how many, how the ledger was read, what is odd. */
export function uploadTopic({ file, rows }: CheckedFile, summary: BlankSummary | null): ApprovalTopic {
  const parts = [
    { title: `要上傳的空白號碼，${rows.length} 段`, lines: formatBlanks(rows) },
    ...(summary === null ? [] : [{ title: "號碼數", lines: [countLine(summary.counts)] }]),
    ...(summary === null || summary.reading.length === 0 ? [] : [{ title: "明細讀到什麼", lines: summary.reading }]),
  ];
  return { file: file.sha256, odd: summary?.odd.map(({ text }) => text) ?? [], shown: parts };
}

export function countLine({ allocated, used, blank }: NumberCounts): string {
  return `配號 ${allocated} 號，使用 ${used} 號，空白 ${blank} 號`;
}

function sizeOf(runs: readonly Parameters<typeof rangeSize>[0][]): number {
  return runs.reduce((sum, run) => sum + rangeSize(run), 0);
}

function historyOf(
  { formats }: FlowPorts<unknown>,
  counts: NumberCounts,
  earlier: readonly EarlierPeriod[],
): Anomaly[] {
  return formats.odd ? comparedWithEarlier(counts, earlier, formats.odd) : [];
}

/** How many numbers were reported blank in the periods before, as the uploads say that the portal proved. */
async function earlierPeriods(
  { step, files, formats }: FlowPorts<unknown>,
  period: Period,
): Promise<readonly EarlierPeriod[]> {
  return step("earlier-blanks", "看前幾期的空白號碼", async () => {
    const before = await files.uploadsBefore(period, formats.odd?.periods ?? 0);
    const found: EarlierPeriod[] = [];
    for (const one of before) {
      const { rows } = readUploadFile(await files.read(one.file), formats.upload);
      found.push({ period: one.period, blank: sizeOf(rows), allocated: await allocatedIn(files, one.period) });
    }
    return found;
  });
}

/** How many numbers the kept track files of a period have; null where none is kept. */
async function allocatedIn(files: FlowPorts<unknown>["files"], period: Period): Promise<number | null> {
  let allocated: number | null = null;
  for (const category of ["07", "08"] as const) {
    const file = await files.find({ kind: "tracks", period, category });
    if (file !== null) allocated = (allocated ?? 0) + sizeOf(readTrackFile(await files.read(file)).rows);
  }
  return allocated;
}
