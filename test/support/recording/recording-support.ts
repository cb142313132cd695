import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type EventLine, parseLine } from "../../../robot/recording/format/chain.ts";
import { openRecorder, type Recorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { headerOf } from "./recording-samples.ts";

/** A folder for recordings that is gone after the test. */
export function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "recording-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export async function record(root: string, redactor = new Redactor(), runId = "run-1"): Promise<Recorder> {
  return openRecorder({ root, header: headerOf(runId), redactor });
}

/** All whole events of a run, in the order of the file. */
export function eventsOf(folder: string): EventLine[] {
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => {
    const parsed = parseLine(line);
    if (!parsed.ok) throw new Error(`no event: ${line}`);
    return parsed.event;
  });
}
