import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type EventLine, readLine, splitLines } from "./chain.ts";
import { type Ended, readEnded, readFileEntry, readRun, readStarted, type Started } from "./documents.ts";
import { EVENTS, RUN } from "../../lib/files/durable-files.ts";

/** A record as it can be shown to people. Whether it is as it was written is for `verifyRun` to say. */
export interface RunRecord {
  readonly folder: string;
  readonly header: Started["header"];
  /** Null while the run has not ended. `at` is UTC, ISO 8601. */
  readonly ended: (Ended & { readonly at: string }) | null;
  /** Every line that can be read, in the order of the file. */
  readonly events: readonly EventLine[];
  /** Numbers of the lines that can't. */
  readonly unreadable: readonly number[];
}

/** A file that an event tells of. */
export interface RecordedFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly event: EventLine;
}

/**
 * Reads the folder of a run for showing it. Damage is not hidden: what can't be read is counted.
 * @returns null when nothing tells which run it is
 */
export async function readRecord(folder: string): Promise<RunRecord | null> {
  const { lines } = splitLines(await readFile(join(folder, EVENTS)).catch(() => Buffer.alloc(0)));
  const events: EventLine[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of lines.entries()) {
    const event = readLine(line);
    if (event === null) unreadable.push(index + 1);
    else events.push(event);
  }
  const run = readRun(await readFile(join(folder, RUN), "utf8").catch(() => ""));
  const first = events.find(({ type }) => type === "run-started");
  const header = run?.header ?? (first && readStarted(first.data)?.header);
  if (!header) return null;
  const last = events.findLast(({ type }) => type === "run-ended" || type === "run-resumed");
  const end = last?.type === "run-ended" ? readEnded(last.data) : null;
  return { folder, header, ended: end && last ? { ...end, at: last.time } : null, events, unreadable };
}

/** The files that the events of a record tell of, in their order. */
export function recordedFiles({ events }: Pick<RunRecord, "events">): RecordedFile[] {
  return events.flatMap((event) => {
    const entry = readFileEntry(event.data);
    return entry ? [{ ...entry, event }] : [];
  });
}
