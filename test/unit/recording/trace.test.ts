import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withZip, writeZip } from "../../../robot/lib/zip.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scrubTrace } from "../../../robot/recording/redaction/trace.ts";

const LONG = "發票".repeat(4_000);

/** What is left of a trace of these events. */
async function scrubbed(events: readonly object[]): Promise<unknown[]> {
  const folder = await mkdtemp(join(tmpdir(), "trace-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [from, to] = [join(folder, "raw.zip"), join(folder, "clean.zip")];
  const text = events.map((event) => JSON.stringify(event)).join("\n");
  await writeZip(from, [{ name: "trace.trace", bytes: Buffer.from(text) }]);
  expect(await scrubTrace(from, to, new Redactor())).toEqual({ dropped: 0, left: [] });
  const kept = await withZip(to, async ([log]) => (await log?.read())?.toString("utf8") ?? "");
  return kept.split("\n").map((line): unknown => JSON.parse(line));
}

test("of a call that asked the page something, a long answer and the most of a long program are left out, and all else stays", async () => {
  const act = { type: "before", callId: "1", params: { selector: "#books", value: LONG } };
  const question = { type: "before", callId: "2", params: { expression: LONG, isFunction: false } };
  const answer = { type: "after", callId: "2", endTime: 5, result: { value: LONG } };
  const short = { type: "after", callId: "3", endTime: 6, result: { value: "短" } };
  const snapshot = { type: "frame-snapshot", snapshot: { html: ["P", {}, LONG] } };
  expect(await scrubbed([act, question, answer, short, snapshot])).toEqual([
    act,
    { ...question, params: { expression: LONG.slice(0, 400), isFunction: false } },
    { type: "after", callId: "2", endTime: 5 },
    short,
    snapshot,
  ]);
});
