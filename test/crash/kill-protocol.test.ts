import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { EFFECT_POINTS } from "../../robot/engine/effects/effect-context.ts";
import type { StoreConfig } from "../../robot/store/store.ts";
import { verifyRun } from "../../robot/recording/verification/verify.ts";
import { withConcurrency } from "./support/concurrency.ts";
import { inOneFile } from "./support/one-file.ts";
import { countDeaths, type Generation, runLife } from "./support/generation.ts";
import { PLACES } from "../support/store/store-bench.ts";
import { databases, titleOf } from "../support/store/store-databases.ts";

/**
 * The engine, its store and its recorder are killed at every place of the protocol, on both databases, alone and racing, around a flow
 * that needs no browser and a portal that is a file: cheap enough to do it hundreds of times in each run of the tests. What the real
 * flows do at the same crashPoints, in a browser, is in kill.test.ts.
 */
const NO_BROWSER_RUN = await inOneFile(fileURLToPath(new URL("support/no-browser-run.ts", import.meta.url)));
/** Names under which the effect and its question go. */
const EFFECT = "蓋章";
/** Processes that are killed in each run of the tests, at the least, over both databases. */
const FEWEST_KILLS = 200;
/** A job that has not come to its end after so many processes never will. */
const MOST_PROCESSES = 30;
const RECONCILING = ["effect:before-reconcile", "effect:reconcile-looked"] as const;

const folder = mkdtempSync(path.join(tmpdir(), "kill-protocol-"));
const died: string[] = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the bench comes to every point that the engine has", () => {
  const places: readonly string[] = [...PLACES, ...RECONCILING];
  expect(EFFECT_POINTS.filter((point) => !places.includes(`effect:${point}`))).toEqual([]);
});

describe.for(databases())("killed twice at each place of a run, and while it finds out what happened", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test.for([1, 2])("the act happens once, with %i at work at once", async (workers) => {
      await withConcurrency(PLACES, 3, async (place) => {
        const wanted = [place, place, ...RECONCILING, "ending"];
        const { kills, stamps, verdict, outcome, story } = await play(await database.empty(), wanted, workers);
        died.push(...kills);
        expect({ place, stamps, verdict, outcome }, `after ${story}`).toEqual({
          place,
          stamps: ["1"],
          verdict: "intact",
          outcome: expect.stringMatching(/^(?:done|already-done)$/),
        });
        expect(kills, `after ${story}`).toContain(place);
      });
    });
  });
});

test("each place was a crash point, and there were many", () => {
  expect(new Set(died)).toEqual(new Set([...PLACES, ...RECONCILING]));
  expect(died.length).toBeGreaterThanOrEqual(FEWEST_KILLS);
});

/** Processes of one job on a new store, each with its crash point, then one to the end. A person who is asked answers what the portal knows. */
async function play(store: StoreConfig, crashPoints: readonly string[], workers: number) {
  const at = mkdtempSync(path.join(folder, "run-"));
  const wanted = [...crashPoints];
  const kills: string[] = [];
  const processes: Generation[] = [];
  for (let nth = 1; nth <= MOST_PROCESSES; nth++) {
    const truth = { [EFFECT]: stampsIn(at).length > 0 ? "happened" : "not-happened" } as const;
    const order = { store, folder: at, crashPoints: [...new Set(wanted)], truth, agrees: {} };
    const born = await Promise.all(Array.from({ length: workers }, () => runLife(NO_BROWSER_RUN, order)));
    processes.push(...born);
    countDeaths(born, wanted, kills);
    const ended = born.find(({ end }) => end?.state === "ended")?.end;
    if (!ended) continue;
    const recordings = path.join(at, "recordings");
    const records = readdirSync(recordings, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith("events.jsonl"),
    );
    const [record = ""] = records;
    const { verdict } = await verifyRun(path.join(recordings, path.dirname(record)));
    const story = JSON.stringify({
      crashPoints,
      workers,
      kills,
      records,
      ends: processes.map(({ end }) => end ?? "killed"),
    });
    return { kills, stamps: stampsIn(at), verdict, outcome: ended.outcome, story };
  }
  throw new Error(`The job did not come to its end in ${MOST_PROCESSES} processes: ${JSON.stringify(processes)}`);
}

/** What the portal got. */
function stampsIn(at: string): string[] {
  const ledger = path.join(at, "ledger");
  return existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").slice(0, -1) : [];
}
