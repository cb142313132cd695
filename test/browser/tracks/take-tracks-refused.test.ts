import { afterAll, describe, expect, test } from "vitest";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal } from "../../support/kit/installation/portal.ts";
import { expectExplained } from "../../support/kit/record/record.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal();
afterAll(() => portal.close());

describe("what the portal does not allow is not even tried", () => {
  test("more books than the quota", async () => {
    const office = await installed({ portal, companies: [{ portal: { quota: 4 } }] });
    const run = await perform(office, take(NEXT, 5));
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "quota-exceeded");
    expect(run.failure).toMatchObject({ wanted: "5 本", seen: "可取用本數 4" });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  });

  test("a period that can't be taken yet", async () => {
    const office = await installed({ portal });
    const run = await perform(office, take("11604", 1));
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "not-in-window");
    expect(run.failure?.wanted).toContain("11604");
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  });

  test("a company whose list for notices is empty, where the robot has no address to put there", async () => {
    const office = await installed({ portal, companies: [{ configured: { noticeAddress: undefined } }] });
    const run = await perform(office, take(NEXT, 1));
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "mailbox-list-missing");
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
    expect(ledgerOf(portal, "mailbox-list", office.ubn)).toEqual([]);
  });
});

test("an address for notices is put on the portal's list though the robot reads no mail; what is left after the books is told", async () => {
  const office = await installed({ portal, companies: [{ portal: { quota: 4 } }], settings: { mailbox: false } });
  const run = await perform(office, take(NEXT, 3));
  expect(run.failure).toBeNull();
  expect(run.outcome).toBe("done");
  expect(ledgerOf(portal, "mailbox-list", office.ubn)).toMatchObject([
    { address: office.config.companies[0]?.noticeAddress },
  ]);
  expect(resultOf(run)?.quota).toEqual({ available: 4, taken: 3, left: 1 });
  expect(run.result?.notes).toContainEqual("還可以取 1 本（可取用本數 4，已取用 3，含這次）");
});

test("what only the portal knows it refuses itself, and its words are told: a suspended company", async () => {
  const office = await installed({ portal, companies: [{ portal: { status: "停業" } }] });
  const run = await perform(office, take(NEXT, 1));
  expect(run.outcome).toBe("needs-person");
  await expectExplained(run, "take-refused");
  expect(run.failure?.pageSays).toContain("營業人狀態非正常，不得取號");
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toMatchObject([{ accepted: false }]);
});
