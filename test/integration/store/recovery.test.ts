import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { effectsOf } from "../../../robot/engine/effects/effect-table.ts";
import { openQuestions } from "../../../robot/engine/people/questions.ts";
import { getRun, listRuns, type RunRow } from "../../../robot/engine/runs/runs.ts";
import type { StoreConfig } from "../../../robot/store/store.ts";
import { runLife } from "../../crash/support/generation.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import type { Bench } from "../../support/store/store-bench.ts";
import { databases, openBench, titleOf } from "../../support/store/store-databases.ts";

/**
 * What a killed process, or an older version of the program, left behind when the robot starts again. The bench's flow reads, stamps,
 * waits and finishes; its portal is a file that counts the stamps.
 */
const NO_BROWSER_RUN = fileURLToPath(new URL("../../crash/support/no-browser-run.ts", import.meta.url));

describe.for(databases())("a start after a process was killed between the press and the answer", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test("finds out what became of the act before it begins anything new, although that was asked for first", async () => {
      const { config, folder } = await killedAt("effect:confirm-pressed", await database.empty());
      const places: string[] = [];
      const bench = await openBench(config, (place) => void places.push(place), { kept: folder });
      const newer = await bench.submit("2");
      await bench.robot.work(1);
      expect(await endOf(bench, newer.id)).toMatchObject({ outcome: "done" });
      expect(places).toContain("effect:before-reconcile");
      expect(places.indexOf("effect:before-reconcile")).toBeLessThan(places.indexOf("reading"));
      expect(bench.stamps()).toEqual(["1", "2"]);
    });

    test("asks a person where another version of the flow has to judge what was there before, and stamps once", async () => {
      const { config, folder } = await killedAt("effect:confirm-pressed", await database.empty());
      const bench = await openBench(config, undefined, { kept: folder, flow: { version: 2 } });
      const [begun] = await listRuns(bench.store, 1);
      await bench.robot.work(1);
      expect(await endOf(bench, begun?.id ?? "")).toMatchObject({ failure: { code: "flow-changed" } });
      const again = await bench.submit();
      const question = await waitUntil(
        "a question",
        async () => (await openQuestions(bench.store, again.id))[0] ?? null,
      );
      await bench.robot.answer(question.id, "happened", "test");
      // A person's word proves the act in this run, as a receipt would.
      expect(await endOf(bench, again.id)).toMatchObject({ outcome: "done", failure: null });
      expect(bench.stamps()).toEqual(["1"]);
    });
  });
});

describe.for(databases())("a run under way that meets another version of the program", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test.for([
      { what: "a step of another name", flow: { firstStep: "看" }, names: ["讀", "看"] },
      { what: "another version of the flow", flow: { version: 2 }, names: ["第 1 版", "第 2 版"] },
    ])("ends at $what, naming both; nothing is done twice, then or by the next run", async ({ flow, names }) => {
      const { config, folder } = await killedAt("looking", await database.empty());
      const bench = await openBench(config, undefined, { kept: folder, flow });
      const [begun] = await listRuns(bench.store, 1);
      await bench.robot.work(1);
      const ended = await endOf(bench, begun?.id ?? "");
      expect(ended).toMatchObject({ outcome: "needs-person", failure: { code: "flow-changed" } });
      for (const name of names) expect(JSON.stringify(ended.failure)).toContain(name);
      const again = await bench.submit();
      expect(await endOf(bench, again.id)).toMatchObject({ outcome: "already-done", failure: null });
      expect(await effectsOf(bench.store, begun?.id ?? "")).toEqual([{ name: "蓋章", status: "confirmed" }]);
      expect(bench.stamps()).toEqual(["1"]);
    });
  });
});

/** The bench's flow in a process of its own, which dies there. */
async function killedAt(place: string, store: StoreConfig): Promise<{ config: StoreConfig } & Pick<Bench, "folder">> {
  const folder = mkdtempSync(path.join(tmpdir(), "recovery-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const order = { store, folder, crashPoints: [place], truth: {}, agrees: {} };
  const { killed, points } = await runLife(NO_BROWSER_RUN, order);
  expect({ killed, last: points.at(-1) }).toEqual({ killed: true, last: place });
  return { config: store, folder };
}

function endOf({ store }: Bench, id: string): Promise<RunRow> {
  return waitUntil("the run's end", async () => {
    const run = await getRun(store, id);
    return run.state === "ended" ? run : null;
  });
}
