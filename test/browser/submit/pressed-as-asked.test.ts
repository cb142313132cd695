import { chromium, type Page } from "playwright";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { occupied, strayChange } from "../../../robot/engine/effects/fields.ts";
import { parsePeriod } from "../../../robot/invoicing/values/period.ts";
import { atRest } from "../../../selectors/dom/forms/at-rest.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { submitButton } from "../../../selectors/dom/locator-spec.ts";
import { PortalNoticeList } from "../../../selectors/portal/tracks/notice-list.ts";
import { PortalTakeForm } from "../../../selectors/portal/tracks/take-form.ts";
import type { TakeRequest } from "../../../selectors/pages.ts";
import { trackedClick } from "../../../selectors/submit/tracked-click.ts";
import { NotPressed } from "../../../selectors/submit/irreversible.ts";
import { pressOnce } from "../../../selectors/submit/press-once.ts";
import { Submission } from "../../../selectors/submit/submission.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { EVERY_TEST } from "../../support/every-test.ts";

const executable = quickBrowser();
const browser = await chromium.launch({
  ...(executable === undefined ? {} : { executablePath: executable }),
  chromiumSandbox: process.getuid?.() !== 0,
});
afterAll(() => browser.close());

async function pageOf(content: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  monitorDialogs(page);
  await page.setContent(content);
  return page;
}

const REQUEST = { period: parsePeriod("11512"), category: "07", books: 6 } as const;

function filled(form: PortalTakeForm, request: TakeRequest): Promise<void> {
  return form.fill(request);
}

/** 取號: so many milliseconds after the category was chosen the page writes its usual figure into 取用本數. */
const takePage = (late: number, more = ""): string => `
  <label>發票期別 <select><option>請選擇</option><option>115/11 ~ 115/12</option></select></label>
  <label>發票類別 <select id="category"><option>請選擇</option><option>一般稅額計算</option></select></label>
  <label>取用本數 <input id="books"></label>
  <label>增加本數 <input id="extra" value="0"></label>
  <label>備註 <input id="note" value="上次的備註"></label>
  <p id="clock"></p><button>提交取號</button>
  <script>
    setInterval(() => (clock.textContent = "剩餘時間 " + Date.now()), 50);
    category.addEventListener("change", () => setTimeout(() => { books.value = "4"; ${more} }, ${late}));
  </script>`;

describe("a form", () => {
  test.for(EVERY_TEST ? [300, 600, 900] : [600])(
    "is filled after the page has written its usual figure, %d ms late",
    async (late) => {
      const page = await pageOf(takePage(late));
      const form = await PortalTakeForm.open(page, monitorDialogs(page));
      const before = await form.state("at-rest");
      await filled(form, REQUEST);
      const after = await form.state("at-rest");
      expect(await form.readBack()).toEqual({ 發票期別: "11512", 發票類別: "07", 取用本數: "6", 增加本數: "0" });
      expect(strayChange(before, after)).toBeNull();
    },
  );

  test("of which filling changes something that nobody asked for tells it", async () => {
    const page = await pageOf(takePage(300, "note.value = '換掉了';"));
    const form = await PortalTakeForm.open(page, monitorDialogs(page));
    const before = await form.state("at-rest");
    await filled(form, REQUEST);
    expect(strayChange(before, await form.state("at-rest"))).toContain("備註：原來是「上次的備註」，現在是「換掉了」");
  });

  test("that never comes to rest is not filled", async () => {
    const page = await pageOf(`<label>取用本數 <input id="books"></label>
      <script>setInterval(() => (books.value = String(Date.now())), 100)</script>`);
    const read = (): Promise<string> => page.locator("#books").inputValue();
    await expect(atRest(page, read)).rejects.toMatchObject({ state: "portal-slow" });
  });

  test("waits for what was asked of the server", async () => {
    const page = await browser.newPage();
    onTestFinished(() => page.close());
    monitorDialogs(page);
    await page.route("http://portal.test/**", async (route) => {
      if (route.request().url().endsWith("/quota")) {
        await new Promise((answered) => setTimeout(answered, 2_500));
        return route.fulfill({ body: "9" });
      }
      return route.fulfill({
        contentType: "text/html",
        body: `<input id="books"><script>
          fetch("/quota").then((answer) => answer.text()).then((text) => (books.value = text));
        </script>`,
      });
    });
    await page.goto("http://portal.test/");
    expect(await atRest(page, () => page.locator("#books").inputValue())).toBe("9");
  });
});

describe("the list for notices in fields", () => {
  const LIST = `
    <p><label>電子郵件信箱 1 <input value="owner@office.test"></label></p>
    <p><label>電子郵件信箱 2 <input value=""></label></p>
    <button onclick="said.textContent = '儲存成功'">儲存</button><p id="said"></p>`;

  test("is read as it stands, and nobody on it is typed over", async () => {
    const page = await pageOf(LIST);
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    expect(await list.addresses()).toEqual(["owner@office.test"]);
    const { form, fill } = await list.add("robot@office.test");
    const before = await form.state("at-rest");
    expect(occupied(before)).toBeNull();
    await fill();
    expect(strayChange(before, await form.state("at-rest"))).toBeNull();
    expect(await form.readBack()).toEqual({ 電子郵件信箱: "robot@office.test" });
    expect(await page.locator("input").first().inputValue()).toBe("owner@office.test");
    expect(await page.locator("input").last().inputValue()).toBe("robot@office.test");
  });

  test("that has no free field left is left alone", async () => {
    const page = await pageOf(LIST.replace('value=""', 'value="second@office.test"'));
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    expect(await list.addresses()).toEqual(["owner@office.test", "second@office.test"]);
    await expect(list.add("robot@office.test")).rejects.toMatchObject({
      state: "page-changed",
      seen: expect.stringContaining("owner@office.test"),
    });
  });

  test("whose only field is filled a moment after it was drawn is not typed over either", async () => {
    const page = await pageOf(`<label>電子郵件信箱 <input id="mail"></label><button>儲存</button>
      <script>setTimeout(() => (mail.value = "owner@office.test"), 700)</script>`);
    const list = await PortalNoticeList.open(page, monitorDialogs(page));
    await expect(list.add("robot@office.test")).rejects.toMatchObject({ state: "page-changed" });
    expect(await page.locator("#mail").inputValue()).toBe("owner@office.test");
  });
});

describe("a click", () => {
  const button = (page: Page) => page.getByRole("button", { name: "提交取號" });

  test.for([
    {
      what: "covered by a layer",
      content: `<button onclick="n++">提交取號</button><div style="position:fixed;inset:0;background:#fff"></div>`,
    },
    { what: "disabled", content: `<button disabled onclick="n++">提交取號</button>` },
  ])("on a button that is $what was never begun", async ({ content }) => {
    const page = await pageOf(`<script>var n = 0</script>${content}`);
    page.setDefaultTimeout(2_000);
    await expect(trackedClick(button(page), "提交取號")).rejects.toBeInstanceOf(NotPressed);
    expect(await page.evaluate("n")).toBe(0);
  });

  test("on a button that is not there was never begun", async () => {
    const page = await pageOf("<p>別的頁面</p>");
    page.setDefaultTimeout(1_000);
    await expect(trackedClick(button(page), "提交取號")).rejects.toBeInstanceOf(NotPressed);
  });

  test("of a committing button is one, and a missing one presses nothing", async () => {
    const page = await pageOf(`<button onclick="this.dataset.n = Number(this.dataset.n ?? 0) + 1">提交取號</button>`);
    const words = { accepted: /成功/, refused: /失敗/, reasons: [] };
    const part = submitButton("test.as-asked", { name: "提交取號", also: [] }, { purpose: /./, fields: [] });
    const irreversible = new Submission(page, monitorDialogs(page), words).button(part);
    await pressOnce(irreversible);
    await expect(pressOnce(irreversible)).rejects.toThrow("pressed once");
    expect(await button(page).getAttribute("data-n")).toBe("1");
  });
});
