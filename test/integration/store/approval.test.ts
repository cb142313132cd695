import { describe, expect, test } from "vitest";
import { AGREE, agreementOn, APPROVAL_MS, noteAnswer } from "../../../robot/engine/effects/approval.ts";
import { beginEffect, effectsOf, moveEffect } from "../../../robot/engine/effects/effect-table.ts";
import { openQuestions, type QuestionRow } from "../../../robot/engine/people/questions.ts";
import { getRun, type RunRow } from "../../../robot/engine/runs/runs.ts";
import { inBoth } from "../../../robot/invoicing/problems/problems.ts";
import type { StoreConfig } from "../../../robot/store/store.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import type { Bench, BenchAct, BenchOptions } from "../../support/store/store-bench.ts";
import { databases, openBench, titleOf } from "../../support/store/store-databases.ts";

/** Nothing is pressed that a person did not agree to, where the configuration wants an agreement. The bench's portal counts stamps. */
describe.for(databases())("an act that a person has to agree to", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test("is filled, shown and left; after the yes it is filled again and pressed once, and the record says who agreed", async () => {
      const places: string[] = [];
      const { bench, run } = await begun(
        await database.empty(),
        { mode: "always" },
        (place) => void places.push(place),
      );
      const question = await asked(bench, run);
      expect(question).toMatchObject({ topic: "approval", form: { answer: AGREE, fields: [] } });
      expect(question.context).toMatchObject({
        approval: {
          effect: "stamp",
          address: "https://portal.test",
          fields: { 章: "1" },
          shown: [{ title: "要蓋的章", lines: ["1"] }],
        },
      });
      expect(bench.stamps()).toEqual([]);
      expect(places).not.toContain("effect:intended");
      await bench.robot.answer(question.id, AGREE, "王會計");
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      expect(bench.stamps()).toEqual(["1"]);
      expect(places.filter((place) => place === "effect:compared")).toHaveLength(2);
      const approvals = await bench.store.selectFrom("approvals").selectAll().execute();
      expect(approvals).toMatchObject([{ agreed_by: "王會計", used_key: "12345675|stamp|stamp|1", run_id: run.id }]);
      expect(approvals[0]?.used_at).not.toBeNull();
    });

    test("is not pressed without the yes: a no ends the run with a person, and nothing was begun", async () => {
      const { bench, run } = await begun(await database.empty(), { mode: "always" });
      await bench.robot.answer((await asked(bench, run)).id, "refuse", "王會計");
      expect(await endOf(bench, run)).toMatchObject({ outcome: "needs-person", failure: { code: "person-needed" } });
      expect([bench.stamps(), await effectsOf(bench.store, run.id)]).toEqual([[], []]);
    });

    test("is agreed to only with every odd place ticked, by its own name", async () => {
      const act = (): BenchAct => ({ odd: ["全部空白", "明細太早結束"] });
      const { bench, run } = await begun(await database.empty(), { mode: "odd", act });
      const { id, form } = await asked(bench, run);
      expect(form?.fields.map((field) => field.label.zh)).toEqual(["全部空白", "明細太早結束"]);
      const wrong = [{}, { "odd-1": "yes" }, { "odd-1": "yes", "odd-2": "no" }, { "odd-1": "yes", "odd-3": "yes" }];
      for (const values of wrong) {
        await expect(bench.robot.answer(id, AGREE, "王會計", 1, values)).rejects.toMatchObject({ code: "wrong-use" });
      }
      await bench.robot.answer(id, AGREE, "王會計", 1, { "odd-1": "yes", "odd-2": "yes" });
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      expect(bench.stamps()).toEqual(["1"]);
    });

    test.for<{ what: string; first: BenchAct; later: BenchAct }>([
      { what: "a field", first: { fields: { 期別: "11510" } }, later: { fields: { 期別: "11512" } } },
      { what: "a field more", first: {}, later: { fields: { 本數: "9" } } },
      {
        what: "a field that nobody asked for",
        first: { others: { 停止使用: "" } },
        later: { others: { 停止使用: "✓" } },
      },
      { what: "a field more that nobody asked for", first: {}, later: { others: { 備註: "" } } },
      {
        what: "the portal's address",
        first: { address: "https://wwwtest.portal.test" },
        later: { address: "https://portal.test" },
      },
      { what: "the file", first: { file: "a".repeat(64) }, later: { file: "b".repeat(64) } },
      { what: "the odd places", first: { odd: ["一處"] }, later: { odd: ["另一處"] } },
      { what: "one odd place more", first: { odd: ["一處"] }, later: { odd: ["一處", "另一處"] } },
    ])(
      "is asked about again where $what has changed since, and what is sent is what was agreed to last",
      async ({ first, later }) => {
        let act = first;
        const { bench, run } = await begun(await database.empty(), { mode: "always", act: () => act });
        const before = await asked(bench, run);
        act = later;
        await agree(bench, before);
        const after = await asked(bench, run, before.id);
        expect(bench.stamps()).toEqual([]);
        expect(digestOf(after)).not.toBe(digestOf(before));
        await agree(bench, after);
        expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
        expect(bench.stamps()).toEqual(["1"]);
        const approvals = await bench.store
          .selectFrom("approvals")
          .select(["id", "used_at"])
          .orderBy("agreed_at")
          .execute();
        expect(approvals.filter(({ used_at }) => used_at !== null)).toEqual([
          expect.objectContaining({ id: after.id }),
        ]);
      },
    );

    test("of mode first is asked about once for a company, until it has been proved; odd ones always", async () => {
      let odd: readonly string[] = [];
      const { bench, run } = await begun(await database.empty(), { mode: "first", act: () => ({ odd }) });
      await agree(bench, await asked(bench, run));
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      const second = await bench.submit("2");
      expect(await endOf(bench, second)).toMatchObject({ outcome: "done" });
      odd = ["不同"];
      const third = await bench.submit("3");
      await agree(bench, await asked(bench, third));
      expect(await endOf(bench, third)).toMatchObject({ outcome: "done" });
      expect(await bench.store.selectFrom("approvals").select("run_id").execute()).toHaveLength(2);
      const about = {
        mode: "first",
        address: "https://portal.test",
        fields: {},
        form: null,
        picture: null,
      } as const;
      const same = { id: "stamp", keyParts: ["9"] };
      expect(await agreementOn({ ...about, ubn: "12345675" }, same, bench.store)).toEqual({ approval: null });
      const elsewhere = { ...about, ubn: "12345675", address: "https://wwwtest.portal.test" };
      expect(await agreementOn(elsewhere, same, bench.store)).toHaveProperty("request");
      expect(await agreementOn({ ...about, ubn: "04595257" }, same, bench.store)).toHaveProperty("request");
      expect(await agreementOn({ ...about, ubn: "12345675" }, { ...same, id: "other" }, bench.store)).toHaveProperty(
        "request",
      );
    });

    test("is sent unasked where nobody wants to be asked, odd or not", async () => {
      const { bench, run } = await begun(await database.empty(), { mode: "never", act: () => ({ odd: ["不同"] }) });
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      expect(bench.stamps()).toEqual(["1"]);
    });

    test("takes an approval for its own digest, once, for a day, and not of a run that was cancelled", async () => {
      const { bench, run } = await begun(await database.empty(), { mode: "always" });
      const { store } = bench;
      await asked(bench, run);
      const about = {
        mode: "always",
        address: "https://portal.test",
        ubn: "12345675",
        fields: { 章: "7" },
        form: null,
        picture: null,
      } as const;
      const spec = { id: "stamp", keyParts: ["7"], approval: { odd: [inBoth("不同")], file: "f" } };
      const look = (): ReturnType<typeof agreementOn> => agreementOn(about, spec, store);
      const first = await look();
      if (!("request" in first)) throw new Error("nobody was asked");
      const note = async (id: string, at: number): Promise<void> =>
        noteAnswer(store, { id, runId: run.id, ubn: "12345675", name: "蓋章" }, first.request, {
          answer: AGREE,
          values: {},
          by: "王會計",
          at: new Date(at).toISOString(),
        });
      const begin = (key: string, approval: string): Promise<number> =>
        beginEffect(store, {
          key,
          effect: "stamp",
          address: "https://portal.test",
          approval,
          name: "蓋章",
          runId: run.id,
          wanted: null,
          baseline: null,
          status: "intended",
        });
      await note("q-old", Date.now() - APPROVAL_MS - 1000);
      expect(await look()).toHaveProperty("request");
      await expect(begin("old", "q-old")).rejects.toMatchObject({ code: "lease-lost" });
      await note("q-new", Date.now() - APPROVAL_MS + 60_000);
      expect(await look()).toEqual({ approval: "q-new" });
      const others = [
        agreementOn({ ...about, address: "https://portal.test:8443" }, spec, store),
        agreementOn({ ...about, ubn: "04595257" }, spec, store),
        agreementOn({ ...about, fields: { 章: "8" } }, spec, store),
        agreementOn(about, { ...spec, id: "other" }, store),
        agreementOn(about, { ...spec, keyParts: ["8"] }, store),
        agreementOn(about, { ...spec, approval: { ...spec.approval, file: "g" } }, store),
        agreementOn(about, { ...spec, approval: { ...spec.approval, odd: [] } }, store),
      ];
      for (const other of await Promise.all(others)) expect(other).toHaveProperty("request");
      await store.updateTable("runs").set({ cancel_requested: 1 }).where("id", "=", run.id).execute();
      expect(await look()).toHaveProperty("request");
      await store.updateTable("runs").set({ cancel_requested: 0 }).where("id", "=", run.id).execute();
      const uses = await Promise.allSettled(["a", "b", "c"].map((key) => begin(key, "q-new")));
      expect(uses.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected", "rejected"]);
      expect(uses.flatMap((use) => (use.status === "rejected" ? [use.reason.code] : []))).toEqual([
        "lease-lost",
        "lease-lost",
      ]);
      expect(await look()).toHaveProperty("request");
      // Another try of the same act, with another approval, does not make the first one good again.
      const { key } = await store
        .selectFrom("effects")
        .select("key")
        .where("approval", "=", "q-new")
        .executeTakeFirstOrThrow();
      await moveEffect(store, { key, runId: run.id }, "refused", null);
      await store.updateTable("approvals").set({ used_at: null }).where("id", "=", "q-new").execute();
      await note("q-third", Date.now());
      await begin(key, "q-third");
      expect(await look()).toHaveProperty("request");
      // The same answer told again, after a crash for instance, does not make it new.
      await note("q-new", Date.now());
      expect(await look()).toHaveProperty("request");
    });

    test("is not pressed by a second run with the answer that the first one was given", async () => {
      const config = await database.empty();
      const { bench, run } = await begun(config, { mode: "always" });
      const question = await asked(bench, run);
      await bench.robot.answer(question.id, AGREE, "王會計");
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      const again = await bench.submit("2");
      const other = await asked(bench, again);
      expect(other.id).not.toBe(question.id);
      await expect(bench.robot.answer(question.id, AGREE, "王會計")).rejects.toMatchObject({
        code: "question-expired",
      });
      expect(bench.stamps()).toEqual(["1"]);
    });
  });
});

type Approve = NonNullable<BenchOptions["approve"]>;

async function begun(
  config: StoreConfig,
  approve: Approve,
  at?: (place: string) => void,
): Promise<{ bench: Bench; run: RunRow }> {
  const bench = await openBench(config, at, { approve });
  const run = await bench.submit();
  await bench.robot.work(1);
  return { bench, run };
}

/** The question that the run asks, another one than that, once the run sleeps: what it does next, it does from the start. */
function asked({ store }: Bench, { id }: RunRow, not = ""): Promise<QuestionRow> {
  return waitUntil("a question", async () => {
    const question = (await openQuestions(store, id)).find((one) => one.id !== not);
    return question && (await getRun(store, id)).state === "needs-person" ? question : null;
  });
}

function agree({ robot }: Bench, { id, form }: QuestionRow): Promise<void> {
  const ticks = Object.fromEntries((form?.fields ?? []).map((field) => [field.id, "yes"]));
  return robot.answer(id, AGREE, "王會計", 1, ticks);
}

function digestOf({ context }: QuestionRow): string {
  return /"digest":"(\w+)"/.exec(JSON.stringify(context))?.[1] ?? "";
}

function endOf({ store }: Bench, { id }: RunRow): Promise<RunRow> {
  return waitUntil("the run's end", async () => {
    const run = await getRun(store, id);
    return run.state === "ended" ? run : null;
  });
}
