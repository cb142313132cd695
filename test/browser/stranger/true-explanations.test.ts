import type { Page } from "playwright";
import { describe, expect, test, vi } from "vitest";
import { Failure, type FailureDetail } from "../../../robot/failures/failure.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { explain } from "../../../robot/visits/explain.ts";
import { reversibleSpecs, submitSpecs } from "../../../selectors/dom/local/known-parts.ts";
import { locate, type LocatorSpec } from "../../../selectors/dom/locator-spec.ts";
import type { PageContext } from "../../../selectors/dom/windows/page-context.ts";
import { onlyWindow } from "../../../selectors/dom/windows/windows.ts";
import { SignedInPortal } from "../../../selectors/portal/signed-in-portal.ts";
import { recogniseSignIn } from "../../../selectors/portal/sign-in/sign-in.ts";
import { LOOKS } from "../../stranger/looks/habits.ts";
import { startLook } from "../../stranger/looks/start.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { falsehoods, type Witness, witness } from "../../support/kit/looks/falsehoods.ts";
import { signedIn } from "../../support/kit/looks/look-pages.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";

/**
 * No explanation is false: on every page of a look everything that the robot knows is looked for, and what it says of each that is not there
 * is held against what stood on the page, seen by other eyes.
 */

vi.setConfig({ maxConcurrency: 2, testTimeout: 300_000 });

const EVERYDAY = ["the plain one", "messages in role=alert"];
const MORE = [
  "open shadow root",
  "content in a frame",
  "icon buttons with tooltips",
  "div soup without roles",
  "names in English only",
  "invisible characters in names",
  "messages in .alert",
  "messages of SweetAlert",
  "messages in a live region only",
  "an announcement with two things called 關閉",
  "a cookie bar",
  "two buttons of one name",
];
/** Where these looks put what they say. */
const MESSAGES = ".toast-body, .tt, .swal2-html-container, .lv, [role=alert], .alert";
const SIGN_IN_MS = 20_000;

const host = keptBrowser({ headless: true, executable: quickBrowser() });

/** The failure as it is told to people, of an error that was thrown on this page just now. */
async function explained(context: PageContext, error: unknown): Promise<FailureDetail> {
  const known = await explain(context, error, new Redactor());
  if (!(known instanceof Failure)) throw error;
  return known.detail;
}

/** Why the part is not to be found there; null where it is. */
async function missing(context: PageContext, wanted: LocatorSpec): Promise<FailureDetail | null> {
  try {
    await locate(context.page, wanted, { within: 0 });
    return null;
  } catch (error) {
    return explained(context, error);
  }
}

async function held(context: PageContext): Promise<{ readonly looked: number; readonly lies: string[] }> {
  const lies: string[] = [];
  let looked = 0;
  for (const wanted of [...reversibleSpecs(), ...submitSpecs()]) {
    const before = await witness(context.page, MESSAGES);
    const failure = await missing(context, wanted);
    if (failure === null) continue;
    looked++;
    const after = await witness(context.page, MESSAGES);
    // What goes away while it is asked for is no lie, told or not.
    const steady = after.messages.filter((text) => before.messages.includes(text));
    const words = `${before.words}\n${after.words}`;
    lies.push(...falsehoods(failure, { ...after, words, messages: steady }).map((lie) => `${wanted.id} ${lie}`));
  }
  return { looked, lies };
}

/** Has the page say that something is missing, by a press that changes nothing. */
async function complainOn(page: Page): Promise<void> {
  const press = page.frames().map((frame) => frame.getByText(/^(新增|Add)$/).first());
  for (const one of press) if (await one.isVisible()) return one.click();
}

describe.concurrent("what is said of what is not to be found is so", () => {
  const names = EVERY_TEST ? [...EVERYDAY, ...MORE] : EVERYDAY;
  test.for(names)("at %s", async (name, { onTestFinished }) => {
    const look = LOOKS.find((one) => one.name === name);
    if (!look) throw new Error(`There is no look ${name}.`);
    const portal = await startLook(look.habits);
    onTestFinished(() => portal.close());
    const opened = await host.newContext();
    onTestFinished(() => opened.close());
    const page = await opened.context.newPage();
    await page.goto(portal.url);
    const context = onlyWindow(page).main;
    const form = await recogniseSignIn(context, SIGN_IN_MS);
    if (form === null || !("chooseIdentity" in form)) throw new Error("The sign-in was not found.");
    const found = [await held(context)];
    expect(await signedIn(form, portal)).toBeNull();
    const shell = await SignedInPortal.enter(form.design, context);
    found.push(await held(context));
    const tracks = await shell.tracks();
    const blanks = await shell.blankNumbers();
    await tracks.takeForm();
    found.push(await held(context));
    await tracks.noticeList();
    await complainOn(page);
    found.push(await held(context));
    await blanks.uploadForm();
    found.push(await held(context));
    expect(found.flatMap(({ lies }) => lies)).toEqual([]);
    expect(found.every(({ looked }) => looked > 10)).toBe(true);
    expect(portal.ledger().acts).toEqual([]);
  });
});

describe("a falsehood is found:", () => {
  const stood: Witness = {
    words: "查詢\n下載\n系統訊息 查無資料\n2026年11-12期",
    messages: ["系統訊息 查無資料"],
    tables: 1,
    dialogs: ["請先登入"],
  };
  const said = { pageSays: "系統訊息 查無資料" };
  test.for<readonly [string, FailureDetail]>([
    ["a proposal that does not stand there", { ...said, seen: "沒有找到；相近的有 「刪除」（按鈕，名稱相近）" }],
    ["nothing alike, though it stands there", { ...said, wanted: "「下載」（x）", seen: "頁面上沒有相近的東西" }],
    ["an option that is not offered", { ...said, seen: "可選的是：2026年11-12期、2027年01-02期" }],
    ["something over the page", { ...said, seen: "上面蓋著：重要公告；頁面上沒有相近的東西", wanted: "「刪除」" }],
    ["no list, though there is one", { ...said, seen: "頁面上沒有清單" }],
    ["a message that nobody gave", { pageSays: "系統訊息 查無資料／平台維護中" }],
    ["silence about a message", { seen: "頁面上沒有相近的東西", wanted: "「刪除」" }],
  ])("%s", ([, failure]) => {
    expect(falsehoods(failure, stood)).toHaveLength(1);
  });

  test("and what is true is none", () => {
    const seen = "沒有找到；相近的有 「查詢」（按鈕，名稱相近）、「下載」（連結，名稱相近）";
    expect(falsehoods({ ...said, wanted: "「刪除」", seen }, stood)).toEqual([]);
    expect(falsehoods({ pageSays: "請先登入／系統訊息 查無資料", seen: "可選的是：2026年11-12期" }, stood)).toEqual([]);
  });
});
