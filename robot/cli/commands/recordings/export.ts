import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadConfig } from "../../../config/load.ts";
import { Failure } from "../../../failures/failure.ts";
import { exportRun } from "../../../recording/export/export.ts";
import { isQuarantined } from "../../../recording/redaction/scan.ts";
import type { Answer, Output } from "../../terminal/output.ts";
import { factsKept, knownElsewhere, recordOf } from "../../terminal/records.ts";

export interface ExportOptions {
  readonly config?: string;
  readonly out: string;
  readonly format: "html" | "zip" | "both";
}

/** `export <run>`: one run as a page for people and as a zip that anybody can verify. */
export async function exportRecord(target: string, options: ExportOptions, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const record = await recordOf(config, target);
  const { runId } = record.header;
  if (await isQuarantined(record.folder)) throw new Failure("record-quarantined", { wanted: record.folder });
  const out = resolve(options.out);
  await mkdir(out, { recursive: true });
  const to = {
    html: options.format === "zip" ? null : join(out, `${runId}.html`),
    zip: options.format === "html" ? null : join(out, `${runId}.zip`),
  };
  const known = knownElsewhere(config, await factsKept(config, runId)).of(record.folder);
  const { verdict, files } = await exportRun(record, to, known);
  return {
    data: { runId, verdict: verdict.verdict, words: { ...verdict.words }, files },
    lines: [
      output.say(verdict.words.zh, verdict.words.en),
      ...files.map(({ path, sha256 }) => `${path}\n  SHA-256 ${sha256}`),
    ],
    exit: 0,
  };
}
