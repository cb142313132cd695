import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import process from "node:process";
import { z } from "zod";

/**
 * Writes `test/durations.json` from a report of vitest: `vitest run --reporter=json --outputFile=var/tests.json`, then
 * `npm run test:durations -- var/tests.json`. The longest files begin first.
 */
const report = z.looseObject({
  testResults: z.array(z.looseObject({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

const [, , file] = process.argv;
if (file === undefined) throw new Error("usage: durations.ts <report of vitest in JSON>");
const { testResults } = report.parse(JSON.parse(await readFile(file, "utf8")));
const seconds = testResults
  .map(
    ({ name, startTime, endTime }) =>
      [relative(process.cwd(), name), Math.round((endTime - startTime) / 1000)] as const,
  )
  .toSorted(([a], [b]) => (a < b ? -1 : 1));
await writeFile("test/durations.json", `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
