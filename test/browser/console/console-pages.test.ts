import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openRecorder } from "../../../robot/recording/writing/recorder.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { complaintsOf, openBrowser, seriousIssues } from "../../support/kit/console/console-browser.ts";
import { type ConsoleOffice, openOffice, TODAY } from "../../support/kit/console/console.ts";
import { seedConsole, type Furnished } from "../../support/kit/console/seed-console.ts";
import { enterRuns, idOf, type MadeUpRun, officeCompanies } from "../../support/kit/console/office.ts";
import { headerOf } from "../../support/recording/recording-samples.ts";

/** Every page, each in light and dark, on a wide screen and a phone: `EINVOICE_TESTS=all`. */
describe("every page of the console", () => {
  let office: ConsoleOffice;
  let runs: Furnished;
  let browser: Browser;

  beforeAll(async () => {
    office = await openOffice(officeCompanies(12), {
      mailbox: { host: "imap.example.com", user: "invoice@example.com" },
    });
    [runs, browser] = await Promise.all([seedConsole(office, TODAY, 120), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await office.close();
  });

  describe.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("in %s, %d pixels wide", (colorScheme, width) => {
    it("has no serious issue, nothing that its policy blocks, and nothing beside the screen", async () => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 844 }, locale: "zh-TW" });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      const complaints = complaintsOf(page);
      const look = async (name: string): Promise<void> => {
        expect([name, await seriousIssues(page)]).toEqual([name, []]);
        const beside = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect([name, beside]).toEqual([name, Math.min(0, beside)]);
        expect([name, complaints]).toEqual([name, []]);
      };
      await page.goto(new URL("/sign-in", office.console.url).href);
      await look("sign-in");
      await page.goto(await office.console.link("王會計"));
      await look("link");
      await page.getByRole("button", { name: "進入主控台" }).click();
      const ubn = office.config.companies[3]?.ubn ?? "";
      for (const path of [
        "/",
        "/?period=11512&show=open",
        "/start",
        "/start?flow=take-tracks",
        `/start?flow=upload-blank-numbers&company=${ubn}`,
        `/start?flow=bind-carrier&company=${ubn}`,
        `/start?flow=notify-winners&company=${ubn}`,
        "/questions",
        "/runs",
        `/runs/${runs.good}`,
        `/runs/${runs.broken}`,
        `/runs/${runs.running}`,
        `/runs/${runs.waiting}`,
        `/runs/${runs.broken}/compare`,
        "/settings",
        `/settings/company?ubn=${ubn}`,
        "/settings/schedules",
        "/settings/portal",
        `/settings/secrets?ubn=${ubn}`,
        "/settings/people",
        "/settings/audit",
      ]) {
        await page.goto(new URL(path, office.console.url).href);
        await look(path);
      }
    });
  });

  it("opens a visit's trace in its place, in Playwright's own viewer", async () => {
    const company = office.config.companies[5];
    const run: MadeUpRun = {
      flow: "download-tracks",
      ubn: company?.ubn ?? "",
      company: company?.name ?? "",
      period: "11512",
      at: new Date(TODAY.getTime() - 3_600_000),
    };
    const recorder = await openRecorder({
      root: office.config.recordings.folder,
      header: { ...headerOf(idOf(run)), startedAt: run.at.toISOString() },
      redactor: new Redactor(),
    });
    const folder = await mkdtemp(join(tmpdir(), "einvoice-trace-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const traced = await browser.newContext();
    await traced.tracing.start({ snapshots: true, screenshots: false, sources: false });
    const portal = await traced.newPage();
    await portal.setContent("<title>查詢</title><button>查詢</button><p>配號清單</p>");
    await portal.getByRole("button").click();
    await traced.tracing.stop({ path: join(folder, "trace.zip") });
    await traced.close();
    await recorder.trace("visit-1", join(folder, "trace.zip"));
    await recorder.end({ outcome: "done", failure: null, summary: null });
    await enterRuns(office.assembled.store, [{ ...run, folder: recorder.folder }]);

    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(await office.console.link("王會計"));
    await page.getByRole("button", { name: "進入主控台" }).click();
    await page.goto(new URL(`/runs/${idOf(run)}`, office.console.url).href);
    await page.getByRole("link", { name: "visit-1.zip" }).click();
    const viewer = page.frameLocator("iframe.viewer");
    await viewer.getByText("Click", { exact: false }).first().click();
    const shown = viewer.frameLocator("iframe[name=snapshot]:visible").getByText("配號清單");
    await shown.waitFor();
    expect(await shown.innerText()).toBe("配號清單");
  });
});
