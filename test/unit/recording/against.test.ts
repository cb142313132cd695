import { describe, expect, test } from "vitest";
import type { EventLine } from "../../../robot/recording/format/chain.ts";
import type { RunDocument } from "../../../robot/recording/format/documents.ts";
import { Tampered } from "../../../robot/recording/format/verdict.ts";
import {
  checkHeads,
  checkListed,
  checkPlace,
  checkRow,
  checkTimes,
} from "../../../robot/recording/verification/against.ts";
import type { KnownRow } from "../../../robot/recording/verification/known.ts";

/** A record in which every hash is right, held against what its folder and the table of runs say: what a forger who has rewritten all heads forgets. */

const STARTED = "2026-11-20T02:00:00.000Z";
const ENDED = "2026-11-20T02:10:00.000Z";

const event = (seq: number, time: string, hash = `h${seq}`): EventLine => ({
  seq,
  time,
  type: "note",
  data: null,
  prevHash: `h${seq - 1}`,
  hash,
});
const EVENTS = [event(1, STARTED), event(2, "2026-11-20T02:05:00.000Z"), event(3, ENDED)];

const run = (more: Partial<RunDocument["header"]> = {}, outcome: string | null = "done"): RunDocument => ({
  format: 1,
  header: {
    runId: "run-1",
    flow: "take-tracks",
    flowVersion: "1",
    title: "取號",
    company: { name: "晨光小舖", ubn: "12345675" },
    input: {},
    startedBy: "test",
    startedAt: STARTED,
    versions: {},
    ...more,
  },
  ended: outcome === null ? null : { outcome, failure: null, summary: {}, quarantined: false, at: ENDED, event: 3 },
});
const ROW: KnownRow = {
  flow: "take-tracks",
  ubn: "12345675",
  state: "ended",
  outcome: "done",
  failure: null,
  createdAt: STARTED,
  endedAt: ENDED,
};

/** What is found, or null. */
function found(check: () => void): unknown {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Tampered) return error.problem;
    throw error;
  }
}
const ofRow = (row: Partial<KnownRow> | null, document: RunDocument = run()): unknown =>
  found(() => checkRow(document, EVENTS, { row: row === null ? null : { ...ROW, ...row } }));

describe("a record held against the table of runs", () => {
  test("that says the same is right; one of which the table knows nothing is not on its list", () => {
    expect(ofRow({})).toBeNull();
    expect(found(() => checkRow(run(), EVENTS, {}))).toBeNull();
    expect(ofRow(null)).toMatchObject({ kind: "unlisted" });
  });

  test.for([
    ["company", { ubn: "24681353" }],
    ["flow", { flow: "download-tracks" }],
    ["start", { createdAt: "2026-11-20T02:00:01.000Z" }],
    ["outcome", { outcome: "failed" }],
    ["end", { endedAt: "2026-11-20T02:09:00.000Z" }],
    ["end", { endedAt: null }],
  ] as const)("is another one by its %s", ([what, row]) => {
    expect(ofRow(row)).toMatchObject({ kind: "differs", what });
  });

  test("that has no end where the table has one was cut, but for a run that could not be recorded any more", () => {
    expect(ofRow({}, run({}, null))).toMatchObject({ kind: "differs", what: "state" });
    for (const failure of ["disk-full", "record-damaged"]) expect(ofRow({ failure }, run({}, null))).toBeNull();
    expect(ofRow({ failure: "page-changed" }, run({}, null))).toMatchObject({ kind: "differs", what: "state" });
  });

  test("whose end came to the table later is right: a process that died in between is taken up by another", () => {
    expect(ofRow({ endedAt: "2026-11-21T09:00:00.000Z" })).toBeNull();
    expect(ofRow({ endedAt: "2026-11-20T02:09:59.500Z" })).toBeNull();
  });

  test("from which a secret was taken out can't be compared there", () => {
    expect(ofRow({}, run({ company: { name: "x", ubn: "[secret:portal password]" } }))).toBeNull();
  });
});

describe("a record held against its place and itself", () => {
  const inPlace = (runId: string, day: string | null, document = run(), events = EVENTS): unknown =>
    found(() => checkPlace(document, events, { place: { runId, day } }));

  test("lies under its own name and day", () => {
    expect(inPlace("run-1", "2026-11-20")).toBeNull();
    expect(inPlace("run-1", null)).toBeNull();
    expect(inPlace("run-2", "2026-11-20")).toMatchObject({ kind: "differs", what: "folder" });
    expect(inPlace("run-1", "2026-11-21")).toMatchObject({ kind: "differs", what: "day" });
    // Its day is Taipei's.
    const late = run({ startedAt: "2026-11-20T16:30:00.000Z" });
    expect(inPlace("run-1", "2026-11-21", late, [event(1, "2026-11-20T16:30:00.000Z")])).toBeNull();
  });

  test("does not begin before it was begun, and its times never fall", () => {
    const early = [event(1, "2026-11-20T01:49:00.000Z")];
    expect(inPlace("run-1", null, run(), early)).toMatchObject({ kind: "time", line: 1 });
    expect(inPlace("run-1", null, run(), [event(1, "2026-11-20T01:51:00.000Z")])).toBeNull();
    expect(found(() => checkTimes(EVENTS, "events.jsonl"))).toBeNull();
    const fallen = [event(1, ENDED), event(2, STARTED)];
    expect(found(() => checkTimes(fallen, "events.jsonl"))).toMatchObject({ kind: "time", line: 2 });
  });

  test("holds every head that was kept of it", () => {
    const source = { from: "database" } as const;
    const held = (seq: number, hash: string): unknown => found(() => checkHeads(EVENTS, [{ seq, hash, source }]));
    expect(held(3, "h3")).toBeNull();
    expect(held(2, "other")).toMatchObject({ kind: "replaced", event: 2, source });
    expect(held(5, "h5")).toMatchObject({ kind: "cut-off", fromEvent: 4, toEvent: 5, source });
  });

  test("is named by the document of its last day; about midnight that of the next may name it, once it is there", () => {
    const source = { from: "document", day: "2026-11-20" } as const;
    const listed = (time: string, ...days: string[]): unknown => {
      const naming = (day: string) => (days.includes(day) ? source : null);
      return found(() => checkListed([event(1, time)], run(), { days: { naming, newestGiven: null } }));
    };
    const [noon, late] = ["2026-11-20T04:00:00.000Z", "2026-11-20T15:55:00.000Z"];
    expect(listed(noon)).toBeNull();
    expect(listed(noon, "2026-11-20")).toMatchObject({ kind: "unlisted", event: 1, source });
    expect(listed(late, "2026-11-20")).toBeNull();
    expect(listed(late, "2026-11-20", "2026-11-21")).toMatchObject({ kind: "unlisted", event: 1, source });
  });
});
