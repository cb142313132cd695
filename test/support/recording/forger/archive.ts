import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verify } from "../../../../robot/cli/commands/recordings/verify.ts";
import { Output } from "../../../../robot/cli/terminal/output.ts";
import { Failure } from "../../../../robot/failures/failure.ts";
import type { ConfigInput } from "../../../../robot/config/schema.ts";
import { changeHold } from "../../../../robot/recording/format/retention.ts";
import {
  closeDays,
  headsMessage,
  keepHead,
  keepRetentionHead,
} from "../../../../robot/recording/verification/heads.ts";
import { openRecorder, type Recorder, type RunHeader } from "../../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { openStore, type Store } from "../../../../robot/store/store.ts";
import { eventsOf } from "../recording-support.ts";
import { JPEG } from "../recording-samples.ts";

/** Records of a few runs as an installation has them after a day is over: folders, run database, and the mailed heads of that day. */
export interface Archive {
  readonly root: string;
  readonly store: Store;
  /** Files as they were attached to the mail. */
  readonly mailed: string;
  /** The installation's configuration, and one that knows the folders only. */
  readonly config: string;
  readonly foldersOnly: string;
  readonly folders: ReadonlyMap<RunName, string>;
}

export const RUNS = ["bakery-1", "bakery-2", "florist-1", "waiting", "held"] as const;
export type RunName = (typeof RUNS)[number];

export const COMPANIES = {
  bakery: { name: "麥香烘焙", ubn: "12345675" },
  florist: { name: "晨光花坊", ubn: "04595257" },
};
const DAY = 86_400_000;
/** Pictures may be deleted after this long (milliseconds). */
export const PICTURES_AFTER = 30 * DAY;

export function headerFor(runId: string, company: RunHeader["company"], startedAt = new Date()): RunHeader {
  return {
    runId,
    flow: "take-tracks",
    flowVersion: "1",
    title: "取號",
    company,
    input: { period: "11512", category: "07", books: 3 },
    startedBy: "schedule",
    startedAt: startedAt.toISOString(),
    versions: { robot: "0.1.0", node: process.version },
  };
}

/** What a run records: steps, pictures, what came of it. */
export async function work(recorder: Recorder, books: number): Promise<void> {
  await recorder.event("step.started", { step: "取號" });
  await recorder.picture("取號之前", JPEG, { step: "取號" });
  await recorder.event("effect.confirmed", { effect: "提交取號", key: "k", evidence: { books } });
  await recorder.picture("取號之後", Buffer.concat([JPEG, Buffer.alloc(64)]), { step: "取號" });
}

/** Notes a run in the database as the robot does. */
export async function noteRun(
  store: Store,
  header: RunHeader,
  recorder: Pick<Recorder, "folder" | "head">,
  outcome: string | null,
) {
  const at = new Date().toISOString();
  await store
    .insertInto("runs")
    .values({
      id: header.runId,
      engine_id: null,
      flow: header.flow,
      flow_version: 1,
      company: header.company.name,
      ubn: header.company.ubn,
      period: "11512",
      identity: header.runId,
      input: "{}",
      started_by: "schedule",
      state: outcome === null ? "waiting" : "ended",
      progress: null,
      waiting_until: null,
      outcome,
      failure: null,
      result: null,
      folder: recorder.folder,
      created_at: header.startedAt,
      updated_at: at,
      ended_at: outcome === null ? null : at,
    })
    .execute();
  await keepHead(store, header.runId, recorder.head, new Date());
}

/**
 * @param folder an empty one, for all of it
 * @param isClosed whether the day is over, and its document mailed
 */
export async function archive(folder: string, isClosed = true): Promise<Archive> {
  const root = join(folder, "recordings");
  const configOf = (name: string, store: string): string => {
    const config: ConfigInput = {
      portal: { address: "http://127.0.0.1:1" },
      companies: [COMPANIES.bakery, COMPANIES.florist],
      store: { file: join(folder, store) },
      recordings: { folder: root, retention: { picturesAfter: "30d" } },
    };
    writeFileSync(join(folder, name), JSON.stringify(config));
    return join(folder, name);
  };
  const store = await openStore({ kind: "sqlite", file: join(folder, "robot.sqlite") });
  const folders = new Map<RunName, string>();
  for (const [index, name] of RUNS.entries()) {
    const header = headerFor(name, name.startsWith("florist") ? COMPANIES.florist : COMPANIES.bakery);
    const recorder = await openRecorder({ root, header, redactor: new Redactor() });
    await work(recorder, index + 1);
    await (name === "waiting" ? recorder.suspend() : recorder.end({ outcome: "done" }));
    await noteRun(store, header, recorder, name === "waiting" ? null : "done");
    folders.set(name, recorder.folder);
  }
  const held = folders.get("held") ?? "";
  const place = { root, folder: held, runId: "held", first: eventsOf(held)[0]?.hash ?? "" };
  await changeHold(place, { held: true, by: "會計", why: "國稅局調閱" }, (head) =>
    keepRetentionHead(store, "held", head, new Date()),
  );
  const mailed = join(folder, "mailed");
  mkdirSync(mailed);
  const days = isClosed ? await closeDays(store, new Date(Date.now() + 2 * DAY)) : [];
  for (const day of days) {
    for (const { name, bytes } of headsMessage(day).attachments) writeFileSync(join(mailed, name), bytes);
  }
  return {
    root,
    store,
    mailed,
    config: configOf("robot.config.json", "robot.sqlite"),
    foldersOnly: configOf("folders.config.json", "none.sqlite"),
    folders,
  };
}

/** What the records are held against. */
export type HeldAgainst = "folder" | "database" | "mailed";

/** What `verify --all` finds, in a few words: the kinds of problems and of what; "nothing" where it finds none. */
export async function found(at: Archive, against: HeldAgainst): Promise<string> {
  const options = {
    all: true,
    config: against === "folder" ? at.foldersOnly : at.config,
    ...(against === "mailed" ? { heads: at.mailed } : {}),
  };
  const answer = await verify(undefined, options, new Output({ json: true, language: "en" })).catch(
    (error: unknown) => {
      if (error instanceof Failure) throw new Error(`${error.code}: ${error.message}`, { cause: error });
      throw error;
    },
  );
  const { runs, documents } = JSON.parse(JSON.stringify(answer.data));
  const kinds = runs.flatMap((run: { problem?: { kind: string; what?: string; file: string } }) =>
    run.problem ? [wordOf(run.problem)] : [],
  );
  const all = [...new Set<string>(kinds), ...(documents.problems.length > 0 ? ["the day's document"] : [])];
  if (all.length > 0 !== (answer.exit === 1)) throw new Error("The exit code and the verdicts say different things.");
  return all.length === 0 ? "nothing" : all.join(", ");
}

function wordOf({ kind, what, file }: { kind: string; what?: string; file: string }): string {
  if (what !== undefined) return `${kind}: ${what}`;
  const place = file.includes("pictures/") ? " picture" : file.endsWith("retention.jsonl") ? " hold or deletion" : "";
  return `${kind}${place}`;
}
