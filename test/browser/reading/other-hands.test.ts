import type { Page } from "playwright";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { click } from "../../../selectors/dom/click.ts";
import { closeAnnouncements } from "../../../selectors/dom/overlays/announcements.ts";
import { selectedText, selectOption } from "../../../selectors/dom/forms/select-box.ts";
import { tickRow } from "../../../selectors/dom/lists/checkbox.ts";
import { columns, readRows } from "../../../selectors/dom/lists/table.ts";
import { controlLocator, locate, locateAll, locatorSpec, namedSpec } from "../../../selectors/dom/locator-spec.ts";
import { match } from "../../../selectors/dom/reading/match.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { pictureBeside } from "../../../selectors/portal/sign-in/captcha-picture.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// How kept component libraries and old servers draw what the portal has, as other people's imitations did it.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const period = locatorSpec("snippet.period", "choice", TERMS.period);

describe("a choice whose input nobody sees", () => {
  const options = `["2026年11-12期", "2027年01-02期"]`;
  const script = `<script>{
    const frame = document.querySelector(".frame"), shown = document.querySelector(".shown");
    frame.onclick = () => {
      const list = document.createElement("ul");
      list.setAttribute("role", "listbox");
      for (const text of ${options}) {
        const one = document.createElement("li");
        one.setAttribute("role", "option");
        one.textContent = text;
        one.onclick = (event) => { event.stopPropagation(); shown.textContent = text; list.remove(); };
        list.append(one);
      }
      document.body.append(list);
    };
  }</script>`;
  const frame = (name: string, input: string): string =>
    `<div><label>${name}</label><div class="frame" style="cursor:pointer;width:200px"><div>
       <div style="opacity:0;position:absolute"><input type="text" role="combobox" readonly ${input}></div>
       <div><span class="shown">請選擇</span></div></div><i>▾</i></div></div>${script}`;

  test.for([
    ["is known by the words before it", frame("發票期別", "")],
    ["is known by what names its input", frame("", `aria-label="發票期別"`)],
  ])("%s", async ([, html = ""]) => {
    await page.setContent(html);
    const box = await locate(page, period, { within: 0 });

    await selectOption(box, "發票期別", (text) => text.startsWith("2027年01"));

    expect(await selectedText(box)).toBe("2027年01-02期");
  });
});

describe("a choice that is a button with a list under it", () => {
  test("is read back though what it shows has changed", async () => {
    await page.setContent(`<div><div>發票期別</div><div><button id="open">請選擇期別</button><ul id="list" style="display:none"></ul></div></div><script>{
      const button = document.getElementById("open"), list = document.getElementById("list");
      for (const text of ["115年11-12月", "116年01-02月"]) {
        const one = document.createElement("button");
        one.textContent = text;
        one.onclick = () => { button.textContent = text; list.style.display = "none"; };
        list.append(one);
      }
      button.onclick = () => { list.style.display = list.style.display === "none" ? "block" : "none"; };
    }</script>`);
    const box = await locate(page, period, { within: 0 });

    await selectOption(box, "發票期別", (text) => text.startsWith("116年01"));

    expect(await selectedText(box)).toBe("116年01-02月");
  });
});

describe("cards that list what they say", () => {
  const card = (track: string, tick: string): string =>
    `<div style="border:1px solid">${tick}<b>${track}</b><dl><dt>字軌</dt><dd>${track}</dd><dt>起號</dt><dd>00000050</dd></dl></div>`;
  const tick = `<input type="checkbox">`;

  test.for([
    ["one of several", [card("AB", tick), card("CD", tick)].join(""), 1],
    ["the only one, below a tick for all", `${tick} 全選 ${card("CD", tick)}`, 1],
  ] as const)("are ticked by the tick in the card: %s", async ([, html, at]) => {
    await page.setContent(html);
    const row = (await readRows(page, columns(["字軌", "起號"]))).find(({ cells }) => cells["字軌"] === "CD");
    if (row === undefined) throw new Error("There is no such card.");

    await tickRow(row.row);

    expect(await page.locator("input").nth(at).isChecked()).toBe(true);
    expect(await page.locator("input").nth(0).isChecked()).toBe(false);
  });
});

describe("a menu that lies over the page", () => {
  test("is not closed for the sake of an entry that it does not have", async () => {
    await page.setContent(`<div id="menu" style="position:fixed;inset:0 auto 0 0;width:300px;background:#fff;z-index:2">
        <button onclick="menu.remove()" aria-label="Close">✕</button><a href="#1">待辦事項</a><a href="#2">漏上傳資料清冊</a><a href="#3">中獎清冊</a></div>
      <div style="position:fixed;inset:0;background:#0005;z-index:1"></div>`);

    expect(await locateAll(page, namedSpec("snippet.other", "menu", "字軌號碼取號"))).toEqual([]);

    expect(await locateAll(page, namedSpec("snippet.entry", "menu", "漏上傳資料清冊"))).toHaveLength(1);
  });

  test("is not closed for the sake of what is in it", async () => {
    await page.setContent(`<p>頁面</p><div id="menu" style="position:fixed;inset:0 auto 0 0;width:300px;background:#fff;z-index:2">
        <button onclick="menu.remove()" aria-label="Close">✕</button><a href="#there">漏上傳資料清冊</a>
        <div id="veil" style="position:absolute;inset:0"></div></div>
      <div style="position:fixed;inset:0 0 0 300px;background:#0005;z-index:1"></div>`);
    const entry = await locate(page, namedSpec("snippet.entry", "menu", "漏上傳資料清冊"), { within: 0 });
    await page.evaluate(() => setTimeout(() => document.getElementById("veil")?.remove(), 2_000));

    await click(entry);

    expect(page.url()).toContain("#there");
  });
});

describe("the picture of a captcha", () => {
  const dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
  const picture = (more: string): string => `<img src="${dot}" width="120" height="40" ${more}>`;
  const captcha = locatorSpec("snippet.captcha", "field", TERMS.captcha);
  const found = async (html: string): Promise<string | null> => {
    await page.setContent(html);
    const reading = await readPage(page);
    const field = match(reading, captcha);
    if (field.found !== "one" || field.what.control === null) throw new Error("There is no field for it.");
    const at = pictureBeside(reading, field.what.control);
    return at === null ? null : controlLocator(page, at).getAttribute("id");
  };

  test("is not the sign-in button drawn as a picture, nor a logo, while it has not come", async () => {
    const html = `<a href="#">${picture(`id="button" alt="登入"`)}</a><p>圖形驗證碼：<input></p>`;
    expect(await found(html)).toBeNull();
    expect(await found(`${picture(`id="logo"`)}<p style="margin-top:300px">圖形驗證碼：<input></p>`)).toBeNull();
  });

  test("is the one beside its field, whatever else is drawn", async () => {
    const html = `<a href="#">${picture(`id="button" alt="登入"`)}</a><p>圖形驗證碼：<input> ${picture(`id="captcha"`)}</p>`;
    expect(await found(html)).toBe("captcha");
  });
});

describe("what lies over the page while something is pressed", () => {
  const over = (content: string): string =>
    `<main><button onclick="document.title = 'below'">查詢</button></main>
      <div id=over style="position:fixed;inset:0;background:#fff">
        <button aria-label="Close" style="width:20px;height:20px" onclick="this.parentElement.remove()"></button>${content}</div>`;
  const entries = ["字軌號碼取號", "上傳空白未使用發票號碼", "中獎清冊"];

  test("is left open where it is the menu that somebody has opened", async () => {
    const own = await page.context().newPage();
    onTestFinished(() => own.close());
    await own.setContent(
      over(entries.map((one) => `<a href="#" onclick="document.title = '${one}'">${one}</a>`).join(" ")),
    );
    await closeAnnouncements(own);
    await own.getByText("中獎清冊").click();
    expect(await own.title()).toBe("中獎清冊");
    expect(await own.locator("#over").count()).toBe(1);
  });

  test("is closed where it is an announcement", async () => {
    const own = await page.context().newPage();
    onTestFinished(() => own.close());
    await own.setContent(over(`<h2>重要公告</h2><p>115 年 12 月 18 日暫停服務</p>`));
    await closeAnnouncements(own);
    await own.getByText("查詢").click();
    expect(await own.title()).toBe("below");
    expect(await own.locator("#over").count()).toBe(0);
  });
});
