import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { loadConfig } from "../config/load.ts";
import { Failure } from "../failures.ts";
import { exportRun } from "../recording/export/export.ts";
import { isQuarantined } from "../recording/scan.ts";
import type { Answer, Output } from "./output.ts";
import { recordOf } from "./records.ts";

export interface ExportOptions {
  readonly config?: string;
  readonly out: string;
  readonly format: "html" | "zip" | "both";
}

/** `export <run>`: one run as a page for people and as a zip that anybody can verify. */
export async function exportRecord(target: string, options: ExportOptions, output: Output): Promise<Answer> {
  const record = await recordOf(await loadConfig(options.config), target);
  if (await isQuarantined(record.folder)) throw new Failure("record-quarantined", { wanted: record.folder });
  const out = resolve(options.out);
  await mkdir(out, { recursive: true });
  const { verdict, files } = await exportRun(record, {
    html: options.format === "zip" ? null : join(out, `${record.header.runId}.html`),
    zip: options.format === "html" ? null : join(out, `${record.header.runId}.zip`),
  });
  return {
    data: { runId: record.header.runId, verdict: verdict.verdict, words: { ...verdict.words }, files },
    lines: [
      output.say(verdict.words.zh, verdict.words.en),
      ...files.map(({ path, sha256 }) => `${path}\n  SHA-256 ${sha256}`),
    ],
    exit: 0,
  };
}
