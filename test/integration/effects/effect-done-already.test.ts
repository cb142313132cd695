import { describe, expect, test } from "vitest";
import type { EffectSpec } from "../../../robot/engine/flow.ts";
import { effectBench, type Listed, type SmallPortal } from "./effect-bench.ts";

const failed = (code: string) => expect.objectContaining({ code });

describe("an act that is done already", () => {
  test("is not pressed", async () => {
    const bench = await effectBench();
    bench.portal.rows.push(6);
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "already-done" } });
    expect(bench.portal.log).toEqual([]);
    expect(await bench.statuses()).toEqual(["already-done"]);
  });

  test("in an earlier run and is still there is not begun anew, and what judges it is told that it was proved once", async () => {
    const told: boolean[] = [];
    const judge: EffectSpec<Listed, SmallPortal>["decide"] = ({ rows }, wasConfirmed) => {
      told.push(wasConfirmed);
      return rows.includes(6) ? { already: "已取號" } : { go: true };
    };
    const bench = await effectBench({ spec: { decide: judge } });
    await bench.advance();
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "already-done", proof: "已取號" } });
    expect(told).toEqual([false, true]);
    expect(await bench.statuses()).toEqual(["intended", "confirmed"]);
    expect(bench.recorded.at(-1)).toBe("effect.already-done");
  });

  test("in this run goes on from what is there now where another version of the flow had looked before", async () => {
    const bench = await effectBench();
    await bench.advance();
    await bench.store.updateTable("runs").set({ flow_version: 2 }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { before: { rows: [6] } } });
  });

  test("in an earlier run and is no longer to be seen is done again on a person's word only", async () => {
    const bench = await effectBench();
    await bench.advance();
    bench.portal.rows = [];
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "ask", question: { choices: { again: expect.anything() } } });
    expect(bench.portal.rows).toEqual([]);
    await bench.answer("again");
    await bench.answer("again");
    expect(await bench.advance()).toMatchObject({ state: "done" });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("in this run, and is not to be seen yet, is done", async () => {
    const bench = await effectBench({ spec: { listed: "later" } });
    bench.portal.shows = () => [];
    await bench.advance();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(bench.portal.rows).toEqual([6]);
  });

  test("in this run is not judged by what stands there now: a person's 「已成功」 is the last word, and what was there before stays known", async () => {
    const judge: EffectSpec<Listed, SmallPortal>["decide"] = ({ rows }) =>
      rows.length > 0 ? { refuse: "file-invalid", detail: {} } : { go: true };
    for (const recur of [{}, { mayRecur: true } as const]) {
      const bench = await effectBench({ giveUp: 0, spec: { ...recur, decide: judge } });
      bench.portal.said = { kind: "silent", words: "" };
      // Ours and another's: nothing tells which is which.
      bench.portal.enters = (asked) => [asked, 3];
      await bench.advance();
      expect(await bench.advance()).toMatchObject({ state: "ask" });
      await bench.answer("happened");
      const result = { status: "confirmed", proof: "這次執行裡已確認成功", before: { rows: [] } };
      expect(await bench.advance()).toEqual({ state: "done", result });
      // It was looked at for the record.
      expect(bench.recorded.at(-1)).toBe("effect.looked");
      // Neither is it pressed again where the list shows nothing of it.
      bench.portal.rows = [];
      expect(await bench.advance()).toEqual({ state: "done", result });
      expect(bench.portal.log).toEqual(["aim", "click"]);
    }
  });

  test("in an earlier run and undone since is done again by itself where it may recur", async () => {
    const bench = await effectBench({ spec: { mayRecur: true } });
    await bench.advance();
    bench.portal.rows = [];
    await bench.store.updateTable("effect_events").set({ run_id: "run-0" }).execute();
    expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "confirmed" } });
    expect(await bench.statuses()).toEqual(["intended", "confirmed", "released", "intended", "confirmed"]);
  });

  test("or can't be done is not begun", async () => {
    const bench = await effectBench({ spec: { decide: () => ({ refuse: "quota-exceeded", detail: {} }) } });
    await expect(bench.advance()).rejects.toEqual(failed("quota-exceeded"));
    expect(await bench.statuses()).toEqual([]);
  });
});
