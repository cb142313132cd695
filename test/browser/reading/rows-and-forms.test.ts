import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { smallPage } from "../../support/kit/small-page.ts";
import { readFormState } from "../../../selectors/dom/forms/form-state.ts";
import { openConditions, pagesOf } from "../../../selectors/dom/lists/list.ts";
import {
  submitButton,
  locate,
  locateAll,
  tryLocate,
  namedSpec,
  locatorSpec,
  controlReadAt,
} from "../../../selectors/dom/locator-spec.ts";
import { blocksOf } from "../../../selectors/dom/reading/blocks.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { tickRow } from "../../../selectors/dom/lists/checkbox.ts";
import { columns, readRows } from "../../../selectors/dom/lists/table.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { aimAt, pressOnce } from "../../../selectors/submit/press-once.ts";
import { Submission } from "../../../selectors/submit/submission.ts";
import { formWindow } from "../../../selectors/dom/windows/windows.ts";

// Small pages: what belongs to what. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const search = locatorSpec("belongs.search", "press", TERMS.search);
const period = locatorSpec("belongs.period", "choice", TERMS.period);
const books = locatorSpec("belongs.books", "field", TERMS.books);

describe("what has a button or a tick of its own", () => {
  const ADDRESS = /[\w.]+@[\w.]+/g;
  const remove = `<button>刪除</button>`;
  test.for([
    ["rows of a table", ["a@x.tw", "b@x.tw"].map((one) => `<tr><td>${one}</td><td>${remove}</td></tr>`), "table"],
    ["plain blocks", ["a@x.tw", "b@x.tw"].map((one) => `<div><span>${one}</span>${remove}</div>`), "div"],
    [
      "cards that hold their words deep inside",
      ["a@x.tw", "b@x.tw"].map((one) => `<div><p><b>信箱</b>：<i>${one}</i></p><p>${remove}</p></div>`),
      "div",
    ],
    [
      "fields that can't be changed",
      ["a@x.tw", "b@x.tw"].map((one) => `<div><input readonly value="${one}">${remove}</div>`),
      "div",
    ],
    ["ticks", ["a@x.tw", "b@x.tw"].map((one) => `<div><input type=checkbox><span>${one}</span></div>`), "div"],
    [
      "words and buttons in turn that nothing surrounds",
      ["a@x.tw", "b@x.tw"].map((one) => `<p>${one}</p>${remove}`),
      "div",
    ],
  ] as const)("is told as such in %s, and what else the page says is not", async ([, rows, holder]) => {
    await page.setContent(
      `<${holder}>${rows.join("")}</${holder}><button>刪除</button><footer>客服 help@x.tw</footer>`,
    );
    const blocks = blocksOf(
      await readPage(page),
      (text) => text.match(ADDRESS) ?? [],
      ({ kind }) => kind === "button" || kind === "checkbox",
    );
    expect(blocks.map(({ says }) => says)).toEqual([["a@x.tw"], ["b@x.tw"]]);
    expect(blocks.map(({ own }) => own.length)).toEqual([1, 1]);
  });
});

test("a row that was drawn again is the one that says the same, and none where two do", async () => {
  const row = (state: string): string => `<tr><td>115年11-12月</td><td>3</td><td>${state}</td></tr>`;
  const table = (...rows: string[]): string =>
    `<table><tr><th>發票期別</th><th>取用本數</th><th>是否已配號</th></tr>${rows.join("")}</table>`;
  await page.setContent(`<div id=place>${table(row("是"), row("否"))}</div>`);
  const [first] = await readRows(page, { wanted: [TERMS.period, TERMS.books, TERMS.allocationState] });
  if (!first) throw new Error("The list was not read.");
  const redraw = (html: string): Promise<void> =>
    page.locator("#place").evaluate((place, inner) => void (place.innerHTML = inner), html);
  await redraw(table(row("否"), row("是")));
  expect(await first.row.locator("td").allInnerTexts()).toEqual(["115年11-12月", "3", "是"]);
  await redraw(table(row("是"), row("是")));
  expect(await first.row.count()).toBe(0);
});

test("a part of a row that is gone is not there, at once", async () => {
  await page.setContent(`<div id=a><span>x@x.tw</span><button>查詢</button></div>`);
  const gone = page.locator("#a");
  await page.evaluate(() => document.getElementById("a")?.remove());
  expect(await tryLocate(gone, search, 0)).toBeNull();
}, 10_000);

test("of two things of one name, neither of which says what it is, the one of the field's form is meant", async () => {
  await page.setContent(`<div><div><div id=tab style="cursor:pointer">查詢</div><div style="cursor:pointer">取號</div></div>
    <div><div>發票期別<select><option>115年11-12月</select></div><div><div id=a style="cursor:pointer">查詢</div></div></div></div>`);
  expect(await (await locate(page, search, { near: period, within: 3_000 })).getAttribute("id")).toBe("a");
});

test("a form in a shadow root is read whole: what nobody asked for counts there, too", async () => {
  await page.setContent(`<div id=host></div><script>host.attachShadow({ mode: "open" }).innerHTML =
    "<label>取用本數<input value=3></label><label><input type=checkbox checked>停止使用</label>"</script>`);
  const state = await readFormState(page, [{ at: await locate(page, books), how: "sets" }]);
  expect(state.map(({ name, value, asked }) => [name, value, asked])).toEqual([
    ["取用本數", "3", "sets"],
    ["停止使用", "✓", null],
  ]);
});

test("a form that opens in a window of its own is worked in there, and the window before it is closed", async () => {
  await page.setContent(
    `<button id=open onclick="window.open('about:blank').document.write('<label>取用本數<input id=a></label>')">取號</button>`,
  );
  const press = (): Promise<void> => page.locator("#open").click();
  const isThere = async (where: Page): Promise<boolean> => (await tryLocate(where, books, 0)) !== null;
  const pageContext = { page, dialogs: monitorDialogs(page) };
  const first = await formWindow(pageContext, press, isThere);
  expect(first.page).not.toBe(page);
  expect(await (await locate(first.page, books)).getAttribute("id")).toBe("a");
  const second = await formWindow(pageContext, press, isThere);
  expect([first.page.isClosed(), second.page.isClosed()]).toEqual([true, false]);
  await second.page.close();
});

test("rows that are a list of facts each are one list", async () => {
  const facts = (period: string): string => `<dl><dt>發票期別</dt><dd>${period}</dd><dt>取用本數</dt><dd>3</dd></dl>`;
  await page.setContent(`<dl><dt>承辦人</dt><dd>王小明</dd></dl>${facts("115年09-10月")}${facts("115年11-12月")}`);
  const rows = await readRows(page, { wanted: [TERMS.period, TERMS.books] });
  expect(rows.map(({ cells }) => cells["發票期別"])).toEqual(["115年09-10月", "115年11-12月"]);
});

test("what can't be typed into and opens something is a choice, and the button under it is not", async () => {
  await page.setContent(
    `<div>發票期別</div><div><div tabindex=0 aria-expanded=false><input readonly id=a></div></div><button>查詢</button>`,
  );
  const box = await locate(page, period, { within: 3_000 });
  expect([await box.getAttribute("id"), controlReadAt(box)?.kind]).toEqual(["a", "drawn-select"]);
});

test("what a choice says of itself is no answer of the portal", async () => {
  await page.setContent(`<h1>匯入字軌</h1><label>檔案上傳路徑<input></label><div id=place></div><button onclick="setTimeout(() => {
    place.innerHTML = '<div role=combobox tabindex=0>請選擇</div>';
    setTimeout(() => place.append('檔案上傳完成'), 400);
  }, 100)">上傳</button>`);
  const submit = submitButton("belongs.submit", TERMS.uploadSubmit, { purpose: /匯入/, fields: [TERMS.file] });
  const submission = new Submission(page, monitorDialogs(page), {
    accepted: /上傳完成/,
    refused: /請選擇/,
    reasons: [],
  });
  await pressOnce(submission.button(submit));
  expect(await submission.answer()).toMatchObject({ kind: "accepted" });
});

describe("a list whose period stands in two columns", () => {
  test.for([
    ["in their order", ["發票年度", "發票月份", "取用本數"], ["115年", "11-12月", "3"]],
    ["the other way round", ["取用本數", "發票月份", "發票年度"], ["3", "11-12月", "115年"]],
  ] as const)("%s is read as one", async ([, head, cells]) => {
    const row = (texts: readonly string[], tag: string): string =>
      `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join("")}</tr>`;
    await page.setContent(`<table>${row(head, "th")}${row(cells, "td")}</table>`);
    const [only] = await readRows(page, { wanted: [TERMS.period, TERMS.books] });
    expect(only?.cells).toEqual({ 發票期別: "115年11-12月", 取用本數: "3" });
  });
});

describe("what the page asks after a press", () => {
  const words = { accepted: /提交成功/, refused: /失敗/, reasons: [] };
  const submit = submitButton("belongs.take", TERMS.takeSubmit, { purpose: /取號/, fields: [TERMS.books] });
  const form = `<h1>取號</h1><label>取用本數<input value=3></label><button id=send>提交取號</button>`;
  const ask = `<p>是否確定提交取號？</p><button onclick="place.innerHTML = '提交成功'">確認</button><button>取消</button>`;
  const pressed = async (html: string): Promise<Submission> => {
    await page.setContent(`<div id=place>${html}</div>`);
    const submission = new Submission(page, monitorDialogs(page), words);
    await pressOnce(submission.button(submit));
    return submission;
  };

  test.for([
    ["in a part of itself beside the form", `place.insertAdjacentHTML('beforeend', ask)`],
    [
      "as a page that shows what was filled in once more",
      `place.innerHTML = '<h2>請確認下列資料</h2>取用本數：3' + ask`,
    ],
  ] as const)("%s is a question, and is agreed to once", async ([, act]) => {
    const submission = await pressed(
      `${form}<script>send.onclick = () => setTimeout(() => { const ask = ${JSON.stringify(ask)}; ${act} }, 200)</script>`,
    );
    const asked = await submission.confirmation(() => ({}));
    if (asked === null) throw new Error("Nothing is asked.");
    expect(asked.words).toContain("是否確定提交取號？");
    await pressOnce(asked.confirm);
    expect(await submission.answer()).toMatchObject({ kind: "accepted" });
  });

  test("is none where the form itself comes once more, with what it says of itself", async () => {
    const again = `<h1>取號</h1><p>請確認資料，是否正確</p><label>取用本數<input></label><button>確認送出</button><button>取消</button><p>提交成功</p>`;
    const submission = await pressed(
      `${form}<script>send.onclick = () => { place.innerHTML = ${JSON.stringify(again)} }</script>`,
    );
    expect(await submission.confirmation(() => ({}))).toBeNull();
    expect(await submission.answer()).toMatchObject({ kind: "accepted" });
  });
});

test("what lies over a button that changes the portal is closed before that is pressed", async () => {
  await page.setContent(`<h1>取號</h1><label>取用本數<input></label><button onclick="place.textContent = '提交成功'">提交取號</button><p id=place></p>
    <div id=bar style="position:fixed;inset:0 0 20% 0;background:white">本網站使用 Cookie<button onclick="bar.remove()">我知道了</button></div>`);
  const submit = submitButton("belongs.under", TERMS.takeSubmit, { purpose: /取號/, fields: [TERMS.books] });
  const submission = new Submission(page, monitorDialogs(page), { accepted: /提交成功/, refused: /失敗/, reasons: [] });
  await aimAt(submission.button(submit));
  expect(await page.locator("#bar").count()).toBe(0);
});

test("several fields of one kind are known by it, whatever their numbers", async () => {
  await page.setContent(
    `<h1>電子郵件信箱維護</h1><label>第1組電子郵件信箱<input></label><label>Email2<input></label><button>儲存</button>`,
  );
  const term = { name: "新增", also: [{ words: "儲存", seen: "portal" as const }] };
  const save = submitButton("belongs.save", term, { purpose: /信箱/, fields: [TERMS.email] }).submitSpec;
  expect(await tryLocate(page, save, 0)).not.toBeNull();
});

test("words that only the style sheet writes name a field, and icons do not", async () => {
  await page.setContent(`<style>.l::before { content: "取用本數：" } .i::before { content: "\\e600" }</style>
    <div><i class=i></i><span class=l></span><input id=a></div>`);
  expect(await (await locate(page, books, { within: 3_000 })).getAttribute("id")).toBe("a");
  expect((await readPage(page)).lines.map(({ text }) => text)).toEqual(["取用本數："]);
});

test("what is searched by is unfolded, once", async () => {
  await page.setContent(
    `<button aria-expanded=false onclick="this.setAttribute('aria-expanded', 'true')">查詢條件 ▾</button>`,
  );
  expect([await openConditions(page), await openConditions(page)]).toEqual([true, false]);
});

test("rows that come at the end of what is scrolled, and those behind a pager under the mouse, belong to the list", async () => {
  const cell = (n: number): string =>
    `<tr style="height:60px"><td>115年${String(n).padStart(2, "0")}月</td><td>${n}</td></tr>`;
  const head = `<tr><th>發票期別</th><th>取用本數</th></tr>`;
  const wanted = { wanted: [TERMS.period, TERMS.books] };
  const all = async (): Promise<(string | undefined)[]> => {
    const read: (string | undefined)[] = [];
    const first = await readRows(page, wanted);
    for await (const rows of pagesOf({ page, dialogs: monitorDialogs(page) }, wanted, first))
      read.push(...rows.map(({ cells }) => cells["取用本數"]));
    return read;
  };
  await page.setContent(`<div id=v style="height:150px;overflow:auto"><table>${head}${[1, 2, 3, 4].map(cell).join("")}</table></div>共 5 筆
    <script>v.onscroll = () => { if (v.scrollTop + v.clientHeight > v.scrollHeight - 10 && v.querySelectorAll("td").length < 10)
      setTimeout(() => v.querySelector("tbody").insertAdjacentHTML("beforeend", ${JSON.stringify(cell(5))}), 300) }</script>`);
  expect(await all()).toEqual(["1", "2", "3", "4", "5"]);
  await page.setContent(`<style>#p { visibility: hidden } div:hover > #p { visibility: visible }</style><div><table id=t>${head}${cell(1)}</table>
    <button id=p onclick="t.querySelector('tbody').innerHTML = ${JSON.stringify(head + cell(2)).replaceAll('"', "&quot;")}; this.remove()">下一頁</button></div>共 2 筆`);
  expect(await all()).toEqual(["1", "2"]);
}, 40_000);

test.for([
  ["in brackets", `<button id=a>【 查詢 】</button>`],
  ["with blanks between its characters", `<a id=a href="#">查 詢</a>`],
  ["in a picture's own title", `<button id=a><svg width=16 height=16><title>查詢</title></svg></button>`],
  ["as a link that leads nowhere", `<a id=a style="cursor:pointer">查詢</a>`],
])("a button is known by a name %s", async ([, html = ""]) => {
  await page.setContent(html);
  expect(await (await locate(page, search, { within: 3_000 })).getAttribute("id")).toBe("a");
});

test("what is pressed in a menu is called by its own words, not by what stands above it", async () => {
  const menu = namedSpec("belongs.menu", "menu", "字軌號碼取號", { pattern: /字軌號碼取號$/ });
  await page.setContent(
    `<nav><a href="#" id=a>電子發票字軌號碼取號</a></nav><h2>字軌號碼取號</h2><a href="#">查詢</a><button>匯入字軌</button>`,
  );
  const found = await locateAll(page, menu);
  expect(await Promise.all(found.map((one) => one.getAttribute("id")))).toEqual(["a"]);
});

test("a row's button of another name is meant where the page around it is about that", async () => {
  const remove = submitButton("belongs.remove", TERMS.remove, { purpose: /信箱/, fields: [] }).submitSpec;
  const html = (title: string): string =>
    `<h1>${title}</h1><div id=row><span>a@x.tw</span><button>Delete</button></div>`;
  await page.setContent(html("電子郵件信箱維護"));
  expect(await tryLocate(page.locator("#row"), remove, 0)).not.toBeNull();
  await page.setContent(html("會員資料"));
  expect(await tryLocate(page.locator("#row"), remove, 0)).toBeNull();
});

test("a last row that adds up is none of the rows, and a value that happens to stand above it is", async () => {
  const row = (...cells: string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  await page.setContent(
    `<table><tr><th>字軌</th><th>期別</th><th>起號</th></tr>
      ${row("AB", "11511", "00000000")}${row("合計", "", "00000050")}${row("CD", "11511", "00000100")}
      ${row("小　計", "", "50")}<tr><td colspan="2">總計：</td><td>100</td></tr></table>`,
  );
  const rows = await readRows(page, { wanted: [TERMS.track, TERMS.period] });
  expect(rows.map(({ cells }) => cells[TERMS.track.name])).toEqual(["AB", "合計", "CD"]);
});

test("a cell that reaches over several rows is one of each of them, and a row is known again by its own words", async () => {
  await page.setContent(`<table><thead><tr><th></th><th>統編</th><th>字軌</th><th>起號</th><th>備註</th></tr></thead><tbody>
      <tr><td><input type=checkbox></td><td rowspan=3>12345675</td><td rowspan=2>AB</td><td>1</td><td rowspan=0>甲</td></tr>
      <tr><td><input type=checkbox></td><td>2</td></tr><tr><td><input type=checkbox id=third></td><td>CD</td><td>3</td></tr></tbody>
    <tbody><tr><td><input type=checkbox></td><td>04595257</td><td>EF</td><td>4</td><td>乙</td></tr></tbody></table>`);
  const rows = await readRows(page, columns(["統編", "字軌", "起號", "備註"]));
  expect(rows.map(({ cells }) => [cells["統編"], cells["字軌"], cells["起號"], cells["備註"]])).toEqual([
    ["12345675", "AB", "1", "甲"],
    ["12345675", "AB", "2", "甲"],
    ["12345675", "CD", "3", "甲"],
    ["04595257", "EF", "4", "乙"],
  ]);
  const third = rows[2];
  if (!third) throw new Error("There is no third row.");
  await tickRow(third.row);
  expect(await page.locator(":checked").getAttribute("id")).toBe("third");
});

test("a button under the name of a field is not the field", async () => {
  await page.setContent(
    `<div>發票期別<input id=year value=115> 年 <select><option>11-12月</option></select></div><div><button>查詢</button></div>`,
  );
  expect(await (await locate(page, period, { within: 0 })).getAttribute("id")).toBe("year");
});

test("a tab among others is meant, not the button of the same name that it shows", async () => {
  const tab = locatorSpec("belongs.tab", "tab", TERMS.search);
  await page.setContent(`<div><div style="cursor:pointer" id=a>查詢</div><div style="cursor:pointer">匯入字軌</div>
    <div style="cursor:pointer">上傳列表</div></div><div><label>字軌期別<input></label><button>查詢</button></div>`);
  expect(await (await locate(page, tab, { within: 0 })).getAttribute("id")).toBe("a");
});
