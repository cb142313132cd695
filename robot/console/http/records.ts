import { lstat, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { getRun, type RunRow } from "../../engine/runs/runs.ts";
import { Failure } from "../../failures/failure.ts";
import { readRecord, type RecordedFile, recordedFiles, type RunRecord } from "../../recording/format/read.ts";
import { isQuarantined } from "../../recording/redaction/scan.ts";
import type { ConsoleWorld } from "./world.ts";

/** A run as the store knows it, with its record if there is one to read. */
export interface RecordedRun {
  readonly run: RunRow;
  readonly record: RunRecord | null;
  readonly quarantined: boolean;
}

/** @throws Failure `wrong-use` when there is no such run */
export async function recordedRun(world: ConsoleWorld, id: string): Promise<RecordedRun> {
  const run = await getRun(world.store, id);
  if (run.folder === null) return { run, record: null, quarantined: false };
  return { run, record: await readRecord(run.folder), quarantined: await isQuarantined(run.folder).catch(() => false) };
}

export type FileOfRun = RecordedFile & { readonly absolute: string };

/**
 * A file of a run, if its record names it and it lies where records lie. A path is never made of what somebody asked for: it is
 * looked up among the names in the record, and what it leads to must be a plain file in the run's own folder.
 * @param path relative to the folder, with `/`
 * @returns null when there is no such file
 * @throws Failure `record-quarantined`: nothing of such a run is handed out
 */
export async function fileOfRun(
  { record, quarantined }: RecordedRun,
  path: string,
  root: string,
): Promise<FileOfRun | null> {
  const named = record && recordedFiles(record).find((file) => file.path === path);
  if (!record || !named) return null;
  if (quarantined) throw new Failure("record-quarantined", { wanted: record.folder });
  const absolute = join(record.folder, ...path.split("/"));
  const there = await lstat(absolute).catch(() => null);
  if (!there?.isFile()) return null;
  const [real, folder, records] = await Promise.all([realpath(absolute), realpath(record.folder), realpath(root)]);
  const isInside = real.startsWith(folder + sep) && folder.startsWith(records + sep);
  return isInside ? { ...named, absolute } : null;
}
