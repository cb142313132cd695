import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EFFECT_POINTS } from "../robot/engine/effect.ts";
import { install } from "./kit/installation.ts";
import { openPortal } from "./kit/portal.ts";
import { type Chain, playChain, type Toll } from "./kill/chain.ts";
import { runGeneration } from "./kill/generation.ts";
import type { PracticePortal } from "./portal/portal.ts";

/**
 * The process is killed at every point of every effect, in chains of deaths, and what happened is counted at the portal. The
 * portal takes a second 取號 of the same period (`secondTake: accept`), so that its own refusal hides nothing.
 */

/** With `EINVOICE_KILLS=all` every chain is played, by one process and by two at once; otherwise a few, for every run of the tests. */
const ALL = process.env["EINVOICE_KILLS"] === "all";
const ALWAYS = ["登錄通知信箱@pressed", "提交取號@confirm-pressed"];

/** Chains that play at once. */
const LANES = 2;
/** Before the look, after it, after filling, after comparing, and once after the intent: every chain comes by these. */
const FEWEST = 5;
const SETTINGS = { portal: { reconcile: { first: "100ms", every: "300ms", giveUp: "2s" } } };

let portal: PracticePortal;
let chains: Chain[] = [];
const tolls: Toll[] = [];

beforeAll(async () => {
  portal = await openPortal({ takes: { secondTake: "accept" } });
  const installation = await install({ portal, settings: SETTINGS });
  const { points } = await runGeneration(installation, null);
  await installation.close();
  const single = chainsThrough(points, 1);
  chains = ALL
    ? [...single, ...chainsThrough(points, 2)]
    : single.filter(({ deaths }) => ALWAYS.some((at) => deaths.includes(at)));
}, 120_000);

afterAll(() => portal.close());

describe("killed at every point of every effect", () => {
  test("an act happens at the portal once or not at all, and where that can't be known a person is asked", {
    timeout: 20 * 60_000,
  }, async () => {
    const waiting = [...chains];
    const lane = async (): Promise<void> => {
      for (let chain = waiting.shift(); chain; chain = waiting.shift()) {
        const toll = await playChain(chain, { portal, settings: SETTINGS });
        tolls.push(toll);
        expect(toll.takes, `more than one take: ${toll.story}`).toBeLessThanOrEqual(1);
        expect(toll.entries, `the address was added more than once: ${toll.story}`).toBeLessThanOrEqual(1);
        expect(toll.takes + toll.questions, `nothing taken and nobody asked: ${toll.story}`).toBeGreaterThanOrEqual(1);
        expect(["intact", "interrupted"], `the record is not whole: ${toll.story}`).toContain(toll.verdict);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });

  test("each chain died at each of its points before the press, and after it", () => {
    expect(tolls.map(({ kills }) => kills >= FEWEST).includes(false)).toBe(false);
    expect(tolls.length).toBe(chains.length);
  });
});

/** From the points that a life reaches: for each effect and each point after its intent, a chain that also dies at all others. */
function chainsThrough(reached: readonly string[], workers: 1 | 2): Chain[] {
  const effects = [...new Set(reached.map((point) => point.split("@")[0] ?? ""))];
  return effects.flatMap((effect) => {
    const points = EFFECT_POINTS.filter((point) => reached.includes(`${effect}@${point}`));
    const intended = points.indexOf("intended");
    const before = points.slice(0, intended);
    const open = points.slice(intended).filter((point) => point !== "settled");
    return open.map((point) => ({
      workers,
      deaths: [...before, point, "before-reconcile", "reconcile-looked", "settled"].map((at) => `${effect}@${at}`),
    }));
  });
}
