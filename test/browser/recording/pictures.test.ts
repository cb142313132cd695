import { chromium } from "playwright";
import { PNG } from "pngjs";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { highlight } from "../../../robot/browser/highlight.ts";
import { logInteraction } from "../../../selectors/dom/interaction-log.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { NEXT, openPortal } from "../../support/kit/installation/portal.ts";
import { expectExplained, folderOf, recorded, stepsDone } from "../../support/kit/record/record.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";

const portal = await openPortal();
const executable = quickBrowser();
const browser = await chromium.launch({
  ...(executable === undefined ? {} : { executablePath: executable }),
  args: ["--no-sandbox"],
});
afterAll(async () => {
  await browser.close();
  await portal.close();
});

test("what was touched since the last picture is outlined in the next one, over a dialog too, and nothing of it stays on the page", async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<dialog style="inset: auto; left: 100px; top: 100px; margin: 0"><button>提交</button></dialog>',
  );
  await page.evaluate(() => document.querySelector("dialog")?.showModal());
  const before = await page.content();
  const button = page.getByRole("button", { name: "提交" });
  await logInteraction(button).click();
  const box = await button.boundingBox();
  const at = { x: Math.round((box?.x ?? 0) - 3), y: Math.round((box?.y ?? 0) + 8) };
  const marked = PNG.sync.read(await highlight(page, "", () => page.screenshot()));
  expect(colour(marked, at)).toEqual([232, 89, 12]);
  expect(await page.content()).toBe(before);
  const next = PNG.sync.read(await highlight(page, "", () => page.screenshot()));
  expect(colour(next, at)).not.toEqual([232, 89, 12]);
});

test("what may be secret is covered in a picture, in a shadow root too, and is to be seen again afterwards", async () => {
  const page = await browser.newPage();
  await page.setContent('<input type="password" value="secret"><div id="host"></div>');
  await page.locator("#host").evaluate((host) => {
    host.attachShadow({ mode: "open" }).innerHTML = '<input type="password" value="secret">';
  });
  const picture = PNG.sync.read(await highlight(page, "input[type=password]", () => page.screenshot()));
  for (const field of await page.locator("input").all()) {
    const { x = 0, y = 0, width = 0, height = 0 } = (await field.boundingBox()) ?? {};
    const at = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    expect(colour(picture, at)).toEqual([154, 160, 166]);
  }
  expect(await page.locator("[popover]").count()).toBe(0);
});

function colour({ width, data }: PNG, { x, y }: { x: number; y: number }): number[] {
  const index = (y * width + x) * 4;
  return [...data.subarray(index, index + 3)];
}

const failedSchema = z.object({
  failure: z.object({ wanted: z.string(), seen: z.string(), page: z.string() }),
  picture: z.string(),
  before: z.object({
    steps: z.array(z.string()),
    effects: z.array(z.object({ name: z.string(), status: z.string() })),
  }),
  safe: z.string(),
});

test("a failure says what was wanted, on which page, what was seen, what was done before, and what is safe to do next", async () => {
  const office = await installed({ portal, companies: [{ portal: { quota: 4 } }] });
  const run = await perform(office, take(NEXT, 5));
  await expectExplained(run, "quota-exceeded");
  const told = failedSchema.parse(recorded(run, "step.failed").at(-1)?.data);
  expect(told.failure).toMatchObject({ wanted: "5 本", seen: "可取用本數 4" });
  expect(told.failure.page).toContain("財政部電子發票整合服務平台（");
  expect(told.failure.page).toContain(new URL(portal.url).host);
  expect(existsSync(join(folderOf(run), told.picture))).toBe(true);
  expect(told.before.steps).toEqual(stepsDone(run));
  expect(told.before.effects).toEqual([{ name: "登錄通知信箱", status: "confirmed" }]);
  expect(told.safe).toContain("「登錄通知信箱」已經完成：再執行同一個命令會接著做");
});
