import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { beginEffect, type EffectStatus, findEffect, moveEffect } from "../../../robot/engine/effects/effect-table.ts";
import { defineFlow, textField } from "../../../robot/engine/flow.ts";
import { Busy, takeLease, takePlace } from "../../../robot/store/lease.ts";
import { endRun, enterRun, getRun, listRuns, orphanRuns, updateRun } from "../../../robot/engine/runs/runs.ts";
import { now, openStore, type Store, type StoreConfig } from "../../../robot/store/store.ts";
import { isStoreError, storeErrorIn } from "../../../robot/store/errors.ts";
import { databases, runChild, titleOf } from "../../support/store/store-databases.ts";

const FLOW = defineFlow({
  name: "stamp",
  title: { zh: "蓋章", en: "stamp" },
  about: { zh: "試驗", en: "a trial" },
  does: ["蓋章"],
  final: null,
  version: 3,
  input: z.object({ coordinate: textField({ label: { zh: "座標", en: "coordinate" } }) }),
  run: () => Promise.resolve({ outcome: "done" }),
});
const JOB = {
  flow: FLOW,
  company: { name: "晨光 'Quote\" 小舖\\", ubn: "12345675" },
  input: { coordinate: "00012345" },
  startedBy: "test",
};

/**
 * Every change of an effect's status that is allowed, written out: a table that were compared with itself would agree with every mistake in
 * it. Above all, nothing leads from `unknown` or `intended` back to `intended`, which is another press.
 */
const ALLOWED: { readonly [from in EffectStatus | "new"]: readonly EffectStatus[] } = {
  new: ["intended", "already-done"],
  intended: ["confirmed", "refused", "withdrawn", "unknown", "done-differently", "released"],
  confirmed: ["done-differently", "released"],
  "already-done": ["intended", "already-done"],
  refused: ["intended", "already-done"],
  withdrawn: ["intended", "already-done"],
  unknown: ["confirmed", "done-differently", "released"],
  "done-differently": ["confirmed", "released"],
  released: ["intended", "already-done"],
};
const STATUSES: readonly EffectStatus[] = [
  "intended",
  "confirmed",
  "already-done",
  "refused",
  "withdrawn",
  "unknown",
  "done-differently",
  "released",
];

describe.for(databases())("the store", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    let config: StoreConfig;
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      config = await database.empty();
      [store, other] = await Promise.all([openStore(config), openStore(config)]);
    });
    afterEach(async () => {
      await Promise.all([store.destroy(), other.destroy()]);
    });

    describe("runs", () => {
      it("are one for all who ask for the same job at the same moment, until it has ended", async () => {
        const asked = await Promise.all(Array.from({ length: 8 }, (_, n) => enterRun(n % 2 ? store : other, JOB)));
        expect(new Set(asked.map(({ run }) => run.id)).size).toBe(1);
        expect(asked.filter(({ joined }) => !joined)).toHaveLength(1);
        const first = asked[0]?.run.id ?? "";

        const another = await enterRun(store, { ...JOB, input: { coordinate: "00012346" } });
        expect(another.run.id).not.toBe(first);

        await endRun(store, first, { outcome: "done", failure: null, result: { outcome: "done" } });
        const again = await enterRun(other, JOB);
        expect(again).toMatchObject({ joined: false });
        expect(again.run.id).not.toBe(first);
      });

      it("come back as they were written: texts with leading zeros, quotes and Chinese, numbers as numbers", async () => {
        const { run } = await enterRun(store, JOB);
        expect(run).toMatchObject({
          company: JOB.company.name,
          input: { coordinate: "00012345" },
          flowVersion: 3,
          period: null,
          engineId: null,
          state: "queued",
          cancelRequested: false,
        });
        const waitingUntil = new Date("2026-11-21T16:00:00.120Z");
        await updateRun(other, run.id, { state: "waiting", progress: "等配號結果", waitingUntil, engineId: "e-1" });
        expect(await getRun(store, run.id)).toMatchObject({
          state: "waiting",
          progress: "等配號結果",
          waitingUntil: "2026-11-21T16:00:00.120Z",
          engineId: "e-1",
        });
        const counted = await store.selectFrom("runs").select(sql<number>`count(*)`.as("runs")).executeTakeFirst();
        expect(counted).toEqual({ runs: 1 });
      });

      it("keep their first end, and nothing that comes later changes it", async () => {
        const { run } = await enterRun(store, JOB);
        await endRun(store, run.id, { outcome: "already-done", failure: null, result: { outcome: "already-done" } });
        await endRun(other, run.id, { outcome: "failed", failure: null, result: null });
        await updateRun(other, run.id, { state: "running" });
        expect(await getRun(store, run.id)).toMatchObject({ state: "ended", outcome: "already-done" });
      });

      it("that no engine knows yet are found, the newest run is listed first", async () => {
        const { run: older } = await enterRun(store, JOB);
        await store.updateTable("runs").set({ created_at: "2026-01-01T00:00:00.000Z" }).execute();
        const { run: newer } = await enterRun(store, { ...JOB, input: { coordinate: "2" } });
        expect((await listRuns(store, 10)).map(({ id }) => id)).toEqual([newer.id, older.id]);
        await updateRun(store, older.id, { engineId: "e-1" });
        expect((await orphanRuns(store)).map(({ id }) => id)).toEqual([newer.id]);
      });
    });

    describe("a lease", () => {
      const children: ChildProcess[] = [];
      afterEach(() => {
        for (const child of children.splice(0)) child.kill("SIGKILL");
      });

      it("has one holder, whoever asks at the same moment, and is free when it is released", async () => {
        const asked = await Promise.allSettled(
          Array.from({ length: 6 }, (_, n) => takeLease(n % 2 ? store : other, "account:1", `taker ${n}`)),
        );
        const taken = asked.filter((one) => one.status === "fulfilled");
        expect(taken).toHaveLength(1);
        expect(asked.flatMap((one) => (one.status === "rejected" ? [one.reason instanceof Busy] : []))).toEqual(
          Array.from({ length: 5 }, () => true),
        );
        await taken[0]?.value.assertHeld();
        await taken[0]?.value.release();
        await (await takeLease(store, "account:1", "next")).release();
      });

      it("of a killed process is taken over at once, that of a living one is not", async () => {
        const child = spawn(
          process.execPath,
          [
            fileURLToPath(new URL("../../support/store/store-child.ts", import.meta.url)),
            "lease",
            JSON.stringify(config),
            "account:1",
          ],
          { stdio: ["ignore", "pipe", "inherit"] },
        );
        children.push(child);
        await once(child.stdout, "data");
        await expect(takeLease(store, "account:1", "we")).rejects.toBeInstanceOf(Busy);
        child.kill("SIGKILL");
        await once(child, "exit");
        const lease = await takeLease(store, "account:1", "we");
        await lease.assertHeld();
        await lease.release();
      });

      it("of another machine is taken over when its time is over, and the old holder is told so", async () => {
        const lost = await takeLease(store, "account:1", "slow machine");
        const elsewhere = { host: "another-machine", pid: 1 };
        await store.updateTable("leases").set(elsewhere).execute();
        await expect(takeLease(other, "account:1", "we")).rejects.toBeInstanceOf(Busy);
        await store.updateTable("leases").set({ until: "2026-01-01T00:00:00.000Z" }).execute();
        const ours = await takeLease(other, "account:1", "we");
        await expect(lost.assertHeld()).rejects.toMatchObject({ code: "lease-lost" });
        // The old holder's release must not free what is ours now.
        await lost.release();
        await ours.assertHeld();
        await ours.release();
      });

      it("of a container with the same host name and process number is not taken for dead", async () => {
        await takeLease(store, "account:1", "container one");
        const { host, pid } = await store.selectFrom("leases").select(["host", "pid"]).executeTakeFirstOrThrow();
        const there = host.replace(/pid:\[\d+\]/, "pid:[4026599999]").replace(/ @\d+$/, " @1");
        expect(there).not.toBe(host);
        for (const number of [pid, 4_000_000]) {
          await store.updateTable("leases").set({ host: there, pid: number }).execute();
          await expect(takeLease(other, "account:1", "container two")).rejects.toBeInstanceOf(Busy);
        }
        // The same number in our own container, used by an earlier process.
        await store
          .updateTable("leases")
          .set({ host: host.replace(/ @\d+$/, " @1"), pid })
          .execute();
        await (await takeLease(other, "account:1", "we")).release();
      });

      it("on one of several equal places is given to so many and not to one more", async () => {
        const places = await Promise.all([takePlace(store, "visit", 2, "a"), takePlace(other, "visit", 2, "b")]);
        await expect(takePlace(store, "visit", 2, "c")).rejects.toBeInstanceOf(Busy);
        await places[1]?.release();
        const third = await takePlace(other, "visit", 2, "c");
        await Promise.all([places[0]?.release(), third.release()]);
      });
    });

    describe("an effect", () => {
      const KEY = "12345675|stamp|蓋章|00012345";
      const about = { key: KEY, effect: "stamp", address: "https://portal.test", name: "蓋章", runId: "run-1" };
      const effect = { ...about, wanted: { 本數: "1" }, baseline: { rows: 0 } };

      it("is begun by one of two who try at the same moment", async () => {
        const tries = await Promise.allSettled(
          [store, other, store, other].map((one) => beginEffect(one, { ...effect, status: "intended" })),
        );
        expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect(tries.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []))).toEqual(
          Array.from({ length: 3 }, () => "lease-lost"),
        );
        expect(await findEffect(store, KEY)).toMatchObject({ status: "intended", attempt: 1, baseline: { rows: 0 } });
      });

      it("changes its status along the table and in no other way", async () => {
        await beginEffect(store, { ...effect, status: "intended" });
        for (const from of STATUSES) {
          for (const to of STATUSES) {
            await store.updateTable("effects").set({ status: from, attempt: 1 }).execute();
            const begins = to === "intended" || to === "already-done";
            const change = begins ? beginEffect(store, { ...effect, status: to }) : moveEffect(store, effect, to, null);
            const happened = await change.then(
              () => true,
              () => false,
            );
            const seen = await findEffect(other, KEY);
            expect({ from, to, happened }).toEqual({ from, to, happened: ALLOWED[from].includes(to) });
            expect(seen?.status).toBe(happened ? to : from);
            // A new attempt is counted, a step of the same one is not.
            expect(seen?.attempt).toBe(happened && begins ? 2 : 1);
          }
        }
      });

      it("begins with an intent or with what was there already, and with nothing else", async () => {
        for (const to of STATUSES) {
          await store.deleteFrom("effects").execute();
          const begins = to === "intended" || to === "already-done";
          const change = begins ? beginEffect(store, { ...effect, status: to }) : moveEffect(store, effect, to, null);
          const happened = await change.then(
            () => true,
            () => false,
          );
          expect({ to, happened }).toEqual({ to, happened: ALLOWED.new.includes(to) });
        }
      });

      it("leaves every change in its history, in order", async () => {
        await beginEffect(store, { ...effect, status: "intended" });
        await moveEffect(other, effect, "unknown", { why: "cut" });
        await moveEffect(store, effect, "confirmed", { rows: 1 });
        const history = await store
          .selectFrom("effect_events")
          .select(["id", "status", "data"])
          .orderBy("id")
          .execute();
        expect(history).toEqual([
          { id: 1, status: "intended", data: '{"rows":0}' },
          { id: 2, status: "unknown", data: '{"why":"cut"}' },
          { id: 3, status: "confirmed", data: '{"rows":1}' },
        ]);
      });
    });

    it("sorts texts by their characters, not by any country's dictionary", async () => {
      const names = ["b", "B", "a", "_", "A", "乙", "-a", "甲"];
      for (const name of names) await store.insertInto("settings").values({ name, value: now() }).execute();
      const rows = await store.selectFrom("settings").select("name").orderBy("name").execute();
      expect(rows.map(({ name }) => name)).toEqual(["-a", "A", "B", "_", "a", "b", "乙", "甲"]);
    });

    it("tells its own trouble from a broken rule and from a faulty statement", async () => {
      await store.insertInto("settings").values({ name: "once", value: "1" }).execute();
      const twice = await caught(store.insertInto("settings").values({ name: "once", value: "2" }).execute());
      expect(isStoreError(twice)).toBe(false);
      expect(isStoreError(await caught(sql`select nothing from nowhere`.execute(store)))).toBe(false);
    });

    it("can be opened by several processes at once when it is empty, and by more when it is not", async () => {
      for (let round = 0; round < 3; round++) {
        const place = JSON.stringify(await database.empty());
        const opened = await Promise.all(Array.from({ length: 4 }, () => runChild("store-child.ts", ["open", place])));
        expect(opened.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
          opened.map(() => ({ code: 0, stderr: "" })),
        );
        expect(await runChild("store-child.ts", ["open", place])).toMatchObject({ code: 0, stdout: "", stderr: "" });
      }
    });
  });
});

it("a refused connection to something else is not taken for the store's", async () => {
  const refused = await caught(fetch("http://127.0.0.1:9/"));
  expect(refused).toBeInstanceOf(TypeError);
  expect(storeErrorIn(refused)).toBeNull();
});

async function caught(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error,
  );
}
