import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, type GivenFile } from "../../engine/flow.ts";
import { checkFile, type FileCheck } from "../../invoicing/recognise.ts";
import type { FileSource } from "../../invoicing/reading/table.ts";
import { fingerprint, safeFileName } from "../../lib/durable-files.ts";
import type { ConsoleWorld } from "./world.ts";

/** How long a file waits for its run, in milliseconds; a run takes it into its record with its first step. */
const KEEP_MS = 30 * 86_400_000;

/** A file that somebody handed over in the browser: named by its content, so that a page can't name any other file of this machine. */
export interface HandedOver {
  readonly sha256: string;
  readonly name: string;
}

/** Keeps a file under the hash of its bytes. */
export async function keepUpload(world: ConsoleWorld, file: File): Promise<HandedOver> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const handed = { sha256: createHash("sha256").update(bytes).digest("hex"), name: safeFileName(file.name) };
  const { uploads } = world.config().console;
  await forgetOld(uploads, world.now());
  await mkdir(join(uploads, handed.sha256), { recursive: true, mode: 0o700 });
  await writeFile(pathOf(world, handed), bytes, { mode: 0o600 });
  return handed;
}

/** The kept file as a flow takes it. @throws Failure `file-invalid` when it is gone or is another one */
export async function givenFileOf(world: ConsoleWorld, handed: HandedOver): Promise<GivenFile> {
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
export async function checkUpload(world: ConsoleWorld, handed: HandedOver): Promise<FileCheck> {
  const { path } = await givenFileOf(world, handed);
  const source: FileSource = {
    name: handed.name,
    async *read() {
      for await (const piece of createReadStream(path)) if (piece instanceof Uint8Array) yield piece;
    },
  };
  const check = await checkFile(source, world.config().files);
  if (check.faults.some(({ code }) => code === "secret-in-file")) await rm(path, { force: true });
  return check;
}

function pathOf(world: ConsoleWorld, { sha256, name }: HandedOver): string {
  if (!/^[0-9a-f]{64}$/.test(sha256) || safeFileName(name) !== name) {
    throw new Failure("wrong-use", { wanted: "先前選的檔案", seen: name });
  }
  return join(world.config().console.uploads, sha256, name);
}

async function forgetOld(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const at = await stat(path).catch(() => null);
    if (at && now.getTime() - at.mtimeMs > KEEP_MS) await rm(path, { recursive: true, force: true });
  }
}
