import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { canonicalText, type Json } from "../../lib/json.ts";
import { type EventLine, type Head, NO_EVENTS, parseLine, sha256, splitLines } from "../format/chain.ts";
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
  fingerprint,
  listFiles,
  MANIFEST,
  PICTURES,
  QUARANTINE,
  RETENTION,
  RUN,
  TRACES,
} from "../../lib/durable-files.ts";
import { isPrunable, readRetention } from "../format/retention.ts";
import { type Problem, Tampered, type Words, wordsOf } from "../format/verdict.ts";

export type { Problem, Words } from "../format/verdict.ts";

/** What can be said of a recorded run. `head` is the end of its chain, to be compared with one that was kept elsewhere. */
export type Verdict = IntactVerdict | InterruptedVerdict | TamperedVerdict;

/** Ended, and everything is as it was recorded. */
export interface IntactVerdict {
  readonly verdict: "intact";
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
  readonly problem: Problem;
  readonly words: Words;
}

/**
 * Recomputes everything in the folder of a run. Reads only.
 *
 * What the folder can't tell: that a run that was not ended had more events at its end, and that somebody rewrote everything. Both
 * show against heads that were kept elsewhere.
 * @param kept heads of this run's chain that were kept elsewhere, before the folder is read; each must be in it
 * @throws when there is no such folder, it can't be read, or it has a later format
 */
export async function verifyRun(folder: string, kept: readonly Head[] = []): Promise<Verdict> {
  if (!(await stat(folder)).isDirectory())
    throw new TypeError(`${folder} should be the folder of a run, but is a file.`);
  for (let looks = 1; ; looks++) {
    const before = await stateOf(folder);
    try {
      return await judge(folder, kept);
    } catch (error) {
      // A run that goes on while it is read looks as if files had been added, and one that is pruned as if they were taken away.
      if ((await stateOf(folder)) !== before) continue;
      if (isMissing(error) && looks < MOST_LOOKS) continue;
      if (!(error instanceof Tampered)) throw error;
      return { verdict: "tampered", problem: error.problem, words: wordsOf(error.problem) };
    }
  }
}

/** How often a folder is read again from which files vanish meanwhile. */
const MOST_LOOKS = 20;

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** Changes whenever something has been written. */
async function stateOf(folder: string): Promise<string> {
  const states = [EVENTS, MANIFEST, RUN, RETENTION].map(async (name) => {
    const there = await stat(join(folder, name)).catch(() => null);
    return there && `${there.size} ${there.mtimeMs}`;
  });
  return (await Promise.all(states)).join();
}

async function judge(folder: string, kept: readonly Head[]): Promise<Verdict> {
  const there = new Set(await listFiles(folder));
  const sealed = there.has(MANIFEST);
  const manifest = sealed ? readManifest(await readFile(join(folder, MANIFEST), "utf8")) : null;
  const { events, torn } = await readEvents(folder, there, manifest);
  if (sealed && manifest === null) throw new Tampered({ kind: "changed", file: MANIFEST });
  const { seq, hash } = events.at(-1) ?? NO_EVENTS;
  const head = { seq, hash };
  if (manifest) checkEnd(manifest, head, torn);
  checkKept(events, kept);
  const run = await readRunDocument(folder, there, manifest, events);
  const pruned = await checkRetention(folder, there, events);
  const unrecorded = await checkFiles(folder, there, events, manifest, pruned);

  if (manifest && run?.ended) {
    const { outcome, quarantined } = run.ended;
    const gone = new Set([...pruned.keys()].filter((path) => !there.has(path)));
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
  const { lines, torn } = splitLines(await readFile(join(folder, EVENTS)));
  const parsed = lines.map(parseLine);
  const problem = findBreak(parsed, EVENTS, { endHash: manifest?.chain.head });
  if (problem) throw new Tampered(problem);
  const events = parsed.flatMap((line) => (line.ok ? [line.event] : []));
  if (events[0]) assertKnownFormat(events[0].data);
  return { events, torn: torn.length };
}

function checkKept(events: readonly EventLine[], kept: readonly Head[]): void {
  for (const { seq, hash } of kept.toSorted((a, b) => a.seq - b.seq)) {
    const event = events[seq - 1];
    if (!event) throw new Tampered({ kind: "cut-off", file: EVENTS, fromEvent: events.length + 1, toEvent: seq });
    if (event.hash !== hash) throw new Tampered({ kind: "replaced", file: EVENTS, event: seq });
  }
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
  const bytes = await readFile(join(folder, RUN));
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

/** What was taken out of the record: each file that is gone must have been that very file. */
async function checkRetention(
  folder: string,
  there: ReadonlySet<string>,
  events: readonly EventLine[],
): Promise<ReadonlyMap<string, FileEntry>> {
  if (!there.has(RETENTION)) return new Map();
  const first = events[0];
  if (!first) throw new Tampered({ kind: "missing", file: EVENTS });
  const retention = await readRetention(folder, first.hash);
  if ("kind" in retention) throw new Tampered(retention);
  return retention.pruned;
}

/** Returns the one file of an interrupted run that no event tells of yet. */
async function checkFiles(
  folder: string,
  there: ReadonlySet<string>,
  events: readonly EventLine[],
  manifest: Manifest | null,
  pruned: ReadonlyMap<string, FileEntry>,
): Promise<string | null> {
  const recorded = new Map<string, FileEntry & { event: number; told: Json }>();
  const isPruned = ({ path, sha256: hash }: FileEntry): boolean =>
    isPrunable(path, recorded.get(path)?.told ?? null) && !there.has(path) && pruned.get(path)?.sha256 === hash;
  for (const { seq, data } of events) {
    const entry = readFileEntry(data);
    if (entry) recorded.set(entry.path, { ...entry, event: seq, told: data });
  }
  for (const entry of recorded.values()) {
    const { path, sha256: hash, event } = entry;
    if (isPruned(entry)) continue;
    if (!there.has(path)) throw new Tampered({ kind: "missing", file: path, event });
    if ((await fingerprint(join(folder, path))).sha256 !== hash)
      throw new Tampered({ kind: "changed", file: path, event });
  }
  for (const entry of manifest?.files ?? []) {
    const { path, sha256: hash } = entry;
    // run.json is written after the manifest; `readRunDocument` has compared it.
    if (path === RUN || isPruned(entry)) continue;
    if (!there.has(path)) throw new Tampered({ kind: "missing", file: path });
    if ((await fingerprint(join(folder, path))).sha256 !== hash) throw new Tampered({ kind: "changed", file: path });
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
export async function verifyKnownRun(folder: string, kept: readonly Head[] | undefined): Promise<Verdict> {
  try {
    return await verifyRun(folder, kept);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const problem: TamperedVerdict["problem"] = { kind: "missing", file: folder };
    return { verdict: "tampered", problem, words: wordsOf(problem) };
  }
}
