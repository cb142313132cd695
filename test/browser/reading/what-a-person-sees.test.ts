import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { smallPage } from "../../support/kit/small-page.ts";
import { optionTexts, selectOption, selectedText } from "../../../selectors/dom/forms/select-box.ts";
import { click } from "../../../selectors/dom/click.ts";
import { submitButton, locate, tryLocate, namedSpec, locatorSpec } from "../../../selectors/dom/locator-spec.ts";
import { closerOf, natureOf } from "../../../selectors/dom/reading/over.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
import { namesOf, TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { readRows } from "../../../selectors/dom/lists/table.ts";
import { isRowChecked, tickRow } from "../../../selectors/dom/lists/checkbox.ts";

// Small pages of every kind, and what a person would say about each. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const user = locatorSpec("snippet.user", "field", TERMS.user);
const password = locatorSpec("snippet.password", "password", TERMS.password);
const period = locatorSpec("snippet.period", "choice", TERMS.period);
const category = locatorSpec("snippet.category", "choice", TERMS.category);
const signIn = locatorSpec("snippet.sign-in", "press", TERMS.signIn);
const search = locatorSpec("snippet.search", "press", TERMS.search);
const file = locatorSpec("snippet.file", "file", TERMS.file);

describe("a field", () => {
  test.for([
    ["has a label", `<label for=a>帳號</label><input id=a>`],
    ["has a label spaced with a full-width blank", `<table><tr><td>帳　號：</td><td><input id=a></td></tr></table>`],
    ["has a label with an asterisk of its own", `<div><span>帳號</span><span>＊</span><input id=a></div>`],
    ["has a label that says 必填", `<div>帳號（必填）<input id=a></div>`],
    ["is labelled above", `<div>帳號</div><div><input id=a></div>`],
    [
      "is labelled in a header cell",
      `<table><tr><th>帳號</th><th>備註</th></tr><tr><td><input id=a></td><td>x</td></tr></table>`,
    ],
    ["says it itself", `<input id=a placeholder="請輸入帳號">`],
    [
      "has its name float inside",
      `<div style="position:relative"><input id=a style="height:40px;width:200px"><span style="position:absolute;left:8px;top:12px;pointer-events:none">帳號</span></div>`,
    ],
    ["has a name that only assistive technology reads", `<input id=a aria-label="帳號">`],
    ["has a tooltip", `<input id=a title="帳號">`],
    ["has a hint between its name and itself", `<div>帳號<small>（英文或數字 8 碼以上）</small><br><input id=a></div>`],
    [
      "stands beside another mode of the same name",
      `<div><a href="#">帳號</a><a href="#">憑證</a></div><label>使用者帳號<input id=a></label>`,
    ],
    ["has an English name", `<div><span>Account</span><input id=a></div>`],
    [
      "is in a shadow root",
      `<div id=host></div><script>host.attachShadow({mode:"open"}).innerHTML = "<label>帳號<input id=a></label>"</script>`,
    ],
    ["is in a frame", `<iframe srcdoc="<label>帳號<input id=a></label>"></iframe>`],
  ])("that %s is found by its name", async ([, html = ""]) => {
    await page.setContent(html);
    expect(await (await locate(page, user, { within: 3_000 })).getAttribute("id")).toBe("a");
  });

  test("for an image button is none: it is a button", async () => {
    await page.setContent(`<label>帳號<input id=a></label><input type=image id=b alt="登入" width=80 height=20>`);
    expect(await (await locate(page, signIn)).getAttribute("id")).toBe("b");
    expect((await readPage(page)).controls.map(({ kind }) => kind)).toEqual(["text", "button"]);
  });

  test("for a password is read without its content", async () => {
    await page.setContent(
      `<label>密碼<input type=password value="s3cret"></label><input value="s3cret" style="-webkit-text-security:disc" aria-label=code>`,
    );
    expect(JSON.stringify(await readPage(page))).not.toContain("s3cret");
    expect(await (await locate(page, password)).getAttribute("type")).toBe("password");
  });

  test("that was drawn again is the same while it is called the same, and none when it is not", async () => {
    await page.setContent(`<div id=form><label>帳號<input></label></div>`);
    const field = await locate(page, user);
    await page.evaluate(
      () => ((document.getElementById("form") ?? document.body).innerHTML = "<label>帳號<input id=again></label>"),
    );
    expect(await field.getAttribute("id")).toBe("again");
    await page.evaluate(
      () => ((document.getElementById("form") ?? document.body).innerHTML = "<label>密碼<input></label>"),
    );
    expect(await field.count()).toBe(0);
  });
});

describe("a button", () => {
  test.for([
    ["is a button", `<button id=a>查詢</button>`],
    ["is a link", `<a id=a href="#">查 詢</a>`],
    ["is a plain block with a hand over it", `<div id=a style="cursor:pointer">查詢</div>`],
    [
      "is a plain block that nothing tells from words",
      `<div><div id=a>查詢</div></div><script>a.addEventListener("click", () => {})</script>`,
    ],
    ["is an icon with a tooltip", `<button id=a title="查詢"><svg width=16 height=16></svg></button>`],
    ["is an icon with a name for assistive technology", `<a id=a href="#" aria-label="查詢"><i>&#xe600;</i></a>`],
    ["is a picture with a description", `<a id=a href="#"><img alt="查詢" width=40 height=20></a>`],
    ["has the name of a heading", `<h2>查詢</h2><button id=a>查詢</button>`],
    ["has the name of an entry of the menu", `<nav><a href="#">查詢</a></nav><button id=a>查詢</button>`],
    ["has a synonym as its name", `<button id=a>搜尋</button>`],
    ["has an English name", `<button id=a>Search</button>`],
    ["has an icon before its words", `<button id=a><i>▶</i> 查詢</button>`],
  ])("that %s is found by its name", async ([, html = ""]) => {
    await page.setContent(html);
    expect(await (await locate(page, search, { within: 3_000 })).getAttribute("id")).toBe("a");
  });

  test("of a name that there is twice is not guessed; both are proposed", async () => {
    await page.setContent(`<button>查詢</button><button>查詢</button>`);
    const found = locate(page, search, { within: 200 });
    await expect(found).rejects.toMatchObject({
      state: "page-changed",
      seen: expect.stringMatching(/沒有唯一符合.*「查詢」/),
    });
  });

  test("is proposed where only its words are like the name, with what is different", async () => {
    await page.setContent(`<button>查詢歷程記錄</button>`);
    await expect(locate(page, search, { within: 200 })).rejects.toMatchObject({
      seen: expect.stringContaining("「查詢歷程記錄」（按鈕，名稱相近）"),
    });
  });

  test("is not said to be like nothing while its label stands there", async () => {
    await page.setContent(`<div>帳號</div>`);
    await expect(locate(page, user, { within: 200 })).rejects.toMatchObject({
      seen: expect.stringContaining("「帳號」"),
    });
  });
});

describe("a button that changes the portal", () => {
  const submit = submitButton("snippet.submit", TERMS.takeSubmit, {
    purpose: /取號/,
    fields: [TERMS.books],
  }).submitSpec;
  const form = `<label>取用本數<input></label>`;
  test.for([
    ["its own name, on its page", `<h1>取號</h1><button id=a>提交取號</button>`, true],
    ["its own name, beside the fields of its form", `${form}<button id=a>提交取號</button>`, true],
    ["a synonym, on its page and in its form", `<h1>取號</h1>${form}<button id=a>送出申請</button>`, true],
    ["a synonym on its page, without the form", `<h1>取號</h1><button id=a>送出申請</button>`, false],
    ["a synonym in the form, on another page", `<h1>查詢</h1>${form}<button id=a>送出</button>`, false],
  ] as const)("with %s: %3$s", async ([, html, isFound]) => {
    await page.setContent(html);
    expect((await tryLocate(page, submit, 0)) !== null).toBe(isFound);
  });
});

describe("a choice", () => {
  const options = `<option>請選擇</option><option>115年09-10月</option><option>115年11-12月</option>`;
  const drawn = (html: string, more: string): string =>
    `<div><span>發票期別</span><div id=box ${more} style="cursor:pointer;display:inline-block;width:200px;border:1px solid">請選擇</div></div>
     <script>box.onclick = () => { if (document.getElementById("list")) return; const list = document.createElement("div"); list.id = "list";
       list.style.cssText = "position:absolute;background:white;z-index:9"; list.innerHTML = \`${html}\`;
       for (const one of list.children) one.onclick = () => { box.textContent = one.textContent; list.remove(); };
       document.body.append(list); };
       document.addEventListener("keydown", (event) => event.key === "Escape" && document.getElementById("list")?.remove());</script>`;
  test.for([
    ["a select box", `<label>發票期別<select>${options}</select></label>`],
    [
      "a drawn box with roles",
      drawn("<div role=option>115年09-10月</div><div role=option>115年11-12月</div>", "role=combobox tabindex=0"),
    ],
    ["a drawn box without any", drawn("<div>115年09-10月</div><div>115年11-12月</div>", "")],
    [
      "radio buttons",
      `<div>發票期別 <label><input type=radio name=p>115年09-10月</label><label><input type=radio name=p>115年11-12月</label></div>`,
    ],
    [
      "chips",
      `<div>發票期別</div><div><button aria-pressed=false>115年09-10月</button><button aria-pressed=false>115年11-12月</button></div>
       <script>for (const one of document.querySelectorAll("button")) one.onclick = () => { for (const other of document.querySelectorAll("button")) other.setAttribute("aria-pressed", String(other === one)); }</script>`,
    ],
  ])("of %s offers what it has, takes one, and is read back", async ([, html = ""]) => {
    await page.setContent(html);
    const box = await locate(page, period, { within: 3_000 });
    expect((await optionTexts(box)).filter((text) => text !== "請選擇")).toEqual(["115年09-10月", "115年11-12月"]);
    await selectOption(box, "發票期別", (text) => text.includes("11-12"));
    expect(await selectedText(box)).toBe("115年11-12月");
  });

  test("without options is not said to offer none of what is wanted", async () => {
    await page.setContent(`<div><span>發票類別</span><div role=combobox tabindex=0>請選擇</div></div>`);
    const choosing = selectOption(
      await locate(page, category),
      "發票類別",
      (text) => text === "一般稅額計算",
      "not-in-window",
    );
    await expect(choosing).rejects.toMatchObject({ state: "page-changed" });
  }, 40_000);
});

describe("a list", () => {
  const columns = { wanted: [TERMS.period, TERMS.books, TERMS.allocationState] };
  const row = { 發票期別: "115年11-12月", 取用本數: "3", 是否已配號: "是" };
  const cell = (text: string): string => `<div style="display:inline-block;width:150px">${text}</div>`;
  test.for([
    [
      "a table",
      `<table><tr><th>發票期別</th><th>取用本數</th><th>是否已配號</th></tr><tr><td>115年11-12月</td><td>3</td><td>是</td></tr></table>`,
    ],
    [
      "a table whose header has no marks",
      `<table><tr><td>發票期別</td><td>取用本數</td><td>是否已配號</td></tr><tr><td>115年11-12月</td><td>3</td><td>是</td></tr></table>`,
    ],
    [
      "a table whose values stand in fields",
      `<table><tr><th>發票期別</th><th>取用本數</th><th>是否已配號</th></tr><tr><td>115年11-12月</td><td><input value=3></td><td>是</td></tr></table>`,
    ],
    [
      "a table split into header and body",
      `<table><tr><th>發票期別</th><th>取用本數</th><th>是否已配號</th></tr></table><table><tr><td>115年11-12月</td><td>3</td><td>是</td></tr></table>`,
    ],
    [
      "a table with other words over its columns",
      `<table><tr><th>配號狀態</th><th>申請本數</th><th>期別</th></tr><tr><td>是</td><td>3</td><td>115年11-12月</td></tr></table>`,
    ],
    [
      "a grid by roles",
      `<div role=grid><div role=row><span role=columnheader>發票期別</span><span role=columnheader>取用本數</span><span role=columnheader>是否已配號</span></div>
       <div role=row><span role=gridcell>115年11-12月</span><span role=gridcell>3</span><span role=gridcell>是</span></div></div>`,
    ],
    [
      "blocks in columns",
      `<div><div>${["發票期別", "取用本數", "是否已配號"].map(cell).join("")}</div><div>${["115年11-12月", "3", "是"].map(cell).join("")}</div></div>`,
    ],
    [
      "a card",
      `<div><div><b>發票期別</b><span> 115年11-12月</span></div><div>取用本數：3</div><div>是否已配號：是</div></div>`.replaceAll(
        "<b>發票期別</b><span> 115年11-12月</span>",
        "發票期別：115年11-12月",
      ),
    ],
    [
      "a list of facts",
      `<dl><dt>發票期別</dt><dd>115年11-12月</dd><dt>取用本數</dt><dd>3</dd><dt>是否已配號</dt><dd>是</dd></dl>`,
    ],
    [
      "a table in a frame",
      `<iframe srcdoc="<table><tr><th>發票期別</th><th>取用本數</th><th>是否已配號</th></tr><tr><td>115年11-12月</td><td>3</td><td>是</td></tr></table>"></iframe>`,
    ],
  ])("of %s is read by its columns", async ([, html = ""]) => {
    await page.setContent(html);
    expect((await readRows(page, columns)).map(({ cells }) => cells)).toEqual([row]);
  });

  test.for([
    ["a tick box", `<input type=checkbox>`],
    [
      "a drawn one",
      `<label><input type=checkbox style="position:absolute;opacity:0;width:1px;height:1px"><span style="display:inline-block;width:16px;height:16px;border:1px solid"></span></label>`,
    ],
    [
      "one by its role only",
      `<span role=checkbox aria-checked=false style="display:inline-block;width:16px;height:16px" onclick="this.setAttribute('aria-checked', 'true')"></span>`,
    ],
  ])("has rows that are ticked by %s", async ([, box = ""]) => {
    await page.setContent(
      `<table><tr><th></th><th>發票期別</th></tr><tr><td>${box}</td><td>115年11-12月</td></tr></table>`,
    );
    const [row] = await readRows(page, { wanted: [TERMS.period] });
    if (!row) throw new Error("The list was not read.");
    await tickRow(row.row);
    expect(await isRowChecked(row.row)).toBe(true);
  });
});

describe("what lies over the page", () => {
  const over = (inner: string, more = ""): string =>
    `<button id=under onclick="this.textContent = '按到了'">查詢</button><p>內容</p>
     <div ${more} style="position:fixed;inset:0;background:#0006" class=x1><div style="margin:40px;background:white;padding:20px">${inner}</div></div>
     <script>for (const one of document.querySelectorAll(".x1 [data-close]")) one.onclick = () => document.querySelector(".x1").remove()</script>`;
  test.for([
    ["an announcement with ✕", over(`<h2>系統公告</h2><p>週日維護</p><span data-close>✕</span>`), "news"],
    [
      "an announcement with two things called 關閉",
      over(`<h2>重要公告</h2><a data-close href="#" aria-label=關閉>×</a><p>x</p><button data-close>關閉</button>`),
      "news",
    ],
    [
      "a receipt with 確認 and ✕",
      over(`<p>提交成功</p><button data-close>確認</button><b data-close>✕</b>`),
      "receipt",
    ],
    ["a note with 我知道了", over(`<p>本月功能更新說明</p><button data-close>我知道了</button>`), "receipt"],
  ] as const)("%s is closed as a person closes it", async ([, html, nature]) => {
    await page.setContent(html);
    const reading = await readPage(page);
    const [layer] = reading.layers;
    if (!layer) throw new Error("Nothing is seen over the page.");
    expect(natureOf(reading, layer)).toBe(nature);
    await click(page.locator("#under"));
    expect(await page.locator("#under").innerText()).toBe("按到了");
  });

  test.for([
    ["a question", over(`<p>是否確定提交取號？</p><button>確認</button><button>取消</button>`), "question"],
    ["a question with ✕ only beside its yes", over(`<p>確定要提交嗎？</p><button>確定</button><b>✕</b>`), "question"],
    [
      "a request for the password",
      over(`<h2>驗證密碼</h2><input type=password><button>確認授權</button><button>取消</button>`),
      "question",
    ],
    ["terms to agree to", over(`<p>請閱讀並同意使用條款</p><button>同意</button>`), "consent"],
    ["a form", over(`<input aria-label=電話><button>送出</button>`), "form"],
  ] as const)("%s is left to whom it asks", async ([, html, nature]) => {
    await page.setContent(html);
    const reading = await readPage(page);
    const [layer] = reading.layers;
    if (!layer) throw new Error("Nothing is seen over the page.");
    expect([natureOf(reading, layer), closerOf(reading, layer)]).toEqual([nature, null]);
  });

  test("a head that stays, and a list that drops down, are none", async () => {
    await page.setContent(
      `<header style="position:fixed;top:0;left:0;right:0;height:60px">頁首</header><div style="position:absolute;z-index:5;width:100px;height:80px">清單</div>`,
    );
    expect((await readPage(page)).layers).toEqual([]);
  });
});

describe("a page", () => {
  test("says where it is, in whatever markup", async () => {
    for (const html of [
      `<nav aria-label=breadcrumb><ol><li>營業人功能選單</li><li>字軌號碼取號(BTB004W)</li></ol></nav>`,
      `<div>::: 營業人功能選單 / 電子發票字軌號碼 / 字軌號碼取號(BTB004W)</div>`,
      `<div><span>現在位置：</span><a href="#">首頁</a> &gt; <span>字軌號碼取號(BTB004W)</span></div>`,
    ]) {
      await page.setContent(html);
      expect((await readPage(page)).breadcrumb).toContain("BTB004W");
    }
  });

  test("gives a file input behind a button, also one that is not drawn", async () => {
    await page.setContent(
      `<label>檔案上傳路徑</label><div style="cursor:pointer">選擇檔案</div><input type=file id=a style="display:none">`,
    );
    expect(await (await locate(page, file, { within: 2_000 })).getAttribute("id")).toBe("a");
  });

  test("is read though its scripts may evaluate nothing", async () => {
    await page.setContent(
      `<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><label>帳號<input id=a></label>`,
    );
    expect(await (await locate(page, user)).getAttribute("id")).toBe("a");
  });

  test("that leaves while it is read is read once it is there", async () => {
    await page.route("http://leaving.test/*", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<meta charset=utf-8><label>帳號<input id=a></label><script>if (location.pathname === "/1") location.assign("/2")</script>`,
      }),
    );
    await page.goto("http://leaving.test/1", { waitUntil: "commit" });
    expect(await (await locate(page, user)).getAttribute("id")).toBe("a");
  });
});

test("the vocabulary has no word twice for one thing", () => {
  for (const term of Object.values(TERMS))
    expect([term.name, new Set(namesOf(term)).size]).toEqual([term.name, namesOf(term).length]);
  expect(namedSpec("snippet.one", "press", "甲").names).toEqual(["甲"]);
});
