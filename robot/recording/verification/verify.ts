import { lstat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { canonicalText, type Json } from "../../lib/json.ts";
import { type EventLine, type Head, NO_EVENTS, parseLine, splitLines } from "../format/chain.ts";
import { findBreak } from "../format/chain-break.ts";
import {
  assertKnownFormat,
  type FileEntry,
  type Manifest,
  readEnded,
  readFileEntry,
  readManifest,
  readRun,
  readStarted,
  type RunDocument,
} from "../format/documents.ts";
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
import { filesAndOddities, hashOfRegular, NotRegular, readRegular, TooLarge } from "../../lib/files/regular-file.ts";
import { type TombstoneDoubt, type RecordProblem, Tampered, type Words, formatProblem } from "../format/verdict.ts";
import { checkHeads, checkListed, checkPlace, checkRow, checkTimes } from "./against.ts";
import { checkRetention, deletions } from "./deletions.ts";
import { type Held, heldAgainst, type Known } from "./known.ts";
import { sha256 } from "../../lib/hash.ts";

export type { RecordProblem, Words } from "../format/verdict.ts";

/** What can be said of a recorded run. `head` is the end of its chain, to be compared with one that was kept elsewhere. */
export type Verdict = Judged | TamperedVerdict;
type Judged = IntactVerdict | InterruptedVerdict;

/** Ended, and everything is as it was recorded. */
export interface IntactVerdict {
  readonly verdict: "intact";
  /** What it was held against besides itself; left out where nobody looked. */
  readonly held?: Held;
  readonly head: Head;
  readonly outcome: string;
  readonly quarantined: boolean;
  /** Pictures and traces that were taken out under the rules of retention; their hashes are still in the record. */
  readonly pruned: number;
  readonly words: Words;
}

/** Not ended: still going, waiting, or its process was killed. Everything up to `after` is as it was recorded. */
export interface InterruptedVerdict {
  readonly verdict: "interrupted";
  readonly held?: Held;
  /** Number of the last event; 0 when there is none. */
  readonly after: number;
  readonly head: Head;
  /** Bytes after the last whole line: a write that was cut off. */
  readonly tornBytes: number;
  /** A file that was written when its event was not yet. No hash covers it. */
  readonly unrecorded: string | null;
  readonly words: Words;
}

/** Something was changed after it was recorded. `problem` is the first thing that is wrong, in the order in which it was recorded. */
export interface TamperedVerdict {
  readonly verdict: "tampered";
  readonly problem: RecordProblem;
  readonly words: Words;
}

/**
 * Recomputes everything in the folder of a run. Reads only, and only plain files of the folder's own.
 *
 * What the folder can't tell: that a run that was not ended had more events at its end, and that a person rewrote everything. Both
 * show against heads that were kept elsewhere.
 * @param known what is known of this run elsewhere, read before the folder is; null where nobody looked, and the words say nothing of it
 * @throws when there is no such folder, it can't be read, or it has a later format
 */
export async function verifyRun(folder: string, known: Known | null = null): Promise<Verdict> {
  const found = await lstat(folder);
  if (found.isSymbolicLink()) return tampered({ kind: "odd", file: folder, oddity: "link" });
  if (!found.isDirectory()) throw new TypeError(`${folder} should be the folder of a run, but is a file.`);
  for (let looks = 1; ; looks++) {
    const before = await stateOf(folder);
    try {
      return withHeld(await judge(folder, known ?? {}), known);
    } catch (error) {
      // A run that goes on while it is read looks as if files had been added, and one that is pruned as if they were taken away.
      if ((await stateOf(folder)) !== before) continue;
      if (isMissing(error) && looks < MOST_LOOKS) continue;
      return tampered(problemOf(error, folder));
    }
  }
}

/** How often a folder is read again from which files vanish meanwhile. */
const MOST_LOOKS = 20;

function problemOf(error: unknown, folder: string): RecordProblem {
  if (error instanceof Tampered) return error.problem;
  const inFolder = (path: string): string => relative(folder, path).split(sep).join("/");
  if (error instanceof NotRegular) return { kind: "odd", file: inFolder(error.path), oddity: error.oddity };
  if (error instanceof TooLarge) return { kind: "changed", file: inFolder(error.path) };
  throw error;
}

function tampered(problem: RecordProblem): TamperedVerdict {
  return { verdict: "tampered", problem, words: formatProblem(problem) };
}

/** The verdict, claiming no more than what it was held against. */
function withHeld(verdict: Judged, known: Known | null): Verdict {
  if (known === null) return verdict;
  const held = heldAgainst(known.heads ?? [], verdict.head);
  const words = { zh: verdict.words.zh + held.words.zh, en: `${verdict.words.en} ${held.words.en}` };
  return { ...verdict, held, words };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Changes whenever something has been written. */
async function stateOf(folder: string): Promise<string> {
  const states = [EVENTS, MANIFEST, RUN, RETENTION].map(async (name) => {
    const there = await lstat(join(folder, name)).catch(() => null);
    return there && `${there.size} ${there.mtimeMs}`;
  });
  return (await Promise.all(states)).join();
}

async function judge(folder: string, known: Known): Promise<Judged> {
  const { files, odd } = await filesAndOddities(folder);
  const [first] = odd;
  if (first) throw new Tampered({ kind: "odd", file: first[0], oddity: first[1] });
  const there = new Set(files);
  const sealed = there.has(MANIFEST);
  const manifest = sealed ? readManifest((await readRegular(join(folder, MANIFEST))).toString("utf8")) : null;
  const { events, torn } = await readEvents(folder, there, manifest);
  if (sealed && manifest === null) throw new Tampered({ kind: "changed", file: MANIFEST });
  const { seq, hash } = events.at(-1) ?? NO_EVENTS;
  const head = { seq, hash };
  if (manifest) checkEnd(manifest, head, torn);
  checkHeads(events, known.heads ?? []);
  checkTimes(events, EVENTS);
  const run = await readRunDocument(folder, there, manifest, events);
  checkPlace(run, events, known);
  checkRow(run, events, known);
  checkListed(events, run, known);
  const retention = await checkRetention(folder, there, events, known);
  const [contradiction] = known.contradictions ?? [];
  if (contradiction) throw new Tampered(contradiction);
  // A run that went on after its end may have lost pictures between the two.
  const endedAt = events.find(({ type }) => type === "run-ended")?.time ?? null;
  const isDeleted = deletions({ retention, endedAt, known });
  const unrecorded = await checkFiles(folder, there, events, manifest, isDeleted);

  if (manifest && run?.ended) {
    const { outcome, quarantined } = run.ended;
    const gone = new Set([...(retention?.pruned.keys() ?? [])].filter((path) => !there.has(path)));
    return {
      verdict: "intact",
      head,
      outcome,
      quarantined,
      pruned: gone.size,
      words: intactWords(head, manifest, gone),
    };
  }
  const after = head.seq;
  return {
    verdict: "interrupted",
    after,
    head,
    tornBytes: torn,
    unrecorded,
    words: interruptedWords(after, unrecorded),
  };
}

async function readEvents(folder: string, there: ReadonlySet<string>, manifest: Manifest | null) {
  if (!there.has(EVENTS)) {
    // A run that was killed at its very beginning has its run.json and nothing else.
    if (there.size > 1) throw new Tampered({ kind: "missing", file: EVENTS });
    return { events: [], torn: 0 };
  }
  const { lines, torn } = splitLines(await readRegular(join(folder, EVENTS)));
  const parsed = lines.map(parseLine);
  const problem = findBreak(parsed, EVENTS, { endHash: manifest?.chain.head });
  if (problem) throw new Tampered(problem);
  const events = parsed.flatMap((line) => (line.ok ? [line.event] : []));
  if (events[0]) assertKnownFormat(events[0].data);
  return { events, torn: torn.length };
}

/** The manifest names the end of the chain. */
function checkEnd(manifest: Manifest, head: Head, torn: number): void {
  const { events, head: hash } = manifest.chain;
  if (head.seq < events)
    throw new Tampered({ kind: "cut-off", file: EVENTS, fromEvent: head.seq + 1, toEvent: events });
  if (head.seq > events) throw new Tampered({ kind: "inserted", file: EVENTS, line: events + 1, event: events + 1 });
  if (head.hash !== hash) throw new Tampered({ kind: "changed", file: EVENTS, line: head.seq, event: head.seq });
  if (torn > 0) throw new Tampered({ kind: "inserted", file: EVENTS, line: events + 1, event: null });
}

/** `run.json` repeats what the first and the last event say. */
async function readRunDocument(
  folder: string,
  there: ReadonlySet<string>,
  manifest: Manifest | null,
  events: readonly EventLine[],
): Promise<RunDocument | null> {
  if (!there.has(RUN)) {
    if (there.size > 0) throw new Tampered({ kind: "missing", file: RUN });
    return null;
  }
  const bytes = await readRegular(join(folder, RUN));
  const run = readRun(bytes.toString("utf8"));
  const first = events[0];
  const started = first && readStarted(first.data);
  const changed = new Tampered({ kind: "changed", file: RUN });
  if (run === null) throw changed;
  if (first && (!started || !isSame(started.header, run.header))) throw changed;
  if (run.ended === null) return run;
  // It is written last of all, after the manifest that names its hash.
  if (manifest === null) throw new Tampered({ kind: "missing", file: MANIFEST });
  if (!manifest.files.some(({ path, sha256: hash }) => path === RUN && hash === sha256(bytes))) throw changed;
  const { at, event, ...ended } = run.ended;
  const last = events.at(-1);
  const said = last?.type === "run-ended" && last.seq === event && last.time === at ? readEnded(last.data) : null;
  if (said === null || !isSame(said, ended)) throw changed;
  return run;
}

/** Returns the one file of an interrupted run that no event tells of yet. */
async function checkFiles(
  folder: string,
  there: ReadonlySet<string>,
  events: readonly EventLine[],
  manifest: Manifest | null,
  isDeleted: (entry: FileEntry, told: Json) => true | TombstoneDoubt | null,
): Promise<string | null> {
  const recorded = new Map<string, FileEntry & { event: number; told: Json }>();
  for (const { seq, data } of events) {
    const entry = readFileEntry(data);
    if (entry) recorded.set(entry.path, { ...entry, event: seq, told: data });
  }
  const check = async (entry: FileEntry, event: number | undefined): Promise<void> => {
    const { path, sha256: hash, bytes } = entry;
    const at = event === undefined ? {} : { event };
    if (!there.has(path)) {
      const deleted = isDeleted(entry, recorded.get(path)?.told ?? null);
      if (deleted === true) return;
      throw new Tampered({ kind: "missing", file: path, ...at, ...(deleted ? { tombstone: deleted } : {}) });
    }
    const found = await hashOfRegular(join(folder, path), bytes);
    if (found !== hash) throw new Tampered({ kind: "changed", file: path, ...at });
  };
  for (const entry of recorded.values()) await check(entry, entry.event);
  for (const entry of manifest?.files ?? []) {
    const told = recorded.get(entry.path);
    const isChecked = told?.sha256 === entry.sha256 && told.bytes === entry.bytes;
    // run.json is written after the manifest; `readRunDocument` has compared it.
    if (entry.path !== RUN && !isChecked) await check(entry, undefined);
  }
  const own = new Set([EVENTS, RUN, MANIFEST, RETENTION]);
  const extra = [...there].filter((path) => !recorded.has(path) && !own.has(path));
  const next = String((events.at(-1)?.seq ?? 0) + 1).padStart(4, "0");
  const unfinished = new RegExp(`^(?:${PICTURES}|${FILES})/${next}-|^${TRACES}/|^${QUARANTINE}$`);
  const unrecorded = manifest === null ? extra.filter((path) => unfinished.test(path)) : [];
  const added = extra.find((path) => path !== unrecorded[0]);
  if (added !== undefined) throw new Tampered({ kind: "added", file: added });
  return unrecorded[0] ?? null;
}

function isSame(a: Parameters<typeof canonicalText>[0], b: Parameters<typeof canonicalText>[0]): boolean {
  return canonicalText(a) === canonicalText(b);
}

function intactWords(head: Head, manifest: Manifest, gone: ReadonlySet<string>): Words {
  const files = manifest.files.filter(({ path }) => !gone.has(path)).length;
  const zh = `紀錄完整：${head.seq} 個事件與 ${files} 個檔案都和當時留下的一樣。`;
  const en = `Intact: ${head.seq} events and ${files} files are as they were recorded.`;
  if (gone.size === 0) return { zh, en };
  return {
    zh: `${zh}另有 ${gone.size} 個圖片、軌跡或有個人資料的檔案已依保存規定刪除，雜湊還在。`,
    en: `${en} ${gone.size} pictures, traces or files with personal data were deleted under the rules of retention; their hashes remain.`,
  };
}

function interruptedWords(after: number, unrecorded: string | null): Words {
  const zh = `紀錄停在第 ${after} 個事件：執行還沒有結束，或中途被中斷；到那裡為止沒有被更動。`;
  const en = `Interrupted after event ${after}: the run has not ended or was cut off; up to there nothing was changed.`;
  if (unrecorded === null) return { zh, en };
  return {
    zh: `${zh}檔案 ${unrecorded} 寫到一半，還沒有列入紀錄。`,
    en: `${en} The file ${unrecorded} was being written and is not covered.`,
  };
}

/** Like `verifyRun`, for a record that should be there: one that is gone was taken away. */
export async function verifyKnownRun(folder: string, known: Known | null): Promise<Verdict> {
  try {
    return await verifyRun(folder, known);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const source = known?.heads?.find((head) => head.source)?.source;
    const runId = known?.place?.runId;
    if (runId === undefined) return tampered({ kind: "missing", file: folder });
    return tampered({ kind: "gone", file: folder, runId, source: source ?? { from: "database" } });
  }
}
