/**
 * How well captchas are read: `node test/bench/captcha.ts [--engine module] [folder…]`.
 * A folder holds pictures and a labels.json (file name → digits). Without folders the fixtures are read.
 */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { openCaptchaReader } from "../../robot/login/captcha/engine.ts";
import type { CaptchaReader, CaptchaReading } from "../../robot/login/captcha/reader.ts";
import { percent } from "./wilson.ts";

const FIXTURES = join(import.meta.dirname, "..", "fixtures", "captcha");
const labelsSchema = z.record(z.string(), z.string().regex(/^[0-9]{5}$/));

interface Result extends CaptchaReading {
  label: string;
  ms: number;
}

async function measure(reader: CaptchaReader, folder: string): Promise<Result[]> {
  const labels = labelsSchema.parse(JSON.parse(readFileSync(join(folder, "labels.json"), "utf8")));
  const results: Result[] = [];
  for (const [file, label] of Object.entries(labels)) {
    const picture = readFileSync(join(folder, file));
    const start = performance.now();
    const reading = await reader.read(picture);
    results.push({ ...reading, label, ms: performance.now() - start });
  }
  return results;
}

/** Of one sign-in with at most 3 submits and 10 pictures: expected wrong submits, and the share that gets in. */
function signIn(rightSubmit: number, wrongSubmit: number): { wrong: number; inside: number } {
  let states = new Map([[0, 1]]);
  let wrong = 0;
  let inside = 0;
  for (let picture = 0; picture < 10; picture += 1) {
    const next = new Map<number, number>();
    for (const [submits, chance] of states) {
      inside += chance * rightSubmit;
      wrong += chance * wrongSubmit;
      next.set(submits, (next.get(submits) ?? 0) + chance * (1 - rightSubmit - wrongSubmit));
      if (submits < 2) next.set(submits + 1, (next.get(submits + 1) ?? 0) + chance * wrongSubmit);
    }
    states = next;
  }
  return { wrong, inside };
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function report(name: string, results: Result[]): void {
  const n = results.length;
  const right = results.filter((result) => result.text === result.label).length;
  const answered = results.filter((result) => !result.refused);
  const answeredRight = answered.filter((result) => result.text === result.label).length;
  const { wrong, inside } = signIn(answeredRight / n, (answered.length - answeredRight) / n);
  const times = results.map((result) => result.ms);
  console.log(`${name}: n ${n}
  right of all         ${percent(right, n)}
  answered             ${percent(answered.length, n)}
  right among answered ${percent(answeredRight, answered.length)}
  a sign-in            ${wrong.toFixed(4)} wrong submits expected, ${(100 * inside).toFixed(2)} % get in
  time                 median ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`);
  for (const { label, text, confidence } of answered.filter((result) => result.text !== result.label)) {
    console.log(`  wrong: ${label} read as ${text} at ${confidence.toFixed(3)}`);
  }
}

const { values, positionals: wanted } = parseArgs({ allowPositionals: true, options: { engine: { type: "string" } } });
const folders = wanted.length > 0 ? wanted : (await readdir(FIXTURES)).sort().map((name) => join(FIXTURES, name));
const reader = await openCaptchaReader(values.engine ?? null);
try {
  for (const folder of folders) report(basename(folder), await measure(reader, folder));
} finally {
  await reader.close();
}
