/**
 * Measures everything that was ever asked to be measured, each beside something else in turn, as ratios with their spread, and names what has grown by more
 * than a fifth against `ratios.json`.
 *
 *   npm run bench                           all cases, three rounds each
 *   npm run bench -- --only start           those whose names begin so; may be given several times
 *   npm run bench -- --rounds 7 --no-browser
 *   npm run bench -- --write                notes the ratios, and writes their table in docs/performance.md
 *
 * Ends with 1 where something has grown.
 */
import { readFile, writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CASES } from "./runner/cases.ts";
import { grown, ratios, withTable } from "./runner/compare.ts";
import { type Spread, spreadOf } from "./runner/measure.ts";

const COMMITTED = fileURLToPath(new URL("ratios.json", import.meta.url));
const PAGE = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    rounds: { type: "string", default: "3" },
    browser: { type: "boolean", default: true },
    write: { type: "boolean", default: false },
  },
  allowNegative: true,
});
const wanted = CASES.filter(
  ({ name, browser }) =>
    (values.only.length === 0 || values.only.some((one) => name.startsWith(one))) && (values.browser || !browser),
);
if (wanted.length === 0) throw new Error(`There are: ${CASES.map(({ name }) => name).join(", ")}`);

const found = new Map<string, Spread>();
for (const one of wanted) {
  const { name, what, beside } = one;
  const opened = await one.open();
  try {
    const measured: number[] = [];
    // The first round only warms up the disk's cache.
    for (let n = 0; n <= Number(values.rounds); n++) {
      const ratio = await opened.round();
      if (n > 0) measured.push(ratio);
    }
    const spread = spreadOf(measured);
    found.set(name, spread);
    process.stdout.write(`${name}: ${spread.median} (${spread.low}–${spread.high})  ${what}, beside ${beside}\n`);
  } finally {
    await opened.close();
  }
}
process.stdout.write(
  `load of the machine: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}\n`,
);

const committed = ratios.parse(JSON.parse(await readFile(COMMITTED, "utf8")));
const more = grown(found, committed);
for (const line of more) process.stdout.write(`✗ ${line}\n`);
if (values.write) {
  const all = { ...committed, ...Object.fromEntries(found) };
  const kept = Object.fromEntries(CASES.flatMap(({ name }) => (all[name] ? [[name, all[name]] as const] : [])));
  await writeFile(COMMITTED, `${JSON.stringify(kept, null, 2)}\n`);
  const rows = CASES.flatMap(({ name, what, beside }) => {
    const spread = kept[name];
    return spread ? [{ name, what, beside, spread }] : [];
  });
  await writeFile(PAGE, withTable(await readFile(PAGE, "utf8"), rows));
}
process.exitCode = more.length > 0 && !values.write ? 1 : 0;
