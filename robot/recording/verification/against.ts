import { taipeiDay } from "../../invoicing/values/day.ts";
import type { EventLine } from "../format/chain.ts";
import type { RunDocument } from "../format/documents.ts";
import { type Differing, Tampered } from "../format/verdict.ts";
import { EVENTS, RUN } from "../../lib/files/durable-files.ts";
import type { KeptHead, Known, KnownRow } from "./known.ts";

/** A record that agrees with itself, held against everything else that is known of its run. */

/** Clocks of two machines of one installation may differ by so much; so may an end and its note (milliseconds). */
const CLOCKS_DIFFER = 10 * 60_000;

/** Each kept head must be in the chain. */
export function checkHeads(events: readonly EventLine[], kept: readonly KeptHead[]): void {
  for (const { seq, hash, source } of kept.toSorted((a, b) => a.seq - b.seq)) {
    const event = events[seq - 1];
    const by = source === undefined ? {} : { source };
    if (!event)
      throw new Tampered({ kind: "cut-off", file: EVENTS, fromEvent: events.length + 1, toEvent: seq, ...by });
    if (event.hash !== hash) throw new Tampered({ kind: "replaced", file: EVENTS, event: seq, ...by });
  }
}

/** Times never fall: the recorder sees to that even where the clock is set back. */
export function checkTimes(events: readonly EventLine[], file: string): void {
  for (const [index, { seq, time }] of events.entries()) {
    const before = events[index - 1];
    if (before && time < before.time) throw new Tampered({ kind: "time", file, line: seq, time, than: before.time });
  }
}

/** The record says which run it is, and when it began: the folder's place says the same. */
export function checkPlace(run: RunDocument | null, events: readonly EventLine[], { place }: Known): void {
  if (!place || !run) return;
  const { runId, startedAt } = run.header;
  if (!isSame(runId, place.runId)) throw differs("folder", runId, place.runId);
  const day = taipeiDay(new Date(startedAt));
  if (place.day !== null && day !== place.day) throw differs("day", day, place.day);
  const [first] = events;
  if (first && Date.parse(first.time) < Date.parse(startedAt) - CLOCKS_DIFFER) {
    throw new Tampered({ kind: "time", file: EVENTS, line: 1, time: first.time, than: startedAt });
  }
}

/** The record and the table of runs say the same of a run. */
export function checkRow(
  run: RunDocument | null,
  events: readonly EventLine[],
  { row, heads = [], days }: Known,
): void {
  if (row === undefined) return;
  if (row === null) throw new Tampered({ kind: "unlisted", file: RUN, source: { from: "database" } });
  if (!run) return;
  const { flow, company, startedAt } = run.header;
  if (!isSame(company.ubn, row.ubn)) throw differs("company", company.ubn, row.ubn);
  if (!isSame(flow, row.flow)) throw differs("flow", flow, row.flow);
  if (startedAt !== row.createdAt) throw differs("start", startedAt, row.createdAt);
  const last = events.at(-1);
  if (row.state === "ended") checkEnd(run, row);
  else if (run.ended && last && isNamedByDocument(last, heads, days)) throw differs("state", "ended", row.state);
}

/** A run that could not be recorded any more ends in the database alone, and says why. */
const ENDED_UNRECORDED: ReadonlySet<string | null> = new Set(["disk-full", "record-damaged"]);

function checkEnd({ ended }: RunDocument, row: KnownRow): void {
  if (ended === null) {
    if (ENDED_UNRECORDED.has(row.failure)) return;
    throw differs("state", "not ended", `ended: ${row.outcome ?? ""}`);
  }
  if (!isSame(ended.outcome, row.outcome ?? "")) throw differs("outcome", ended.outcome, row.outcome ?? "");
  const late = row.endedAt === null ? Number.NaN : Date.parse(row.endedAt) - Date.parse(ended.at);
  // The database is told after the record: at once, or by the process that takes up a run whose process died in between, however much
  // later that is. Never before; only the clock's last digits may say otherwise.
  if (!(late >= -1_000)) throw differs("end", ended.at, row.endedAt ?? "");
}

/** Whether the end of a run was noted on a day that is closed: then its process had long gone on to tell the database. */
function isNamedByDocument({ seq }: EventLine, heads: readonly KeptHead[], days: Known["days"]): boolean {
  return days !== undefined && heads.some((head) => head.seq === seq && head.source && head.source.from !== "database");
}

/**
 * A run that was let go of on a day whose document is at hand is named there. One whose process died before it let go is in none, until
 * another goes on with it.
 */
export function checkListed(
  events: readonly EventLine[],
  run: RunDocument | null,
  { heads = [], days, row }: Known,
): void {
  const last = events.at(-1);
  if (!days || !last) return;
  const named = heads.filter(({ source }) => source && source.from !== "database");
  const reach = Math.max(0, ...named.map(({ seq }) => seq));
  if (reach >= last.seq) return;
  const source = documentFor(last, days.naming);
  if (source === null) return;
  if (!run?.ended) {
    // It may wait for its process to come back; a document that was kept elsewhere is believed before the table of runs.
    const mayBeWaiting = source.from !== "given" && row && row.state !== "ended";
    if (reach > 0 || mayBeWaiting) return;
  }
  throw new Tampered({ kind: "unlisted", file: EVENTS, event: reach + 1, source });
}

/** The document that must name a run whose last event is this one; about midnight the one of the next day may. */
function documentFor({ time }: EventLine, naming: NonNullable<Known["days"]>["naming"]) {
  const day = taipeiDay(new Date(time));
  const soon = taipeiDay(new Date(Date.parse(time) + CLOCKS_DIFFER));
  const source = naming(day);
  return source !== null && soon !== day && naming(soon) === null ? null : source;
}

/** A name in which a secret was taken out can't be compared. */
function isSame(recorded: string, elsewhere: string): boolean {
  return recorded === elsewhere || recorded.includes("[secret:");
}

function differs(what: Differing, record: string, elsewhere: string): Tampered {
  return new Tampered({ kind: "differs", file: RUN, what, record, elsewhere });
}
