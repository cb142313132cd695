import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { withZip } from "../../../robot/lib/zip.ts";
import { openStore } from "../../../robot/store/store.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { type CompanySetup, type Installation, installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, folderOf } from "../../support/kit/record/record.ts";

const portal = await openPortal();
afterAll(() => portal.close());

const JOB = { flow: "keep-notice-list", input: {} };
const OWN = "own@office.test";
const PASSWORD = "Vouch-right-7";

function office(listed: readonly string[], configured: CompanySetup["configured"]): Promise<Installation> {
  return installed({ portal, companies: [{ portal: { mailboxList: [...listed] }, configured: { ...configured } }] });
}

/** What became of each submit of the password. */
async function submitsOf({ config }: Installation): Promise<(string | null)[]> {
  const store = await openStore(await storeConfigOf(config));
  try {
    const rows = await store.selectFrom("sign_ins").select("result").orderBy("at").execute();
    return rows.map(({ result }) => result);
  } finally {
    await store.destroy();
  }
}

/** The files of a record that hold a text, packed ones included. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const members: readonly { name: string; read: () => Promise<Buffer> }[] = [
      { name: path, read: () => readFile(path) },
    ];
    const look = async (all: typeof members): Promise<void> => {
      for (const { name, read } of all) if ((await read()).includes(text)) found.push(name);
    };
    await (path.endsWith(".zip") ? withZip(path, look) : look(members));
  }
  return found;
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
});

describe.for(["current", "classic"] as const)(
  "驗證密碼, where a save asks for the password again, in the %s design",
  (design) => {
    test("is typed once for each act, after the portal's own question where there is one, and never seen again", async () => {
      const strict = await openPortal({ design, pages: { askPasswordOnSave: true } });
      const at = await installed({
        portal: strict,
        companies: [
          {
            portal: { mailboxList: ["left@office.test"] },
            configured: { noticeAddress: OWN, noticeList: [] },
            password: PASSWORD,
          },
        ],
      });
      const run = await perform(at, JOB);
      expect(run).toMatchObject({ outcome: "done", failure: null });
      expect(ledgerOf(strict, "mailbox-list", at.ubn).map(({ action, address }) => `${action} ${address}`)).toEqual([
        `add ${OWN}`,
        "delete left@office.test",
      ]);
      expect(ledgerOf(strict, "password-verified", at.ubn).map(({ ok }) => ok)).toEqual([true, true]);
      expect(await submitsOf(at)).toEqual(["signed-in", "signed-in", "signed-in"]);
      await expectIntact(run);
      expect(await filesWith(folderOf(run), PASSWORD)).toEqual([]);
      await strict.close();
    });

    test("that is refused changes nothing, switches the account off, and is not tried again", async () => {
      const strict = await openPortal({ design, pages: { askPasswordOnSave: true } });
      const at = await installed({ portal: strict, companies: [{ configured: { noticeAddress: OWN } }] });
      strict.order({ name: "password-refused" });
      const run = await perform(at, JOB);
      await expectExplained(run, "password-refused");
      expect(ledgerOf(strict, "mailbox-list", at.ubn)).toEqual([]);
      expect(ledgerOf(strict, "password-verified", at.ubn).map(({ ok }) => ok)).toEqual([false]);
      expect(await submitsOf(at)).toEqual(["signed-in", "credentials-rejected"]);
      const signIns = ledgerOf(strict, "sign-in", at.ubn).length;
      expect(await perform(at, JOB)).toMatchObject({ outcome: "needs-person", failure: { code: "account-disabled" } });
      expect(ledgerOf(strict, "sign-in", at.ubn)).toHaveLength(signIns);
      await strict.close();
    });
  },
);
