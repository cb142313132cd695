import { verifyRun } from "../../robot/recording/verify.ts";
import { getRun } from "../../robot/engine/runs.ts";
import { openStore } from "../../robot/engine/store.ts";
import { install, type InstallationOptions } from "../kit/installation.ts";
import { ledgerOf } from "../kit/portal.ts";
import { type Generation, runGeneration } from "./generation.ts";

/** Deaths one after the other of the same job, then a life without one. */
export interface Chain {
  /** `effect@point` of each death, in order. */
  readonly deaths: readonly string[];
  /** Processes at once on the same store. */
  readonly workers: 1 | 2;
}

/** What the portal counted, and what the robot knows in the end. */
export interface Toll {
  readonly kills: number;
  /** Submits of 取號 that took effect. */
  readonly takes: number;
  /** Times that our address was put on the notice list. */
  readonly entries: number;
  readonly questions: number;
  readonly verdict: string;
  /** For the message of a failed test. */
  readonly story: string;
}

/** Plays a chain on an installation of its own and counts at the portal. */
export async function playChain(chain: Chain, options: InstallationOptions): Promise<Toll> {
  const installation = await install({ ...options, companies: [{}] });
  try {
    const lives: Generation[] = [];
    for (const death of [...chain.deaths, null]) {
      lives.push(
        ...(await Promise.all(Array.from({ length: chain.workers }, () => runGeneration(installation, death)))),
      );
    }
    const end = lives.findLast((life) => life.end !== null)?.end;
    if (!end) throw new Error("The last life of a chain is not killed.");
    const store = await openStore(installation.config.store);
    const { folder } = await getRun(store, end.runId);
    await store.destroy();
    const { portal, ubn } = installation;
    return {
      kills: lives.filter(({ killed }) => killed).length,
      takes: ledgerOf(portal, "take-submitted", ubn).filter(({ accepted }) => accepted).length,
      entries: ledgerOf(portal, "mailbox-list", ubn).filter(({ action }) => action === "add").length,
      questions: end.questions,
      verdict: folder === null ? "none" : (await verifyRun(folder)).verdict,
      story: JSON.stringify({ chain, ends: lives.map((life) => life.end ?? "killed") }),
    };
  } finally {
    await installation.close();
  }
}
