import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** Names inside the folder of a run. Paths in records are relative to it and written with `/` on every system. */
export const EVENTS = "events.jsonl";
export const RUN = "run.json";
export const MANIFEST = "manifest.json";
export const QUARANTINE = "QUARANTINE.json";
export const RETENTION = "retention.jsonl";
export const PICTURES = "pictures";
export const FILES = "files";
export const TRACES = "traces";

/** Beside the runs: locks and half-written files, so that a run's folder holds evidence only. */
export const WORK = ".work";

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * The folder of a run: `<root>/<yyyy>/<mm>/<dd>/<run id>`, by the date in Taiwan when it was started.
 * @throws RangeError when the run id is no plain name
 */
export function runFolder(root: string, runId: string, startedAt: Date): string {
  if (!RUN_ID.test(runId)) throw new RangeError(`A run id is letters, digits, ".", "_" and "-", not "${runId}".`);
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Taipei", dateStyle: "short" }).format(startedAt);
  return join(root, ...day.split("-"), runId);
}

/** The place for locks and half-written files under the root of the recordings; made when it is not there. */
export async function workFolder(root: string): Promise<string> {
  const folder = join(root, WORK);
  await makeFolder(folder);
  return folder;
}

/** Recordings are for the account that runs the robot, and for nobody else on the machine. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Node says ENOENT of a read-only disk here. What is true of the folder that is there says it better.
    await access(await nearest(folder), constants.W_OK);
    throw error;
  }
}

/** The folder itself, or the one nearest above it that is there. */
async function nearest(folder: string): Promise<string> {
  const there = await stat(folder).catch(() => null);
  return there !== null || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** Writes a new file so that it is on the disk when the promise resolves. An existing file is an error. */
export async function writeDurably(folder: string, name: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(join(folder, name), "wx", 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncFolder(folder);
}

/** Replaces a file as a whole: a reader or a crash sees the old one or the new one, never a part. */
export async function replaceDurably(root: string, folder: string, name: string, text: string): Promise<void> {
  const work = await workFolder(root);
  const part = `${randomUUID()}.part`;
  try {
    await writeDurably(work, part, text);
    await rename(join(work, part), join(folder, name));
  } catch (error) {
    await rm(join(work, part), { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes names in a folder durable. Windows can't open folders and does it by itself. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Every file under a folder, as paths relative to it with `/`, sorted. Links and other oddities are listed as they are. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** SHA-256 and size of a file, read in pieces. */
export async function fingerprint(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of createReadStream(path)) {
    if (!(piece instanceof Buffer)) continue;
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest("hex"), bytes };
}

const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Longest name in bytes of UTF-8: file systems stop at 255, and a number goes before it. */
const LONGEST_NAME = 180;

/**
 * A name that every system takes as a file's: no folders, no control or reserved characters, not too long, with its ending kept.
 * Chinese stays as it is.
 */
export function safeFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{C}<>:"/\\|?*]+/gu, "_")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const named = plain === "" ? "file" : plain.replace(RESERVED_ON_WINDOWS, "$&_");
  const ending = /\.[A-Za-z0-9]{1,10}$/.exec(named)?.[0] ?? "";
  let stem = named.slice(0, named.length - ending.length);
  while (Buffer.byteLength(stem + ending) > LONGEST_NAME) stem = stem.replace(/.$/su, "");
  return stem + ending;
}

/** The number that begins the name of a picture or file: the event that tells of it. */
export function numbered(seq: number, name: string): string {
  return `${String(seq).padStart(4, "0")}-${safeFileName(name)}`;
}
