import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fingerprint } from "../../lib/files/durable-files.ts";
import type { RunRecord } from "../format/read.ts";
import type { Known } from "../verification/known.ts";
import { type Verdict, verifyRun } from "../verification/verify.ts";
import { writeBundle } from "./bundle.ts";
import { runPage } from "./page.ts";

export interface Exported {
  readonly verdict: Verdict;
  readonly files: readonly { readonly name: string; readonly path: string; readonly sha256: string }[];
}

/**
 * Writes a run as a page and as a zip; files that are there are replaced. A record that was altered is exported too, and both say
 * so first of all. The caller sees to it that a quarantined run is not.
 * @param known what is known of the run elsewhere; null where nobody looked
 * @param to where to write each; null for neither
 */
export async function exportRun(
  record: RunRecord,
  to: { readonly html: string | null; readonly zip: string | null },
  known: Known | null = null,
): Promise<Exported> {
  const verdict = await verifyRun(record.folder, known);
  const page = await runPage(record, verdict, new Date());
  if (to.html !== null) await writeFile(to.html, page, { mode: 0o600 });
  if (to.zip !== null) await writeBundle(record, page, to.zip);
  const paths = [to.html, to.zip].filter((path) => path !== null);
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), path, sha256: (await fingerprint(path)).sha256 })),
  );
  return { verdict, files };
}
