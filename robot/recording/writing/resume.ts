import { truncate } from "node:fs/promises";
import { join } from "node:path";
import { findBreak } from "../format/chain-break.ts";
import { type EventLine, type Head, NO_EVENTS, parseLine, splitLines } from "../format/chain.ts";
import { assertKnownFormat, type FileEntry, readFileEntry, readStarted, type Started } from "../format/documents.ts";
import {
  EVENTS,
  FILES,
  MANIFEST,
  PICTURES,
  QUARANTINE,
  RETENTION,
  RUN,
  TRACES,
} from "../../lib/files/durable-files.ts";
import { filesAndOddities, NotRegular, readRegular, TooLarge } from "../../lib/files/regular-file.ts";
import { formatProblem } from "../format/verdict.ts";
import { sha256 } from "../../lib/hash.ts";

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
  /** The last event; undefined when there is none. */
  readonly last: EventLine | undefined;
  /** What its events tell of files, in their order. */
  readonly files: readonly FileEntry[];
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
export async function resume(folder: string, runId: string): Promise<Existing> {
  const bytes = await readIfThere(join(folder, EVENTS));
  const { lines, torn } = splitLines(bytes ?? Buffer.alloc(0));
  const parsed = lines.map(parseLine);
  const broken = findBreak(parsed, EVENTS);
  if (broken !== null) {
    throw new RecordingError(
      "damaged",
      `The record of run ${runId} should continue after its last event, but: ${formatProblem(broken).en} Nothing is added to a damaged record; run "verify" on it.`,
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
  const files = events.flatMap(({ data }) => readFileEntry(data) ?? []);
  const known = new Set([EVENTS, RUN, MANIFEST, RETENTION, ...files.map(({ path }) => path)]);
  const { files: there } = await filesAndOddities(folder);
  return {
    head: events.at(-1) ?? NO_EVENTS,
    last: events.at(-1),
    files,
    size,
    started,
    torn: torn.length > 0 ? torn : null,
    manifest: manifest && sha256(manifest),
    unrecorded: await unrecordedFiles(
      folder,
      there.filter((path) => !known.has(path) && mayBeUnfinished(path, events.length + 1)),
    ),
  };
}

/** Whether a recorder can have been about to tell of a file: by its place, and its number up to that of the next event. */
function mayBeUnfinished(path: string, next: number): boolean {
  const number = new RegExp(`^(?:${PICTURES}|${FILES})/(\\d{4,})-[^/]+$`).exec(path)?.[1];
  if (number !== undefined) return Number(number) <= next;
  return path === QUARANTINE || new RegExp(`^${TRACES}/[^/]+\\.zip$`).test(path);
}

/** No file that the robot writes comes near (bytes). */
const LARGEST_UNFINISHED = 512 * 1024 * 1024;

/** What a process that died may have left: plain files only. Anything else that stands there is no part of the record, and `verify` says so. */
async function unrecordedFiles(folder: string, paths: readonly string[]): Promise<FileEntry[]> {
  const found: FileEntry[] = [];
  for (const path of paths) {
    const bytes = await readRegular(join(folder, path), LARGEST_UNFINISHED).catch(() => null);
    if (bytes !== null) found.push({ path, sha256: sha256(bytes), bytes: bytes.length });
  }
  return found;
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readRegular(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    if (error instanceof NotRegular || error instanceof TooLarge) {
      throw new RecordingError("damaged", `${error.message} Nothing is added to such a record; run "verify" on it.`);
    }
    throw error;
  }
}
