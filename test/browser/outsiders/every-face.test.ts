import { appendFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { FACES } from "../../outsiders/start.ts";
import { type OutsiderResult, OUTSIDER_FLOWS, playOutsider } from "../../support/kit/looks/outsider-case.ts";
import { documentWith } from "../../support/kit/written-table.ts";

/**
 * Every job at every face, held against the office's ledger: nothing happens that nobody wanted, nothing is said that is not so, nothing ends
 * without a name. `EINVOICE_FACES=strutsy` and `EINVOICE_FLOWS=take-tracks` play some of them; `EINVOICE_RESULTS=file` keeps how each ended, and
 * with `EINVOICE_DOCS=write` the table in docs/reliability.md is written where all were played.
 */
vi.setConfig({ maxConcurrency: Number(process.env["EINVOICE_SIDE_BY_SIDE"] ?? 3), testTimeout: 300_000 });

const wanted = (words: string | undefined, all: readonly string[]): readonly string[] =>
  words === undefined || words === "" ? all : words.split(",");
const faces = FACES.filter((one) => wanted(process.env["EINVOICE_FACES"], FACES).includes(one));
const all = Object.keys(OUTSIDER_FLOWS);
const flows = wanted(process.env["EINVOICE_FLOWS"], all);
const cases = flows.flatMap((flow) => faces.map((face) => ({ flow, face })));
const results: OutsiderResult[] = [];

describe.concurrent("at a portal that other hands made", () => {
  test.for(cases)("$flow is done or stops before it has done harm: $face", async ({ flow, face }) => {
    const result = await playOutsider(face, flow);
    results.push(result);
    process.stderr.write(`${JSON.stringify(result)}\n`);
    const kept = process.env["EINVOICE_RESULTS"];
    if (kept !== undefined) await appendFile(kept, `${JSON.stringify(result)}\n`);
    expect(result).not.toMatchObject({ ending: "wrong" });
    expect(result).not.toMatchObject({ ending: "crash" });
  });
});

test.runIf(cases.length === all.length * FACES.length)("how each ended is what the table says", async () => {
  await documentWith("<!-- outsiders and jobs -->\n", "<!-- end of outsiders -->", table());
  expect(results).toHaveLength(cases.length);
});

const MARKS = { straight: "●", stopped: "○", wrong: "✗", crash: "☠" } as const;

function table(): string {
  const mark = (flow: string, face: string): string => {
    const ending = results.find((one) => one.flow === flow && one.face === face)?.ending;
    return ending === undefined ? "" : MARKS[ending];
  };
  return [
    `| job | ${FACES.join(" | ")} |`,
    `| --- |${FACES.map(() => " --- |").join("")}`,
    ...all.map((flow) => `| ${flow} | ${FACES.map((face) => mark(flow, face)).join(" | ")} |`),
    "",
  ].join("\n");
}
