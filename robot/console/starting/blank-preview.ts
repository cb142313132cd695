import { readFile } from "node:fs/promises";
import {
  type Anomaly,
  comparedWithEarlier,
  type EarlierPeriod,
  formatBlanks,
  watchLedger,
} from "../../invoicing/blank-numbers/odd/anomalies.ts";
import { type Allocation, tallyBlanks } from "../../invoicing/blank-numbers/blank.ts";
import { readUploadFile } from "../../invoicing/blank-numbers/upload-file.ts";
import { asUse } from "../../invoicing/ledger/entry.ts";
import { readLedger } from "../../invoicing/ledger/read-ledger.ts";
import { DomainError } from "../../invoicing/problems/problems.ts";
import { readTrackFile } from "../../invoicing/tracks/track-file.ts";
import { isPeriod, type Period } from "../../invoicing/values/period.ts";
import { type NumberRange, rangeSize } from "../../invoicing/values/track.ts";
import type { Ubn } from "../../invoicing/values/ubn.ts";
import { confirmedUploads, findKept } from "../../recording/writing/kept-files.ts";
import { uploadSource } from "../http/uploads.ts";
import type { ConsoleContext } from "../http/console-context.ts";
import type { CheckedUpload, WantedRun } from "./start-input.ts";

/** What an upload would send, as far as it is known before the portal was looked at. */
export type BlankPreview = {
  readonly counts: { readonly allocated: number; readonly used: number; readonly blank: number };
  /** The ranges, a line each. */
  readonly blanks: readonly string[];
  readonly odd: readonly string[];
  /** What would stop the run. */
  readonly wrong: readonly string[];
};

/**
 * The ranges, counts and odd places that an upload of blank numbers would come to, from the tracks that were downloaded before.
 * @returns `unknown` where no tracks of the period are kept; null where the job uploads no blank numbers or its file is not right
 */
export async function blankPreview(
  world: ConsoleContext,
  { flow, company, values }: WantedRun,
  [upload]: readonly CheckedUpload[],
): Promise<BlankPreview | "unknown" | null> {
  const { period = "" } = values;
  if (flow.name !== "upload-blank-numbers" || upload === undefined || !isPeriod(period)) return null;
  const { check, objections } = upload;
  if (check.faults.length > 0 && check.reading === null) return null;
  if (objections.length > 0 || check.reading?.understood === false) return null;
  const tracks = await keptTracks(world, company.ubn, period);
  if (tracks.length === 0) return "unknown";
  const earlier = await earlierPeriods(world, company.ubn, period);
  const { odd: limits } = world.config().files;
  const found =
    check.reading === null
      ? await ofUploadFile(world, upload, sizeOf(tracks))
      : await ofLedger(world, company.ubn, upload, { period, tracks });
  const odd = found.counts.blank === 0 ? [] : [...found.odd, ...comparedWithEarlier(found.counts, earlier, limits)];
  return { ...found, odd: odd.map(({ text }) => text.zh) };
}

type Found = Omit<BlankPreview, "odd"> & { readonly odd: readonly Anomaly[] };

async function ofUploadFile(world: ConsoleContext, { file }: CheckedUpload, allocated: number): Promise<Found> {
  const bytes = Buffer.concat(await Array.fromAsync((await uploadSource(world, file)).read()));
  const { rows } = readUploadFile(bytes, world.config().files.upload);
  const blank = sizeOf(rows);
  return { counts: { allocated, used: allocated - blank, blank }, blanks: formatBlanks(rows), odd: [], wrong: [] };
}

async function ofLedger(
  world: ConsoleContext,
  ubn: Ubn,
  { file, teaching }: CheckedUpload,
  { period, tracks }: { readonly period: Period; readonly tracks: readonly Allocation[] },
): Promise<Found> {
  const { ledger, branches, odd: limits } = world.config().files;
  const company = { ubn, branches: branches.find(({ head }) => head === ubn)?.branches ?? [] };
  const tally = tallyBlanks(period, tracks);
  const watch = watchLedger(period, company, tracks);
  const entries = readLedger(await uploadSource(world, file), {
    columns: { ...ledger.columns, ...teaching?.teaching.columns },
    statuses: { ...ledger.statuses, ...teaching?.teaching.statuses },
    onFault: () => undefined,
  });
  for await (const entry of entries) {
    tally.add(entry);
    const use = asUse(entry);
    if (use !== null) watch.add(use);
  }
  const report = tally.report();
  const { allocated, used, blank } = report.totals;
  return {
    counts: { allocated, used, blank },
    blanks: formatBlanks(report.blanks),
    odd: watch.anomalies(report, limits),
    wrong: report.findings.filter(({ severity }) => severity === "error").map(({ text }) => text.zh),
  };
}

/** What is allocated to the company in the period, as the track files say that were kept. */
async function keptTracks(world: ConsoleContext, ubn: Ubn, period: Period): Promise<Allocation[]> {
  const tracks: Allocation[] = [];
  for (const category of ["07", "08"] as const) {
    const file = await findKept(world.store, ubn, { kind: "tracks", period, category });
    if (file === null) continue;
    const { rows } = readTrackFile(await readFile(file.path));
    tracks.push(...rows.filter((row) => row.period === period).map(({ line: _line, ...row }) => ({ ...row, ubn })));
  }
  return tracks;
}

async function earlierPeriods(world: ConsoleContext, ubn: Ubn, period: Period): Promise<EarlierPeriod[]> {
  const { upload, odd } = world.config().files;
  const found: EarlierPeriod[] = [];
  for (const one of await confirmedUploads(world.store, ubn, period, odd.periods)) {
    try {
      const blank = sizeOf(readUploadFile(await readFile(one.file.path), upload).rows);
      const allocated = sizeOf(await keptTracks(world, ubn, one.period));
      found.push({ period: one.period, blank, allocated: allocated === 0 ? null : allocated });
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return found;
}

function sizeOf(runs: readonly NumberRange[]): number {
  return runs.reduce((sum, run) => sum + rangeSize(run), 0);
}
