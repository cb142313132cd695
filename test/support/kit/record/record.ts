import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import type { RunRow } from "../../../../robot/engine/runs/runs.ts";
import type { FailureCode } from "../../../../robot/failures/failure.ts";
import type { EventLine } from "../../../../robot/recording/format/chain.ts";
import { verifyRun } from "../../../../robot/recording/verification/verify.ts";
import { eventsOf } from "../../recording/recording-support.ts";

/** The folder of a run's record. */
export function folderOf(run: RunRow): string {
  if (run.folder === null) throw new Error(`Run ${run.id} has no record.`);
  return run.folder;
}

/** The run's events of these types, in their order. */
export function recorded(run: RunRow, ...types: string[]): EventLine[] {
  return eventsOf(folderOf(run)).filter(({ type }) => types.includes(type));
}

const stepSchema = z.looseObject({ step: z.string() });

/** Names of the steps that were finished. */
export function stepsDone(run: RunRow): string[] {
  return recorded(run, "step.done").map(({ data }) => stepSchema.parse(data).step);
}

/** The record is closed and proves that nothing in it was changed. */
export async function expectIntact(run: RunRow): Promise<void> {
  expect(await verifyRun(folderOf(run))).toMatchObject({ verdict: "intact", quarantined: false });
}

/** What a book-keeper can't read: traces of the program, names out of it, and what its tools say. */
const JARGON = /\bat .+:\d+|\b\w*Error\b|undefined|\bnull\b|\[object|locator|Timeout|net::|[{}]|\\n|[a-z]+[A-Z]\w*\(/;
const CHINESE = /(?:[\u4E00-\u9FFF].*){6}/s;

/** A failure is told in Chinese sentences that a book-keeper understands. */
export function expectReadable({ message, next }: { readonly message: string; readonly next: string }): void {
  for (const sentence of [message, next]) {
    expect(sentence).toMatch(CHINESE);
    // What is quoted is the portal's, or what somebody typed.
    expect(sentence.replaceAll(/「[^」]*」/g, "")).not.toMatch(JARGON);
  }
}

/**
 * The run ended with just this failure, said so that a book-keeper understands it, and its last picture shows the page on which
 * it ended.
 * @param pictured the name of that picture
 */
export async function expectExplained(run: RunRow, code: FailureCode, pictured = /失敗$/): Promise<void> {
  const { failure } = run;
  expect(failure).toMatchObject({ code });
  if (failure !== null) expectReadable(failure);
  await expectIntact(run);
  const picture = lastPicture(run);
  expect(picture?.name).toMatch(pictured);
  const image = await readFile(join(folderOf(run), picture?.path ?? ""));
  expect([...image.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
}

const pictureSchema = z.looseObject({ name: z.string(), path: z.string() });

function lastPicture(run: RunRow): z.infer<typeof pictureSchema> | null {
  const last = recorded(run, "picture").at(-1);
  return last ? pictureSchema.parse(last.data) : null;
}
