import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listRuns, updateRun } from "../../../robot/engine/runs/runs.ts";
import { enter, openBrowser, seriousIssues, tabTo } from "../../support/kit/console/console-browser.ts";
import { type ConsoleOffice, openOffice, TODAY } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { officeCompanies } from "../../support/kit/console/office.ts";

describe("the console in a browser", () => {
  let office: ConsoleOffice;
  let runs: Furnished;
  let browser: Browser;

  beforeAll(async () => {
    office = await openOffice(officeCompanies(12));
    [runs, browser] = await Promise.all([seedConsole(office, TODAY, 120), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  const entered = async (): Promise<{ page: Page; complaints: string[] }> =>
    enter(browser, await office.console.link("王會計"));
  const go = (page: Page, path: string) => page.goto(new URL(path, office.console.url).href);

  it("lets somebody without a mouse start a run, answer a question and look through a failed run", async () => {
    const { page, complaints } = await entered();
    // Start: job, company, period, number of books, what will be done, and go.
    await tabTo(page, page.getByRole("link", { name: "執行", exact: true }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("link", { name: /^取號 向/ }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByLabel("公司"));
    // Past "choose one" to the seventh; the page tells of each on the way and keeps the focus where it is.
    for (let n = 0; n < 7; n++) await page.keyboard.press("ArrowDown");
    await page.getByText("這家平常取 7 本").waitFor();
    expect(await page.getByLabel(/^取用本數/).inputValue()).toBe("7");
    await tabTo(page, page.getByLabel(/^取用本數/));
    await page.keyboard.press("Control+A");
    await page.keyboard.type("4");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "會做的事" }).waitFor();
    expect(await page.getByRole("main").innerText()).toContain("提交取號不能撤回");
    expect(await page.getByRole("definition").allInnerTexts()).toContain("4 本");
    await tabTo(page, page.getByRole("button", { name: "確定，開始執行" }));
    await page.keyboard.press("Enter");
    await page.getByText("已排入，開始執行。").waitFor();
    const [newest] = await listRuns(office.assembled.store, 1);
    expect(page.url()).toContain(newest?.id ?? "none");
    expect(newest).toMatchObject({
      flow: "take-tracks",
      startedBy: "王會計",
      input: { period: "11602", category: "07", books: 4 },
    });
    // Answer: both readings are there to compare.
    await tabTo(page, page.getByRole("link", { name: /^待處理/ }));
    await page.keyboard.press("Enter");
    await page.getByRole("columnheader", { name: "事後查證" }).waitFor();
    await tabTo(page, page.getByRole("button", { name: "已成功，平台上看得到" }));
    await page.keyboard.press("Enter");
    await page.getByText("已記下回答").waitFor();
    expect(await page.getByText("沒有得到平台的回覆").count()).toBe(0);
    // Review: from the list to the failed run, and through its pictures with the arrow keys.
    await tabTo(page, page.getByRole("link", { name: /山海/ }).first());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "為什麼沒有完成" }).waitFor();
    await tabTo(page, page.locator("input[name=film]:checked"), 80);
    const shown = page.locator(".shot figure:visible figcaption");
    expect(await shown.innerText()).toContain("2 / 2");
    await page.keyboard.press("ArrowLeft");
    expect(await shown.innerText()).toContain("1 / 2");
    expect(
      await page
        .locator(".shot figure:visible img")
        .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBe(960);
    expect(complaints).toEqual([]);
  });

  it("shows what happens to a run while it is open, without a reload, and keeps what somebody has unfolded", async () => {
    const { page, complaints } = await entered();
    await go(page, `/runs/${runs.running}`);
    await page.evaluate(() => document.body.setAttribute("data-same-page", "yes"));
    const folded = page.locator("details").first();
    await folded.locator("summary").click();
    await updateRun(office.assembled.store, runs.running, {
      state: "waiting",
      progress: "等配號結果 1",
      waitingUntil: new Date(TODAY.getTime() + 7_200_000),
    });
    await page.getByText("等配號結果 1").waitFor();
    expect(await page.getByText(/還有 2 小時/).count()).toBe(1);
    expect(await page.locator("body[data-same-page]").count()).toBe(1);
    expect(await folded.getAttribute("open")).not.toBeNull();
    expect(complaints).toEqual([]);
  });

  it("checks a file as soon as it is chosen and tells each fault with its line", async () => {
    const { page, complaints } = await entered();
    const company = office.config.companies[0];
    await go(page, `/start?flow=upload-blank-numbers&company=${company?.ubn ?? ""}`);
    const lines = `00001,${company?.ubn},11510,AB,00000004,00000099,07\r\n2,${company?.ubn},11510,AB,104,00000149,07\r\n`;
    await page
      .getByLabel(/^空白號碼檔/)
      .setInputFiles({ name: "空白.csv", mimeType: "text/csv", buffer: Buffer.from(lines) });
    await page.getByText("檔案有問題，不能用").waitFor();
    const rows = await page.locator(".faults tbody tr").allInnerTexts();
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.every((row) => row.startsWith("2\t"))).toBe(true);
    await page.getByRole("button", { name: "看要做什麼…" }).click();
    await page.getByRole("heading", { name: "會做的事" }).waitFor();
    expect(await page.getByRole("button", { name: /開始/ }).count()).toBe(0);
    // The answer of a form that is not right is one of 400, which the browser notes.
    expect(complaints.filter((one) => !one.includes("400"))).toEqual([]);
  });

  it("finds a company among many as its name is typed", async () => {
    const { page } = await entered();
    const rows = page.locator(".matrix tbody tr:visible");
    expect(await rows.count()).toBe(12);
    await page.getByRole("searchbox").fill("咖啡");
    expect((await rows.allInnerTexts()).every((row) => row.includes("咖啡"))).toBe(true);
    expect(await rows.count()).toBeLessThan(12);
    await page.getByRole("searchbox").fill("");
    await page.getByText("要處理", { exact: false }).first().click();
    expect(await rows.count()).toBeGreaterThan(0);
  });

  it.each(["/", "/runs", "/questions", "/start?flow=take-tracks", "/settings"])(
    "has nothing on %s that axe calls serious",
    async (path) => {
      const { page } = await entered();
      await go(page, path);
      expect(await seriousIssues(page)).toEqual([]);
    },
  );
});
