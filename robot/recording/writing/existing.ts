import { readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { findBreak } from "../format/chain-break.ts";
import { type Head, NO_EVENTS, parseLine, sha256, splitLines } from "../format/chain.ts";
import { assertKnownFormat, type FileEntry, readFileEntry, readStarted, type Started } from "../format/documents.ts";
import { EVENTS, fingerprint, listFiles, MANIFEST, RETENTION, RUN } from "../../lib/durable-files.ts";
import { wordsOf } from "../format/verdict.ts";

export type RecordingProblem = "busy" | "damaged" | "closed" | "overtaken";

/** A recording can't be begun or continued. A full or read-only disk is the failure `disk-full` instead. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
  /**
   * `busy`: another living process records this run · `damaged`: what is there was changed, see `verify` · `closed`: the recorder
   * was ended or suspended · `overtaken`: another process wrote although this one was recording
   */
  readonly problem: RecordingProblem;

  constructor(problem: RecordingProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** What an earlier process left of a run. */
export interface Existing {
  readonly head: Head;
  /** Size of `events.jsonl` without a torn last line (bytes). */
  readonly size: number;
  /** The data of the first event; null when no event was completed. */
  readonly started: Started | null;
  /** What stood after the last whole line: a write that was cut off. It has been taken out. */
  readonly torn: Buffer | null;
  /** Hash of the manifest when the run had been ended. */
  readonly manifest: string | null;
  /** Files that no event tells of: a process ended between writing the file and its event. */
  readonly unrecorded: readonly FileEntry[];
}

/**
 * Reads what is in the folder of a run and takes out a torn last line, so that the chain can go on.
 * @throws RecordingError `damaged` when the chain is broken or belongs to another run: nothing may be added to that
 */
export async function takeUp(folder: string, runId: string): Promise<Existing> {
  const bytes = await readIfThere(join(folder, EVENTS));
  const { lines, torn } = splitLines(bytes ?? Buffer.alloc(0));
  const parsed = lines.map(parseLine);
  const broken = findBreak(parsed, EVENTS);
  if (broken !== null) {
    throw new RecordingError(
      "damaged",
      `The record of run ${runId} should continue after its last event, but: ${wordsOf(broken).en} Nothing is added to a damaged record; run "verify" on it.`,
    );
  }
  const events = parsed.flatMap((line) => (line.ok ? [line.event] : []));
  const first = events[0];
  if (first) assertKnownFormat(first.data);
  const started = first ? readStarted(first.data) : null;
  if (first && started?.header.runId !== runId) {
    throw new RecordingError(
      "damaged",
      `${folder} should hold run ${runId}, but its first event tells of another run.`,
    );
  }
  const size = (bytes?.length ?? 0) - torn.length;
  if (torn.length > 0) await truncate(join(folder, EVENTS), size);
  const manifest = await readIfThere(join(folder, MANIFEST));
  const known = new Set([EVENTS, RUN, MANIFEST, RETENTION]);
  for (const { data } of events) known.add(readFileEntry(data)?.path ?? EVENTS);
  const unknown = (await listFiles(folder)).filter((path) => !known.has(path));
  return {
    head: events.at(-1) ?? NO_EVENTS,
    size,
    started,
    torn: torn.length > 0 ? torn : null,
    manifest: manifest && sha256(manifest),
    unrecorded: await Promise.all(unknown.map(async (path) => ({ path, ...(await fingerprint(join(folder, path))) }))),
  };
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}
