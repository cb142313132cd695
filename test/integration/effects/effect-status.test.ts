import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import {
  beginEffect,
  effectsOf,
  findEffect,
  moveEffect,
  wasConfirmedIn,
} from "../../../robot/engine/effects/effect-table.ts";
import { openStore, type Store } from "../../../robot/store/store.ts";
import { databases } from "../../support/store/store-databases.ts";

/** The table of acts, on the smaller database; both databases and every change of status are in `test/integration/store`. */

const [sqlite] = databases();
let store: Store;
beforeEach(async () => {
  store = await openStore(await sqlite.empty());
  onTestFinished(() => store.destroy());
});

const act = (key = "a", runId = "run-1") => ({
  key,
  runId,
  effect: "submit-take",
  address: "https://portal.test",
  name: `提交 ${key}`,
  wanted: { 取用本數: "6" },
  baseline: { rows: [1] },
});

describe("an act in the store", () => {
  test("that nobody began is none; one that was begun is as it was begun", async () => {
    expect(await findEffect(store, "a")).toBeNull();
    expect(await beginEffect(store, { ...act(), status: "intended" })).toBe(1);
    expect(await findEffect(store, "a")).toMatchObject({
      key: "a",
      runId: "run-1",
      status: "intended",
      attempt: 1,
      baseline: { rows: [1] },
      intendedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      evidence: null,
      flowVersion: null,
    });
    const rows = await store.selectFrom("effects").select(["effect", "name", "wanted", "approval"]).execute();
    expect(rows).toEqual([{ effect: "submit-take", name: "提交 a", wanted: `{"取用本數":"6"}`, approval: null }]);
  });

  test("that is open is begun by nobody else, and stays whose it is", async () => {
    await beginEffect(store, { ...act(), status: "intended" });
    for (const status of ["intended", "already-done"] as const) {
      await expect(beginEffect(store, { ...act("a", "run-2"), status })).rejects.toMatchObject({ code: "lease-lost" });
    }
    expect(await findEffect(store, "a")).toMatchObject({ runId: "run-1", status: "intended", attempt: 1 });
  });

  test("is moved as the table allows and no other way, and a change that is refused leaves no trace", async () => {
    await beginEffect(store, { ...act(), status: "intended" });
    await moveEffect(store, act(), "refused", { words: "額滿" });
    for (const to of ["confirmed", "unknown", "withdrawn", "done-differently"] as const)
      await expect(moveEffect(store, act(), to, null)).rejects.toThrow("can't become");
    await expect(moveEffect(store, act("b"), "confirmed", null)).rejects.toThrow("can't become");
    expect(await findEffect(store, "a")).toMatchObject({ status: "refused", evidence: { words: "額滿" } });
    expect(await store.selectFrom("effect_events").select("status").execute()).toEqual([
      { status: "intended" },
      { status: "refused" },
    ]);
  });

  test("that was refused may be begun again, by another run, and its attempts are counted", async () => {
    await beginEffect(store, { ...act(), status: "intended" });
    await moveEffect(store, act(), "refused", null);
    expect(await beginEffect(store, { ...act("a", "run-2"), baseline: { rows: [1, 2] }, status: "intended" })).toBe(2);
    expect(await findEffect(store, "a")).toMatchObject({ runId: "run-2", attempt: 2, baseline: { rows: [1, 2] } });
    const events = await store.selectFrom("effect_events").select(["run_id", "attempt", "data"]).execute();
    expect(events).toEqual([
      { run_id: "run-1", attempt: 1, data: `{"rows":[1]}` },
      { run_id: "run-1", attempt: 1, data: "null" },
      { run_id: "run-2", attempt: 2, data: `{"rows":[1,2]}` },
    ]);
  });

  test("of which the portal had what was wanted was never intended", async () => {
    await beginEffect(store, { ...act(), status: "already-done" });
    expect(await findEffect(store, "a")).toMatchObject({ status: "already-done", intendedAt: null });
  });

  test("was confirmed in the run in which it was, and in no other", async () => {
    await beginEffect(store, { ...act(), status: "intended" });
    expect(await wasConfirmedIn(store, "a", "run-1")).toBe(false);
    await moveEffect(store, act("a", "run-2"), "confirmed", null);
    expect(await wasConfirmedIn(store, "a", "run-2")).toBe(true);
    for (const [key, run] of [
      ["a", "run-1"],
      ["b", "run-2"],
    ] as const)
      expect(await wasConfirmedIn(store, key, run)).toBe(false);
  });

  test("in a status that nobody knows is read as none of ours", async () => {
    await beginEffect(store, { ...act(), status: "intended" });
    for (const status of ["pressed", "new", ""]) {
      await store.updateTable("effects").set({ status }).execute();
      await expect(findEffect(store, "a")).rejects.toThrow("Unknown status");
      await expect(effectsOf(store, "run-1")).rejects.toThrow("Unknown status");
    }
  });

  test("is told among those of its run, the one that was changed last at the end", async () => {
    for (const [key, run] of [
      ["a", "run-1"],
      ["b", "run-2"],
      ["c", "run-1"],
    ] as const) {
      await beginEffect(store, { ...act(key, run), status: "intended" });
    }
    await store.updateTable("effects").set({ updated_at: "2026-01-01T00:00:00.000Z" }).where("key", "=", "c").execute();
    expect(await effectsOf(store, "run-1")).toEqual([
      { name: "提交 c", status: "intended" },
      { name: "提交 a", status: "intended" },
    ]);
  });
});
