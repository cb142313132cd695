import type { Browser, Locator, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { listActions } from "../../../robot/console/access/audit.ts";
import { makeLink } from "../../../robot/console/access/sessions.ts";
import { type Asking, askDigits, withdrawDigits } from "../../../robot/engine/people/questions.ts";
import { getRun } from "../../../robot/engine/runs/runs.ts";
import { remoteCaptchaReader } from "../../../robot/login/remote-captcha-reader.ts";
import type { CaptchaReader } from "../../../robot/login/captcha/reader.ts";
import { createApp } from "../../../robot/app/compose.ts";
import { enter, openBrowser, seriousIssues } from "../../support/kit/console/console-browser.ts";
import { consoleOf, type ConsoleOffice, openOffice, Visitor } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";
import { ledgerOf, NEXT, openPortal } from "../../support/kit/installation/portal.ts";
import { expectIntact } from "../../support/kit/record/record.ts";
import { answerToPicture } from "../../support/kit/installation/captcha-oracle.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { drawCaptcha } from "../../portal/model/captcha-picture.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** The picture that is shown, as the browser has it. */
async function shownPicture(page: Page): Promise<{ src: string; width: number }> {
  const image = page.getByAltText(/^圖形驗證碼/);
  await image.waitFor();
  return image.evaluate(async (one: HTMLImageElement) => {
    await one.decode();
    return { src: one.src, width: one.naturalWidth };
  });
}

const digitsField = (page: Page): Locator => page.getByLabel("圖中的五個數字", { exact: true });

describe("the captcha that somebody at the console reads", () => {
  const asking: Asking = { timeout: 10 * 60_000, answerers: [] };
  let office: ConsoleOffice;
  let runs: Furnished;
  beforeAll(async () => {
    office = await openOffice(officeCompanies(5));
    runs = await seedConsole(office, new Date(), 10);
  });
  afterAll(() => office.close());

  test("comes to the open page by itself, goes when its time is over, and the next one comes fresh", async () => {
    const { store } = office.assembled;
    const ask = (digits: string) =>
      askDigits(
        store,
        runs.running,
        "圖形驗證碼",
        { text: "請輸入", choices: {}, picture: drawCaptcha(digits, Math.random) },
        asking,
      );
    const { page, complaints } = await enter(browser, await office.console.link("王會計"));
    await page.goto(new URL("/questions", office.console.url).href);
    const first = await ask("11111");
    const { src, width } = await shownPicture(page);
    expect(width).toBeGreaterThan(50);
    expect(await seriousIssues(page)).toEqual([]);
    await digitsField(page).fill("1111");
    // Somebody has the same page open and hears no news.
    const { page: deaf } = await enter(browser, await office.console.link("陳小姐"));
    await deaf.route("**/live*", (route) => route.abort());
    await deaf.goto(new URL("/questions", office.console.url).href);
    await digitsField(deaf).fill("11111");

    await withdrawDigits(store, first);
    await digitsField(page).waitFor({ state: "detached" });
    await digitsField(deaf).press("Enter");
    await deaf.getByRole("heading", { name: "沒有做成" }).waitFor();
    expect(await deaf.getByRole("main").innerText()).toContain("question-expired");

    await ask("22222");
    const second = await shownPicture(page);
    expect(second.src).not.toBe(src);
    expect(await digitsField(page).inputValue()).toBe("");
    expect(complaints).toEqual([]);
  });

  test("is answered with five digits and nothing else, by the keyboard; another picture can be wanted; the digits are kept nowhere", async () => {
    const { store } = office.assembled;
    const reader = remoteCaptchaReader(store, runs.asking, asking, () => false);
    const { page, complaints } = await enter(browser, await office.console.link("王會計"));
    const first = reader.read(drawCaptcha("33333", Math.random));
    await page.goto(new URL("/questions", office.console.url).href);
    const card = page.getByRole("article").filter({ has: page.getByRole("button", { name: "看不清楚，換一張" }) });
    await card.getByRole("button", { name: "看不清楚，換一張" }).click();
    expect(await first).toMatchObject({ refused: true });
    const second = reader.read(drawCaptcha("40506", Math.random));
    const field = card.getByLabel("圖中的五個數字", { exact: true });
    await field.fill("4050");
    await field.press("Enter");
    // The browser itself holds back what is not five digits.
    expect(await field.evaluate((one: HTMLInputElement) => one.validity.patternMismatch)).toBe(true);
    await field.fill("40506");
    await field.press("Enter");
    expect(await second).toEqual({ text: "40506", confidence: 1, refused: false });
    await page.getByText("已記下回答").waitFor();
    const kept = [
      await store.selectFrom("questions").selectAll().execute(),
      await listActions(store, 50),
      await page.content(),
    ];
    expect(JSON.stringify(kept)).not.toContain("40506");
    expect(complaints).toEqual([]);
  });

  test("is kept nowhere either when the digits come in the place of a choice", async () => {
    const { store } = office.assembled;
    const reading = remoteCaptchaReader(store, runs.waiting, asking, () => false).read(
      drawCaptcha("60708", Math.random),
    );
    const operator = await office.visitor("operate");
    const [, id = ""] = await waitUntil("the question", async () =>
      /id="answer-(q-[0-9a-f]+)-v1"[^>]*>(?:(?!<form).)*換一張/.exec((await operator.get("/questions")).text),
    );
    expect((await operator.post(`/questions/${id}/answer`, { answer: "60708", version: "1" })).status).toBe(303);
    expect(await reading).toMatchObject({ text: "60708" });
    expect(JSON.stringify(await listActions(store, 50))).not.toContain("60708");
  });
});

/** Nothing that the robot sees can be read. */
const BLIND: CaptchaReader = {
  read: () => Promise.resolve({ text: "", confidence: 0, refused: true }),
  close: () => Promise.resolve(),
};

describe("a run whose captcha the robot can't read", () => {
  test("is started, told that somebody is there, and helped in by whoever may answer: all in the console, and nobody else can", async () => {
    const portal = await openPortal();
    onTestFinished(() => portal.close());
    const setup = {
      portal: { taken: [{ period: "next" as const, books: 2 }] },
      configured: { answerers: ["王會計"] },
    };
    const office = await installed({ portal, companies: [setup], settings: { captcha: { maxPictures: 2 } } });
    const assembled = await createApp(office.config, {
      captcha: BLIND,
      browser: keptBrowser(office.config.browser),
    });
    const console = await consoleOf(
      assembled,
      { ...office.config, console: { ...office.config.console, port: 0 } },
      office.configFile,
    );
    onTestFinished(async () => {
      await console.close();
      await assembled.robot.stop();
      await assembled.close();
    });
    await assembled.robot.work(1);

    const { page, complaints } = await enter(browser, await console.link("王會計"));
    await page.goto(new URL("/start?flow=download-tracks", console.url).href);
    await page.getByLabel("期別").selectOption(NEXT);
    await page.getByRole("button", { name: "看要做什麼…" }).click();
    await page.getByRole("button", { name: "開始" }).click();
    // The question comes to the page of the run, without a reload.
    await page.getByRole("link", { name: "去回答" }).click();
    await page.getByRole("button", { name: /^我在電腦前/ }).waitFor();
    // Why it is asked, in words.
    expect(await page.getByRole("definition").allInnerTexts()).toContain("看了 2 張");
    expect(await page.getByRole("article").innerText()).not.toContain("{");

    // A colleague sees it, and can't answer it: not on the page, nor past it.
    const { page: others } = await enter(
      browser,
      `${console.url}enter/${await makeLink(assembled.store, "陳小姐", "operate")}`,
    );
    await others.goto(new URL("/questions", console.url).href);
    const card = others.getByRole("article");
    expect(await card.innerText()).toContain("這個問題由 王會計 回答");
    expect(await card.getByRole("button").count()).toBe(0);
    const colleague = new Visitor(console.url);
    await colleague.post(`/enter/${await makeLink(assembled.store, "陳小姐", "operate")}`, {});
    const id = (await card.getAttribute("id")) ?? "";
    const refused = await colleague.post(`/questions/${id}/answer`, { answer: "here", version: "1", by: "王會計" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("由 王會計 回答")]);

    await page.getByRole("button", { name: /^我在電腦前/ }).press("Enter");
    const { src } = await shownPicture(page);
    const picture = await page.request.get(src);
    const digits = (await answerToPicture(portal.controlUrl, await picture.body())) ?? "";
    expect(digits).toMatch(/^\d{5}$/);
    // The colleague is shown the question as well; the digits are not theirs to type.
    await others.getByText("請在期限內輸入圖中的五個數字").waitFor();
    expect(await digitsField(others).count()).toBe(0);
    await digitsField(page).fill(digits);
    await digitsField(page).press("Enter");
    await page.getByText("已記下回答").waitFor();

    const { id: runId } = await assembled.store.selectFrom("runs").select("id").executeTakeFirstOrThrow();
    const run = await waitUntil("the end of the run", async () => {
      const now = await getRun(assembled.store, runId);
      return now.state === "ended" ? now : null;
    });
    expect(run).toMatchObject({ outcome: "done", failure: null, startedBy: "王會計" });
    await expectIntact(run);
    expect(ledgerOf(portal, "sign-in", office.ubn).map(({ reason }) => reason)).toEqual([null]);
    expect(complaints).toEqual([]);
  });
});
