import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Head } from "../format/chain.ts";
import type { FileEntry } from "../format/documents.ts";
import { RecordingError } from "../writing/resume.ts";
import { FILES, listFiles, PICTURES, syncFolder, TRACES, WORK } from "../../lib/files/durable-files.ts";
import { RecorderLock } from "../../lib/files/file-lock.ts";
import { readRecord, recordedFiles, type RunRecord } from "../format/read.ts";
import {
  AGE_RULES,
  isPrunable,
  type Pruned,
  readRetention,
  type RecordPlace,
  type RetentionRules,
  ruleText,
  withRetention,
} from "../format/retention.ts";
import { verifyRun } from "../verification/verify.ts";

export type { RetentionRules } from "../format/retention.ts";

/** Where the heads of what is done with records are kept, outside their folders. */
export interface RetentionLedger {
  /** Keeps the new end of a run's `retention.jsonl`, before anything is deleted. */
  note(runId: string, head: Head): Promise<void>;
  /**
   * How many lines of a run's `retention.jsonl` are in documents of days that are over. What a later line says is only announced: it
   * is deleted when its document is made, so that anyone who has that can tell it from a forged one. Null: it is not waited for that.
   */
  readonly attested: ((runId: string) => Promise<number>) | null;
}

export interface PruneReport {
  readonly pruned: readonly {
    readonly runId: string;
    readonly folder: string;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** Files that are deleted as soon as the document of the day tells of it. */
  readonly announced: readonly { readonly runId: string; readonly folder: string; readonly files: number }[];
  /** Runs that had something to delete, and why it was left. */
  readonly kept: readonly { readonly runId: string; readonly folder: string; readonly why: KeptBecause }[];
  /** What all recordings take, before and after (bytes). */
  readonly before: number;
  readonly after: number;
}

/** `held`: a hold is on it · `not-ended` · `altered`: it is evidence of that · `busy`: a person works on it */
export type KeptBecause = "held" | "not-ended" | "altered" | "busy";

/**
 * Deletes the pictures, traces and files with people's names of ended runs that the rules say are old enough, and pictures and traces of
 * the oldest ones until the rest is small enough. Each run gets a tombstone with their hashes before anything of it goes, so `verify`
 * stays as it was. Events, documents and all other files that came or went are never deleted.
 * @param folders the folders of all recorded runs
 * @param options.dryRun says what would be done and does nothing
 * @param options.ledger where what is done is kept besides; null for nowhere
 */
export async function prune(
  root: string,
  folders: readonly string[],
  rules: RetentionRules,
  options: { readonly now: Date; readonly dryRun: boolean; readonly ledger?: RetentionLedger | null },
): Promise<PruneReport> {
  const { now, dryRun, ledger = null } = options;
  const before = await bytesIn(root);
  const announced: PruneReport["announced"][number][] = [];
  const pruned: PruneReport["pruned"][number][] = [];
  const kept: PruneReport["kept"][number][] = [];
  let after = before;
  for (const { record, due } of await plan(folders, rules, now, before, kept)) {
    const about = { runId: record.header.runId, folder: record.folder };
    const files = due.flatMap((one) => one.files);
    const deleted = dryRun ? files : await pruneRun(root, record, due, now, ledger);
    if (typeof deleted === "string") {
      kept.push({ ...about, why: deleted });
      continue;
    }
    const later = files.length - deleted.length;
    if (later > 0) announced.push({ ...about, files: later });
    if (deleted.length === 0) continue;
    const bytes = bytesOf(deleted);
    pruned.push({ ...about, files: deleted.length, bytes });
    after -= bytes;
  }
  return { pruned, announced, kept, before, after };
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
    const isTooMuch = maxBytes !== null && after > maxBytes;
    const rest = isTooMuch ? files.filter(({ path }) => !old.has(path) && !path.startsWith(`${FILES}/`)) : [];
    const all: Pruned[] = [...due];
    if (maxBytes !== null && rest.length > 0)
      all.push({ files: rest, why: "size", rule: ruleText("maxBytes", maxBytes) });
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
  return AGE_RULES.flatMap(([folder, rule]): Pruned[] => {
    const after = rules[rule];
    if (after === null || age <= after) return [];
    const old = files.filter(({ path }) => path.startsWith(`${folder}/`));
    return old.length === 0 ? [] : [{ files: old, why: "age", rule: ruleText(rule, after) }];
  });
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
  // Anyone who finds something altered needs all that is there.
  return (await verifyRun(folder)).verdict === "intact" ? null : "altered";
}

/** Returns what was deleted, or why nothing was. */
async function pruneRun(
  root: string,
  record: RunRecord,
  due: readonly Pruned[],
  now: Date,
  ledger: RetentionLedger | null,
): Promise<readonly FileEntry[] | KeptBecause> {
  const { folder, header, events } = record;
  const [first] = events;
  if (!first) return "not-ended";
  const { runId } = header;
  const place: RecordPlace = { root, folder, runId, first: first.hash };
  try {
    return await withRetention(place, async ({ hold, pruned, lines }, add) => {
      if (hold !== null) return "held";
      // A process that goes on with the run lists its files again.
      const lock = await RecorderLock.take(root, runId);
      if (!(lock instanceof RecorderLock)) return "busy";
      try {
        const lineOfFile = new Map([...pruned].map(([path, { line }]) => [path, line]));
        let head: Head | undefined = lines.at(-1);
        for (const one of due) {
          // What was announced, or what a crash left of an earlier deletion, has its tombstone already.
          const files = one.files.filter(({ path }) => !pruned.has(path)).map((file) => ({ ...file }));
          if (files.length === 0) continue;
          head = await add("pruned", { ...one, files }, now);
          for (const { path } of files) lineOfFile.set(path, head.seq);
        }
        if (ledger && head) await ledger.note(runId, { seq: head.seq, hash: head.hash });
        const attested = ledger?.attested ? await ledger.attested(runId) : Number.POSITIVE_INFINITY;
        const files = due.flatMap((one) => one.files).filter(({ path }) => (lineOfFile.get(path) ?? 0) <= attested);
        for (const { path } of files) await rm(join(folder, path), { force: true });
        for (const name of [PICTURES, TRACES, FILES]) await tidy(join(folder, name));
        return files;
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
