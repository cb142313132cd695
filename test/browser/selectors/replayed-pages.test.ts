import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HarvestedPage, recognised } from "../../../selectors/dom/harvest/harvest.ts";
import { rebuilt } from "../../../selectors/dom/harvest/rebuild.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
// The parts of the portal's pages are known once their modules are.
import "../../../selectors/portal/signed-in-portal.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";

/** Pages that were harvested, made into pages again, and read by the robot's own reader in a browser. */

let browser: Browser;
beforeAll(async () => {
  const executablePath = quickBrowser();
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    chromiumSandbox: false,
  });
});
afterAll(() => browser.close());

const PAGES = ["practice-current/take-form", "practice-current/upload-form", "practice-classic/take-form"];

test.for(PAGES)("%s, rebuilt, has the parts that it had", async (name) => {
  const file = fileURLToPath(new URL(`../../fixtures/pages/${name}.json`, import.meta.url));
  // Written by our own `selectors report`.
  const { reading, parts } = JSON.parse(readFileSync(file, "utf8")) as Omit<HarvestedPage, "html">;
  const page = await browser.newPage();
  await page.setContent(rebuilt(reading));
  const ids = Object.keys(parts).filter((id) => parts[id] !== null);
  const found = recognised(await readPage(page), ids);
  expect(ids.filter((id) => found[id] === null)).toEqual([]);
  expect(ids.length).toBeGreaterThan(1);
});
