import { createReadStream } from "node:fs";
import { lstat, mkdir, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, type GivenFile } from "../../engine/flow.ts";
import { checkFile, type FileCheck, type FileFormats } from "../../invoicing/file-recognition.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import { fingerprint, safeFileName } from "../../lib/files/durable-files.ts";
import { exclusively } from "../../lib/files/exclusive.ts";
import type { ConsoleContext } from "./console-context.ts";
import { sha256 } from "../../lib/hash.ts";

const HASH = /^[0-9a-f]{64}$/;

/** A file that a person handed over in the browser: named by its content, so that a page can't name any other file of this machine. */
export interface HandedOver {
  readonly sha256: string;
  readonly name: string;
}

/**
 * Keeps a file under the hash of its bytes.
 * @throws Failure `wrong-use` where there is no room for it among those that wait already
 */
export async function keepUpload(world: ConsoleContext, file: File): Promise<HandedOver> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const handed = { sha256: sha256(bytes), name: safeFileName(file.name) };
  const { uploads, uploadsMaxBytes } = world.config().console;
  const keep = async (): Promise<HandedOver> => {
    const waiting = await forgetOld(world);
    if (waiting + bytes.length > uploadsMaxBytes) {
      const seen = `等著用的上傳檔案已有 ${megabytes(waiting)} MB，上限 ${megabytes(uploadsMaxBytes)} MB（設定 console.uploadsMaxBytes）；請先執行或等舊的到期`;
      throw new Failure("wrong-use", { wanted: `收下 ${handed.name}（${megabytes(bytes.length)} MB）`, seen });
    }
    await mkdir(join(uploads, handed.sha256), { recursive: true, mode: 0o700 });
    await writeFile(pathOf(world, handed), bytes, { mode: 0o600 });
    return handed;
  };
  // Counted and written as one act: of many at once none gets past the limit.
  return alone(world, keep);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** The kept file as a flow takes it. @throws Failure `file-invalid` when it is gone or is another one */
export async function givenFileOf(world: ConsoleContext, handed: HandedOver): Promise<GivenFile> {
  const path = pathOf(world, handed);
  const there = await fingerprint(path).catch(() => null);
  if (there?.sha256 !== handed.sha256) {
    throw new Failure("file-invalid", { wanted: handed.name, seen: "檔案已不在，請重新選擇檔案" });
  }
  return { path, sha256: handed.sha256 };
}

/**
 * What the file is and everything that is wrong with it: what `files check` says. One with a secret in it is not kept.
 * @throws Failure `file-invalid` when it is gone
 */
export async function checkUpload(
  world: ConsoleContext,
  handed: HandedOver,
  formats: FileFormats = world.config().files,
): Promise<FileCheck> {
  const { path } = await givenFileOf(world, handed);
  const check = await checkFile(await uploadSource(world, handed), formats);
  if (check.faults.some(({ code }) => code === "secret-in-file")) await rm(path, { force: true });
  return check;
}

/** The kept file, to be read. @throws Failure `file-invalid` when it is gone */
export async function uploadSource(world: ConsoleContext, handed: HandedOver): Promise<FileSource> {
  const { path } = await givenFileOf(world, handed);
  return {
    name: handed.name,
    async *read() {
      for await (const piece of createReadStream(path)) if (piece instanceof Uint8Array) yield piece;
    },
  };
}

function pathOf(world: ConsoleContext, { sha256, name }: HandedOver): string {
  if (!HASH.test(sha256) || safeFileName(name) !== name) {
    throw new Failure("wrong-use", { wanted: "先前選的檔案", seen: name });
  }
  return join(world.config().console.uploads, sha256, name);
}

/** Deletes what has waited too long; may be done at any time. */
export async function forgetOldUploads(world: ConsoleContext): Promise<void> {
  await alone(world, () => forgetOld(world));
}

async function alone<T>(world: ConsoleContext, work: () => Promise<T>): Promise<T> {
  const { uploads } = world.config().console;
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  const busy = (): Failure => new Failure("wrong-use", { wanted: "收下檔案", seen: "同時太多人上傳，請再試一次" });
  return exclusively(join(uploads, "uploads"), work, busy);
}

/** @returns bytes of what is left */
async function forgetOld(world: ConsoleContext): Promise<number> {
  const { uploads, uploadsKept } = world.config().console;
  const now = world.now().getTime();
  let left = 0;
  for (const sha256 of await readdir(uploads).catch(() => [])) {
    if (!HASH.test(sha256)) continue;
    const folder = join(uploads, sha256);
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const at = await lstat(path).catch(() => null);
      if (at && now - at.mtimeMs > uploadsKept) await rm(path, { recursive: true, force: true });
      else left += at?.size ?? 0;
    }
    // Only where nothing is left in it.
    await rmdir(folder).catch(() => undefined);
  }
  return left;
}
