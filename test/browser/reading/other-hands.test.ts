import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { selectedText, selectOption } from "../../../selectors/dom/forms/select-box.ts";
import { controlLocator, locate, locatorSpec } from "../../../selectors/dom/locator-spec.ts";
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
