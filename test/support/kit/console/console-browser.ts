import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Locator, type Page } from "playwright";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { quickBrowser } from "../quick-browser.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const found = z.object({
  violations: z.array(
    z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
  ),
});

/** The browser of console tests. */
export function openBrowser(): Promise<Browser> {
  const executable = quickBrowser();
  return chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

const PATIENCE_MS = 240_000;

/** A page of somebody's own browser who has come in by this link, with the keyboard; it is closed with the test. */
export async function enter(browser: Browser, link: string): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: "zh-TW", timezoneId: "Asia/Taipei" });
  onTestFinished(() => context.close());
  // What is waited for may need another browser's sign-in, on a busy machine.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(link);
  await page.getByRole("button", { name: "進入主控台" }).press("Enter");
  await page.getByRole("heading", { name: "總覽" }).waitFor();
  return { page, complaints };
}

/** What axe finds on the page that people with a disability would stumble over: rule and place of each. */
export async function seriousIssues(page: Page): Promise<string[]> {
  // Evaluated by the browser's own tools, so the page's policy, which allows no such script, stays as it is.
  await page.evaluate(AXE);
  const { violations } = found.parse(await page.evaluate(`axe.run({ resultTypes: ["violations"] })`));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** Complaints of the browser about pages: what the policy blocked, what could not be loaded, what a script threw. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return complaints;
}

/** Whoever has no mouse: presses Tab until this has the focus. */
export async function tabTo(page: Page, target: Locator, most = 60): Promise<void> {
  for (let presses = 0; presses <= most; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Not reached with ${most} presses of Tab: ${target.toString()}`);
}
