import { taipeiDay } from "../../invoicing/values/day.ts";
import { RETENTION } from "../../lib/files/durable-files.ts";
import type { Json } from "../../lib/json.ts";
import type { EventLine } from "../format/chain.ts";
import { EVENTS } from "../../lib/files/durable-files.ts";
import type { FileEntry } from "../format/documents.ts";
import { faultOf, isPrunable, readRetention, type Retention } from "../format/retention.ts";
import { type TombstoneDoubt, Tampered } from "../format/verdict.ts";
import { checkTimes } from "./against.ts";
import type { KeptHead, Known } from "./known.ts";

/**
 * What was done with the record after it was written: its own chain, held against the heads of it that were kept elsewhere.
 * @returns null where nothing was done
 */
export async function checkRetention(
  folder: string,
  there: ReadonlySet<string>,
  events: readonly EventLine[],
  known: Known,
): Promise<Retention | null> {
  const kept = known.retention ?? [];
  if (!there.has(RETENTION)) {
    const [known] = kept;
    if (known) throw new Tampered({ kind: "cut-off", file: RETENTION, fromEvent: 1, toEvent: known.seq, ...by(known) });
    return null;
  }
  const [first] = events;
  if (!first) throw new Tampered({ kind: "missing", file: EVENTS });
  const retention = await readRetention(folder, first.hash);
  if ("kind" in retention) throw new Tampered(retention);
  const { lines } = retention;
  for (const head of kept.toSorted((a, b) => a.seq - b.seq)) {
    const line = lines[head.seq - 1];
    const gone = { fromEvent: lines.length + 1, toEvent: head.seq };
    if (!line) throw new Tampered({ kind: "cut-off", file: RETENTION, ...gone, ...by(head) });
    if (line.hash !== head.hash)
      throw new Tampered({ kind: "replaced", file: RETENTION, event: head.seq, ...by(head) });
  }
  checkTimes(lines, RETENTION);
  checkNoted(lines, known);
  return retention;
}

function by({ source }: KeptHead): { source: NonNullable<KeptHead["source"]> } | Record<string, never> {
  return source === undefined ? {} : { source };
}

/** Each change is noted in the run database at once, and named by the document of its day. */
function checkNoted(lines: readonly EventLine[], { retention: kept = [], retentionIsNoted, days }: Known): void {
  const named = reachOf(kept, ({ source }) => source !== undefined && source.from !== "database");
  for (const { seq, time } of lines.slice(named)) {
    const source = days?.naming(taipeiDay(new Date(time))) ?? null;
    if (source !== null) throw new Tampered({ kind: "unlisted", file: RETENTION, event: seq, source });
  }
  const noted = reachOf(kept, () => true);
  if (retentionIsNoted && lines.length > noted) {
    throw new Tampered({ kind: "unlisted", file: RETENTION, event: noted + 1, source: { from: "database" } });
  }
}

function reachOf(heads: readonly KeptHead[], which: (head: KeptHead) => boolean): number {
  return Math.max(0, ...heads.filter(which).map(({ seq }) => seq));
}

/**
 * Tells of files that are not there whether they were deleted under the rules of retention.
 * @returns a function that says true, what makes the tombstone doubtful, or null where there is none
 */
export function deletions({
  retention,
  endedAt,
  known,
}: {
  readonly retention: Retention | null;
  readonly endedAt: string | null;
  readonly known: Known;
}): (entry: FileEntry, told: Json) => true | TombstoneDoubt | null {
  const { retention: kept = [], days, rules } = known;
  const attested = reachOf(kept, () => true);
  const given = days?.newestGiven ?? null;
  const attestedByGiven = reachOf(kept, ({ source }) => source?.from === "given");
  return ({ path, sha256, bytes }, told) => {
    const tombstone = retention?.pruned.get(path);
    if (!tombstone) return null;
    const { line, rule } = tombstone;
    if (!isPrunable(path, told) || tombstone.sha256 !== sha256 || tombstone.bytes !== bytes) {
      return { line, why: "other-file" };
    }
    const fault = faultOf(tombstone, endedAt);
    if (fault !== null) return { line, why: fault };
    if (given !== null && line > attestedByGiven) return { line, why: "unattested", source: given };
    if (line > attested && rules !== undefined && !rules.includes(rule)) return { line, why: "rule" };
    return true;
  };
}
