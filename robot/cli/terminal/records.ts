import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { Config } from "../../config/schema.ts";
import { openStore, type Store } from "../../store/store.ts";
import { Failure } from "../../failures/failure.ts";
import type { Head } from "../../recording/format/chain.ts";
import { keptHeads } from "../../recording/verification/heads.ts";
import { readRecord, type RunRecord } from "../../recording/format/read.ts";
import { allRecords, isRecord } from "../../recording/format/records.ts";
import { storeConfigOf } from "../../app/store-config.ts";

/**
 * The folder of one run, by its id or by its path.
 * @throws Failure `wrong-use` when there is none
 */
export async function recordFolder({ recordings }: Config, target: string): Promise<string> {
  if (isRecord(target)) return resolve(target);
  const folder = (await allRecords(recordings.folder)).find((one) => basename(one) === target);
  if (folder !== undefined) return folder;
  throw new Failure("wrong-use", {
    wanted: `執行 ${target}`,
    seen: `${recordings.folder} 裡沒有這個紀錄，請用 runs 列出`,
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

/** Heads that the run database keeps, by run. */
export type KeptHeads = ReadonlyMap<string, readonly Head[]>;

/**
 * The heads that the run database keeps: of all runs, or of one.
 * @returns null when there is no database, or it can't be read now: a record can be verified without it, if not as well
 */
export async function headsKept(config: Config, runId?: string): Promise<KeptHeads | null> {
  if (config.store.kind === "sqlite" && !existsSync(config.store.file)) return null;
  try {
    return await withStore(config, (store) => keptHeads(store, runId));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
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
