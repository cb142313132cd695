import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Config } from "../../config/schema.ts";
import { openStore, type Store } from "../../store/store.ts";
import { Failure } from "../../failures/failure.ts";
import { type DatabaseFacts, type Elsewhere, elsewhere, factsIn } from "../../recording/verification/elsewhere.ts";
import type { GivenDocument } from "../../recording/verification/given.ts";
import { readRecord, type RunRecord } from "../../recording/format/read.ts";
import { allRecords, isRecordFolder } from "../../recording/format/records.ts";
import { storeConfigOf } from "../../app/store-config.ts";

/**
 * The folder of one run, by its id or by its path.
 * @throws Failure `wrong-use` when there is none
 */
export async function recordFolder({ recordings }: Config, target: string): Promise<string> {
  if (isRecordFolder(target)) return resolve(target);
  const folder = (await allRecords(recordings.folder)).find((one) => basename(one) === target);
  if (folder !== undefined) return folder;
  throw new Failure("wrong-use", {
    wanted: `執行 ${target}`,
    seen: `${recordings.folder} 裡沒有這個紀錄，請用 runs 列出`,
    en: { wanted: `run ${target}`, seen: `no such record in ${recordings.folder}; runs lists them` },
  });
}

/**
 * The record of one run, for showing it.
 * @throws Failure `wrong-use` when there is none, `record-damaged` when nothing tells any more which run it was
 */
export async function recordOf(config: Config, target: string): Promise<RunRecord> {
  const folder = await recordFolder(config, target);
  const record = await readRecord(folder);
  if (record === null) throw new Failure("record-damaged", { wanted: folder, seen: "run.json 和第一個事件都讀不出來" });
  return record;
}

/**
 * What the run database knows of the records: of all runs, or of one.
 * @returns null when there is no database, or it can't be read now: a record can be verified without it, if not as well
 */
export async function factsKept(config: Config, runId?: string): Promise<DatabaseFacts | null> {
  if (config.store.kind === "sqlite" && !existsSync(config.store.file)) return null;
  try {
    return await withStore(config, (store) => factsIn(store, runId));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** What is known of the records outside their folders. @param given the documents that were kept elsewhere */
export function knownElsewhere(
  { recordings }: Config,
  facts: DatabaseFacts | null,
  given: readonly GivenDocument[] = [],
): Elsewhere {
  return elsewhere(facts, given, { root: recordings.folder, rules: recordings.retention });
}

/** @throws Failure `store-unavailable` */
export async function withStore<T>(config: Config, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(await storeConfigOf(config));
  try {
    return await use(store);
  } finally {
    await store.destroy();
  }
}
