import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EVENTS, RUN } from "../../lib/files/durable-files.ts";

/** Either is enough to know a run's folder by, so that a record whose other half was taken away is still found. */
const MARKS_OF_A_RUN: readonly string[] = [EVENTS, RUN];

/** Whether a folder is, or was, that of a run. */
export function isRecordFolder(folder: string): boolean {
  return MARKS_OF_A_RUN.some((name) => existsSync(join(folder, name)));
}

/** The folders of all runs recorded under this one, oldest first. */
export async function allRecords(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const folders = names
    // Also a link in its place: that is found out when the record is verified.
    .filter((entry) => !entry.isDirectory() && MARKS_OF_A_RUN.includes(entry.name))
    .map((entry) => entry.parentPath);
  return [...new Set(folders)].sort();
}
