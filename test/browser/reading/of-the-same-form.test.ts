import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { locatorSpec } from "../../../selectors/dom/locator-spec.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { locatePeriod, tryLocatePeriod } from "../../../selectors/portal/period-field.ts";
import { PERIODS } from "../../../selectors/portal/period-text.ts";
import type { Period } from "../../../robot/invoicing/values/period.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// Pages with two fields of one name: the one of the form that is filled in is meant. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const period = locatorSpec("same-form.period", "choice", TERMS.trackPeriod, { offers: PERIODS });
const file = locatorSpec("same-form.file", "file", TERMS.file, { pattern: /檔案|路徑|file/ });
const choice = (id: string): string =>
  `<div><label for=${id}>字軌期別</label><select id=${id}><option>請選擇</option><option>115年09-10月</option></select></div>`;
const upload = `<div><label for=f>檔案上傳路徑</label><input id=f type=file></div><button>上傳</button>`;

describe("of two periods on a page, the one is chosen that shares the smallest part of it with the file", () => {
  test.for([
    [
      "cards",
      `<div>${choice("search")}<button>查詢</button></div><div><div><h3>匯入字軌</h3>${choice("own")}${upload}</div></div>`,
    ],
    ["forms", `<form>${choice("own")}${upload}</form><form>${choice("search")}<button>查詢</button></form>`],
    [
      "a card in the search's own part",
      `<div>${choice("search")}<button>查詢</button><div>${choice("own")}${upload}</div></div>`,
    ],
    [
      "a file that is hidden behind a button",
      `<div>${choice("search")}</div><div>${choice("own")}<label>檔案上傳路徑<input type=file style="opacity:0"></label><button>選擇檔案</button></div>`,
    ],
  ])("%s", async ([, html = ""]) => {
    await page.setContent(html);
    const field = await locatePeriod(page, period, file);
    await field.choose("11510" as Period);
    expect(await field.chosen()).toBe("11510");
    expect(await page.locator("#own").inputValue()).toBe("115年09-10月");
    expect(await page.locator("#search").inputValue()).toBe("請選擇");
  });
});

test.for([
  ["both belong to the form", `<form>${choice("a")}${choice("b")}${upload}</form>`],
  ["neither stands with the file", `<form>${choice("a")}</form><form>${choice("b")}</form><form>${upload}</form>`],
  ["there is no file", `<form>${choice("a")}</form><form>${choice("b")}</form>`],
])("none is guessed where %s", async ([, html = ""]) => {
  await page.setContent(html);
  expect(await tryLocatePeriod(page, period, file)).toBeNull();
});
