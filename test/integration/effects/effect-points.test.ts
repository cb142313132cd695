import { expect, test } from "vitest";
import { EFFECT_POINTS, type EffectPoint } from "../../../robot/engine/effects/effect-context.ts";
import { effectBench } from "./effect-bench.ts";

/** Where a process may die: the drills of `test/crash` kill it at each of these, so each has to be passed, and in this order. */

test("every point of the list is passed, in its order: nothing is pressed before the intent, nothing is settled before the proof", async () => {
  const passed: EffectPoint[] = [];
  const bench = await effectBench({ at: (point) => void passed.push(point) });
  bench.portal.confirmation = {};
  bench.portal.said = { kind: "silent", words: "" };
  bench.portal.shows = () => [];
  expect(await bench.advance()).toMatchObject({ state: "look-again" });
  const straight = EFFECT_POINTS.slice(0, EFFECT_POINTS.indexOf("settled") + 1);
  expect(passed).toEqual(straight);
  passed.length = 0;
  bench.portal.shows = null;
  expect(await bench.advance()).toMatchObject({ state: "done" });
  expect(passed).toEqual(["before-reconcile", "reconcile-looked", "settled"]);
  expect(new Set([...straight, ...passed])).toEqual(new Set(EFFECT_POINTS));
  // Proved in this run: looked at for the record only.
  passed.length = 0;
  expect(await bench.advance()).toMatchObject({ state: "done" });
  expect(passed).toEqual(["before-look", "looked"]);
});
