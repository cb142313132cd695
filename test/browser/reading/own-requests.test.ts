import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { readFormState } from "../../../selectors/dom/forms/form-state.ts";
import { atRest } from "../../../selectors/dom/forms/at-rest.ts";
import { fetchListAgain } from "../../../selectors/dom/lists/list.ts";
import { columns } from "../../../selectors/dom/lists/table.ts";
import { locate, namedSpec } from "../../../selectors/dom/locator-spec.ts";
import { ownRequestsOf } from "../../../selectors/dom/network/own-requests.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// A page that asks for news again and again: what it asks then is no answer to anything that was pressed.

const small = smallPage();
let page: Page;
let asked = 0;
beforeAll(async () => {
  page = small();
  ownRequestsOf(page);
  await page.route("http://list.test/**", (route) => {
    if (route.request().url().includes("/news")) asked++;
    return route.fulfill({ body: "{}", headers: { "access-control-allow-origin": "*" } });
  });
});

const search = namedSpec("test.search", "press", "查詢");
const COLUMNS = columns(["字軌", "起號"]);

async function open(query: string): Promise<void> {
  asked = 0;
  await page.setContent(`<button onclick="query()">查詢</button> <label>本數<input value="3"></label>
    <table><thead><tr><th>字軌</th><th>起號</th></tr></thead><tbody id="rows"><tr><td>AB</td><td>1</td></tr></tbody></table>
    <script>{
      clearInterval(window.news);
      window.news = setInterval(() => fetch("http://list.test/news?_=" + Date.now()), 250);
      window.query = () => { ${query} };
    }</script>`);
  await waitUntil("news", () => (asked > 4 ? true : null));
}

describe("while a page asks for news", () => {
  test("the rows that stood there before are not the answer to a press that it swallowed", async () => {
    await open("");
    expect(await fetchListAgain({ page, dialogs: monitorDialogs(page) }, COLUMNS, search)).toBeNull();
  });

  test("the same rows are the answer to a press that was answered", async () => {
    await open(`fetch("http://list.test/rows").then(() => { rows.innerHTML = "<tr><td>AB</td><td>1</td></tr>"; });`);
    const rows = await fetchListAgain({ page, dialogs: monitorDialogs(page) }, COLUMNS, search);
    expect(rows?.map(({ cells }) => cells["起號"])).toEqual(["1"]);
  });

  test("a form comes to rest", async () => {
    await open("");
    const at = await locate(page, namedSpec("test.books", "field", "本數"), { within: 0 });
    await expect(atRest(page, () => readFormState(page, [{ at, how: "sets" }]))).resolves.toBeDefined();
  });
});
