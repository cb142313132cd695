import type { Page } from "playwright";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import type { SignInPage, SignInResult } from "../../../selectors/pages.ts";
import { recogniseSignIn } from "../../../selectors/portal/sign-in/sign-in.ts";
import { download, perform, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, install } from "../../support/kit/installation/installation.ts";
import { ledgerOf, letTimePass, NEXT, openPortal, stopClock, THIS } from "../../support/kit/installation/portal.ts";
import { expectIntact, recorded } from "../../support/kit/record/record.ts";
import { untilWaiting } from "../../support/kit/installation/runs.ts";
import type { PortalConfigInput } from "../../portal/config.ts";
import type { CompanyInput } from "../../portal/model/company.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import type { PracticePortal } from "../../portal/portal.ts";

// Each visit waits more than it works.
vi.setConfig({ maxConcurrency: 2 });

const UBN = "12345675";
const PASSWORD = "Classic-right-1";
const host = keptBrowser({ headless: true, executable: quickBrowser() });

interface Front {
  readonly page: Page;
  readonly portal: PracticePortal;
  readonly form: SignInPage;
}

/** A classic portal with one company, and its sign-in form found from the address that is configured for the other design. */
async function front(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  account: Partial<CompanyInput["accounts"][number]> = {},
  config: PortalConfigInput = {},
): Promise<Front> {
  const company = { ban: UBN, name: "晨光小舖", taxId: "351020001" };
  const accounts = [{ id: "robot01", password: PASSWORD, ...account }];
  const portal = await openPortal({ design: "classic", ...config, companies: [{ ...company, accounts }] });
  onTestFinished(() => portal.close());
  const opened = await host.newContext();
  onTestFinished(() => opened.close());
  const page = await opened.context.newPage();
  const dialogs = monitorDialogs(page);
  await page.goto(`${portal.url}/accounts/login`);
  const form = await recogniseSignIn({ page, dialogs }, 30_000);
  if (form === null || !("chooseIdentity" in form)) throw new Error(`No sign-in form: ${JSON.stringify(form)}`);
  return { portal, page, form };
}

/** Fills in what is asked and submits it, with the picture's own answer unless another is given. */
async function submitted(
  { portal, form }: Front,
  { password = PASSWORD, answer = rightAnswer(portal) } = {},
): Promise<SignInResult> {
  await form.captchaPicture();
  await (await form.passwordField()).fill(password);
  await (await form.captchaField()).fill(await answer());
  return form.submit();
}

/** Looked up when the picture is on the page: it comes only when the field is entered. */
function rightAnswer(portal: PracticePortal): () => Promise<string> {
  return () => {
    const served = portal.ledger().findLast((line) => line.type === "captcha-served");
    return Promise.resolve((served && portal.captchaAnswer(served.token)) ?? "");
  };
}

async function filled(visit: Front): Promise<Front> {
  await visit.form.chooseIdentity("business");
  await visit.form.fill(UBN, "robot01");
  return visit;
}

describe.concurrent("signing in to the classic design", () => {
  test("is recognised, with the picture that comes when its field is entered", async (context) => {
    const visit = await filled(await front(context));
    expect(visit.form.design).toBe("classic");
    expect(await submitted(visit)).toEqual({ state: "signed-in", words: "" });
    expect(ledgerOf(visit.portal, "sign-in", UBN)).toMatchObject([{ account: "robot01", ok: true }]);
  });

  test("goes on with another picture where one was refused, on a form that came anew", async (context) => {
    const visit = await filled(await front(context));
    visit.portal.order({ name: "captcha-rejected" });
    expect(await submitted(visit)).toMatchObject({ state: "captcha-rejected", words: "圖形驗證碼輸入錯誤" });
    await visit.page.goto(`${visit.portal.url}/index`);
    await visit.form.refreshCaptcha();
    expect(await submitted(visit, { answer: () => Promise.resolve("00000") })).toMatchObject({
      state: "captcha-rejected",
    });
    await visit.form.refreshCaptcha();
    expect(await submitted(visit)).toMatchObject({ state: "signed-in" });
  });

  test("with a wrong password, and too many of them, is told apart", async (context) => {
    const visit = await filled(await front(context, {}, { signIn: { maxWrongPasswords: 2 } }));
    const wrong = { password: "wrong" };
    expect(await submitted(visit, wrong)).toEqual({ state: "credentials-rejected", words: "使用者帳號或密碼錯誤" });
    await visit.form.refreshCaptcha();
    expect(await submitted(visit, wrong)).toMatchObject({ state: "account-locked" });
  });

  test("as 專業代理人 sends that identity", async (context) => {
    const visit = await front(context);
    await visit.form.chooseIdentity("agent");
    await visit.form.fill(UBN, "robot01");
    expect(await submitted(visit)).toMatchObject({ state: "credentials-rejected" });
    expect(ledgerOf(visit.portal, "sign-in", UBN)).toMatchObject([{ reason: "wrong-identity" }]);
  });

  test("that leads to a forced change of the password is told as such", async (context) => {
    const visit = await filled(await front(context, { mustChangePassword: true }));
    expect(await submitted(visit)).toEqual({ state: "password-change-forced", words: "資料設定" });
  });

  const inTheWay: readonly { readonly fault: FaultInput; readonly state: SignInResult["state"] }[] = [
    { fault: { name: "challenge", path: "/Login" }, state: "access-challenged" },
    { fault: { name: "outage", path: "/Login" }, state: "portal-down" },
    { fault: { name: "error-500", path: "/Login" }, state: "unknown" },
  ];
  test.for(inTheWay)("that meets $fault.name is $state", async ({ fault, state }, context) => {
    const visit = await filled(await front(context));
    visit.portal.order(fault);
    expect(await submitted(visit)).toMatchObject({ state });
  });
});

const ODDITIES: FaultInput[] = [
  { name: "announcement" },
  { name: "late-render", ms: 2000 },
  { name: "menu-covers-table" },
  { name: "two-clicks", on: "query" },
  { name: "two-clicks", on: "menu" },
  { name: "tick-undone", real: true },
  { name: "password-180-days" },
];

describe.concurrent("tracks in the classic design", () => {
  async function office(
    { onTestFinished }: Pick<TestContext, "onTestFinished">,
    portal: PortalConfigInput = {},
    company: Pick<CompanyInput, "taken" | "quota"> = {},
  ): Promise<Installation> {
    const opened = await openPortal({ design: "classic", ...portal });
    onTestFinished(() => opened.close());
    const installation = await install({ portal: opened, companies: [{ portal: company }] });
    onTestFinished(() => installation.close());
    return installation;
  }

  test.for(["confirm", "alert", "nothing"] as const)("are taken and fetched: %s", async (askAtSubmit, context) => {
    const installation = await office(context, { classic: { askAtSubmit } });
    const { portal, ubn } = installation;
    const run = await perform(installation, take(NEXT, 3));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", ubn)).toMatchObject([{ period: NEXT, books: 3, accepted: true }]);
    expect(ledgerOf(portal, "mailbox-list", ubn)).toHaveLength(1);
    expect(run.result?.files).toMatchObject([{ sha256: ledgerOf(portal, "download", ubn)[0]?.sha256 }]);
    expect(recorded(run, "visit.signed-in")[0]?.data).toMatchObject({ design: "classic" });
    const signIns = ledgerOf(portal, "sign-in", ubn).filter(({ ok }) => ok);
    expect(ledgerOf(portal, "sign-out", ubn)).toHaveLength(signIns.length);
    await expectIntact(run);
  });

  test("beyond what can be taken are refused before anything is submitted", async (context) => {
    const installation = await office(context, {}, { quota: 2 });
    const run = await perform(installation, take(THIS, 3));
    expect(run.failure).toMatchObject({ code: "quota-exceeded" });
    expect(ledgerOf(installation.portal, "take-submitted", installation.ubn)).toEqual([]);
  });

  test("that somebody else has taken meanwhile are no second take", async (context) => {
    const installation = await office(context);
    installation.portal.order({ name: "someone-else-at-submit", books: 9 });
    const run = await perform(installation, take(NEXT, 3));
    expect(run.outcome).not.toBe("done");
    expect(ledgerOf(installation.portal, "take-submitted", installation.ubn)).toMatchObject([{ accepted: false }]);
  });

  test("are fetched of several periods, whose list has several pages", async (context) => {
    const taken = [
      { period: "previous", books: 2 },
      { period: "this", books: 3 },
    ] as const;
    const installation = await office(context, { pages: { rowsPerPage: 1 } }, { taken: [...taken] });
    const run = await perform(installation, download("11510", THIS));
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(installation.portal, "download", installation.ubn)).toHaveLength(2);
  });

  test("are taken once where the pages behave oddly in every way", async (context) => {
    const installation = await office(context);
    const { portal, ubn } = installation;
    for (const fault of ODDITIES) portal.order({ ...fault, times: 2 });
    stopClock(portal);
    const running = perform(installation, take(NEXT, 4));
    await untilWaiting(installation);
    letTimePass(portal, 60);
    const run = await running;
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", ubn)).toMatchObject([{ books: 4, accepted: true }]);
    for (const { name } of ODDITIES)
      expect(portal.ledger()).toContainEqual(expect.objectContaining({ type: "fault", name }));
    await expectIntact(run);
  });

  test("are fetched in the other design where the portal changes it while a run waits", async (context) => {
    const installation = await office(context, { design: "current" });
    const { portal, ubn } = installation;
    stopClock(portal);
    const running = perform(installation, take(NEXT, 2));
    await untilWaiting(installation);
    portal.show("classic");
    letTimePass(portal, 60);
    const run = await running;
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(ledgerOf(portal, "take-submitted", ubn)).toMatchObject([{ books: 2, accepted: true }]);
    const designs = recorded(run, "visit.signed-in").map(({ data }) => data);
    expect(designs[0]).toMatchObject({ design: "current" });
    expect(designs.at(-1)).toMatchObject({ design: "classic" });
  });
});

describe.concurrent("the form of the sign-in", () => {
  test.for([
    ["that the portal does not have", "/assets/nothing.js", 404],
    ["of the front page", "/", 200],
  ] as const)("is found from an address %s", async ([, signInPath, status], { onTestFinished }) => {
    const office = await install({
      companies: [{ portal: { taken: [{ period: "this", books: 1 }] } }],
      settings: { portal: { signInPath } },
    });
    onTestFinished(() => office.close());
    expect((await fetch(office.portal.url + signInPath)).status).toBe(status);
    expect(await perform(office, download(THIS))).toMatchObject({ outcome: "done", failure: null });
  });
});
