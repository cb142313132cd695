import { expect, test } from "vitest";
import { getRun, type RunRow } from "../../../robot/engine/runs/runs.ts";
import { obligationTable } from "../../../robot/engine/runs/obligations.ts";
import type { ObligationOfPeriod } from "../../../robot/invoicing/deadlines/obligations.ts";
import { parseDay } from "../../../robot/invoicing/values/day.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { effectBench } from "./effect-bench.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { type Bench, startBench } from "../../support/store/store-bench.ts";
import { databases } from "../../support/store/store-databases.ts";

/** A rehearsal does everything but the press, and nothing tells afterwards that it was there but its own record. */

test("a rehearsal fills, compares and finds the button, says what it would have pressed, and leaves without a click or an intent", async () => {
  const bench = await effectBench({ rehearsal: true, approve: "always" });
  const progress = await bench.advance();
  expect(progress).toMatchObject({
    state: "rehearsed",
    wouldPress: {
      act: "提交取號",
      effect: "submit-take",
      button: "提交取號",
      page: "取號（http://portal.test/take）",
      fields: { 取用本數: "6" },
      form: [
        { name: "取用本數", value: "6" },
        { name: "備註", value: "別人的" },
      ],
    },
  });
  expect(bench.portal.log).toEqual(["aim"]);
  expect(bench.left()).toBe(1);
  expect(await bench.statuses()).toEqual([]);
  expect(await bench.store.selectFrom("effects").selectAll().execute()).toEqual([]);
  expect(bench.recorded).toContain("effect.rehearsed");
  expect(bench.recorded).not.toContain("effect.intended");
});

test("a rehearsal of a form that is not as asked is a mismatch, as it would be in a real run", async () => {
  const bench = await effectBench({ rehearsal: true });
  bench.portal.on.fill = () => void (bench.portal.books = "7");
  await expect(bench.advance()).rejects.toMatchObject({ code: "form-mismatch" });
  expect(bench.portal.log).toEqual([]);
});

test("a form that changes while the button is looked for is a mismatch in a rehearsal, too", async () => {
  const bench = await effectBench({ rehearsal: true });
  bench.portal.on.aim = () => void (bench.portal.books = "7");
  await expect(bench.advance()).rejects.toMatchObject({ code: "form-mismatch" });
});

test("a rehearsal of what the portal has already writes nothing into the table of acts", async () => {
  const bench = await effectBench({ rehearsal: true });
  bench.portal.rows = [6];
  expect(await bench.advance()).toMatchObject({ state: "done", result: { status: "already-done" } });
  expect(await bench.statuses()).toEqual([]);
});

test("a rehearsal leaves an act whose outcome is not known as it is, and says that the real run looks it up", async () => {
  const bench = await effectBench({ rehearsal: true });
  await bench.store
    .insertInto("effects")
    .values({
      key: "12345675|take|submit-take|11512",
      name: "提交取號",
      effect: "submit-take",
      approval: null,
      run_id: "x",
      status: "intended",
      attempt: 1,
      wanted: "{}",
      baseline: '{"rows":[]}',
      evidence: null,
      intended_at: new Date().toISOString(),
      updated_at: new Date().toISOString(),
    })
    .execute();
  await expect(bench.advance()).rejects.toMatchObject({ code: "outcome-unknown" });
  expect(bench.portal.log).toEqual([]);
  expect(await bench.store.selectFrom("effects").select("status").execute()).toEqual([{ status: "intended" }]);
});

const [sqlite] = databases();

test("a run that rehearses is done and has sent nothing, is nobody's duty, joins no real run, and a real run afterwards is as the first", async () => {
  const bench = await startBench(await (sqlite?.empty() ?? Promise.reject(new Error("no database"))), undefined, {
    approve: { mode: "always" },
  });
  try {
    const rehearsal = await bench.submit("1", { rehearsal: true });
    const real = await bench.submit("1");
    expect(real.id).not.toBe(rehearsal.id);
    expect((await bench.submit("1", { rehearsal: true })).id).toBe(rehearsal.id);
    await bench.robot.cancel(real.id);
    await bench.robot.work(1);
    const ended = await endOf(bench, rehearsal);
    expect(ended).toMatchObject({ outcome: "done", rehearsal: true, failure: null });
    expect(ended.result?.rehearsal?.wouldPress).toMatchObject({ button: "蓋章", fields: { 章: "1" } });
    expect(ended.result?.notes?.[0]).toContain("演練：沒有送出任何東西");
    expect(bench.stamps()).toEqual([]);
    expect(await bench.store.selectFrom("questions").selectAll().execute()).toEqual([]);
    expect(await bench.store.selectFrom("effects").selectAll().execute()).toEqual([]);
    expect(await endOf(bench, real)).toMatchObject({ failure: { code: "cancelled" } });
    const again = await bench.submit("1");
    const question = await waitUntil("the question", async () =>
      bench.store.selectFrom("questions").selectAll().where("run_id", "=", again.id).executeTakeFirst(),
    );
    await bench.robot.answer(question.id, "agree", "王會計");
    expect(await endOf(bench, again)).toMatchObject({ outcome: "done", rehearsal: false });
    expect(bench.stamps()).toEqual(["1"]);
  } finally {
    await bench.close();
  }
});

test("a rehearsal that went through settles no duty", async () => {
  const bench = await startBench(await (sqlite?.empty() ?? Promise.reject(new Error("no database"))));
  try {
    const rehearsal = await bench.submit("1", { rehearsal: true });
    await bench.robot.work(1);
    await endOf(bench, rehearsal);
    await bench.store.updateTable("runs").set({ period: "11512" }).execute();
    const company = { name: "晨光小舖", ubn: "12345675" };
    const duty: ObligationOfPeriod = {
      id: "stamp",
      title: { zh: "章", en: "stamp" },
      flow: "stamp",
      lapses: false,
      mayBeOthers: false,
      reminder: null,
      about: parsePeriod("11512"),
      from: parseDay("2026-12-01"),
      by: parseDay("2026-12-31"),
      movesOnHoliday: false,
    };
    const settlers = [{ name: "stamp", settles: ["stamp"] }];
    const look = async (): Promise<string | null | undefined> => {
      const [row] = await obligationTable(bench.store, [company], [duty], settlers, parseDay("2026-12-05"));
      return row?.cells[0]?.runId;
    };
    expect(await look()).toBeNull();
    // The same run, had it been a real one, would have.
    await bench.store.updateTable("runs").set({ rehearsal: 0 }).execute();
    expect(await look()).toBe(rehearsal.id);
  } finally {
    await bench.close();
  }
});

async function endOf(bench: Bench, { id }: RunRow): Promise<RunRow> {
  return waitUntil("the end of the run", async () => {
    const run = await getRun(bench.store, id);
    return run.state === "ended" ? run : null;
  });
}
