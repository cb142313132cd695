import { afterAll, describe, expect, test } from "vitest";
import { allocatedRuns, blankJob, lastOf } from "../../support/kit/jobs/blanks.ts";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed, NOTICE_ADDRESS } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal } from "../../support/kit/installation/portal.ts";
import { recorded } from "../../support/kit/record/record.ts";

const portal = await openPortal({ takes: { allocateMinutes: [0, 0], checkMinutes: [0, 0] } });
afterAll(() => portal.close());

/** Where the pages of the two functions begin. */
const FRONTS = /^(\/dashboard\/btb\/(btb004w|blank)|\/APBTB\/(BTB004W|blank))(\/|$)/;

/** How often pages of the two functions were loaded from elsewhere, or by their address, while something was done. */
async function loadsOf(work: () => Promise<unknown>): Promise<number> {
  const before = portal.ledger().length;
  await work();
  return portal
    .ledger()
    .slice(before)
    .filter((line) => line.type === "page-load" && FRONTS.test(line.path) && !FRONTS.test(line.from ?? "")).length;
}

describe.for(["current", "classic"] as const)("in the %s design", (design) => {
  test("取號 from the sign-in to the file loads the page three times at most", async () => {
    portal.show(design);
    const office = await installed({ portal, companies: [{ portal: { mailboxList: [NOTICE_ADDRESS] } }] });
    const loads = await loadsOf(async () => {
      expect(await perform(office, take(NEXT, 3))).toMatchObject({ outcome: "done", failure: null });
    });
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toMatchObject([{ accepted: true, books: 3 }]);
    expect(ledgerOf(portal, "download", office.ubn)).toHaveLength(1);
    expect(loads).toBeLessThanOrEqual(3);
  });

  test("an upload whose tracks are kept loads pages three times, and one for each look at the import", async () => {
    portal.show(design);
    const at: Installation = await installed({
      portal,
      companies: [{ portal: { taken: [{ period: "previous" as const, books: 4 }] } }],
    });
    const job = await blankJob("upload-blank-numbers", at, lastOf(await allocatedRuns(at), 20));
    await perform(at, download("11510"));
    let looks = 0;
    const loads = await loadsOf(async () => {
      const run = await perform(at, job);
      expect(run).toMatchObject({ outcome: "done", failure: null });
      looks = recorded(run, "wait.looked").length;
    });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toMatchObject([{ accepted: true }]);
    expect(loads).toBeLessThanOrEqual(3 + looks);
  });
});
