import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Browser, Page } from "playwright";
import { screenshotOf } from "../../../robot/browser/highlight.ts";
import { logInteraction } from "../../../selectors/dom/interaction-log.ts";
import { locate, namedSpec } from "../../../selectors/dom/locator-spec.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
import { launchBrowser } from "../../portal/visitor.ts";

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
});
afterAll(() => browser.close());

const FORM = `
  <style>.gone { display: none } .menu:hover .inner { display: block } .inner { display: none }</style>
  <h1>取號</h1><label>取用本數 <input id="books"></label><label>停止使用 <input id="stop" type="checkbox"></label>
  <label>期別 <select id="period"><option>11511</option><option>11601</option></select></label>
  <p id="line">可取用本數：20</p><div class="menu">選單<div class="inner">裡面</div></div><div id="host"></div>
  <div id="scroller" style="height: 20px; overflow: auto"><p>一</p><p>二</p><p>三</p></div>`;

/** What changes a page, and no two in the same way: by the script of the page, and by a person's hand. */
const CHANGES: readonly (readonly [string, (page: Page) => Promise<unknown>])[] = [
  ["a text", (page) => page.locator("#line").evaluate((line) => (line.textContent = "可取用本數：5"))],
  ["an attribute", (page) => page.locator("#line").evaluate((line) => line.setAttribute("class", "gone"))],
  ["something that is added", (page) => page.locator("body").evaluate((body) => body.append("提交成功"))],
  [
    "a value that a script has set",
    (page) => page.locator("#books").evaluate((field) => field instanceof HTMLInputElement && (field.value = "15")),
  ],
  [
    "a tick that a script has set",
    (page) => page.locator("#stop").evaluate((box) => box instanceof HTMLInputElement && (box.checked = true)),
  ],
  [
    "a choice that a script has made",
    (page) => page.locator("#period").evaluate((box) => box instanceof HTMLSelectElement && (box.selectedIndex = 1)),
  ],
  ["what is typed", (page) => page.locator("#books").fill("3")],
  ["the address", (page) => page.evaluate(() => (location.hash = "next"))],
  ["the mouse", (page) => page.locator(".menu").hover()],
  ["scrolling", (page) => page.locator("#scroller").evaluate((box) => (box.scrollTop = 30))],
  [
    "a shadow root",
    (page) =>
      page.locator("#host").evaluate((host) => (host.attachShadow({ mode: "open" }).innerHTML = "<p>影子裡</p>")),
  ],
  [
    "a rule of a style sheet",
    (page) => page.evaluate(() => document.styleSheets[0]?.insertRule("#line { display: none }", 0)),
  ],
];

describe("a page that was read", () => {
  test("is the same reading as long as nothing on it has changed", async () => {
    await page.setContent(FORM);
    const first = await readPage(page);
    const second = await readPage(page);
    expect(second.lines).toBe(first.lines);
  });

  test("is the same reading after it was pictured, marks and all", async () => {
    await page.setContent(FORM);
    const books = await locate(page, namedSpec("test.books", "field", "取用本數"));
    await logInteraction(books).fill("3");
    const before = await readPage(page);
    await screenshotOf(page, "#period", 50);
    const after = await readPage(page);
    expect(after.lines).toBe(before.lines);
  });

  test.for(CHANGES)("is read anew after a change by %s", async ([, change]) => {
    await page.mouse.move(0, 0);
    await page.setContent(FORM);
    const before = await readPage(page);
    await change(page);
    const after = await readPage(page);
    expect(after.lines).not.toBe(before.lines);
    expect(after).not.toEqual(before);
  });

  test("is read anew after a change inside of a shadow root that was read before", async () => {
    await page.setContent(FORM);
    await page
      .locator("#host")
      .evaluate((host) => (host.attachShadow({ mode: "open" }).innerHTML = "<p id=inner>影子裡</p>"));
    await readPage(page);
    await page.locator("#inner").evaluate((line) => (line.textContent = "變了"));
    expect((await readPage(page)).lines.map(({ text }) => text)).toContain("變了");
  });

  test("is read anew where another document has taken its place", async () => {
    await page.setContent(FORM);
    await readPage(page);
    await page.goto("data:text/html;charset=utf-8,<h1>另一頁</h1>");
    expect((await readPage(page)).headings.map(({ text }) => text)).toEqual(["另一頁"]);
  });
});
