import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT, openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact } from "../../support/kit/record/record.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const askedSchema = z.looseObject({
  questions: z.array(z.looseObject({ id: z.string(), choices: z.record(z.string(), z.string()) })),
});

const RIGHT = "Kit-right-2";
const WRONG = "Kit-wrong-2";

/** Why the portal refused the sign-ins of a company, one word for each; null for one that it let in. */
const refusals = (ubn: string): (string | null)[] => ledgerOf(portal, "sign-in", ubn).map(({ reason }) => reason);

const hasTaken = { taken: [{ period: "next" as const, books: 2 }] };

describe("a wrong password", () => {
  test("is tried once, ever; only a person's new password switches the account on again", async () => {
    const office = await installed({ portal, companies: [{ password: RIGHT, stored: WRONG, portal: hasTaken }] });
    const first = await perform(office, take(NEXT, 2));
    expect(first.outcome).toBe("needs-person");
    await expectExplained(first, "credentials-rejected");
    expect(first.failure?.pageSays).toContain("使用者帳號或密碼錯誤");

    const second = await perform(office, take(NEXT, 2));
    expect(second).toMatchObject({ outcome: "needs-person", failure: { code: "account-disabled" } });
    await expectIntact(second);
    expect(refusals(office.ubn).filter((reason) => reason !== "captcha")).toEqual(["credentials"]);

    const set = await robot(office, ["credentials", "set", "--company", office.ubn, "--json"], `${RIGHT}\n`);
    expect([set.code, envelopeOf(set).ok]).toEqual([0, true]);
    expect(await perform(office, download(NEXT))).toMatchObject({ outcome: "done" });
    expect(refusals(office.ubn).filter((reason) => reason !== "captcha")).toEqual(["credentials", null]);
  });

  test("is tried once more where a person answers that it is right, and not a third time", async () => {
    const office = await installed({ portal, companies: [{ password: RIGHT, stored: WRONG, portal: hasTaken }] });
    const command = ["run", "take-tracks", "--company", office.ubn, "--period", NEXT, "--books", "2", "--json"];
    const asked = await robot(office, command);
    expectExit(asked, 3);
    const { questions } = askedSchema.parse(envelopeOf(asked).data);
    expect(questions).toMatchObject([{ choices: { enable: expect.any(String) } }]);
    const answered = await robot(office, ["answer", questions[0]?.id ?? "", "enable", "--json"]);
    expectExit(answered, 0);
    expect(await perform(office, download(NEXT))).toMatchObject({ failure: { code: "credentials-rejected" } });
    expect(await perform(office, take(NEXT, 2))).toMatchObject({ failure: { code: "account-disabled" } });
    expect(refusals(office.ubn).filter((reason) => reason !== "captcha")).toEqual(["credentials", "credentials"]);
  });

  test("that is missing in the vault is said before anything is tried", async () => {
    const office = await installed({ portal, companies: [{ stored: null }] });
    const run = await perform(office, take(NEXT, 2));
    expect(run).toMatchObject({ outcome: "needs-person", failure: { code: "secret-missing" } });
    expect(refusals(office.ubn)).toEqual([]);
    await expectIntact(run);
  });
});

describe("a captcha", () => {
  test.runIf(EVERY_TEST)(
    "that the portal always rejects ends an unattended command with its reason and a question",
    async () => {
      const office = await installed({ portal });
      portal.order({ name: "captcha-rejected", ban: office.ubn, times: "always" });
      const words = ["run", "take-tracks", "--company", office.ubn, "--period", NEXT, "--books", "2", "--json"];
      const told = await robot(office, words);
      expect([told.code, envelopeOf(told).failure?.code]).toEqual([3, "captcha-rejected"]);
      expect(askedSchema.parse(envelopeOf(told).data).questions).toMatchObject([
        { choices: { here: expect.any(String) } },
      ]);
    },
  );

  test("that the portal rejects is answered again, so many times as is set and no more", async () => {
    const office = await installed({ portal });
    portal.order({ name: "captcha-rejected", ban: office.ubn, times: "always" });
    const run = await perform(office, take(NEXT, 2), {}, () => "stop");
    expect(run.outcome).toBe("needs-person");
    await expectExplained(run, "captcha-rejected");
    expect(office.config.captcha.maxSubmits).toBe(3);
    expect(refusals(office.ubn)).toEqual(["captcha", "captcha", "captcha"]);
  });

  test("that is rejected once stops nobody, and the password goes along once more only", async () => {
    const office = await installed({ portal, companies: [{ portal: hasTaken }] });
    portal.order({ name: "captcha-rejected", ban: office.ubn });
    expect(await perform(office, download(NEXT))).toMatchObject({ outcome: "done" });
    expect(refusals(office.ubn).filter((reason) => reason === null)).toEqual([null]);
  });
});

describe("a portal that lets nobody in", () => {
  test("says that it is out of service, and the robot repeats its words", async () => {
    const office = await installed({ portal });
    portal.order({ name: "outage", times: "always" });
    const run = await perform(office, take(NEXT, 2));
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "portal-down");
    expect(run.failure?.pageSays).toMatch(/暫停服務|升級維護/);
    expect(refusals(office.ubn)).toEqual([]);
  });

  test.runIf(EVERY_TEST)("asks whether a person is there, and the robot leaves that to a person", async () => {
    const office = await installed({ portal });
    portal.order({ name: "challenge", times: "always" });
    const run = await perform(office, take(NEXT, 2), {}, () => "stop");
    expect(run.outcome).toBe("needs-person");
    await expectExplained(run, "access-challenged");
    expect(refusals(office.ubn)).toEqual([]);
  });

  test.runIf(EVERY_TEST)("demands a new password, and the robot changes nothing", async () => {
    const office = await installed({ portal });
    portal.order({ name: "forced-password-change", ban: office.ubn });
    const run = await perform(office, take(NEXT, 2), {}, () => "stop");
    expect(run.outcome).toBe("needs-person");
    await expectExplained(run, "password-change-forced");
    expect(ledgerOf(portal, "password-changed", office.ubn)).toEqual([]);
    expect(ledgerOf(portal, "take-submitted", office.ubn)).toEqual([]);
  });

  test("is not reached at all: that is said too", async () => {
    const gone = await openPortal();
    const office = await installed({ portal: gone });
    await gone.close();
    const run = await perform(office, take(NEXT, 2));
    expect(run.outcome).toBe("failed");
    await expectExplained(run, "portal-down");
  });
});
