import { appendFile, readFile } from "node:fs/promises";
import { z } from "zod";
import { describe, expect, test, vi } from "vitest";
import { documentWith } from "../../support/kit/written-table.ts";
import { type CaseResult, type Ending, LOOK_FLOWS, playCase } from "../../support/kit/looks/look-case.ts";
import { type Look, LOOKS } from "../../stranger/looks/habits.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

/**
 * The robot does its jobs at portals that other hands made from the same facts. The everyday run takes a handful of them; with
 * `EINVOICE_TESTS=all` every look meets every job, and docs/reliability.md tells how they ended. `EINVOICE_LOOKS=frame,chips` plays the looks
 * of these names only, `EINVOICE_FLOWS=take-tracks` one job, `EINVOICE_SIDE_BY_SIDE=8` so many at once. `EINVOICE_RESULTS=file` puts the results
 * of several such runs together, the later of each case counting: each is written when its job has ended, and `EINVOICE_LEFT=1` plays what is not
 * there as straight only. With `EINVOICE_DOCS=write` the table of all of them is written.
 */

// Each job has a browser of its own, and waits more than it works.
vi.setConfig({ maxConcurrency: Number(process.env["EINVOICE_SIDE_BY_SIDE"] ?? 4), testTimeout: 300_000 });

const EVERYDAY = [
  "div soup without roles",
  "labels in header cells",
  "content in a frame",
  "an announcement with two things called 關閉",
];

const named = (words: string | undefined): string[] => (words ?? "").split(",").filter((word) => word !== "");
const wantedLooks = named(process.env["EINVOICE_LOOKS"]);
const wantedFlows = named(process.env["EINVOICE_FLOWS"]);

function isWanted({ name }: Look): boolean {
  if (wantedLooks.length > 0) return wantedLooks.some((word) => name.includes(word));
  return EVERY_TEST || EVERYDAY.includes(name);
}

const kept = process.env["EINVOICE_RESULTS"];
const straightBefore = new Set(
  process.env["EINVOICE_LEFT"] === undefined
    ? []
    : (await keptResults()).filter(({ ending }) => ending === "straight").map(keyOf),
);

const flows = wantedFlows.length === 0 ? Object.keys(LOOK_FLOWS) : wantedFlows;
// Job by job, so that what changes the portal can be asked for first.
const cases = flows
  .flatMap((flow) => LOOKS.filter(isWanted).map((look) => ({ look, flow, name: `${look.name}: ${flow}` })))
  .filter(({ name }) => !straightBefore.has(name));
const results: CaseResult[] = [];
const BEGIN = "<!-- looks and jobs -->\n";
const END = "<!-- end of looks -->";

describe.concurrent("on a portal with other markup the robot does the job, or stops before it has done harm", () => {
  test.for(cases)("$name", async ({ look, flow }) => {
    const result = await playCase(look, flow);
    results.push(result);
    // One line a case, for whoever mends what stopped.
    process.stderr.write(`${JSON.stringify(result)}\n`);
    if (kept !== undefined) await appendFile(kept, `${JSON.stringify(result)}\n`);
    expect(result).not.toMatchObject({ ending: "wrong press" });
    expect(result).not.toMatchObject({ ending: "crash" });
  });
});

test.runIf(kept !== undefined)("what several runs have found is put together", async () => {
  const all = new Map((await keptResults()).map((one) => [keyOf(one), one]));
  results.splice(0, results.length, ...all.values());
  await documentWith(BEGIN, END, table());
  expect(results).toHaveLength(all.size);
});

function keyOf({ look, flow }: CaseResult): string {
  return `${look}: ${flow}`;
}

async function keptResults(): Promise<CaseResult[]> {
  const schema = z.object({
    look: z.string(),
    flow: z.string(),
    ending: z.enum(["straight", "right proposal", "stopped", "wrong press", "crash"]),
    why: z.string(),
    pages: z.number(),
    seconds: z.number(),
  });
  const text = await readFile(kept ?? "", "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

const isComplete = EVERY_TEST && wantedLooks.length === 0 && wantedFlows.length === 0;

test.runIf(isComplete)("nearly all go straight, and docs/reliability.md says so", async () => {
  const straight = results.filter(({ ending }) => ending === "straight");
  expect(straight.length / cases.length).toBeGreaterThanOrEqual(0.95);
  const { stands, right } = await documentWith(BEGIN, END, table());
  expect(stands).toBe(right);
});

const SIGNS: Record<Ending, string> = {
  straight: "●",
  "right proposal": "◐",
  stopped: "○",
  "wrong press": "✗",
  crash: "☠",
};

function table(): string {
  const rows = LOOKS.map(({ name }) => {
    const cells = Object.keys(LOOK_FLOWS).map((flow) => {
      const one = results.find((result) => result.look === name && result.flow === flow);
      return one ? SIGNS[one.ending] : "";
    });
    return `| ${[name, ...cells].join(" | ")} |`;
  });
  const head = ["look", ...Object.keys(LOOK_FLOWS)];
  const sums = Object.entries(SIGNS).map(([ending, sign]) => {
    return `${sign} ${ending}: ${results.filter((one) => one.ending === ending).length}`;
  });
  return [
    `${results.length} of ${LOOKS.length * Object.keys(LOOK_FLOWS).length} jobs at ${LOOKS.length} looks. ${sums.join(", ")}.`,
    "",
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows,
    "",
  ].join("\n");
}
