import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { AGREE } from "../../robot/engine/effects/approval.ts";
import { openStore, type StoreConfig } from "../../robot/store/store.ts";
import { type Generation, countDeaths, runLife } from "./support/generation.ts";
import { withConcurrency } from "./support/concurrency.ts";
import { inOneFile } from "./support/one-file.ts";
import { PLACES } from "../support/store/store-bench.ts";
import { databases, titleOf } from "../support/store/store-databases.ts";

/**
 * The engine is killed at every place of an act that a person has to agree to, before the question, after the answer and between the
 * intent and the proof: what is pressed was agreed to, each press by an agreement of its own.
 */
const NO_BROWSER_RUN = await inOneFile(fileURLToPath(new URL("support/no-browser-run.ts", import.meta.url)));
const EFFECT = "蓋章";
const MOST_PROCESSES = 30;
/** The person says yes to whatever is asked, however often. */
const AGREES = Object.fromEntries(
  Array.from({ length: MOST_PROCESSES }, (_, index) => [`stamp|1/approval-${index + 1}`, AGREE]),
);

const folder = mkdtempSync(path.join(tmpdir(), "kill-approval-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(databases())("killed at each place of an act that has to be agreed to", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test("nothing is pressed without an agreement of its own, and the act happens once", async () => {
      await withConcurrency(PLACES, 3, async (place) => {
        const config = await database.empty();
        const { stamps, kills, outcome } = await play(config, [place, place]);
        expect({ place, stamps, outcome }).toEqual({
          place,
          stamps: ["1"],
          outcome: expect.stringMatching(/^(?:done|already-done)$/),
        });
        expect(kills).toContain(place);
        const { intents, used } = await pressesIn(config);
        expect({ place, used }).toEqual({ place, used: intents });
      });
    });
  });
});

/** How many intents there were, and how many agreements they used; each was given before. */
async function pressesIn(config: StoreConfig): Promise<{ intents: number; used: number }> {
  const store = await openStore(config);
  try {
    const approvals = await store.selectFrom("approvals").selectAll().where("used_at", "is not", null).execute();
    const held = await store.selectFrom("effects").select("approval").where("approval", "is not", null).execute();
    const { attempt } = await store.selectFrom("effects").select("attempt").executeTakeFirstOrThrow();
    for (const { agreed_at, used_at } of approvals) expect(agreed_at <= (used_at ?? "")).toBe(true);
    const used = new Set([...approvals.map(({ id }) => id), ...held.map(({ approval }) => approval)]);
    return { intents: attempt, used: used.size };
  } finally {
    await store.destroy();
  }
}

async function play(store: StoreConfig, crashPoints: readonly string[]) {
  const at = mkdtempSync(path.join(folder, "run-"));
  const wanted = [...crashPoints];
  const kills: string[] = [];
  const processes: Generation[] = [];
  for (let nth = 1; nth <= MOST_PROCESSES; nth++) {
    const truth = { [EFFECT]: stampsIn(at).length > 0 ? "happened" : "not-happened" } as const;
    const order = { store, folder: at, crashPoints: [...new Set(wanted)], truth, agrees: AGREES, approve: true };
    const born = await runLife(NO_BROWSER_RUN, order);
    processes.push(born);
    countDeaths([born], wanted, kills);
    if (born.end?.state === "ended") return { kills, stamps: stampsIn(at), outcome: born.end.outcome };
  }
  throw new Error(`The job did not come to its end in ${MOST_PROCESSES} processes: ${JSON.stringify(processes)}`);
}

function stampsIn(at: string): string[] {
  const ledger = path.join(at, "ledger");
  return existsSync(ledger) ? readFileSync(ledger, "utf8").split("\n").slice(0, -1) : [];
}
