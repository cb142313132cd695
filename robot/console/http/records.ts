import { realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { getRun, type RunRow } from "../../engine/runs/runs.ts";
import { Failure } from "../../failures/failure.ts";
import { readRecord, type RecordedFile, recordedFiles, type RunRecord } from "../../recording/format/read.ts";
import { NotRegular, readRegular, TooLarge } from "../../lib/files/regular-file.ts";
import { isQuarantined } from "../../recording/redaction/scan.ts";
import type { ConsoleContext } from "./console-context.ts";
import { sha256 } from "../../lib/hash.ts";

/** A run as the store knows it, with its record if there is one to read. */
export interface RecordedRun {
  readonly run: RunRow;
  readonly record: RunRecord | null;
  readonly quarantined: boolean;
}

/** @throws Failure `wrong-use` when there is no such run */
export async function recordedRun(world: ConsoleContext, id: string): Promise<RecordedRun> {
  const run = await getRun(world.store, id);
  if (run.folder === null) return { run, record: null, quarantined: false };
  return { run, record: await readRecord(run.folder), quarantined: await isQuarantined(run.folder).catch(() => false) };
}

export type FileOfRun = RecordedFile & {
  /** The content, which is what was recorded. */
  readonly content: Uint8Array<ArrayBuffer>;
};

/**
 * A file of a run, if its record names it, it lies where records lie, and it is still what was recorded. A path is never made of what
 * a person asked for: it is looked up among the names in the record, and what it leads to must be a plain file in the run's own folder,
 * with no second name elsewhere and with the recorded hash.
 * @param path relative to the folder, with `/`
 * @returns null when there is no such file
 * @throws Failure `record-quarantined`: nothing of such a run is handed out; `record-altered` for a file that is another one by now
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
  const [real, folder, records] = await Promise.all([
    realpath(absolute).catch(() => null),
    realpath(record.folder),
    realpath(root),
  ]);
  if (real === null || !real.startsWith(folder + sep) || !folder.startsWith(records + sep)) return null;
  const bytes = await readRegular(absolute, named.bytes).catch((error: unknown) => {
    if (error instanceof NotRegular) return null;
    if (error instanceof TooLarge) throw altered(path);
    throw error;
  });
  if (bytes === null) return null;
  // What is handed out is what was hashed, whatever becomes of the file meanwhile.
  if (sha256(bytes) !== named.sha256) throw altered(path);
  return { ...named, content: new Uint8Array(bytes) };
}

function altered(path: string): Failure {
  return new Failure("record-altered", { wanted: path, seen: "內容和當時寫下的雜湊不同，沒有交出來" });
}
