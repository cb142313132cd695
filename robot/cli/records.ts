import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Config } from "../config/schema.ts";
import { Failure } from "../failures.ts";
import { readRecord, type RunRecord } from "../recording/read.ts";

/** Either is enough to know a run's folder by, so that a record whose other half was taken away is still found. */
const MARKS_OF_A_RUN = ["events.jsonl", "run.json"];

/** The folders of all recorded runs, oldest first. */
export async function allRecords(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = names
    .filter((entry) => entry.isFile() && MARKS_OF_A_RUN.includes(entry.name))
    .map((entry) => entry.parentPath);
  return [...new Set(folders)].sort();
}

/**
 * The folder of one run, by its id or by its path.
 * @throws Failure `wrong-use` when there is none
 */
export async function recordFolder({ recordings }: Config, target: string): Promise<string> {
  if (MARKS_OF_A_RUN.some((name) => existsSync(join(target, name)))) return resolve(target);
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
