import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { type Job, perform } from "../../support/kit/installation/in-process.ts";
import { type CompanySetup, type Installation, installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { captchaOracle } from "../../support/kit/installation/captcha-oracle.ts";
import { expectExplained, expectIntact, recorded } from "../../support/kit/record/record.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const MOST = 3;
const portal = await openPortal({ pages: { mailboxListMost: MOST } });
afterAll(() => portal.close());
afterEach(async () => {
  portal.show("current");
  await takeBackFaults(portal);
});

const JOB: Job = { flow: "keep-notice-list", input: {} };
const keep = (at: Installation): Promise<RunRow> => perform(at, JOB, { captcha: captchaOracle(at.portal.controlUrl) });
const OWN = "own@office.test";

function office(listed: readonly string[], configured: CompanySetup["configured"]): Promise<Installation> {
  return installed({ portal, companies: [{ portal: { mailboxList: [...listed] }, configured: { ...configured } }] });
}

function changes({ ubn }: Installation): string[] {
  return ledgerOf(portal, "mailbox-list", ubn).map(({ action, address }) => `${action} ${address}`);
}

describe("取號Email維護", () => {
  test("makes the list what the configuration says, additions first, and then finds nothing to do", async () => {
    const at = await office(["Own@office.test", "left@office.test"], {
      noticeAddress: OWN,
      noticeList: ["new@office.test"],
    });
    const run = await keep(at);
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(changes(at)).toEqual(["add new@office.test", "delete left@office.test"]);
    expect(run.result?.notes).toEqual(["新增 new@office.test", "刪除 left@office.test"]);
    await expectIntact(run);

    const again = await keep(at);
    expect(again).toMatchObject({ outcome: "already-done" });
    expect(changes(at)).toHaveLength(2);
  });

  test.for(EVERY_TEST ? (["current", "classic"] as const) : (["classic"] as const))(
    "where the addresses stand in fields, each is read and none is typed over (%s design)",
    async (design) => {
      const at = await office(["own@office.test", "left@office.test"], {
        noticeAddress: OWN,
        noticeList: ["new@office.test"],
      });
      portal.show(design);
      portal.order({ name: "list-in-inputs", ban: at.ubn, times: "always" });
      const run = await keep(at);
      expect(run).toMatchObject({ outcome: "done", failure: null });
      expect(changes(at)).toEqual(["add new@office.test", "delete left@office.test"]);
    },
  );

  test("is refused with the portal's words where the list is full", async () => {
    const at = await office(["a@office.test", "b@office.test", "c@office.test"], { noticeAddress: OWN });
    const run = await keep(at);
    expect(run).toMatchObject({ outcome: "needs-person" });
    await expectExplained(run, "notice-list-refused");
    expect(run.failure?.pageSays).toContain("上限");
    expect(changes(at)).toEqual([]);
  });

  test("never empties the list of a company for which nothing is configured", async () => {
    const at = await office(["a@office.test"], { noticeAddress: undefined });
    const run = await keep(at);
    expect(run).toMatchObject({ failure: { code: "config-invalid" } });
    expect(recorded(run, "visit.began")).toEqual([]);
  });
});
