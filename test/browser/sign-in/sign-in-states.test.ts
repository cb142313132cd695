import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../robot/store/store.ts";
import { attemptsOf } from "../../../robot/login/attempts.ts";
import { signIn, type SignInContext } from "../../../robot/login/sign-in.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { Secret } from "../../../robot/lib/secret.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import type { Design } from "../../../selectors/pages.ts";
import { openPortal } from "../../support/kit/installation/portal.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import type { CompanyInput } from "../../portal/model/company.ts";
import type { FaultInput } from "../../portal/model/faults.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import type { PracticePortal } from "../../portal/portal.ts";

const UBN = "12345675";
const PASSWORD = "States-right-1";
const host = keptBrowser({ headless: true, executable: quickBrowser() });
// One context stays open, so that the browser does.
const kept = await host.newContext();
afterAll(() => kept.close());

type Account = Partial<CompanyInput["accounts"][number]>;

/** The portal in one design, and somebody at its sign-in page. */
interface Scene {
  readonly portal: PracticePortal;
  readonly page: Page;
  readonly events: { readonly type: string; readonly data: unknown }[];
  /** Signs in; comes out with what the run would be told. */
  readonly enter: (more?: Partial<SignInContext>) => ReturnType<typeof signIn>;
  readonly refusals: () => (string | null)[];
}

async function scene(design: Design, account: Account = {}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), "sign-in-states-"));
  const accounts = [{ id: UBN, password: PASSWORD, ...account }];
  const portal = await openPortal({
    design,
    signIn: { maxWrongPasswords: 1 },
    companies: [{ ban: UBN, name: "試作商行", taxId: "351020001", accounts }],
  });
  const store = await openStore({ kind: "sqlite", file: join(folder, "robot.sqlite") });
  const opened = await host.newContext();
  onTestFinished(async () => {
    await opened.close();
    await store.destroy();
    await portal.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const page = await opened.context.newPage();
  const events: Scene["events"] = [];
  const world: SignInContext = {
    page,
    dialogs: monitorDialogs(page),
    address: `${portal.url}/accounts/login`,
    hosts: [new URL(portal.url).host],
    account: {
      ubn: UBN,
      user: UBN,
      identity: "business",
      password: Secret.read(PASSWORD, new Redactor(), "portal password"),
    },
    limits: { maxSubmits: 2, maxPictures: 5 },
    captcha: lastServed(portal),
    attended: false,
    isStopping: () => false,
    attempts: attemptsOf(store, UBN, "run-1", { timeout: 60_000, answerers: [] }),
    record: (type, data) => Promise.resolve(void events.push({ type, data })),
    picture: () => Promise.resolve(null),
  };
  return {
    portal,
    page,
    events,
    enter: (more = {}) => signIn({ ...world, ...more }),
    refusals: () => portal.ledger().flatMap((line) => (line.type === "sign-in" ? [line.reason] : [])),
  };
}

/** Reads whatever picture was served last: the classic design's is copied off the page, so its bytes are not the portal's. */
function lastServed(portal: PracticePortal): SignInContext["captcha"] {
  return {
    by: "machine",
    read: () => {
      const served = portal.ledger().findLast((line) => line.type === "captcha-served");
      const text = (served && portal.captchaAnswer(served.token)) ?? "";
      return Promise.resolve({ text, confidence: 1, refused: text === "" });
    },
  };
}

const wrong = Secret.read("wrong", new Redactor(), "portal password");
const business = { ubn: UBN, user: UBN, identity: "business", password: wrong } as const;

/** What the portal does at the submit, and what the run is told. */
const REFUSED: readonly {
  readonly state: string;
  readonly fault: { readonly [design in Design]: FaultInput };
  /** Of both designs, or of each. */
  readonly code: string | { readonly [design in Design]: string };
  readonly submits: readonly (string | null)[];
}[] = [
  {
    state: "a captcha that is always rejected",
    fault: both({ name: "captcha-rejected", times: "always" }),
    code: "captcha-rejected",
    submits: ["captcha", "captcha"],
  },
  {
    state: "an access challenge",
    fault: both({ name: "challenge", times: "always" }),
    code: "access-challenged",
    submits: [],
  },
  { state: "an outage", fault: both({ name: "outage", times: "always" }), code: "portal-down", submits: [] },
  {
    // The one design says 系統發生錯誤, the other nothing at all.
    state: "a fault of the portal",
    fault: {
      current: { name: "error-500", path: "doLogin", times: "always" },
      classic: { name: "error-500", path: "/Login", times: "always" },
    },
    code: { current: "sign-in-not-understood", classic: "portal-slow" },
    submits: [],
  },
];

function both(fault: FaultInput): { readonly [design in Design]: FaultInput } {
  return { current: fault, classic: fault };
}

describe.each(["current", "classic"] as const)("signing in to the %s design", (design) => {
  test("leads inside, and says that the password is older than 180 days", async () => {
    const { enter, events } = await scene(design, { passwordOlderThan180Days: true });
    expect((await enter()).design).toBe(design);
    expect(events).toContainEqual({
      type: "sign-in.warning",
      data: { words: expect.stringContaining("逾180天未變更") },
    });
  });

  test("is not done a second time where the session is still alive", async () => {
    const { enter, events, refusals, portal } = await scene(design);
    await enter();
    expect(events.map(({ type }) => type)).not.toContain("sign-in.warning");
    // The classic front page shows its form to everybody; what is behind it does not.
    const address = `${portal.url}${design === "current" ? "/accounts/login" : "/APBTB/Main"}`;
    expect((await enter({ address })).design).toBe(design);
    expect(events).toContainEqual({ type: "sign-in.already", data: { design } });
    expect(refusals()).toEqual([null]);
  });

  test("goes on with another picture after one that was rejected", async () => {
    const { enter, portal, refusals } = await scene(design);
    portal.order({ name: "captcha-rejected" });
    await enter();
    expect(refusals()).toEqual(["captcha", null]);
  });

  test.each(REFUSED)("ends at $state with its own code", async ({ fault, code, submits }) => {
    const { enter, portal, refusals } = await scene(design);
    portal.order(fault[design]);
    await expect(enter()).rejects.toMatchObject({ code: typeof code === "string" ? code : code[design] });
    expect(refusals()).toEqual(submits);
  });

  test("with a wrong password is done once, and then not at all", async () => {
    const { enter, refusals } = await scene(design);
    // This portal locks an account at the first wrong password; the other one says that it was wrong.
    await expect(enter({ account: business })).rejects.toMatchObject({ code: "account-locked" });
    await expect(enter()).rejects.toMatchObject({ code: "account-locked" });
    expect(refusals()).toEqual(["locked"]);
  });

  test("as 專業代理人 chooses that identity", async () => {
    const { enter, refusals } = await scene(design);
    const agent = { ...business, identity: "agent" } as const;
    await expect(enter({ account: agent })).rejects.toMatchObject({ code: "credentials-rejected" });
    expect(refusals()).toEqual(["wrong-identity"]);
  });

  test("stops where a new password is demanded, and no more uses the old one", async () => {
    const { enter, refusals } = await scene(design, { mustChangePassword: true });
    for (const attempt of [1, 2])
      await expect(enter(), `attempt ${attempt}`).rejects.toMatchObject({ code: "password-change-forced" });
    expect(refusals()).toEqual([null]);
  });

  test("goes on when the person at the window has changed the password", async () => {
    const { enter, page, portal, events } = await scene(design, { mustChangePassword: true });
    const entering = enter({ attended: true });
    await waitUntil("the wait for the person", () => events.find(({ type }) => type === "sign-in.password-change"));
    const [old, fresh, again] = await page.locator("input[type=password]").all();
    await old?.fill(PASSWORD);
    await fresh?.fill("Changed-right-2");
    await again?.fill("Changed-right-2");
    await page
      .getByText(/^\s*(儲存|確定|確認|送出)\s*$/)
      .first()
      .click();
    expect((await entering).design).toBe(design);
    expect(portal.ledger().map(({ type }) => type)).toContain("password-changed");
    // What is stored is the old one.
    await expect(enter()).rejects.toMatchObject({ code: "password-change-forced" });
  });

  test("goes on when the person at the window has passed an access challenge", async () => {
    const { enter, page, portal, events } = await scene(design);
    portal.order({ name: "challenge" });
    const entering = enter({ attended: true });
    await waitUntil("the wait for the person", () => events.find(({ type }) => type === "sign-in.challenge"));
    await page.reload();
    expect((await entering).design).toBe(design);
  });
});
