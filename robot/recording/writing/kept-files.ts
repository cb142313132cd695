import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { SavedFileKind, Files, SavedFile } from "../../engine/flow.ts";
import { isPeriod, type Period } from "../../invoicing/values/period.ts";
import { now, type Store } from "../../store/store.ts";
import { Failure } from "../../failures/failure.ts";
import type { Recorder } from "./recorder.ts";
import { sha256 } from "../../lib/hash.ts";

/** Keeps a run's files in its record, and knows which of all kept files are which. */
export function keptFiles(store: Store, recorder: Recorder, run: { id: string; ubn: string }): Files {
  const save: Files["save"] = async (name, bytes, { origin, direction = "in", ...about }) => {
    const kept = await recorder.file(name, bytes, { direction, origin, ...about });
    return { name: kept.name, path: join(recorder.folder, kept.path), sha256: kept.sha256 };
  };
  return {
    async bring({ path, sha256: wanted }, about = {}) {
      const bytes = await readFile(path).catch(() => null);
      if (bytes === null) throw new Failure("file-invalid", { wanted: path, seen: "檔案不見了，或不能讀取" });
      if (sha256(bytes) !== wanted) {
        throw new Failure("file-invalid", { wanted: path, seen: "檔案在排入之後被改過；請再執行一次，改用新的內容" });
      }
      return save(basename(path), bytes, { origin: `使用者提供：${path}`, ...about });
    },
    save,
    async know(file, is) {
      const about = { ...is, run_id: run.id, ubn: run.ubn, at: now() };
      await store
        .insertInto("files")
        .values({ ...file, ...about })
        .onConflict((oc) => oc.column("path").doUpdateSet(about))
        .execute();
    },
    find: (is) => findKept(store, run.ubn, is),
    uploadsBefore: (period, atMost) => confirmedUploads(store, run.ubn, period, atMost),
    async winnersOf(period) {
      const rows = await store
        .selectFrom("files")
        .select("category")
        .distinct()
        .where("ubn", "=", run.ubn)
        .where("kind", "=", "winning-csv")
        .where("period", "=", period)
        .orderBy("category")
        .execute();
      const kept: SavedFile[] = [];
      for (const { category } of rows) {
        const file = await findKept(store, run.ubn, { kind: "winning-csv", period, category });
        if (file) kept.push(file);
      }
      return kept;
    },
    async read(file) {
      const bytes = await readFile(file.path).catch(() => null);
      if (bytes === null || sha256(bytes) !== file.sha256) {
        throw new Failure("download-broken", {
          wanted: file.path,
          seen: bytes === null ? "檔案不見了" : "內容和保存時不同",
        });
      }
      return bytes;
    },
  };
}

/** The newest kept file of this kind for a company whose bytes are still as they were; null when there is none. */
export async function findKept(
  store: Store,
  ubn: string,
  { kind, period, category }: SavedFileKind,
): Promise<SavedFile | null> {
  const rows = await store
    .selectFrom("files")
    .select(["name", "path", "sha256"])
    .where("ubn", "=", ubn)
    .where("kind", "=", kind)
    .where("period", "=", period)
    .where("category", "=", category)
    .orderBy("at", "desc")
    .execute();
  for (const row of rows) if ((await hashOf(row.path)) === row.sha256) return row;
  return null;
}

/** Uploads of blank numbers that the portal proved, the newest of each period before this one. */
export async function confirmedUploads(
  store: Store,
  ubn: string,
  before: Period,
  atMost: number,
): Promise<{ period: Period; file: SavedFile }[]> {
  const rows = await store
    .selectFrom("files")
    .select(["name", "path", "sha256", "period"])
    .where("ubn", "=", ubn)
    .where("kind", "=", "blank-upload")
    .orderBy("at", "desc")
    .execute();
  const found = new Map<Period, SavedFile>();
  // Codes of periods compare as texts: three digits of the year, two of the month.
  for (const { period, ...file } of rows.toSorted((a, b) => (a.period < b.period ? 1 : -1))) {
    if (found.size >= atMost) break;
    if (!isPeriod(period) || period >= before || found.has(period)) continue;
    const proved = await store
      .selectFrom("effects")
      .select("key")
      .where("key", "like", `${ubn}|%|${period}|${file.sha256}`)
      .where("status", "in", ["confirmed", "already-done"])
      .executeTakeFirst();
    if (proved && (await hashOf(file.path)) === file.sha256) found.set(period, file);
  }
  return Array.from(found, ([period, file]) => ({ period, file }));
}

async function hashOf(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => null);
  return bytes === null ? null : sha256(bytes);
}
