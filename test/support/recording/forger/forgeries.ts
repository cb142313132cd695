import {
  appendFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { lineOf, nextEvent } from "../../../../robot/recording/format/chain.ts";
import { sha256 } from "../../../../robot/lib/hash.ts";
import { readFileEntry, readStarted } from "../../../../robot/recording/format/documents.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { openRecorder, type RunHeader, runFolder } from "../../../../robot/recording/writing/recorder.ts";
import type { Json } from "../../../../robot/lib/json.ts";
import { eventsOf } from "../recording-support.ts";
import { type Archive, COMPANIES, headerFor, noteRun, PICTURES_AFTER, type RunName, work } from "./archive.ts";
import { firstPicture, retentionOf, rewrite, type Wanted } from "./forger.ts";

/** One way to forge, in one or more variants. */
export interface Forgery {
  readonly what: string;
  readonly variants: readonly Variant[];
}

export interface Variant {
  /** Only where there are several. */
  readonly as?: string;
  readonly forge: (at: Archive) => Promise<void> | void;
  /** What is done to the database besides making it agree with the folders. */
  readonly inDatabase?: (at: Archive) => Promise<void>;
  /** What is found in the folders alone, with the database, and with the mailed heads: `nothing`, or what is said to be wrong. */
  readonly found: readonly [folder: string, database: string, mailed: string];
}

const of = (at: Archive, run: RunName): string => at.folders.get(run) ?? "";
const relink = (link: typeof symlinkSync | typeof linkSync) => (at: Archive) => {
  const folder = of(at, "bakery-1");
  const picture = join(folder, firstPicture(folder).path);
  const elsewhere = join(at.root, "..", "elsewhere.jpg");
  renameSync(picture, elsewhere);
  link(elsewhere, picture);
};

/** The run as it was up to an event, with the files that are told of by then. */
function cutTo(folder: string, keep: number): void {
  const cut = eventsOf(folder).slice(keep);
  rewrite(folder, (events) => events.slice(0, keep));
  for (const { data } of cut) {
    const path = readFileEntry(data)?.path;
    if (path !== undefined) rmSync(join(folder, path), { force: true });
  }
}

async function madeUp(at: Archive, runId: string, company = COMPANIES.bakery): Promise<void> {
  const header = headerFor(runId, company);
  const recorder = await openRecorder({ root: at.root, header, redactor: new Redactor() });
  await work(recorder, 7);
  await recorder.end({ outcome: "done" });
  await noteRun(at.store, header, recorder, "done");
}

/** The data of an event with another header. */
function withHeader(event: Wanted, change: (header: RunHeader) => RunHeader): Wanted {
  const started = readStarted(event.data);
  return started ? { ...event, data: { ...started, header: { ...change(started.header) } } } : event;
}

const DAY = 86_400_000;
const earlier = (time: string): string => new Date(Date.parse(time) - DAY).toISOString();

function forgedTombstone(folder: string, rule: string, why: "age" | "size", days: number): void {
  const picture = firstPicture(folder);
  const [first, last] = [eventsOf(folder)[0], eventsOf(folder).at(-1)];
  if (!first || !last) throw new Error("no run");
  const time = new Date(Date.parse(last.time) + days * DAY);
  const line = nextEvent({ seq: 0, hash: first.hash }, time, "pruned", { files: [{ ...picture }], why, rule });
  writeFileSync(join(folder, "retention.jsonl"), lineOf(line));
  rmSync(join(folder, picture.path));
}

export const FORGERIES: readonly Forgery[] = [
  {
    what: "a line edited, and all after it chained again",
    variants: [
      {
        forge: (at) =>
          rewrite(of(at, "bakery-1"), (events) =>
            events.map((event) => (event.type === "effect.confirmed" ? { ...event, data: { books: 9 } } : event)),
          ),
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
    ],
  },
  {
    what: "a run recorded anew as a whole",
    variants: [
      {
        forge: async (at) => {
          const folder = of(at, "bakery-1");
          const header = readStarted(eventsOf(folder)[0]?.data ?? null)?.header;
          if (!header) throw new Error("no run");
          rmSync(folder, { recursive: true });
          const recorder = await openRecorder({ root: at.root, header, redactor: new Redactor() });
          await work(recorder, 9);
          await recorder.end({ outcome: "done" });
        },
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
    ],
  },
  {
    what: "the tail cut off",
    variants: [
      {
        as: "of a run that waits",
        forge: (at) => cutTo(of(at, "waiting"), 3),
        found: ["nothing", "cut-off", "cut-off, the day's document"],
      },
      {
        as: "of one that ended, which then looks as if it had not",
        forge: (at) => cutTo(of(at, "bakery-2"), 4),
        found: ["nothing", "cut-off", "cut-off, the day's document"],
      },
    ],
  },
  {
    what: "a run deleted",
    variants: [
      {
        forge: (at) => rmSync(of(at, "bakery-2"), { recursive: true }),
        found: ["nothing", "gone", "gone, the day's document"],
      },
    ],
  },
  {
    what: "a run put in that never was",
    variants: [
      { forge: (at) => madeUp(at, "made-up"), found: ["nothing", "unlisted", "unlisted, the day's document"] },
    ],
  },
  {
    what: "two runs swapped",
    variants: [
      {
        as: "the folders",
        forge: (at) => {
          const [one, two] = [of(at, "bakery-1"), of(at, "bakery-2")];
          renameSync(one, `${two}-aside`);
          renameSync(two, one);
          renameSync(`${two}-aside`, two);
        },
        found: ["differs: folder", "replaced", "replaced, the day's document"],
      },
      {
        as: "and each given the other's run id",
        forge: (at) => {
          const [one, two] = [of(at, "bakery-1"), of(at, "bakery-2")];
          renameSync(one, `${two}-aside`);
          renameSync(two, one);
          renameSync(`${two}-aside`, two);
          for (const folder of [one, two])
            rewrite(folder, (events) =>
              events.map((event) => withHeader(event, (header) => ({ ...header, runId: basename(folder) }))),
            );
        },
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
    ],
  },
  {
    what: "the clocks moved back by a day",
    variants: [
      {
        as: "in the lines alone",
        forge: (at) =>
          rewrite(of(at, "bakery-1"), (events) => events.map((event) => ({ ...event, time: earlier(event.time) }))),
        found: ["time", "replaced", "replaced, the day's document"],
      },
      {
        as: "in the lines and the beginning, and the folder moved",
        forge: (at) => {
          const folder = of(at, "bakery-1");
          rewrite(folder, (events) =>
            events.map((event) => ({
              ...withHeader(event, (header) => ({ ...header, startedAt: earlier(header.startedAt) })),
              time: earlier(event.time),
            })),
          );
          const began = readStarted(eventsOf(folder)[0]?.data ?? null)?.header.startedAt ?? "";
          const to = runFolder(at.root, "bakery-1", new Date(began));
          mkdirSync(dirname(to), { recursive: true });
          renameSync(folder, to);
        },
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
    ],
  },
  {
    what: "a picture replaced, its hash mended everywhere",
    variants: [
      {
        forge: (at) => {
          const folder = of(at, "bakery-1");
          const { path } = firstPicture(folder);
          const other = Buffer.concat([readFileSync(join(folder, path)), Buffer.from("other")]);
          writeFileSync(join(folder, path), other);
          const entry = { path, sha256: sha256(other), bytes: other.length };
          rewrite(folder, (events) =>
            events.map((event) =>
              readFileEntry(event.data)?.path === path
                ? { ...event, data: { ...asObject(event.data), ...entry } }
                : event,
            ),
          );
        },
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
    ],
  },
  {
    what: "a picture deleted, with a forged tombstone",
    variants: [
      {
        as: "by the rule that is in force, dated today",
        forge: (at) => forgedTombstone(of(at, "bakery-1"), `picturesAfter ${PICTURES_AFTER} ms`, "age", 0),
        found: ["missing picture", "unlisted hold or deletion", "unlisted hold or deletion, the day's document"],
      },
      {
        as: "the same, dated when the rule allows it",
        forge: (at) => forgedTombstone(of(at, "bakery-1"), `picturesAfter ${PICTURES_AFTER} ms`, "age", 31),
        found: ["nothing", "nothing", "missing picture"],
      },
      {
        as: "by a rule made up for it",
        forge: (at) => forgedTombstone(of(at, "bakery-1"), "maxBytes 1", "size", 0),
        found: ["missing picture", "unlisted hold or deletion", "unlisted hold or deletion, the day's document"],
      },
    ],
  },
  {
    what: "a hold removed",
    variants: [
      {
        as: "its file deleted",
        forge: (at) => rmSync(join(of(at, "held"), "retention.jsonl")),
        found: ["nothing", "cut-off hold or deletion", "cut-off hold or deletion, the day's document"],
      },
      {
        as: "a release forged on the same day",
        forge: (at) => {
          const folder = of(at, "held");
          const last = retentionOf(folder).at(-1);
          if (!last) throw new Error("no hold");
          const line = nextEvent(last, new Date(last.time), "released", { by: "會計", why: "結束" });
          appendFileSync(join(folder, "retention.jsonl"), lineOf(line));
        },
        found: ["nothing", "unlisted hold or deletion", "unlisted hold or deletion, the day's document"],
      },
    ],
  },
  {
    what: "a picture that leads elsewhere",
    variants: [
      { as: "a symbolic link", forge: relink(symlinkSync), found: ["odd picture", "odd picture", "odd picture"] },
      { as: "a second name", forge: relink(linkSync), found: ["odd picture", "odd picture", "odd picture"] },
    ],
  },
  {
    what: "a forged row in `chain_heads`, the record left as it is",
    variants: [
      {
        forge: () => undefined,
        inDatabase: async ({ store }) => {
          await store
            .updateTable("chain_heads")
            .set({ hash: sha256("forged") })
            .where("run_id", "=", "bakery-1")
            .execute();
        },
        found: ["nothing", "database: head", "database: head, the day's document"],
      },
    ],
  },
  {
    what: "another company's run in the place of one, and its outcome",
    variants: [
      {
        as: "the company",
        forge: (at) =>
          rewrite(of(at, "florist-1"), (events) =>
            events.map((event) => withHeader(event, (header) => ({ ...header, company: COMPANIES.bakery }))),
          ),
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
      {
        as: "the outcome in run.json and the database alone",
        forge: (at) => {
          const file = join(of(at, "bakery-1"), "run.json");
          writeFileSync(file, readFileSync(file, "utf8").replace('"outcome": "done"', '"outcome": "failed"'));
        },
        found: ["changed", "changed", "changed"],
      },
      {
        as: "the outcome everywhere",
        forge: (at) =>
          rewrite(of(at, "bakery-1"), (events) =>
            events.map((event) =>
              event.type === "run-ended" ? { ...event, data: { ...asObject(event.data), outcome: "failed" } } : event,
            ),
          ),
        found: ["nothing", "replaced", "replaced, the day's document"],
      },
      {
        as: "the outcome in the database alone",
        forge: () => undefined,
        inDatabase: async ({ store }) => {
          await store.updateTable("runs").set({ outcome: "failed" }).where("id", "=", "bakery-1").execute();
        },
        found: ["nothing", "differs: outcome", "differs: outcome"],
      },
    ],
  },
];

const asObject = (json: Json) => z.record(z.string(), z.json()).parse(json);
