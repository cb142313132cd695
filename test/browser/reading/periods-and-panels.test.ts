import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { hasFolded, openFolded } from "../../../selectors/dom/forms/folded.ts";
import { optionTexts, selectedText, selectOption } from "../../../selectors/dom/forms/select-box.ts";
import { locate, locatorSpec, tryLocate } from "../../../selectors/dom/locator-spec.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { locatePeriod } from "../../../selectors/portal/period-field.ts";
import { PERIODS } from "../../../selectors/portal/period-text.ts";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// Small pages: how a period is chosen, and what is folded up. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const period = locatorSpec("periods.period", "choice", TERMS.period, { offers: PERIODS });
const books = locatorSpec("periods.books", "field", TERMS.books);
const category = locatorSpec("periods.category", "choice", TERMS.category, { offers: /稅額計算/ });

const pairs = ["01-02月", "03-04月", "05-06月", "07-08月", "09-10月", "11-12月"];
const options = (texts: readonly string[]): string => texts.map((text) => `<option>${text}</option>`).join("");

/** A calendar of which only three pairs can be pressed. */
const CALENDAR = `<label>發票期別：<input readonly id=shown style="cursor: pointer"></label>
  <script>{
    let year = 115;
    const OPEN = ["115 11-12月", "116 01-02月", "116 03-04月"];
    const shown = document.querySelector("#shown");
    const popper = document.createElement("div");
    const cell = (text) => OPEN.includes(year + " " + text)
      ? '<div class=c style="cursor: pointer">' + text + '</div>' : '<div style="opacity: .4">' + text + '</div>';
    const fill = () => {
      popper.innerHTML = '<button class=a>‹</button><b>' + year + '年</b><button class=b>›</button>' + ${JSON.stringify(pairs)}.map(cell).join("");
      popper.querySelector(".a").onclick = () => { year--; fill(); };
      popper.querySelector(".b").onclick = () => { year++; fill(); };
      for (const one of popper.querySelectorAll(".c"))
        one.onclick = () => { shown.value = year + "年" + one.textContent; popper.remove(); };
    };
    shown.onclick = () => { if (popper.isConnected) return popper.remove(); fill(); document.body.append(popper); };
  }</script>`;

describe("a period is chosen, and read back as its code,", () => {
  test.for([
    [
      "from one list",
      `<label>發票期別：<select>${options(["請選擇", "115年11-12月", "116年01-02月"])}</select></label>`,
      ["11512", "11602"],
    ],
    [
      "from a list of years and one of months",
      `<span>發票期別：</span><select>${options(["請選擇", "115年", "116年"])}</select><select>${options(["請選擇", "01-02月", "11-12月"])}</select>`,
      ["11502", "11512", "11602", "11612"],
    ],
    [
      "from a typed year and a list of months",
      `<span>發票期別：</span><input value="115"> 年 <select>${options(["請選擇", "01-02月", "11-12月"])}</select>`,
      ["11402", "11412", "11502", "11512", "11602", "11612"],
    ],
    ["in a calendar that has to be turned", CALENDAR, ["11512", "11602", "11604"]],
  ] as const)("%s", async ([, html, offered]) => {
    await page.setContent(html);
    const field = await locatePeriod(page, period);
    expect(await field.offered()).toEqual(offered);
    await field.choose("11602" as Period);
    expect(await field.chosen()).toBe("11602");
    await field.choose("11512" as Period);
    expect(await field.chosen()).toBe("11512");
  });

  test.for([
    ["a list", `<label>發票期別：<select>${options(["115年11-12月"])}</select></label>`],
    ["a calendar", CALENDAR],
  ] as const)("and one that %s does not offer is said to be out of its window", async ([, html]) => {
    await page.setContent(html);
    const field = await locatePeriod(page, period);
    await expect(field.choose("11504" as Period)).rejects.toMatchObject({ state: "not-in-window" });
    expect(await page.locator(".c").count()).toBe(0);
  });
});

test("options that can't be read as periods are no window that is closed", async () => {
  await page.setContent(`<label>發票期別：<select>${options(["2026 第一學期", "2026 第二學期"])}</select></label>`);
  const field = await locatePeriod(page, period);
  await expect(field.offered()).rejects.toMatchObject({ state: "page-changed" });
  await expect(field.choose("11512" as Period)).rejects.toMatchObject({ state: "page-changed" });
});

test("an option that is explained below its name is called by its name", async () => {
  const card = (name: string, more: string): string =>
    `<label style="display: inline-block; width: 200px"><input type=radio name=c style="opacity: 0"><b>${name}</b><div>${more}</div></label>`;
  await page.setContent(
    `<fieldset><legend>發票類別</legend>${card("一般稅額計算", "適用一般營業人")}${card("特種稅額計算", "適用特種飲食業")}</fieldset>`,
  );
  const box = await locate(page, category);
  expect(await optionTexts(box)).toEqual(["一般稅額計算", "特種稅額計算"]);
  await selectOption(box, "發票類別", (text) => text === "特種稅額計算");
  expect(await selectedText(box)).toBe("特種稅額計算");
});

describe("what is folded up", () => {
  const panel = (attributes: string): string =>
    `<button ${attributes} onclick="const open = this.nextElementSibling.toggleAttribute('hidden'); this.setAttribute('aria-expanded', String(!open))">填寫本數 ▾</button>
      <div hidden><label>取用本數 <input></label></div>`;
  const find = () => tryLocate(page, books, 0);

  test.for([
    ["says so", 'aria-expanded="false"'],
    ["only shows it by a mark", ""],
  ] as const)("is opened where it %s", async ([, attributes]) => {
    await page.setContent(`<button onclick="document.title = 'pressed'">提交取號</button>${panel(attributes)}`);
    expect(await find()).toBeNull();
    expect(await hasFolded(page)).toBe(true);
    expect(await openFolded(page, find)).not.toBeNull();
    expect(await page.title()).toBe("");
  });

  test("is left as it is in the menu and in the rows of a list", async () => {
    await page.setContent(
      `<nav>${panel('aria-expanded="false"')}</nav><table><tr><th>列</th></tr><tr><td>${panel('aria-expanded="false"')}</td></tr></table>`,
    );
    expect(await hasFolded(page)).toBe(false);
    expect(await openFolded(page, find)).toBeNull();
    expect(await page.locator("[aria-expanded=true]").count()).toBe(0);
  });
});
