import { z } from "zod";
import type { Spread } from "./measure.ts";

/** The ratios that are committed, by name. */
export const ratios = z.record(
  z.string(),
  z.object({ median: z.number(), low: z.number(), high: z.number(), rounds: z.number() }),
);

/** A ratio that is more than a fifth above the committed one has grown. */
const MUCH = 1.2;

/** What has grown against the committed ratios, in words. What was never committed is told of by nobody. */
export function grown(now: ReadonlyMap<string, Spread>, committed: z.infer<typeof ratios>): string[] {
  return Array.from(now, ([name, { median, low, high }]) => {
    const before = committed[name];
    if (before === undefined || median <= before.median * MUCH) return "";
    const percent = Math.round((median / before.median - 1) * 100);
    return `${name}: ${before.median} has become ${median} (${low}–${high}), ${percent} % more`;
  }).filter((line) => line !== "");
}

const BEGIN = "<!-- ratios: made by npm run bench -- --write -->";
const END = "<!-- /ratios -->";

/** The page with its table of ratios written anew. @throws Error where the page has no place for it */
export function withTable(
  page: string,
  rows: readonly { name: string; what: string; beside: string; spread: Spread }[],
): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md has no ${BEGIN} … ${END}`);
  const table = rows.map(
    ({ name, what, beside, spread: { median, low, high, rounds } }) =>
      `| \`${name}\` | ${what} | ${beside} | ${median} | ${low}–${high} | ${rounds} |`,
  );
  const head = [
    "| name | measured | beside | ratio | lowest–highest | rounds |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return `${page.slice(0, begin)}${[BEGIN, "", ...head, ...table, "", ""].join("\n")}${page.slice(end)}`;
}
