import { parseArgs } from "node:util";
import { EFFECT_POINTS } from "../../../robot/engine/effects/effect-context.ts";
import type { StoreConfig } from "../../../robot/store/store.ts";
import { install, type Installation } from "../../support/kit/installation/installation.ts";
import { openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import type { PracticePortal } from "../../portal/portal.ts";
import { missingPostgres, type Postgres, startPostgres } from "../../support/servers/postgres.ts";
import { verdictOn } from "./chain.ts";
import { type Generation, runGeneration } from "./generation.ts";
import { JOBS, type Job } from "./jobs.ts";

/**
 * Kills the robot at random for as long as one likes: at random points of its effects or at a random moment, on either database, alone
 * or racing, while the portal fails at random too. Ends with 1 at the first act that was done twice, or not at all, or that
 * nobody was asked about.
 *
 *   node test/crash/support/long-run.ts [--kills 1000] [--minutes 600] [--seed 1] [--concurrency 2]
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "1000" },
    /** After these no job is begun any more. */
    minutes: { type: "string", default: "600" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    /** Jobs at once. */
    concurrency: { type: "string", default: "2" },
  },
});
const WANTED = Number(values.kills);
/** A job that has not come to its end after so many processes never will. */
const MOST_PROCESSES = 80;
/** After so many processes nothing is done to it any more, so that it can come to its end. */
const LIVES_IN_DANGER = 12;
const SETTINGS = {
  portal: {
    reconcile: { first: "100ms", every: "300ms", timeout: "1s" },
    importWait: { every: "300ms", justAfter: null, timeout: "1m" },
  },
  blankNumbers: { correctWithoutAsking: true },
};

/** What the portal does wrong at a submit, or before it. None of it makes an entry that is not ours: these are counted elsewhere. */
const FAULTS: readonly FaultInput[] = (["take", "upload", "delete"] as const).flatMap((at): FaultInput[] => [
  { name: "cut-submit", when: "before", at },
  { name: "cut-submit", when: "after", at },
  { name: "answer-lost", at },
  ...(at === "delete" ? [] : [{ name: "list-late", at, minutes: 60 } as const]),
  { name: "session-expired" },
  { name: "outage" },
  { name: "slow", ms: 2_000 },
]);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Mulberry32: the same seed, the same choices. The moments at which things happen are the machine's, all the same. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: () => number, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}

interface Figures {
  readonly atPoints: Map<string, number>;
  kills: number;
  processes: number;
  jobs: number;
  raced: number;
  onPostgres: number;
  faults: number;
  questions: number;
}

/** Each job has a portal of its own: the clock of one that lives for long goes on into other periods. */
async function playJob(job: Job, random: () => number, store: StoreConfig | null, figures: Figures): Promise<void> {
  const portal = await openPortal({ takes: { secondTake: "accept" }, blank: { overlap: "duplicate" } });
  try {
    await playAt(portal, job, random, store, figures);
  } finally {
    await takeBackFaults(portal);
    await portal.close();
  }
}

async function playAt(
  portal: PracticePortal,
  job: Job,
  random: () => number,
  store: StoreConfig | null,
  figures: Figures,
): Promise<void> {
  const workers = random() < 0.4 ? 2 : 1;
  const settings = { ...SETTINGS, ...(store?.kind === "postgres" ? { store: { url: store.url } } : {}) };
  const at = await install({ portal, companies: [job.company], codes: job.codes ?? {}, settings });
  try {
    const input = await job.prepare(at);
    const points = Object.keys(job.happened).flatMap((effect) => EFFECT_POINTS.map((point) => `${effect}@${point}`));
    const story: string[] = [];
    for (let nth = 1; nth <= MOST_PROCESSES; nth++) {
      const danger = nth <= LIVES_IN_DANGER;
      if (danger && random() < 0.25) {
        const fault = pick(random, FAULTS);
        portal.order({ ...fault, ban: at.ubn });
        story.push(JSON.stringify(fault));
        figures.faults++;
      }
      const crashPoints = danger && random() < 0.7 ? [pick(random, points), pick(random, points)] : [];
      const after = danger && crashPoints.length === 0 ? 1_000 + Math.floor(random() * 9_000) : undefined;
      const born = await Promise.all(
        Array.from({ length: workers }, () => runGeneration(at, { job, input }, crashPoints, after)),
      );
      story.push(born.map(tellLife).join(" / "));
      count(born, figures);
      demandOnceAtMost(job, at, story);
      const done = born.flatMap(({ end }) => (end?.state === "ended" ? [end] : []));
      const last = done.find(({ outcome }) => outcome === "done" || outcome === "already-done");
      if (!last) continue;
      demandOnce(job, at, story);
      const verdict = await verdictOn(at, last.runId);
      if (verdict !== "intact") throw new Error(`the record is ${verdict}: ${story.join("\n")}`);
      figures.jobs++;
      figures.raced += workers - 1;
      figures.onPostgres += store === null ? 0 : 1;
      return;
    }
    throw new Error(`${job.flow} does not come to its end:\n${story.join("\n")}`);
  } finally {
    await at.close();
  }
}

function tellLife({ killed, points, end }: Generation): string {
  return killed ? `killed after ${points.at(-1) ?? "no point"}` : JSON.stringify(end);
}

function count(born: readonly Generation[], figures: Figures): void {
  for (const { killed, points, end } of born) {
    figures.processes++;
    figures.questions += end?.questions ?? 0;
    if (!killed) continue;
    figures.kills++;
    const where = points.at(-1)?.split("@").at(-1) ?? "before any point";
    figures.atPoints.set(where, (figures.atPoints.get(where) ?? 0) + 1);
  }
}

function demandOnceAtMost({ happened }: Job, at: Installation, story: readonly string[]): void {
  for (const [effect, times] of Object.entries(happened)) {
    if (times(at) > 1) throw new Error(`${effect} happened ${times(at)} times:\n${story.join("\n")}`);
  }
}

function demandOnce({ happened }: Job, at: Installation, story: readonly string[]): void {
  for (const [effect, times] of Object.entries(happened)) {
    if (times(at) !== 1) throw new Error(`${effect} happened ${times(at)} times in the end:\n${story.join("\n")}`);
  }
}

const figures: Figures = {
  atPoints: new Map(),
  kills: 0,
  processes: 0,
  jobs: 0,
  raced: 0,
  onPostgres: 0,
  faults: 0,
  questions: 0,
};
say(`seed ${values.seed}, ${WANTED} kills`);
const random = randomFrom(Number(values.seed));
const began = Date.now();
const server: Postgres | null = missingPostgres() === null ? await startPostgres() : null;
try {
  const lane = async (): Promise<void> => {
    while (figures.kills < WANTED && Date.now() - began < Number(values.minutes) * 60_000) {
      const store: StoreConfig | null =
        server !== null && random() < 0.5 ? { kind: "postgres", url: await server.newDatabase() } : null;
      await playJob(pick(random, JOBS), random, store, figures);
      const minutes = ((Date.now() - began) / 60_000).toFixed(1);
      say(`${minutes} min: ${figures.kills} kills, ${figures.jobs} jobs, ${figures.questions} questions`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.concurrency) }, lane));
  say(JSON.stringify({ seed: values.seed, ...figures, atPoints: Object.fromEntries(figures.atPoints) }));
} catch (error) {
  say(`FAILED with seed ${values.seed}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await server?.close();
}
