import { join } from "node:path";
import { FORMAT, type Head } from "./chain.ts";
import { type FileEntry, type Manifest, sealManifest } from "./documents.ts";
import { EVENTS, RUN } from "../../lib/files/durable-files.ts";
import { readRegular } from "../../lib/files/regular-file.ts";
import { sha256 } from "../../lib/hash.ts";

/**
 * The manifest of a record: the files that its events tell of, with the hashes that they had then, the events themselves, and the
 * `run.json` that is going to be there: that is written after the manifest, as the last thing of all. What lies in the folder besides
 * is neither read nor named.
 */
export async function manifestOf(
  folder: string,
  runId: string,
  head: Head,
  files: readonly FileEntry[],
  run: string,
): Promise<Manifest> {
  const events = await readRegular(join(folder, EVENTS));
  const all = [
    ...files,
    { path: EVENTS, sha256: sha256(events), bytes: events.length },
    { path: RUN, sha256: sha256(run), bytes: Buffer.byteLength(run) },
  ];
  return sealManifest({
    format: FORMAT,
    runId,
    chain: { events: head.seq, head: head.hash },
    files: all.map(({ path, sha256: hash, bytes }) => ({ path, sha256: hash, bytes })).sort(byPath),
    writtenAt: new Date().toISOString(),
  });
}

function byPath(a: FileEntry, b: FileEntry): number {
  return a.path < b.path ? -1 : 1;
}
