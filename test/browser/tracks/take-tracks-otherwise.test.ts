import { afterAll, afterEach, describe, expect, test } from "vitest";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(async () => {
  portal.show("current");
  await takeBackFaults(portal);
});

test("a portal that enters other books than were asked, and says that it was taken, is found out at once", async () => {
  const office = await installed({ portal });
  portal.order({ name: "other-books", ban: office.ubn, books: 4 });
  const asked = await perform(office, take(NEXT, 6));
  expect(asked).toMatchObject({ state: "needs-person", outcome: null });
  expect(asked.progress).toContain("取用本數 要 6，平台上是 4");
  const run = await perform(office, take(NEXT, 6), {}, () => "stop");
  expect(run).toMatchObject({ outcome: "needs-person", failure: { code: "done-differently" } });
  expect(run.failure?.message).toContain("取用本數 6");
  expect(run.failure?.message).toContain("取用本數 4");
  expect(recorded(run, "effect.done-differently")).toHaveLength(1);
  expect(ledgerOf(portal, "take-submitted", office.ubn)).toHaveLength(1);
});

describe.for(["current", "classic"] as const)("in the %s design", (design) => {
  test.for([300, 900])(
    "a figure of the page's own, written %i ms after its quota, is never what is submitted",
    async (ms) => {
      const office = await installed({ portal });
      portal.show(design);
      portal.order({ name: "late-figure", ban: office.ubn, books: 4, ms, times: "always" });
      const run = await perform(office, take(NEXT, 6));
      expect(run).toMatchObject({ outcome: "done", failure: null });
      expect(ledgerOf(portal, "take-submitted", office.ubn)).toMatchObject([{ accepted: true, books: 6 }]);
    },
  );

  test("a row of another company with the same books is not ours: it is taken, and proved by our own row", async () => {
    const { ubn: other } = await installed({ portal });
    const office = await installed({ portal });
    portal.show(design);
    portal.order({ name: "foreign-row", ban: office.ubn, books: 6, of: other, times: "always" });
    const run = await perform(office, take(NEXT, 6));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toMatchObject([{ accepted: true, books: 6 }]);
  });
});
