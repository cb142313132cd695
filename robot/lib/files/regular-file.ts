import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { sha256 } from "../hash.ts";

/** What stands where a file of ours should be: a link (symbolic, or a second name of one file), or a pipe, socket, device. */
export type Oddity = "link" | "special";

/** There is something else than a plain file of its own. */
export class NotRegular extends Error {
  override readonly name = "NotRegular";
  readonly path: string;
  readonly oddity: Oddity;

  constructor(path: string, oddity: Oddity) {
    super(
      oddity === "link"
        ? `${path} should be a file of its own, but is a link or has a second name.`
        : `${path} should be a file, but is a pipe, a socket, a device or a folder.`,
    );
    this.path = path;
    this.oddity = oddity;
  }
}

/** A file holds more than it may. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  readonly path: string;

  constructor(path: string, bytes: number, atMost: number) {
    super(`${path} has ${bytes} bytes; at most ${atMost} are read.`);
    this.path = path;
  }
}

/** No right document, log or list of events comes near (bytes). */
export const LARGEST_READ = 512 * 1024 * 1024;

// A pipe that nobody writes to would be waited for without end. Windows knows neither; there a link is seen by `lstat` alone.
const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** What is odd about what stands there; null for a plain file with one name. @throws ENOENT */
export async function oddityOf(path: string): Promise<Oddity | null> {
  return judge(await lstat(path));
}

function judge(stats: { isFile(): boolean; isSymbolicLink(): boolean; nlink: number }): Oddity | null {
  if (stats.isSymbolicLink()) return "link";
  if (!stats.isFile()) return "special";
  return stats.nlink > 1 ? "link" : null;
}

/** What is under a folder: the files' paths relative to it with `/`, sorted, and those that are no files, in the same way. */
export async function filesAndOddities(
  folder: string,
): Promise<{ readonly files: readonly string[]; readonly odd: readonly (readonly [path: string, oddity: Oddity])[] }> {
  const files: string[] = [];
  const odd: [string, Oddity][] = [];
  // What a link points to is not gone into.
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (entry.isFile()) files.push(path);
    else odd.push([path, entry.isSymbolicLink() ? "link" : "special"]);
  }
  return { files: files.sort(), odd: odd.sort(([a], [b]) => (a < b ? -1 : 1)) };
}

/**
 * Opens a plain file for reading: never what a link points to, never a pipe or a device, and no file that has a second name elsewhere.
 * @throws NotRegular; ENOENT
 */
export async function withRegular<T>(path: string, use: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const before = await oddityOf(path);
  if (before !== null) throw new NotRegular(path, before);
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") throw new NotRegular(path, "link");
    throw error;
  });
  try {
    // Another may stand there since; what was opened counts.
    const stats = await file.stat();
    const oddity = judge(stats);
    if (oddity !== null) throw new NotRegular(path, oddity);
    return await use(file, stats.size);
  } finally {
    await file.close();
  }
}

/**
 * The bytes of a plain file.
 * @throws NotRegular, TooLarge; ENOENT
 */
export async function readRegular(path: string, atMost: number = LARGEST_READ): Promise<Buffer> {
  return withRegular(path, async (file, bytes) => {
    if (bytes > atMost) throw new TooLarge(path, bytes, atMost);
    return file.readFile();
  });
}

/** Files up to this size are hashed in one piece, which is several times quicker for the small ones (bytes). */
const IN_ONE_PIECE = 4 * 1024 * 1024;

/**
 * SHA-256 of a plain file, which is not read at all where its size says already that it can't be the one that is wanted.
 * @param wanted its size where that is known (bytes)
 * @returns null where the size is another one
 * @throws NotRegular; ENOENT
 */
export async function hashOfRegular(path: string, wanted: number): Promise<string | null> {
  return withRegular(path, async (file, bytes) => {
    if (bytes !== wanted) return null;
    if (bytes <= IN_ONE_PIECE) return sha256(await file.readFile());
    const hash = createHash("sha256");
    for await (const piece of file.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 })) {
      if (piece instanceof Buffer) hash.update(piece);
    }
    return hash.digest("hex");
  });
}
