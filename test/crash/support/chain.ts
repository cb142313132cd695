import { EFFECT_POINTS } from "../../../robot/engine/effects/effect-context.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../robot/store/store.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { install, type Installation, type InstallationOptions } from "../../support/kit/installation/installation.ts";
import { countDeaths, effectOf, type Generation, type PreparedJob, runGeneration } from "./generation.ts";
import type { Job } from "./jobs.ts";

/** Processes of the same job, one after the other, each with its crash point; then, when no crash point is left, a process to the end. */
export interface Chain {
  readonly job: Job;
  /** `effect@point` of each crash point that is wanted; in which order is for the job to say. A point may be wanted several times. */
  readonly crashPoints: readonly string[];
  /** Processes at once on the same store. */
  readonly workers: 1 | 2;
}

/** What the portal counted, and what the robot knows in the end. */
export interface Result {
  /** Points at which processes died. */
  readonly kills: readonly string[];
  /** Wanted crashPoints whose points no process came to. */
  readonly unreached: readonly string[];
  /** How often each act happened at the portal. */
  readonly happened: { readonly [effect: string]: number };
  /** Questions that a person was asked on the way. */
  readonly questions: number;
  readonly outcome: string | null;
  readonly verdict: string;
  /** For the message of a failed test. */
  readonly story: string;
}

/** A job that has not come to its end after so many processes never will. */
const MOST_PROCESSES = 60;

/** Plays a chain on an installation of its own and counts at the portal. Questions are answered as the portal's ledger says. */
export async function playChain(chain: Chain, options: InstallationOptions): Promise<Result> {
  const installation = await install({ ...options, companies: [chain.job.company], codes: chain.job.codes ?? {} });
  try {
    return await play(chain, installation, await chain.job.prepare(installation));
  } finally {
    await installation.close();
  }
}

async function play(
  { job, crashPoints, workers }: Chain,
  installation: Installation,
  input: PreparedJob["input"],
): Promise<Result> {
  const wanted = [...crashPoints];
  const processes: Generation[] = [];
  const kills: string[] = [];
  let questions = 0;
  for (let nth = 1; nth <= MOST_PROCESSES; nth++) {
    const born = await Promise.all(
      Array.from({ length: workers }, () => runGeneration(installation, { job, input }, [...new Set(wanted)])),
    );
    processes.push(...born);
    countDeaths(born, wanted, kills);
    const ends = born.flatMap(({ end }) => (end === null ? [] : [end]));
    const asked = ends.find((end) => end.questions > 0);
    if (asked) questions += asked.questions;
    const ended = ends.find((end) => end.state === "ended");
    if (!ended) continue;
    const happened = Object.fromEntries(
      Object.entries(job.happened).map(([effect, count]) => [effect, count(installation)]),
    );
    const story = JSON.stringify({
      job: job.flow,
      crashPoints,
      workers,
      ends: processes.map(({ end }) => end ?? "killed"),
      kills,
    });
    const verdict = await verdictOn(installation, ended.runId);
    return { kills, unreached: wanted, happened, questions, outcome: ended.outcome, verdict, story };
  }
  throw new Error(`The job did not come to its end in ${MOST_PROCESSES} processes: ${JSON.stringify(processes)}`);
}

export async function verdictOn(installation: Installation, runId: string): Promise<string> {
  const store = await openStore(await storeConfigOf(installation.config));
  try {
    const { folder } = await getRun(store, runId);
    return folder === null ? "none" : (await verifyRun(folder)).verdict;
  } finally {
    await store.destroy();
  }
}

/**
 * For a job whose process without a crash point reached these points: as many chains as one of its effects has points after its intent.
 * Each chain dies at one of these; the first one also at each point of reconciling and, with `early`, at each before the intent.
 */
export function chainsThrough(
  job: Job,
  reached: readonly string[],
  { workers, early }: { readonly workers: 1 | 2; readonly early: boolean },
): Chain[] {
  const effects = [...new Set(reached.map(effectOf))].map((effect) => {
    const own = EFFECT_POINTS.filter((point) => reached.includes(`${effect}@${point}`));
    const intended = own.indexOf("intended");
    return {
      effect,
      before: early ? own.slice(0, intended) : [],
      open: own.slice(intended).filter((point) => point !== "settled"),
    };
  });
  const longest = Math.max(0, ...effects.map(({ open }) => open.length));
  return Array.from({ length: longest }, (_, index) => ({
    job,
    workers,
    crashPoints: effects.flatMap(({ effect, before, open }) =>
      (index === 0
        ? [...before, open[0] ?? "", "before-reconcile", "reconcile-looked", "settled"]
        : index < open.length
          ? [open[index] ?? ""]
          : []
      ).map((point) => `${effect}@${point}`),
    ),
  }));
}
