import { beforeAll, describe, expect, test } from "vitest";
import { FLOWS } from "../../flows/index.ts";
import { install } from "../support/kit/installation/installation.ts";
import { openPortal } from "../support/kit/installation/portal.ts";
import { chainsThrough, playChain, type Result } from "./support/chain.ts";
import { effectOf, runGeneration } from "./support/generation.ts";
import { JOBS, MAILING, READING } from "./support/jobs.ts";
import { withConcurrency } from "./support/concurrency.ts";
import type { PracticePortal } from "../portal/portal.ts";
import { databases, titleOf } from "../support/store/store-databases.ts";
import { EVERY_TEST } from "../support/every-test.ts";

/**
 * The process is killed at every point of every effect, and what happened is counted at the portal. The portal takes a second act
 * of the same kind (`secondTake: accept`), so that its own refusal hides nothing. A person who is asked answers what the portal's
 * ledger says, so that every job comes to its end, with each act done exactly once.
 */

/**
 * With `EINVOICE_TESTS=all` both databases see every crash point of every job, and so do one process and two that race: what SQLite sees of one
 * process PostgreSQL sees of two, and the other way round. Otherwise SQLite sees every crash point of
 * the first job, and of each other one those at the intent and while it finds out what happened; PostgreSQL, with two that race, the
 * longest chain of the first job. What the engine does at each point, on both, is in kill-protocol.test.ts each time.
 */
const DRILLED = JOBS.filter(({ repeats }) => EVERY_TEST || repeats === undefined);
/** Processes that are killed in each run of the tests, at the least, over both databases. */
const FEWEST_KILLS = EVERY_TEST ? 200 : 50;
/** Chains that play at once: one more than the processors have to do where nothing else is tested beside them. */
const LANES = EVERY_TEST ? 3 : 2;
const SETTINGS = {
  portal: {
    reconcile: { first: "100ms", every: "300ms", timeout: "1s" },
    importWait: { every: "300ms", justAfter: null, timeout: "1m" },
  },
  blankNumbers: { correctWithoutAsking: true },
};

const reached = new Map<string, readonly string[]>();
const tolls: Result[] = [];

beforeAll(async () => {
  await withConcurrency(JOBS, LANES, async (job) => {
    const { points } = await atPortal(async (portal) => {
      const installation = await install({
        portal,
        companies: [job.company],
        codes: job.codes ?? {},
        settings: SETTINGS,
      });
      try {
        return await runGeneration(installation, { job, input: await job.prepare(installation) }, []);
      } finally {
        await installation.close();
      }
    });
    reached.set(job.flow, points);
  });
});

test("every flow is drilled, only reads or only mails, and every effect that turns up can be counted at the portal", () => {
  expect(new Set([...JOBS.map(({ flow }) => flow), ...READING, ...MAILING])).toEqual(
    new Set(FLOWS.map(({ name }) => name)),
  );
  for (const { flow, happened } of JOBS) {
    const effects = new Set((reached.get(flow) ?? []).map(effectOf));
    expect(effects).toEqual(new Set(Object.keys(happened)));
  }
});

describe.for(databases())("killed at every point of every effect", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test.for(workersOn(database))(
      "an act happens once, with %i at work at once",
      { timeout: 60 * 60_000 },
      async (workers) => {
        const jobs = EVERY_TEST || workers === 1 ? DRILLED : JOBS.slice(0, 1);
        const chains = jobs.flatMap((job, index) => {
          const isFirst = index === 0;
          const all = chainsThrough(job, reached.get(job.flow) ?? [], { workers, early: EVERY_TEST || isFirst });
          return EVERY_TEST || (isFirst && workers === 1) ? all : all.slice(0, 1);
        });
        const half = database.name === "SQLite" ? workers - 1 : 2 - workers;
        const mine = EVERY_TEST ? chains.filter((_, index) => index % 2 === half) : chains;
        await withConcurrency(mine, LANES, async (chain) => {
          const settings = await settingsFor(database);
          const result = await atPortal((portal) => playChain(chain, { portal, settings }));
          tolls.push(result);
          const once = Object.fromEntries(Object.keys(chain.job.happened).map((effect) => [effect, 1]));
          expect(result, `after ${result.story}`).toMatchObject({
            happened: once,
            unreached: [],
            outcome: expect.stringMatching(/^(?:done|already-done)$/),
            verdict: "intact",
          });
        });
      },
    );
  });
});

test("each point that a process comes to was a crash point, and there were many", () => {
  const died = new Set(tolls.flatMap(({ kills }) => kills));
  const expected = DRILLED.flatMap(({ flow }, index) =>
    (reached.get(flow) ?? []).filter((point) => EVERY_TEST || index === 0 || point.endsWith("@intended")),
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(expected.filter((point) => !died.has(point))).toEqual([]);
  expect(tolls.flatMap(({ kills }) => kills).length).toBeGreaterThanOrEqual(FEWEST_KILLS);
});

function workersOn({ name }: ReturnType<typeof databases>[number]): readonly (1 | 2)[] {
  if (EVERY_TEST) return [1, 2];
  return name === "SQLite" ? [1] : [2];
}

async function settingsFor(database: ReturnType<typeof databases>[number]): Promise<typeof SETTINGS> {
  const store = await database.empty();
  return { ...SETTINGS, ...(store.kind === "postgres" ? { store: { url: store.url } } : {}) };
}

/** Each chain has a portal of its own: the clock of one that lives for long goes on into other periods. */
async function atPortal<T>(work: (portal: PracticePortal) => Promise<T>): Promise<T> {
  const portal = await openPortal({ takes: { secondTake: "accept" }, blank: { overlap: "duplicate" } });
  try {
    return await work(portal);
  } finally {
    await portal.close();
  }
}
