import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry } from "../format/documents.ts";
import { RecordingError } from "../writing/existing.ts";
import { FILES, listFiles, PICTURES, syncFolder, TRACES, WORK } from "../../lib/durable-files.ts";
import { RecorderLock } from "../../lib/file-lock.ts";
import { readRecord, recordedFiles, type RunRecord } from "../format/read.ts";
import { isPrunable, type Pruned, readRetention, type RecordPlace, withRetention } from "../format/retention.ts";
import { verifyRun } from "../verification/verify.ts";

/** How long and how much is kept. Whatever is null is kept for ever. Ages are milliseconds since the run's end. */
export interface RetentionRules {
  readonly picturesAfter: number | null;
  readonly tracesAfter: number | null;
  /** Of files that name people. */
  readonly personalAfter: number | null;
  /** Bytes that all recordings together may take. */
  readonly maxBytes: number | null;
}

export interface PruneReport {
  readonly pruned: readonly {
    readonly runId: string;
    readonly folder: string;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** Runs that had something to delete, and why it was left. */
  readonly kept: readonly { readonly runId: string; readonly folder: string; readonly why: KeptBecause }[];
  /** What all recordings take, before and after (bytes). */
  readonly before: number;
  readonly after: number;
}

/** `held`: a hold is on it · `not-ended` · `altered`: it is evidence of that · `busy`: somebody works on it */
export type KeptBecause = "held" | "not-ended" | "altered" | "busy";

/**
 * Deletes the pictures, traces and files with people's names of ended runs that the rules say are old enough, and pictures and traces of
 * the oldest ones until the rest is small enough. Each run gets a tombstone with their hashes before anything of it goes, so `verify`
 * stays as it was. Events, documents and all other files that came or went are never deleted.
 * @param folders the folders of all recorded runs
 * @param dryRun says what would be done and does nothing
 */
export async function prune(
  root: string,
  folders: readonly string[],
  rules: RetentionRules,
  { now, dryRun }: { readonly now: Date; readonly dryRun: boolean },
): Promise<PruneReport> {
  const before = await bytesIn(root);
  const pruned: PruneReport["pruned"][number][] = [];
  const kept: PruneReport["kept"][number][] = [];
  let after = before;
  for (const { record, due } of await plan(folders, rules, now, before, kept)) {
    const about = { runId: record.header.runId, folder: record.folder };
    const files = due.flatMap((one) => one.files);
    const obstacle = dryRun ? null : await pruneRun(root, record, due);
    if (obstacle !== null) {
      kept.push({ ...about, why: obstacle });
      continue;
    }
    const bytes = bytesOf(files);
    pruned.push({ ...about, files: files.length, bytes });
    after -= bytes;
  }
  return { pruned, kept, before, after };
}

interface Plan {
  readonly record: RunRecord;
  readonly due: readonly Pruned[];
}

/** What has to go from which run: first what is too old, then everything of the oldest until the rest is small enough. */
async function plan(
  folders: readonly string[],
  rules: RetentionRules,
  now: Date,
  before: number,
  kept: { runId: string; folder: string; why: KeptBecause }[],
): Promise<Plan[]> {
  const candidates = [];
  for (const folder of folders) {
    const record = await readRecord(folder);
    const files = record ? await prunableFiles(record) : [];
    if (record && files.length > 0) candidates.push({ record, files, due: dueByAge(record, files, rules, now) });
  }
  candidates.sort((a, b) => endOf(a.record).localeCompare(endOf(b.record)));
  const plans: Plan[] = [];
  let after = before;
  const { maxBytes } = rules;
  // What is too old goes from all of them before anything goes only to make room.
  for (const { due } of candidates) after -= bytesOf(due.flatMap((one) => one.files));
  for (const { record, files, due } of candidates) {
    const old = new Set(due.flatMap((one) => one.files.map(({ path }) => path)));
    const rest =
      maxBytes !== null && after > maxBytes
        ? files.filter(({ path }) => !old.has(path) && !path.startsWith(`${FILES}/`))
        : [];
    const all: Pruned[] = [...due];
    if (rest.length > 0) all.push({ files: rest, why: "size", rule: `maxBytes ${maxBytes}` });
    if (all.length === 0) continue;
    const obstacle = await obstacleTo(record);
    if (obstacle === null) {
      plans.push({ record, due: all });
      after -= bytesOf(rest);
    } else {
      kept.push({ runId: record.header.runId, folder: record.folder, why: obstacle });
      after += bytesOf(due.flatMap((one) => one.files));
    }
  }
  return plans;
}

function endOf({ ended, header }: RunRecord): string {
  return ended?.at ?? header.startedAt;
}

function bytesOf(files: readonly FileEntry[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function dueByAge(record: RunRecord, files: readonly FileEntry[], rules: RetentionRules, now: Date): Pruned[] {
  const age = now.getTime() - Date.parse(endOf(record));
  const byFolder = [
    [PICTURES, "picturesAfter", rules.picturesAfter],
    [TRACES, "tracesAfter", rules.tracesAfter],
    [FILES, "personalAfter", rules.personalAfter],
  ] as const;
  return byFolder
    .map(([folder, rule, after]): Pruned => {
      const old = after !== null && age > after ? files.filter(({ path }) => path.startsWith(`${folder}/`)) : [];
      return { files: old, why: "age", rule: `${rule} ${after} ms` };
    })
    .filter(({ files: old }) => old.length > 0);
}

/** What of the record may be deleted and is still there. */
async function prunableFiles(record: RunRecord): Promise<FileEntry[]> {
  const there = new Set(await listFiles(record.folder));
  return recordedFiles(record)
    .filter(({ path, event }) => isPrunable(path, event.data) && there.has(path))
    .map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
}

async function obstacleTo({ folder, ended, events }: RunRecord): Promise<KeptBecause | null> {
  const [first] = events;
  if (ended === null || !first) return "not-ended";
  const retention = await readRetention(folder, first.hash);
  if ("hold" in retention && retention.hold !== null) return "held";
  // Whoever finds something altered needs all that is there.
  return (await verifyRun(folder)).verdict === "intact" ? null : "altered";
}

async function pruneRun(root: string, record: RunRecord, due: readonly Pruned[]): Promise<KeptBecause | null> {
  const { folder, header, events } = record;
  const [first] = events;
  if (!first) return "not-ended";
  const place: RecordPlace = { root, folder, runId: header.runId, first: first.hash };
  try {
    return await withRetention(place, async ({ hold, pruned }, add) => {
      if (hold !== null) return "held";
      // A process that goes on with the run lists its files anew.
      const lock = await RecorderLock.take(root, header.runId);
      if (!(lock instanceof RecorderLock)) return "busy";
      try {
        for (const one of due) {
          // What a crash left of an earlier deletion has its tombstone already.
          const anew = one.files.filter(({ path }) => !pruned.has(path));
          if (anew.length > 0) await add("pruned", { ...one, files: anew.map((file) => ({ ...file })) });
        }
        for (const { path } of due.flatMap((one) => one.files)) await rm(join(folder, path), { force: true });
        for (const name of [PICTURES, TRACES, FILES]) await tidy(join(folder, name));
        return null;
      } finally {
        await lock.release();
      }
    });
  } catch (error) {
    if (error instanceof RecordingError && error.problem === "busy") return "busy";
    throw error;
  }
}

/** Makes the deletions durable; an empty folder goes too. */
async function tidy(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return;
  if (names.length === 0) await rmdir(folder);
  else await syncFolder(folder);
}

async function bytesIn(root: string): Promise<number> {
  let bytes = 0;
  const paths = await listFiles(root).catch(() => []);
  for (const path of paths.filter((path) => !path.startsWith(`${WORK}/`)))
    bytes += await stat(join(root, path)).then(
      ({ size }) => size,
      () => 0,
    );
  return bytes;
}
