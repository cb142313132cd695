import { afterAll, describe, expect, test } from "vitest";
import { perform } from "../../support/kit/in-process.ts";
import { type CompanySetup, type Installation, installed } from "../../support/kit/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/portal.ts";
import { expectExplained } from "../../support/kit/record.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const JOB = { flow: "keep-notice-list", input: {} };
const OWN = "own@office.test";

function office(listed: readonly string[], configured: CompanySetup["configured"]): Promise<Installation> {
  return installed({ portal, companies: [{ portal: { mailboxList: [...listed] }, configured: { ...configured } }] });
}

function changes({ ubn }: Installation): string[] {
  return ledgerOf(portal, "mailbox-list", ubn).map(({ action, address }) => `${action} ${address}`);
}

describe("取號Email維護", () => {
  test("adds and deletes in the classic design too, which asks by the browser's own dialogs", async () => {
    portal.show("classic");
    const at = await office(["left@office.test"], { noticeAddress: OWN, noticeList: [] });
    const run = await perform(at, JOB);
    portal.show("current");
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(changes(at)).toEqual([`add ${OWN}`, "delete left@office.test"]);
  });

  test("only adds, and names who else is there, where the configuration does not give the whole list", async () => {
    const at = await office(["boss@office.test"], { noticeAddress: OWN });
    const run = await perform(at, JOB);
    expect(run).toMatchObject({ outcome: "done" });
    expect(changes(at)).toEqual([`add ${OWN}`]);
    expect(run.result?.notes?.join()).toContain("boss@office.test");
  });

  test("does again what was undone at the portal since, without asking", async () => {
    const at = await office([OWN], { noticeAddress: OWN, noticeList: ["sometimes@office.test"] });
    const without = {
      ...at,
      config: { ...at.config, companies: at.config.companies.map((one) => ({ ...one, noticeList: [] })) },
    };
    for (const round of [at, without, at]) expect(await perform(round, JOB)).toMatchObject({ outcome: "done" });
    expect(changes(at)).toEqual(["add", "delete", "add"].map((action) => `${action} sometimes@office.test`));
  });

  test("sends nothing where the portal wants the password once more", async () => {
    const strict = await openPortal({ pages: { askPasswordOnSave: true } });
    const at = await installed({ portal: strict, companies: [{ configured: { noticeAddress: OWN } }] });
    const run = await perform(at, JOB);
    expect(run).toMatchObject({ outcome: "needs-person" });
    await expectExplained(run, "password-asked");
    expect(ledgerOf(strict, "mailbox-list", at.ubn)).toEqual([]);
    await strict.close();
  });
});
