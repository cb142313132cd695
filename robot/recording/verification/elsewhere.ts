import { basename, dirname, sep } from "node:path";
import { z } from "zod";
import { taipeiDay } from "../../invoicing/values/day.ts";
import type { Store } from "../../store/store.ts";
import { asHeads, type HeadsContent } from "../format/heads-document.ts";
import { type RetentionRules, ruleTexts } from "../format/retention.ts";
import type { RecordProblem, KnownFrom, Words } from "../format/verdict.ts";
import { shortDay } from "../format/verdict.ts";
import type { GivenDocument } from "./given.ts";
import type { KeptHead, Known, KnownDays, KnownRow } from "./known.ts";
import { sha256 } from "../../lib/hash.ts";

/** What the run database knows of the records, read before any of them is. */
export interface DatabaseFacts {
  readonly rows: ReadonlyMap<string, KnownRow & { readonly begun: boolean }>;
  readonly heads: readonly NotedHead[];
  readonly retention: readonly NotedHead[];
  readonly documents: readonly StoredDocument[];
}

interface NotedHead {
  readonly run: string;
  readonly day: string;
  readonly seq: number;
  readonly hash: string;
}

interface StoredDocument {
  readonly day: string;
  readonly document: string;
  readonly sha256: string;
  /** The date in Taipei on which it was mailed, as the database says. */
  readonly mailedOn: string | null;
  readonly stamp: Buffer | null;
}

/** Something wrong with the documents of days as a whole. */
export interface DaysProblem {
  readonly day: string;
  readonly words: Words;
}

/** All that is known of all runs outside their folders. */
export interface Elsewhere {
  readonly database: boolean;
  /** The documents that the records are held against, oldest first. */
  readonly documents: readonly DayDocument[];
  readonly problems: readonly DaysProblem[];
  /** Every run that something says was recorded. */
  readonly runs: ReadonlySet<string>;
  of(folder: string): Known;
}

export interface DayDocument {
  readonly source: Exclude<KnownFrom, { from: "database" }>;
  readonly bytes: string;
  readonly content: HeadsContent;
  /** The answer of the time-stamping service, as it is kept. */
  readonly stamp: Buffer | null;
}

const failureCode = z.object({ code: z.string() });

/** @param runId of one run only; the documents are read whole in any case */
export async function factsIn(store: Store, runId?: string): Promise<DatabaseFacts> {
  const runs = store
    .selectFrom("runs")
    .select(["id", "flow", "ubn", "state", "outcome", "failure", "created_at", "ended_at", "folder"]);
  const rows = await (runId === undefined ? runs : runs.where("id", "=", runId)).execute();
  const heads = store.selectFrom("chain_heads").select(["run_id as run", "day", "events as seq", "hash"]);
  const retention = store.selectFrom("retention_heads").select(["run_id as run", "day", "lines as seq", "hash"]);
  const documents = await store
    .selectFrom("head_days")
    .select(["day", "document", "sha256", "mailed_at", "stamp"])
    .orderBy("day")
    .execute();
  return {
    rows: new Map(
      rows.map(({ id, created_at, ended_at, folder, failure, ...row }) => [
        id,
        {
          ...row,
          failure: failure === null ? null : (failureCode.safeParse(JSON.parse(failure)).data?.code ?? null),
          createdAt: created_at,
          endedAt: ended_at,
          begun: folder !== null,
        },
      ]),
    ),
    heads: await (runId === undefined ? heads : heads.where("run_id", "=", runId)).execute(),
    retention: await (runId === undefined ? retention : retention.where("run_id", "=", runId)).execute(),
    documents: documents.map(({ day, document, sha256: hash, mailed_at, stamp }) => ({
      day,
      document,
      sha256: hash,
      mailedOn: mailed_at === null ? null : taipeiDay(new Date(mailed_at)),
      stamp: stamp === null ? null : Buffer.from(stamp, "base64"),
    })),
  };
}

/** What is known of one run outside its folder, from the run database alone. */
export async function knownInStore(
  store: Store,
  folder: string,
  recordings: { readonly folder: string; readonly retention: RetentionRules },
): Promise<Known> {
  const facts = await factsIn(store, basename(folder));
  return elsewhere(facts, [], { root: recordings.folder, rules: recordings.retention }).of(folder);
}

/** Puts together what the run database knows (null without one) and the documents that were kept elsewhere. */
export function elsewhere(
  facts: DatabaseFacts | null,
  given: readonly GivenDocument[],
  { root, rules }: { readonly root: string; readonly rules: RetentionRules },
): Elsewhere {
  const problems: DaysProblem[] = [];
  const documents = mergedDocuments(facts, given, problems);
  checkOrder(documents, facts !== null, problems);
  const days = knownDays(documents);
  const byRun = headsByRun(facts, documents);
  const isInUse = facts !== null && facts.rows.size > 0;
  return {
    database: facts !== null,
    documents,
    problems,
    runs: new Set([...byRun.keys(), ...[...(facts?.rows ?? [])].flatMap(([id, { begun }]) => (begun ? [id] : []))]),
    of(folder) {
      const place = placeOf(folder);
      const isOurs = folder.startsWith(root + sep);
      const own = byRun.get(place.runId);
      const row = facts?.rows.get(place.runId);
      // A folder from another machine is not this database's business.
      const rowKnown = row ? { row } : isInUse && isOurs ? { row: null } : {};
      const isKnown = row !== undefined || own !== undefined;
      return {
        place,
        ...rowKnown,
        heads: own?.heads ?? [],
        retention: own?.retention ?? [],
        retentionIsNoted: facts !== null && isKnown,
        ...(isOurs ? { rules: ruleTexts(rules) } : {}),
        ...(isOurs || isKnown ? { days } : {}),
        contradictions: own?.contradictions ?? [],
      };
    },
  };
}

/** The name of a run's folder, and the date that those above it say. */
function placeOf(folder: string): NonNullable<Known["place"]> {
  const above = [dirname(dirname(dirname(folder))), dirname(dirname(folder)), dirname(folder)].map((one) =>
    basename(one),
  );
  const day = above.join("-");
  return { runId: basename(folder), day: /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null };
}

/** One document a day: that which was kept elsewhere is believed before the database's. */
function mergedDocuments(
  facts: DatabaseFacts | null,
  given: readonly GivenDocument[],
  problems: DaysProblem[],
): DayDocument[] {
  const merged = new Map<string, DayDocument>();
  const stored = new Map(facts?.documents.map((one) => [one.day, one]));
  for (const { day, document, sha256: hash, stamp } of stored.values()) {
    const content = asHeads(document);
    if (content?.day !== day || sha256(document) !== hash) {
      problems.push({
        day,
        words: {
          zh: `執行資料庫裡 ${shortDay(day)} 的鏈尾文件被改過：和它自己的雜湊或日期不符。`,
          en: `The run database's document of ${day} was changed: it is not of its own hash or day.`,
        },
      });
    }
    if (content !== null) merged.set(day, { source: { from: "document", day }, bytes: document, content, stamp });
  }
  for (const { document, content, sentOn, stamp } of given) {
    const { day } = content;
    const before = merged.get(day);
    if (before && before.bytes !== document) {
      const both = before.source.from === "given";
      problems.push({
        day,
        words: both
          ? {
              zh: `給的檔案裡有兩份不同的 ${shortDay(day)} 鏈尾。`,
              en: `Two different documents of ${day} were given.`,
            }
          : {
              zh: `執行資料庫裡 ${shortDay(day)} 的鏈尾文件和寄出的不同：資料庫被改過。`,
              en: `The run database's document of ${day} is not the one that was mailed: the database was changed.`,
            },
      });
    }
    if (facts !== null && !stored.has(day)) {
      problems.push({
        day,
        words: {
          zh: `執行資料庫裡沒有 ${shortDay(day)} 的鏈尾文件，但寄出過：被刪掉了。`,
          en: `The run database has no document of ${day}, though it was mailed: it was deleted.`,
        },
      });
    }
    const mailedOn = sentOn ?? stored.get(day)?.mailedOn ?? null;
    merged.set(day, {
      source: { from: "given", day, sentOn: mailedOn },
      bytes: document,
      content,
      stamp: stamp ?? (before?.bytes === document ? before.stamp : null),
    });
  }
  return [...merged.values()].sort((a, b) => a.content.day.localeCompare(b.content.day));
}

/** Each document names the one before it. */
function checkOrder(documents: readonly DayDocument[], whole: boolean, problems: DaysProblem[]): void {
  for (const [index, { content }] of documents.entries()) {
    const { day, previous } = content;
    const before = documents[index - 1];
    if (previous !== null && previous.day >= day) {
      problems.push({ day, words: orderWords(day) });
    } else if (before && (previous === null || previous.day < before.content.day)) {
      problems.push({ day: before.content.day, words: orderWords(before.content.day) });
    } else if (previous !== null && previous.day === before?.content.day) {
      if (sha256(before.bytes) !== previous.sha256)
        problems.push({ day: previous.day, words: changedWords(day, previous.day) });
    } else if (previous !== null && whole) {
      problems.push({
        day: previous.day,
        words: {
          zh: `沒有 ${shortDay(previous.day)} 的鏈尾文件，但 ${shortDay(day)} 的文件說有：被刪掉了。`,
          en: `There is no document of ${previous.day}, though that of ${day} names it: it was deleted.`,
        },
      });
    }
  }
}

function orderWords(day: string): Words {
  return {
    zh: `${shortDay(day)} 的鏈尾文件不在文件的順序裡：是後來放進去的。`,
    en: `The document of ${day} is not in the order of documents: it was put in later.`,
  };
}

function changedWords(day: string, previous: string): Words {
  return {
    zh: `${shortDay(previous)} 的鏈尾文件和 ${shortDay(day)} 的文件記下的雜湊不同：被換過。`,
    en: `The document of ${previous} is not the one that the document of ${day} names: it was replaced.`,
  };
}

function knownDays(documents: readonly DayDocument[]): KnownDays {
  const newest = documents.findLast(({ source }) => source.from === "given");
  return {
    newestGiven: newest?.source ?? null,
    naming(day) {
      const next = documents.find(({ content }) => content.day >= day);
      if (!next) return null;
      const { content, source } = next;
      // Its own, or one that says that there was none on that day.
      if (content.day === day) return source;
      return content.previous === null || content.previous.day < day ? source : null;
    },
  };
}

interface OwnHeads {
  readonly heads: KeptHead[];
  readonly retention: KeptHead[];
  readonly contradictions: RecordProblem[];
}

function headsByRun(facts: DatabaseFacts | null, documents: readonly DayDocument[]): Map<string, OwnHeads> {
  const byRun = new Map<string, OwnHeads>();
  const of = (run: string): OwnHeads => {
    const own = byRun.get(run) ?? { heads: [], retention: [], contradictions: [] };
    byRun.set(run, own);
    return own;
  };
  // The documents first: what they say is stronger.
  const inOrder = documents.toSorted((a, b) => Number(b.source.from === "given") - Number(a.source.from === "given"));
  for (const { content, source } of inOrder) {
    for (const { run, events, head } of content.heads) of(run).heads.push({ seq: events, hash: head, source });
    for (const { run, lines, head } of content.retention ?? [])
      of(run).retention.push({ seq: lines, hash: head, source });
  }
  if (facts === null) return byRun;
  const byDay = new Map(documents.map((one) => [one.content.day, one]));
  for (const [noted, kind] of [...facts.heads.map(headOf), ...facts.retention.map(retentionOf)]) {
    const own = of(noted.run);
    const kept = own[kind];
    const document = byDay.get(noted.day);
    const same = kept.some((head) => head.seq === noted.seq && head.hash === noted.hash && isOfDay(head, noted.day));
    if (same) continue;
    // The document of its day is closed: what the database says besides was written there later, and attests nothing.
    if (document) {
      const what = kind === "heads" ? "head" : "retention";
      own.contradictions.push({ kind: "database", file: noted.run, what, source: document.source });
    } else kept.push({ seq: noted.seq, hash: noted.hash, source: { from: "database" } });
  }
  return byRun;
}

const headOf = (noted: NotedHead) => [noted, "heads"] as const;
const retentionOf = (noted: NotedHead) => [noted, "retention"] as const;

function isOfDay({ source }: KeptHead, day: string): boolean {
  return source !== undefined && source.from !== "database" && source.day === day;
}
