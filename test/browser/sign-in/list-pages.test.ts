import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, type TestContext, test, vi } from "vitest";
import { optionTexts } from "../../../selectors/dom/forms/select-box.ts";
import { downloadFile } from "../../../selectors/dom/network/download.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { fetchList, pagesOf } from "../../../selectors/dom/lists/list.ts";
import { namedSpec } from "../../../selectors/dom/locator-spec.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { columns } from "../../../selectors/dom/lists/table.ts";

vi.setConfig({ maxConcurrency: 2 });

const host = keptBrowser({ headless: true, executable: quickBrowser() });
const search = namedSpec("test.search", "press", "查詢");
const COLUMNS = columns(["字軌", "起號"]);

/** The words of every row of a list, whose page has this script: `show(numbers)` draws the list, `below` holds what is below. */
async function rowsOf(
  { onTestFinished }: Pick<TestContext, "onTestFinished">,
  script: string,
  status = 200,
  answersAfter = 0,
): Promise<string[]> {
  const opened = await host.newContext();
  onTestFinished(() => opened.close());
  const page = await opened.context.newPage();
  await page.route("http://list.test/**", async (route) => {
    await delay(answersAfter);
    await route.fulfill({ status, body: "{}", headers: { "access-control-allow-origin": "*" } });
  });
  await page.setContent(`<table><tr><td><button onclick="query()">查詢</button><div id="list"></div><div id="below"></div>
    </td></tr></table><script>
      const row = (number) => "<tr><td>AB</td><td>" + number + "</td></tr>";
      const show = (numbers) => list.innerHTML =
        "<table><tr><th>字 軌</th><th>起號</th></tr>" + numbers.map(row).join("") + "</table>";
      const ask = () => fetch("http://list.test/rows");
      ${script}</script>`);
  const pageContext = { page, dialogs: monitorDialogs(page) };
  const read: string[] = [];
  for await (const rows of pagesOf(pageContext, COLUMNS, await fetchList(pageContext, COLUMNS, search)))
    read.push(...rows.map(({ cells }) => cells["起號"] ?? ""));
  return read;
}

const NEXT = `below.innerHTML = "<button onclick='turn()'>下一頁</button>"; const turn = () => { show([3]); below.innerHTML = ""; }`;

describe.concurrent("a list on several pages", () => {
  test("is read to its end though what turns its pages is drawn later than its rows", async (context) => {
    const script = `const query = () => { show([1, 2]); setTimeout(() => { ${NEXT}; window.turn = turn; }, 1000); }`;
    expect(await rowsOf(context, script)).toEqual(["1", "2", "3"]);
  });

  test("is turned by choosing the number of its page where that is how it is done", async (context) => {
    const script = `const pages = [[1, 2], [3]];
      const turn = (at) => { show(pages[at]); below.innerHTML = "頁次 <select onchange='turn(this.selectedIndex)'>" +
        pages.map((_, one) => "<option" + (one === at ? " selected" : "") + ">" + (one + 1) + "</option>") +
        "</select> 每頁顯示 2 筆，總筆數: 3"; };
      const query = () => turn(0);`;
    expect(await rowsOf(context, script)).toEqual(["1", "2", "3"]);
  });

  test("that does not add up to the total it prints is not taken for the whole", async (context) => {
    const script = `const query = () => { show([1, 2]); below.textContent = "共 3 筆"; }`;
    await expect(rowsOf(context, script)).rejects.toMatchObject({ state: "page-changed", wanted: "清單的全部 3 筆" });
  });

  test("whose next page never comes is not taken for the whole", async (context) => {
    const script = `const turn = () => ask();
      const query = () => { show([1, 2]); below.innerHTML = "<a href='#' onclick='turn()'>下一頁</a>"; }`;
    await expect(rowsOf(context, script)).rejects.toMatchObject({ state: "page-changed" });
  });

  test("is not at its end because the page says that there is nothing until the next rows have come", async (context) => {
    const script = `const turn = () => { show([]); below.textContent = "查無資料"; ask().then(() => { show([3]); below.textContent = ""; }); };
      const query = () => { show([1, 2]); below.innerHTML = "<a href='#' onclick='turn()'>下一頁</a>"; }`;
    expect(await rowsOf(context, script, 200, 800)).toEqual(["1", "2", "3"]);
  });

  test("whose next page has nothing is not the whole where it prints that there is more", async (context) => {
    const script = `const turn = () => ask().then(() => { show([]); below.textContent = "查無資料，共 3 筆"; });
      const query = () => { show([1, 2]); below.innerHTML = "<a href='#' onclick='turn()'>下一頁</a> 共 3 筆"; }`;
    await expect(rowsOf(context, script)).rejects.toMatchObject({ state: "page-changed", wanted: "清單的全部 3 筆" });
  });
});

describe.concurrent("a list is not empty because the page says so", () => {
  const NONE = `below.textContent = "查無資料"; const come = () => { show([1]); below.textContent = ""; };`;

  test("until the answer has come and is drawn", async (context) => {
    const script = `const come = () => { show([1]); below.textContent = ""; };
      const query = () => { below.textContent = "查無資料"; ask().then(() => setTimeout(come, 300)); };`;
    expect(await rowsOf(context, script, 200, 800)).toEqual(["1"]);
  });

  test("while it says that it loads", async (context) => {
    const script = `${NONE} const query = () => ask().then(() => {
      list.innerHTML = "<p>資料載入中…</p>";
      setTimeout(come, 3_000);
    });`;
    expect(await rowsOf(context, script)).toEqual(["1"]);
  });

  test("while it asks for more", async (context) => {
    const script = `${NONE} const query = () => ask().then(ask).then(ask).then(come);`;
    expect(await rowsOf(context, script, 200, 1_000)).toEqual(["1"]);
  });
});

describe.concurrent("an empty list", () => {
  test("is one that says so, also when it said so before", async (context) => {
    expect(await rowsOf(context, `below.textContent = "查無資料"; const query = () => ask();`)).toEqual([]);
    expect(await rowsOf(context, `const query = () => below.textContent = "總筆數：0";`)).toEqual([]);
  });

  test("is none where a list had been asked for and the portal refused", async (context) => {
    const script = `show([]); below.textContent = "查無資料"; const query = () => ask();`;
    await expect(rowsOf(context, script, 500)).rejects.toMatchObject({ state: "page-changed" });
  });

  test("is a table that stays empty after a good answer, though it says nothing", async (context) => {
    expect(await rowsOf(context, `const query = () => ask().then(() => show([]));`)).toEqual([]);
  });
});

describe.concurrent("a download", () => {
  /** Presses 下載, which opens a window that shows this page. */
  async function pressed({ onTestFinished }: Pick<TestContext, "onTestFinished">, window: string) {
    const opened = await host.newContext();
    onTestFinished(() => opened.close());
    const page = await opened.context.newPage();
    await opened.context.route("http://list.test/window", (route) =>
      route.fulfill({ body: window, headers: { "content-type": "text/html; charset=utf-8" } }),
    );
    await opened.context.route("http://list.test/file", (route) =>
      route.fulfill({ body: "00000050", headers: { "content-disposition": "attachment; filename=tracks.csv" } }),
    );
    await page.setContent(`<button onclick="window.open('http://list.test/window')">下載</button>`);
    const file = await downloadFile({ page, dialogs: monitorDialogs(page) }, "字軌檔", () =>
      page.getByRole("button").click(),
    );
    return { file, windows: opened.context.pages().length };
  }

  test("comes through a window of its own, which is closed then", async (context) => {
    const { file, windows } = await pressed(context, `<script>location.assign("/file")</script>`);
    expect([file.name, Buffer.from(file.bytes).toString()]).toEqual(["tracks.csv", "00000050"]);
    expect(windows).toBe(1);
  });

  test("that the window refuses is told with its words", async (context) => {
    const refusal = pressed(context, `<script>alert("尚未配號完成，無法下載")</script>`);
    await expect(refusal).rejects.toMatchObject({ state: "download-broken", seen: "尚未配號完成，無法下載" });
  });
});

test("a select box that is filled late offers what it is filled with, not its prompt", async () => {
  const opened = await host.newContext();
  try {
    const page = await opened.context.newPage();
    await page.setContent(`<select><option>請選擇</option></select><script>
      setTimeout(() => document.querySelector("select").add(new Option("115/11~115/12")), 1000)</script>`);
    expect(await optionTexts(page.locator("select"))).toEqual(["請選擇", "115/11~115/12"]);
  } finally {
    await opened.close();
  }
});
