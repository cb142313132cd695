import { afterAll, afterEach, describe, expect, test } from "vitest";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { ENDED, listedRuns } from "../../support/kit/jobs/blanks.ts";
import { type Job, perform } from "../../support/kit/installation/in-process.ts";
import { type Installation, type InstallationOptions, installed } from "../../support/kit/installation/installation.ts";
import { jobsMade, leaveUnused, PLATFORM_PASSWORD, withPlatform } from "../../support/kit/jobs/platform.ts";
import { ledgerOf, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact, stepsDone } from "../../support/kit/record/record.ts";
import { envelopeOf, robot, runDataSchema, startRobot } from "../../support/kit/installation/robot-process.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { resultOf } from "../../support/kit/record/result.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

/** Nothing is waited for twice: what passes by itself is not the subject. */
const SETTINGS = { portal: { retry: { times: 0, after: "100ms" } } };

function blanks(upload: boolean, period = ENDED): Job {
  return { flow: "platform-blank-numbers", input: { period, upload } };
}

function office(options: InstallationOptions = {}): Promise<Installation> {
  return installed({ portal, companies: [withPlatform()], settings: SETTINGS, ...options });
}

describe("空白字軌下載 at the value-added platform", () => {
  test("fetches the numbers that were not used, checks the file, and sends nothing to the portal", async () => {
    const at = await office();
    const unused = await leaveUnused(at);
    const run = await perform(at, blanks(false));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(run)?.blanks).toMatchObject(unused);
    expect(jobsMade(at)).toBe(1);
    const [download, ...others] = ledgerOf(portal, "platform-download", at.ubn);
    expect(others).toEqual([]);
    expect(run.result?.files).toMatchObject([{ name: `${at.ubn}_${ENDED}_blank.csv`, sha256: download?.sha256 }]);
    expect(stepsDone(run)).toContain("檢查檔案");
    expect(ledgerOf(portal, "sign-in", at.ubn)).toEqual([]);
    expect(await listedRuns(at)).toEqual([]);
    await expectIntact(run);
    const known = new Redactor();
    known.enrol(PLATFORM_PASSWORD, "platform password");
    expect(await scanFolder(at.folder, known)).toMatchObject({ leaks: [], unreadable: [] });
  });

  test("with `upload` the same file goes to the portal and is proved there; a second time it is done already", async () => {
    const at = await office();
    const unused = await leaveUnused(at);
    const run = await perform(at, blanks(true));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(await listedRuns(at)).toEqual(unused);
    const [file] = run.result?.files ?? [];
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toMatchObject([{ accepted: true, sha256: file?.sha256 }]);
    await expectIntact(run);

    const again = await perform(at, blanks(true));
    expect(again).toMatchObject({ outcome: "already-done", failure: null });
    expect(ledgerOf(portal, "blank-upload", at.ubn)).toHaveLength(1);
    // What was made for the first run is old by now: somebody may have voided an invoice since.
    expect(jobsMade(at)).toBe(2);
  });

  test("tries a wrong password once, and not again in another run", async () => {
    const at = await office({ companies: [{ ...withPlatform(), storedAtPlatform: "Not-the-password-1" }] });
    const run = await perform(at, blanks(false));
    expect(run).toMatchObject({ outcome: "needs-person" });
    await expectExplained(run, "credentials-rejected");
    const other = await perform(at, { ...blanks(true) });
    expect(other).toMatchObject({ failure: { code: "account-disabled" } });
    expect(ledgerOf(portal, "platform-sign-in", at.ubn)).toMatchObject([{ ok: false }]);
  });

  test("works from the command line: the password goes in, switches the account on again, and the file is named", async () => {
    const at = await office({ companies: [{ ...withPlatform(), storedAtPlatform: "Not-the-password-1" }] });
    await leaveUnused(at);
    const command = ["run", "platform-blank-numbers", "--company", at.ubn, "--period", ENDED, "--json"];
    expectExit(await robot(at, command), 3);
    const set = ["credentials", "set", "--company", at.ubn, "--platform", "--json"];
    expectExit(await robot(at, set, `${PLATFORM_PASSWORD}\n`), 0);
    const ended = await robot(at, command);
    const data = runDataSchema.parse(envelopeOf(ended).data);
    expect(data).toMatchObject({ outcome: "done", files: [{ name: `${at.ubn}_${ENDED}_blank.csv` }] });
    expect(
      ledgerOf(portal, "platform-sign-in", at.ubn)
        .map(({ ok }) => ok)
        .slice(0, 2),
    ).toEqual([false, true]);
    expect(ended.stdout + ended.stderr).not.toContain(PLATFORM_PASSWORD);
  });

  test("killed while the press of 產生空白字軌 is unanswered and started again, it takes the row that came up, and presses no second time", async () => {
    const at = await office();
    await leaveUnused(at);
    const command = ["run", "platform-blank-numbers", "--company", at.ubn, "--period", ENDED, "--json"];
    portal.order({ name: "answer-lost", at: "batch", ban: at.ubn });
    const first = startRobot(at, command);
    await waitUntil("the press", () => jobsMade(at) > 0 || null);
    await first.kill();
    const data = runDataSchema.parse(envelopeOf(await robot(at, command)).data);
    expect(data).toMatchObject({ outcome: "done", files: [{ name: `${at.ubn}_${ENDED}_blank.csv` }] });
    expect(jobsMade(at)).toBe(1);
  });

  test("leaves the portal alone where somebody else reports the blank numbers", async () => {
    const configured = { blanksReportedBy: { name: "盟立", day: 6 } };
    const at = await office({ companies: [{ ...withPlatform(), configured }] });
    const run = await perform(at, blanks(true));
    expect(run).toMatchObject({ failure: { code: "reported-by-other" } });
    expect(jobsMade(at)).toBe(0);
  });

  test("says what the configuration lacks where the company has no platform", async () => {
    const at = await office({ companies: [{}] });
    const run = await perform(at, blanks(false));
    expect(run).toMatchObject({ failure: { code: "config-invalid" } });
    expect(run.failure?.seen).toContain("platform");
  });

  test("names the periods that are offered where the wanted one is not", async () => {
    const at = await office();
    const run = await perform(at, blanks(false, "10312"));
    await expectExplained(run, "not-in-window");
    expect(run.failure?.seen).toContain("115年 09-10月");
    expect(jobsMade(at)).toBe(0);
  });
});
