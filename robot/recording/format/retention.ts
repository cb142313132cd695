import { join } from "node:path";
import { z } from "zod";
import type { Json } from "../../lib/json.ts";
import { findBreak } from "./chain-break.ts";
import { type EventLine, type Head, lineOf, nextEvent, notBefore, parseLine, splitLines } from "./chain.ts";
import { type FileEntry, fileSchema, isPersonal } from "./documents.ts";
import { FILES, PICTURES, replaceDurably, RETENTION, TRACES } from "../../lib/files/durable-files.ts";
import { readRegular } from "../../lib/files/regular-file.ts";
import { RecorderLock } from "../../lib/files/file-lock.ts";
import { RecordingError } from "../writing/resume.ts";
import type { RecordProblem } from "./verdict.ts";

/**
 * What was done with a record after it was written: a hold put on it or taken off, pictures and traces taken out of it. It has a
 * chain of its own, which begins at the hash of the run's first event, so that nothing of the record itself is ever rewritten and
 * its head stays the one that was mailed.
 */
export interface Retention {
  readonly lines: readonly EventLine[];
  /** The hold that is on the record; null for none. */
  readonly hold: HoldEntry | null;
  /** Files that were taken out, or are to be, by path. */
  readonly pruned: ReadonlyMap<string, Tombstone>;
}

/** What says that a file was taken out under the rules of retention. */
export interface Tombstone extends FileEntry {
  /** The line that says so, and its time (UTC, ISO 8601). */
  readonly line: number;
  readonly time: string;
  readonly why: "age" | "size";
  readonly rule: string;
  /** A hold was on the record then. */
  readonly held: boolean;
}

/** How long and how much is kept. Whatever is null is kept for ever. Ages are milliseconds since the run's end. */
export interface RetentionRules {
  readonly picturesAfter: number | null;
  readonly tracesAfter: number | null;
  /** Of files that name people. */
  readonly personalAfter: number | null;
  /** Bytes that all recordings together may take. */
  readonly maxBytes: number | null;
}

/** Which rule of age is for which folder. */
export const AGE_RULES = [
  [PICTURES, "picturesAfter"],
  [TRACES, "tracesAfter"],
  [FILES, "personalAfter"],
] as const;

/** A rule as a tombstone writes it: `picturesAfter 86400000 ms`, `maxBytes 1000000`. */
export function ruleText(name: keyof RetentionRules, value: number): string {
  return name === "maxBytes" ? `${name} ${value}` : `${name} ${value} ms`;
}

/** All rules that are in force, as tombstones write them. */
export function ruleTexts(rules: RetentionRules): string[] {
  const names = [...AGE_RULES.map(([, name]) => name), "maxBytes"] as const;
  return names.flatMap((name) => (rules[name] === null ? [] : [ruleText(name, rules[name])]));
}

/**
 * Whether a tombstone is by a rule that may take such a file, and late enough for it.
 * @param endedAt when the run ended; null where it has not, and nothing of it may be taken out
 */
export function faultOf(tombstone: Tombstone, endedAt: string | null): "rule" | "too-early" | "held" | null {
  const { path, rule, why, held, time } = tombstone;
  if (held) return "held";
  const folder = path.slice(0, path.indexOf("/"));
  const name = why === "size" ? "maxBytes" : AGE_RULES.find(([of]) => of === folder)?.[1];
  const limit = /^[A-Za-z]+ (\d+)(?: ms)?$/.exec(rule)?.[1];
  if (name === undefined || limit === undefined || rule !== ruleText(name, Number(limit))) return "rule";
  if (why === "size" && folder === FILES) return "rule";
  if (endedAt === null) return "too-early";
  const age = Date.parse(time) - Date.parse(endedAt);
  return age >= (why === "size" ? 0 : Number(limit)) ? null : "too-early";
}

const heldSchema = z.strictObject({ by: z.string(), why: z.string() });
export type HoldEntry = z.infer<typeof heldSchema>;

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
export async function readRetention(folder: string, first: string): Promise<Retention | RecordProblem> {
  const bytes = await readRegular(join(folder, RETENTION)).catch((error: unknown) => {
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
  let hold: HoldEntry | null = null;
  const pruned = new Map<string, Tombstone>();
  for (const { seq, time, type, data } of events) {
    const done = type === "pruned" ? prunedSchema.safeParse(data).data : heldSchema.safeParse(data).data;
    if (!done) return { kind: "changed", file: RETENTION, line: seq };
    if ("files" in done) {
      const { files, why, rule } = done;
      for (const file of files) pruned.set(file.path, { ...file, line: seq, time, why, rule, held: hold !== null });
    } else hold = type === "held" ? done : null;
  }
  return { lines: events, hold, pruned };
}

/**
 * Puts a hold on a record, or takes it off: nothing of a held record is ever pruned. The run may be going on meanwhile.
 * @param noted is called with the new end of the chain when it is on the disk, to keep it elsewhere
 * @returns the hold that is on it afterwards
 * @throws RecordingError `damaged` or `busy`
 */
export async function changeHold(
  place: RecordPlace,
  change: { readonly held: boolean; readonly by: string; readonly why: string },
  noted: (head: Head) => Promise<void> = () => Promise.resolve(),
): Promise<HoldEntry | null> {
  const { held, by, why } = change;
  return withRetention(place, async ({ hold }, add) => {
    // Said once: a hold on a held record would look like a second one that is to be taken off.
    if ((hold !== null) !== held) await noted(await add(held ? "held" : "released", { by, why }));
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
  work: (retention: Retention, add: (type: string, data: Json, at?: Date) => Promise<Head>) => Promise<T>,
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
    return await work(retention, async (type, data, at = new Date()) => {
      const last = lines.at(-1);
      const head: Head = last ?? { seq: 0, hash: first };
      const line = nextEvent(head, notBefore(at, last), type, data);
      lines = [...lines, line];
      await replaceDurably(root, folder, RETENTION, lines.map(lineOf).join(""));
      return line;
    });
  } finally {
    await lock.release();
  }
}
