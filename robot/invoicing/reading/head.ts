import type { FileSource } from "./table.ts";

/** How much of a file is looked at to tell it from others. */
const HEAD_BYTES = 64 * 1024;

/** The beginning of a file; where there is more, up to the end of a line, so that no character and no row is cut in two. */
export async function firstBytes(file: FileSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of file.read()) {
    pieces.push(piece);
    size += piece.length;
    if (size > HEAD_BYTES) break;
  }
  const bytes = Buffer.concat(pieces);
  return size > HEAD_BYTES ? bytes.subarray(0, bytes.lastIndexOf("\n", HEAD_BYTES) + 1 || HEAD_BYTES) : bytes;
}
