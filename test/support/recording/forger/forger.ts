import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type EventLine, lineOf, nextEvent, NO_EVENTS, parseLine } from "../../../../robot/recording/format/chain.ts";
import { sha256 } from "../../../../robot/lib/hash.ts";
import {
  documentText,
  type FileEntry,
  readEnded,
  readFileEntry,
  readStarted,
  sealManifest,
} from "../../../../robot/recording/format/documents.ts";
import { allRecords } from "../../../../robot/recording/format/records.ts";
import { closeDays, keepRetentionHead } from "../../../../robot/recording/verification/heads.ts";
import type { Json } from "../../../../robot/lib/json.ts";
import { eventsOf } from "../recording-support.ts";
import type { Archive } from "./archive.ts";

/** A forger who knows the format, may write everywhere on the machine, and leaves everything there in agreement with itself. */

/** One event as the forger wants it to be. */
export interface Wanted {
  readonly time: string;
  readonly type: string;
  readonly data: Json;
}

/** Writes a run with these events in the place of the one that is there, its chain, manifest and `run.json` made to fit. */
export function rewrite(folder: string, change: (events: readonly EventLine[]) => readonly Wanted[]): void {
  const lines: EventLine[] = [];
  for (const { time, type, data } of change(eventsOf(folder)))
    lines.push(nextEvent(lines.at(-1) ?? NO_EVENTS, new Date(time), type, data));
  const text = lines.map(lineOf).join("");
  writeFileSync(join(folder, "events.jsonl"), text);
  const [first] = lines;
  const started = first ? readStarted(first.data) : null;
  if (started === null) throw new Error("no beginning");
  const last = lines.at(-1);
  const ended = last?.type === "run-ended" ? readEnded(last.data) : null;
  const run = documentText({ ...started, ended: ended && last ? { ...ended, at: last.time, event: last.seq } : null });
  writeFileSync(join(folder, "run.json"), run);
  const manifest = join(folder, "manifest.json");
  if (!ended || !last) return rmSync(manifest, { force: true });
  const files = new Map<string, FileEntry>();
  for (const { data } of lines) {
    const entry = readFileEntry(data);
    if (entry) files.set(entry.path, entry);
  }
  for (const [path, bytes] of [["events.jsonl", text] as const, ["run.json", run] as const])
    files.set(path, { path, sha256: sha256(bytes), bytes: Buffer.byteLength(bytes) });
  const sealed = sealManifest({
    format: 1,
    runId: started.header.runId,
    chain: { events: last.seq, head: last.hash },
    files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    writtenAt: last.time,
  });
  writeFileSync(manifest, documentText(sealed));
}

/** Makes the run database say what the folders say: runs, heads, holds and deletions. The documents of the days stay. */
export async function alignDatabase({ root, store }: Archive): Promise<void> {
  const folders = await allRecords(root);
  const names = folders.map((folder) => basename(folder));
  for (const table of ["chain_heads", "retention_heads"] as const)
    await store.deleteFrom(table).where("run_id", "not in", names).execute();
  await store.deleteFrom("runs").where("id", "not in", names).execute();
  for (const folder of folders) {
    const run_id = basename(folder);
    const events = eventsOf(folder);
    const [first, last] = [events[0], events.at(-1)];
    const header = first ? readStarted(first.data)?.header : null;
    if (!header || !last) throw new Error("no run");
    const ended = last.type === "run-ended" ? readEnded(last.data) : null;
    await store
      .updateTable("runs")
      .set({
        ubn: header.company.ubn,
        created_at: header.startedAt,
        folder,
        state: ended ? "ended" : "waiting",
        outcome: ended?.outcome ?? null,
        ended_at: ended ? last.time : null,
      })
      .where("id", "=", run_id)
      .execute();
    await store
      .updateTable("chain_heads")
      .set({ events: last.seq, hash: last.hash })
      .where("run_id", "=", run_id)
      .execute();
    await store.deleteFrom("retention_heads").where("run_id", "=", run_id).execute();
    const line = retentionOf(folder).at(-1);
    if (line) await keepRetentionHead(store, run_id, line, new Date(line.time));
  }
}

/** Makes the documents of the days again of what the database says now. */
export async function remakeDocuments({ store }: Archive): Promise<void> {
  const mailed_at = new Date().toISOString();
  await store.deleteFrom("head_days").execute();
  await closeDays(store, new Date(Date.now() + 2 * 86_400_000));
  await store.updateTable("head_days").set({ mailed_at }).execute();
}

export function retentionOf(folder: string): EventLine[] {
  const file = join(folder, "retention.jsonl");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .flatMap((line) => {
      const parsed = parseLine(line);
      return parsed.ok ? [parsed.event] : [];
    });
}

/** The first picture of a run, as its event names it. */
export function firstPicture(folder: string): FileEntry {
  const [name] = readdirSync(join(folder, "pictures")).sort();
  for (const { data } of eventsOf(folder)) {
    const entry = readFileEntry(data);
    if (entry?.path === `pictures/${name ?? ""}`) return entry;
  }
  throw new Error("no picture");
}
