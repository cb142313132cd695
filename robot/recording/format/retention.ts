import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Json } from "../../lib/json.ts";
import { findBreak } from "./chain-break.ts";
import { type EventLine, type Head, lineOf, nextEvent, parseLine, splitLines } from "./chain.ts";
import { type FileEntry, fileSchema, isPersonal } from "./documents.ts";
import { FILES, PICTURES, replaceDurably, RETENTION, TRACES } from "../../lib/durable-files.ts";
import { RecorderLock } from "../../lib/file-lock.ts";
import { RecordingError } from "../writing/existing.ts";
import type { Problem } from "./verdict.ts";

/**
 * What was done with a record after it was written: a hold put on it or taken off, pictures and traces taken out of it. It has a
 * chain of its own, which begins at the hash of the run's first event, so that nothing of the record itself is ever rewritten and
 * its head stays the one that was mailed.
 */
export interface Retention {
  readonly lines: readonly EventLine[];
  /** The hold that is on the record; null for none. */
  readonly hold: Held | null;
  /** Files that were taken out, by path. */
  readonly pruned: ReadonlyMap<string, FileEntry>;
}

const heldSchema = z.strictObject({ by: z.string(), why: z.string() });
export type Held = z.infer<typeof heldSchema>;

const prunedSchema = z.strictObject({ files: z.array(fileSchema), why: z.enum(["age", "size"]), rule: z.string() });
export type Pruned = z.infer<typeof prunedSchema>;

/**
 * What may be taken out of a record: pictures, traces, and files that were recorded as naming people. Events, other files that came or went, and
 * the documents never are.
 * @param told the data of the event that tells of the file
 */
export function isPrunable(path: string, told: Json): boolean {
  if (path.startsWith(`${FILES}/`)) return isPersonal(told);
  return path.startsWith(`${PICTURES}/`) || path.startsWith(`${TRACES}/`);
}

/**
 * Reads what was done with a record.
 * @param first hash of the run's first event
 * @returns the first thing that is wrong with it, where there is one
 */
export async function readRetention(folder: string, first: string): Promise<Retention | Problem> {
  const bytes = await readFile(join(folder, RETENTION)).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  });
  const { lines, torn } = splitLines(bytes);
  const parsed = lines.map(parseLine);
  const broken = findBreak(parsed, RETENTION, { from: { seq: 0, hash: first } });
  if (broken) return broken;
  // It is only ever replaced as a whole: no crash leaves half a line.
  if (torn.length > 0) return { kind: "changed", file: RETENTION, line: lines.length + 1 };
  const events = parsed.flatMap((line) => (line.ok ? [line.event] : []));
  let hold: Held | null = null;
  const pruned = new Map<string, FileEntry>();
  for (const { seq, type, data } of events) {
    const done = type === "pruned" ? prunedSchema.safeParse(data).data : heldSchema.safeParse(data).data;
    if (!done) return { kind: "changed", file: RETENTION, line: seq };
    if ("files" in done) for (const file of done.files) pruned.set(file.path, file);
    else hold = type === "held" ? done : null;
  }
  return { lines: events, hold, pruned };
}

/**
 * Puts a hold on a record, or takes it off: nothing of a held record is ever pruned. The run may be going on meanwhile.
 * @returns the hold that is on it afterwards
 * @throws RecordingError `damaged` or `busy`
 */
export async function changeHold(
  place: RecordPlace,
  change: { readonly held: boolean; readonly by: string; readonly why: string },
): Promise<Held | null> {
  const { held, by, why } = change;
  return withRetention(place, async ({ hold }, add) => {
    // Said once: a hold on a held record would look like a second one that is to be taken off.
    if ((hold !== null) !== held) await add(held ? "held" : "released", { by, why });
    return held ? (hold ?? { by, why }) : null;
  });
}

/** Where a record is, and what its retention hangs on. */
export interface RecordPlace {
  readonly root: string;
  readonly folder: string;
  readonly runId: string;
  /** Hash of the run's first event. */
  readonly first: string;
}

/**
 * Works on the retention of one record while nobody else does.
 * @throws RecordingError `damaged` when it was changed, `busy` while another process works on it
 */
export async function withRetention<T>(
  { root, folder, runId, first }: RecordPlace,
  work: (retention: Retention, add: (type: string, data: Json) => Promise<void>) => Promise<T>,
): Promise<T> {
  const lock = await RecorderLock.take(root, `${runId}.retention`);
  if (!(lock instanceof RecorderLock)) {
    throw new RecordingError("busy", `Process ${lock.pid} on ${lock.host} works on the retention of run ${runId}.`);
  }
  try {
    const retention = await readRetention(folder, first);
    if ("kind" in retention) {
      throw new RecordingError("damaged", `The ${RETENTION} of run ${runId} was changed; run "verify" on it.`);
    }
    let lines = retention.lines;
    return await work(retention, async (type, data) => {
      const head: Head = lines.at(-1) ?? { seq: 0, hash: first };
      lines = [...lines, nextEvent(head, new Date(), type, data)];
      await replaceDurably(root, folder, RETENTION, lines.map(lineOf).join(""));
    });
  } finally {
    await lock.release();
  }
}
