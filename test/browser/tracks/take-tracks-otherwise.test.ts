import { afterAll, expect, test } from "vitest";
import { perform, take } from "../../support/kit/in-process.ts";
import { installed } from "../../support/kit/installation.ts";
import { ledgerOf, NEXT, openPortal } from "../../support/kit/portal.ts";
import { recorded } from "../../support/kit/record.ts";

const portal = await openPortal();
afterAll(() => portal.close());

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
