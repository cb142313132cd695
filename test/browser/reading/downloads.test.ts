import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { downloadFile } from "../../../selectors/dom/network/download.ts";
import type { PageContext } from "../../../selectors/dom/windows/page-context.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { smallPage } from "../../support/kit/small-page.ts";

const small = smallPage();
let page: Page;
let at: PageContext;
beforeAll(() => {
  page = small();
  at = { page, dialogs: monitorDialogs(page) };
});

const pressing = (words: string): string => `<a id="file" download="tracks.csv" href="data:text/csv,AB"></a>
  <button onclick='if (confirm("${words}")) document.getElementById("file").click(); else window.refused = true'>下載</button>`;

describe("a download that the browser asks about", () => {
  test("is agreed to where the question is the notice of a download", async () => {
    await page.setContent(pressing("下載檔案編碼為UTF-8"));
    const { name, bytes } = await downloadFile(at, "字軌檔", () => page.getByText("下載").click());
    expect([name, Buffer.from(bytes).toString()]).toEqual(["tracks.csv", "AB"]);
  });

  test("is not agreed to where it asks something else, and says what", async () => {
    await page.setContent(pressing("確定刪除？"));
    await expect(downloadFile(at, "字軌檔", () => page.getByText("下載").click())).rejects.toMatchObject({
      seen: expect.stringContaining("確定刪除"),
    });
    expect(await page.evaluate("window.refused")).toBe(true);
  });
});
