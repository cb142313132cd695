import type { Page } from "playwright";
import { beforeAll, expect, test } from "vitest";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { TIMING } from "../../../selectors/dom/timing.ts";
import { menuSpec, Navigator, type Route } from "../../../selectors/portal/navigator.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// A site of frames: whatever stands in front, the address is the frameset's.

const FRAMES: Readonly<Record<string, string>> = {
  "/Main": `<frameset cols="200,*"><frame src="/menu"><frame name=main src="/home"></frameset>`,
  "/menu": `<a href="/numbers" target=main>字軌取號作業</a><br><a href="/lists" target=main>中獎清冊作業</a><br><a href="#">登出</a>`,
  "/home": `<p>現在位置 / 首頁</p>`,
  "/numbers": `<p>現在位置 / 字軌取號作業</p><label>取用本數<input name=books></label>`,
  "/lists": `<p>現在位置 / 中獎清冊作業</p>`,
};
const small = smallPage();
let page: Page;
const asked: string[] = [];
beforeAll(async () => {
  page = small();
  await page.route("http://frames.test/**", (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    const body = FRAMES[pathname];
    return body === undefined
      ? route.fulfill({ status: 404, body: "404" })
      : route.fulfill({ body: `<!doctype html><html>${body}</html>`, contentType: "text/html; charset=utf-8" });
  });
});

function place(name: string): Route {
  const entry = menuSpec(`frames.${name}`, name, new RegExp(`^${name}$`));
  return { name, path: "/dashboard/none", entry, groups: [], breadcrumb: new RegExp(`/ ${name}$`), heading: null };
}

test("a page in a frameset is opened again by the menu, empty, and is not waited for at an address that it does not have", {
  // Waited for at both addresses, it would not come to its end.
  timeout: 2 * TIMING.page,
}, async () => {
  await page.goto("http://frames.test/Main");
  const navigator = new Navigator({ page, dialogs: monitorDialogs(page) });
  const numbers = place("字軌取號作業");
  const lists = place("中獎清冊作業");
  await navigator.open(numbers);
  await navigator.open(lists);
  const field = page.frameLocator("frame[name=main]").locator("[name=books]");
  await navigator.open(numbers);
  await field.fill("3");

  expect(await navigator.open(numbers)).toBe("opened");

  expect(await field.inputValue()).toBe("");
  expect(asked.filter((path) => path === "/dashboard/none")).toHaveLength(2);
});
