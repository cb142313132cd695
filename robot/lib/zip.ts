import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { buffer } from "node:stream/consumers";
import { fromBufferPromise, openPromise } from "yauzl";
import { ZipFile } from "yazl";

export interface ZipMember {
  readonly name: string;
  /** Size when unpacked, as the zip claims; reading fails when that is a lie. */
  readonly bytes: number;
  readonly read: () => Promise<Buffer>;
  /** Its bytes piece by piece, for what may be large. */
  readonly stream: () => Promise<Readable>;
}

/** A file that is no zip, or not whole, or not what it claims to be. */
export class ZipError extends Error {
  override readonly name = "ZipError";
}

async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ZipError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Opens a zip, hands over its members (folders left out) and closes it again. @throws ZipError */
export async function withZip<T>(zip: string | Buffer, use: (members: readonly ZipMember[]) => Promise<T>): Promise<T> {
  const options = { lazyEntries: true, autoClose: false };
  const file = await reading(() =>
    typeof zip === "string" ? openPromise(zip, options) : fromBufferPromise(zip, options),
  );
  try {
    const members: ZipMember[] = [];
    await reading(async () => {
      for await (const entry of file.eachEntry()) {
        if (entry.fileName.endsWith("/")) continue;
        const read = () => reading(async () => buffer(await file.openReadStreamPromise(entry)));
        const stream = () => reading(() => file.openReadStreamPromise(entry));
        members.push({ name: entry.fileName, bytes: entry.uncompressedSize, read, stream });
      }
    });
    return await use(members);
  } finally {
    file.close();
  }
}

/** What goes into a zip: bytes, or a file that is read only when its turn comes. */
export type ZipContent =
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly stream: () => Readable };

/**
 * Writes a zip without entries for folders: Playwright's `show-trace` stops at one. All members get the same time, so that the
 * same content gives the same file.
 */
export async function writeZip(path: string, members: AsyncIterable<ZipContent> | Iterable<ZipContent>): Promise<void> {
  const zip = new ZipFile();
  zip.on("error", (error: Error) => {
    if (zip.outputStream instanceof Readable) zip.outputStream.destroy(error);
  });
  const fill = async () => {
    const options = { mtime: new Date(Date.UTC(2000, 0, 1)) };
    for await (const member of members) {
      if ("bytes" in member) zip.addBuffer(member.bytes, member.name, options);
      else zip.addReadStreamLazy(member.name, options, (done) => done(null, member.stream()));
    }
    zip.end();
  };
  await Promise.all([pipeline(zip.outputStream, createWriteStream(path, { flags: "wx", mode: 0o600 })), fill()]);
}
