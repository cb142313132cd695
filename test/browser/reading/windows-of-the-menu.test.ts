import type { Page } from "playwright";
import { beforeEach, expect, test } from "vitest";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { menuSpec, Navigator, type Route } from "../../../selectors/portal/navigator.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// A menu whose pages open in windows of their own, with a session that a new window takes over from the one that has opened it.

const MENU = `<nav><a href="#" onclick="window.open('/numbers')">字軌取號作業</a><br><a href="#">登出</a></nav>`;
const PAGE = `<p>現在位置 / 字軌取號作業</p><label>取用本數<input name=books></label>`;
const small = smallPage();
let page: Page;
/** What stands at the address of the page, after that has been opened so many times. */
let numbers: (opened: number) => string;
let opened = 0;
beforeEach(async () => {
  page = small();
  opened = 0;
  await page.context().unrouteAll();
  await page.context().route("http://menu.test/**", (route) => {
    const body = new URL(route.request().url()).pathname === "/numbers" ? numbers(opened++) : MENU;
    return route.fulfill({ body: `<!doctype html>${body}`, contentType: "text/html; charset=utf-8" });
  });
});

const place: Route = {
  name: "字軌取號作業",
  path: null,
  entry: menuSpec("windows.numbers", "字軌取號作業", /^字軌取號作業$/),
  groups: [],
  breadcrumb: /\/ 字軌取號作業$/,
  heading: null,
};

test("a page that the menu opens in a window of its own is brought here, and that window is closed", async () => {
  numbers = () => PAGE;
  await page.goto("http://menu.test/home");
  const navigator = new Navigator({ page, dialogs: monitorDialogs(page) });

  await navigator.open(place);

  expect(await page.locator("[name=books]").isVisible()).toBe(true);
  expect(page.context().pages()).toEqual([page]);
});

test("a page that its window alone can show is not taken for what stands at its address here", async () => {
  numbers = (before) => (before === 0 ? PAGE : `<p>連線逾時，請重新登入</p>`);
  await page.goto("http://menu.test/home");
  const navigator = new Navigator({ page, dialogs: monitorDialogs(page) });

  await expect(navigator.open(place)).rejects.toMatchObject({ state: "session-expired" });
});
