import { join } from "node:path";
import { FORMAT, type Head, sha256 } from "./chain.ts";
import { type Manifest, sealManifest } from "./documents.ts";
import { fingerprint, listFiles, MANIFEST, RETENTION, RUN } from "../../lib/durable-files.ts";

/** Written after the manifest, or at any time. */
const LATER: ReadonlySet<string> = new Set([RUN, MANIFEST, RETENTION]);

/**
 * The manifest of a folder as it is, with the `run.json` that is going to be in it: that is written after the manifest, as the
 * last thing of all.
 */
export async function manifestOf(folder: string, runId: string, head: Head, run: string): Promise<Manifest> {
  const there = (await listFiles(folder)).filter((path) => !LATER.has(path));
  const files = await Promise.all(there.map(async (path) => ({ path, ...(await fingerprint(join(folder, path))) })));
  return sealManifest({
    format: FORMAT,
    runId,
    chain: { events: head.seq, head: head.hash },
    files: [...files, { path: RUN, sha256: sha256(run), bytes: Buffer.byteLength(run) }],
    writtenAt: new Date().toISOString(),
  });
}
