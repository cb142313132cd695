import { describe, expect, test } from "vitest";
import { describeStop, notePages, overrulePage, pageStates } from "../../../robot/engine/runs/page-states.ts";
import { endRun, enterRun, getRun, type RunRow } from "../../../robot/engine/runs/runs.ts";
import { failureData } from "../../../robot/failures/failure.ts";
import { recordNotifications } from "../../../robot/mail/out/notifications.ts";
import { checkPages } from "../../../flows/check-pages.ts";
import { FLOWS } from "../../../flows/index.ts";
import type { Store } from "../../../robot/store/store.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { type Bench, PORTAL_ADDRESS } from "../../support/store/store-bench.ts";
import { databases, openBench, titleOf } from "../../support/store/store-databases.ts";

/** A check looks at the portal's pages before the day's work; a page that it does not know stops what needs it, and nothing else. */

const PAGE = { page: "take-form", title: "取號的表單" } as const;
const OTHER = { page: "winning-lists", title: "中獎清冊下載" } as const;
const UNKNOWN = "要 「取用本數」；看到 相近的有 「本數」";

function check(store: Store, problem: string | null, about: { page: string; title: string } = PAGE): Promise<void> {
  return notePages(store, { address: PORTAL_ADDRESS, runId: "check-1" }, [{ ...about, problem }]);
}

async function held({ store }: Bench, { id }: RunRow): Promise<RunRow> {
  return waitUntil("a run that waits for the page", async () => {
    const run = await getRun(store, id);
    return run.state === "needs-person" || run.state === "ended" ? run : null;
  });
}

function endOf({ store }: Bench, { id }: RunRow): Promise<RunRow> {
  return waitUntil("the run's end", async () => {
    const run = await getRun(store, id);
    return run.state === "ended" ? run : null;
  });
}

describe.for(databases())("a page that a check does not know", (database) => {
  describe.skipIf(database.missing !== null)(`on ${titleOf(database)}`, () => {
    test("keeps a run that needs it from beginning, says which page and what to do, and lets it go on by itself once it is known again", async () => {
      const bench = await openBench(await database.empty(), undefined, { needs: [PAGE.page] });
      await check(bench.store, UNKNOWN);
      const run = await bench.submit();
      await bench.robot.work(1);
      const waiting = await held(bench, run);
      expect(waiting).toMatchObject({ state: "needs-person", folder: null });
      for (const said of [PAGE.title, UNKNOWN, "selectors overrule take-form"])
        expect(waiting.progress).toContain(said);
      expect(bench.stamps()).toEqual([]);
      await check(bench.store, null);
      await bench.robot.pagesNoted();
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done", failure: null });
      expect(bench.stamps()).toEqual(["1"]);
    });

    test("stops nothing that does not need it, nothing at another address, and nothing that has begun", async () => {
      const bench = await openBench(
        await database.empty(),
        // It is found out while the act is under way.
        async (place) => void (place === "effect:pressed" && (await check(bench.store, UNKNOWN))),
        { needs: [PAGE.page] },
      );
      await check(bench.store, UNKNOWN, OTHER);
      await notePages(bench.store, { address: "https://wwwtest.portal.test", runId: "check-1" }, [
        { ...PAGE, problem: UNKNOWN },
      ]);
      const run = await bench.submit();
      await bench.robot.work(1);
      expect(await endOf(bench, run)).toMatchObject({ outcome: "done" });
      expect(await held(bench, await bench.submit("2"))).toMatchObject({ state: "needs-person" });
    });

    test("is overruled by a person, until it has been known again in between", async () => {
      const bench = await openBench(await database.empty(), undefined, { needs: [PAGE.page] });
      const { store } = bench;
      await expect(overrulePage(store, PORTAL_ADDRESS, PAGE.page, "王會計")).rejects.toMatchObject({
        code: "wrong-use",
      });
      await check(store, UNKNOWN);
      await overrulePage(store, PORTAL_ADDRESS, PAGE.page, "王會計");
      // The next check sees the same, perhaps in other words.
      await check(store, `${UNKNOWN}、「冊數」`);
      await bench.robot.work(1);
      expect(await endOf(bench, await bench.submit())).toMatchObject({ outcome: "done" });
      await check(store, null);
      await check(store, UNKNOWN);
      expect(await pageStates(store, PORTAL_ADDRESS)).toMatchObject([{ ...PAGE, overruledBy: null }]);
      const run = await bench.submit("2");
      expect(await held(bench, run)).toMatchObject({ state: "needs-person" });
      await bench.robot.cancel(run.id);
      expect(await endOf(bench, run)).toMatchObject({ failure: { code: "cancelled" } });
      expect(bench.stamps()).toEqual(["1"]);
    });

    test("is told once, however many nights, checks, companies and jobs it is met by; and again when it has been well in between", async () => {
      const bench = await openBench(await database.empty(), undefined, { needs: [PAGE.page] });
      const { store } = bench;
      const night = async (problem: string | null): Promise<string[]> => {
        const company = { name: "晨光小舖", ubn: "12345675" };
        const { run } = await enterRun(store, { flow: checkPages, company, input: {}, startedBy: "排程" });
        await check(store, problem);
        const failure = problem === null ? null : failureData("page-changed", { seen: problem });
        await endRun(store, run.id, { outcome: failure === null ? "done" : "needs-person", failure, result: null });
        const late = await bench.submit(run.id);
        const stopped = failureData("page-unknown", { seen: UNKNOWN });
        await endRun(store, late.id, { outcome: "needs-person", failure: stopped, result: null });
        await recordNotifications(store, { companies: [], deadlineDays: [], flows: FLOWS }, new Date());
        const news = await store.selectFrom("news").select("line").orderBy("noted_at").execute();
        return news.map(({ line }) => line);
      };
      // What happened before anybody was mailed is old news.
      await recordNotifications(store, { companies: [], deadlineDays: [], flows: FLOWS }, new Date());
      const said = describeStop({ ...PAGE, problem: UNKNOWN });
      expect(await night(UNKNOWN)).toEqual([said]);
      expect(await night(`${UNKNOWN}、「冊數」`)).toEqual([said]);
      expect(await night(null)).toEqual([said]);
      expect(await night(UNKNOWN)).toEqual([said, said]);
    });
  });
});
