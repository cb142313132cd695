import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inputBytes, inputFile } from "../../../robot/cli/terminal/input-file.ts";
import { Output } from "../../../robot/cli/terminal/output.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

const MEGABYTE = new Uint8Array(1_000_000).fill(0x41);

/** Reads a megabyte, so many milliseconds a piece, and tells what was said meanwhile. */
async function saidWhileReading(millisecondsAPiece: number): Promise<string[]> {
  const place = await workplace();
  const output = new Output({ json: true, language: "zh" });
  const said = vi.spyOn(output, "progress").mockImplementation(() => undefined);
  const file = await inputFile(await place.put("ledger.csv", MEGABYTE), output);
  for await (const piece of file.read()) vi.advanceTimersByTime(piece.length > 0 ? millisecondsAPiece : 0);
  return said.mock.calls.map(([line]) => line);
}

test("reading that takes more than two seconds says how far it is, once a second at most", async () => {
  const lines = await saidWhileReading(500);
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.length).toBeLessThanOrEqual(7);
  for (const line of lines) expect(line).toMatch(/^讀取 ledger\.csv：\d\d%$/);
  const percents = lines.map((line) => Number(/(\d+)%/.exec(line)?.[1]));
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
});

test("quick reading says nothing", async () => {
  expect(await saidWhileReading(10)).toEqual([]);
});

test("what is read is the file, byte for byte", async () => {
  const place = await workplace();
  const file = await inputFile(await place.put("x.bin", MEGABYTE), new Output({ json: true, language: "zh" }));
  expect(Buffer.compare(await inputBytes(file), MEGABYTE)).toBe(0);
});
