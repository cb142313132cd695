import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { captchaShown, launchBrowser, openSignIn, shop, signIn, submitSignIn } from "../portal/visitor.ts";

const SEARCH = "/dashboard/btb/btb004w/search";
const APPLY = "/dashboard/btb/btb004w/apply";

let browser: Browser;
let portal: PracticePortal;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function visit(config: PortalConfigInput = {}): Promise<void> {
  const clock = { start: "2026-11-03T09:00:00+08:00", msPerMinute: 3_600_000 };
  portal = await startPortal({ clock, signIn: { tokenDelayMs: 100 }, ...config });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
}

afterEach(async () => {
  await page.context().close();
  await portal.close();
});

function count(type: LedgerEntry["type"]): number {
  return portal.ledger().filter((entry) => entry.type === type).length;
}

const toast = (text: string): Locator => page.locator(".toast_box .toast-body", { hasText: text }).first();
const query = (): Locator => page.getByRole("button", { name: "查詢", exact: true });
const ticks = (): Locator => page.locator("table.list input[type=checkbox]");

async function openList(): Promise<void> {
  await signIn(portal, page);
  await page.goto(portal.url + SEARCH);
}

/** Fills the form and confirms the dialog: the portal answers after that. */
async function submitTake(): Promise<void> {
  await signIn(portal, page);
  await page.goto(portal.url + APPLY);
  await page.getByLabel("發票期別").selectOption("2027年01-02期");
  await page.getByLabel("發票類別").selectOption("一般稅額計算");
  await page.getByLabel("取用本數").fill("2");
  await page.getByText("狀態：正常").waitFor();
  await page.getByRole("button", { name: "提交取號" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "確認", exact: true }).click();
}

describe("a person in a real browser", () => {
  it("gets from the sign-in to the downloaded file and out again", async () => {
    await visit({ signIn: { tokenDelayMs: 800 } });
    await page.goto(`${portal.url}/accounts/login/b`);
    await page.getByRole("heading", { name: "消費者登入" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/accounts/login");

    await openSignIn(portal, page);
    await submitSignIn(portal, page, shop);
    await page.waitForURL("**/dashboard?code=*");
    expect(await page.evaluate(() => sessionStorage.getItem("token"))).toBeNull();
    await page.waitForFunction(() => sessionStorage.getItem("token") !== null);

    await page.getByRole("link", { name: "電子發票(專用)字軌號碼取號" }).click();
    await page.getByText("::: 營業人功能選單 / 電子發票字軌號碼 / 電子發票(專用)字軌號碼取號(BTB004W)").waitFor();
    await query().click();
    await toast("查詢成功").waitFor();
    await ticks().check();
    await page.locator('button[title="下載"]', { hasText: "下載" }).click();
    await page.getByRole("dialog").getByText("下載檔案編碼為UTF-8").waitFor();
    const arriving = page.waitForEvent("download");
    await page.getByRole("button", { name: "是", exact: true }).click();
    const download = await arriving;
    expect(download.suggestedFilename()).toMatch(/^invnoapply\d{14}\.csv$/);
    const text = await readFile(await download.path(), "utf8");
    expect(text).toMatch(/^營業人統編,.+\r\n12345675,7,一般稅額計算,115\/11 ~ 115\/12,[A-Z]{2},\d{8},\d{8}\r\n/);

    await page.getByRole("button", { name: "登出" }).click();
    await page.waitForURL("**/accounts/login");
    expect(await page.evaluate(() => sessionStorage.getItem("token"))).toBeNull();
    expect(count("sign-out")).toBe(1);
  });

  it("takes numbers only after confirming what the dialog repeats", async () => {
    await visit();
    await signIn(portal, page);
    await page.goto(portal.url + APPLY);
    await page.getByLabel("發票期別").selectOption("2027年01-02期");
    await page.getByLabel("發票類別").selectOption("一般稅額計算");
    await page.getByLabel("取用本數").fill("4");
    await page.getByRole("button", { name: "提交取號" }).click();
    const dialog = page.getByRole("dialog");
    await expect.poll(() => dialog.locator("dd").allInnerTexts()).toEqual(["2027年01-02期", "一般稅額計算", "4", "0"]);
    await dialog.getByRole("button", { name: "取消" }).click();
    expect(count("take-submitted")).toBe(0);
    await page.getByRole("button", { name: "提交取號" }).click();
    await dialog.getByRole("button", { name: "確認", exact: true }).click();
    await page.getByRole("heading", { name: "提交取號成功" }).waitFor();
    expect(count("take-submitted")).toBe(1);
  });

  it("keeps the mailbox list, with the password asked for again where that is set", async () => {
    await visit({ pages: { askPasswordOnSave: true } });
    await signIn(portal, page);
    await page.goto(`${portal.url}/dashboard/btb/btb004w/mail`);
    await page.getByLabel("電子郵件信箱", { exact: true }).fill("new@morning-shop.test");
    await page.getByRole("button", { name: "新增" }).click();
    await page.getByLabel("登入驗證碼（密碼）").fill(shop.password);
    await page.getByRole("button", { name: "確認授權" }).click();
    await page.getByRole("cell", { name: "new@morning-shop.test" }).waitFor();
    await page.getByRole("button", { name: "刪除" }).first().click();
    await page.getByText("請確認是否刪除").waitFor();
    await page.getByRole("button", { name: "否", exact: true }).click();
    expect(portal.ledger().flatMap((entry) => (entry.type === "mailbox-list" ? [entry.action] : []))).toEqual(["add"]);
  });

  it("is sent back to the sign-in from a deep link, and on to the dashboard when still signed in", async () => {
    await visit({ signIn: { tokenDelayMs: 0, jumpDelayMs: 300 } });
    await page.goto(portal.url + SEARCH);
    await page.waitForURL("**/accounts/login");
    await signIn(portal, page);
    await page.goto(`${portal.url}/accounts/login`);
    await page.waitForURL("**/dashboard/btb/btb013w");
    expect(count("sign-in")).toBe(1);
  });
});

describe("an ordered fault at the submit", () => {
  it("cuts the connection before it took effect: nothing was submitted", async () => {
    await visit();
    portal.order({ name: "cut-submit", when: "before" });
    await submitTake();
    await toast("網路連線異常").waitFor();
    portal.clock.advance(120);
    expect([count("take-submitted"), count("allocation")]).toEqual([0, 0]);
  });

  it("cuts the connection after it took effect: one submit, one allocation, no answer", async () => {
    await visit();
    portal.order({ name: "cut-submit", when: "after" });
    await submitTake();
    await toast("網路連線異常").waitFor();
    portal.clock.advance(120);
    expect([count("take-submitted"), count("allocation")]).toEqual([1, 1]);
  });

  it("makes Chromium submit twice by itself where connections are kept: the answer then is a refusal of what was accepted", async () => {
    await visit({ keepAlive: true });
    portal.order({ name: "cut-submit", when: "after" });
    await submitTake();
    await toast("已取號").waitFor();
    const answers = portal.ledger().flatMap((entry) => (entry.type === "take-submitted" ? [entry.refusal] : []));
    expect(answers).toEqual([null, "already-taken"]);
  });

  it("answers 500 after it took effect", async () => {
    await visit();
    portal.order({ name: "error-500", when: "after", path: "/apply" });
    await submitTake();
    await toast("系統發生錯誤").waitFor();
    expect(count("take-submitted")).toBe(1);
  });

  it("never answers although it took effect", async () => {
    await visit();
    portal.order({ name: "answer-lost" });
    await submitTake();
    await expect.poll(() => count("take-submitted")).toBe(1);
    expect(await page.getByRole("button", { name: "提交取號" }).isDisabled()).toBe(true);
  });

  it("lets somebody else, or the platform, be quicker", async () => {
    await visit();
    portal.order({ name: "someone-else-at-submit", books: 2 });
    await submitTake();
    await toast("已取號").waitFor();
    portal.clock.advance(120);
    const happened = portal
      .ledger()
      .flatMap((entry) =>
        entry.type === "allocation" ? [entry.by] : entry.type === "take-submitted" ? [entry.refusal] : [],
      );
    expect(happened).toEqual(["already-taken", "someone-else"]);
  });

  it("shows the entry in the list only later", async () => {
    await visit();
    portal.order({ name: "list-late", minutes: 60 });
    await submitTake();
    await page.getByRole("button", { name: "返回查詢" }).click();
    await query().click();
    await expect.poll(() => page.getByRole("cell", { name: "12345675" }).count()).toBe(1);
    portal.clock.advance(61);
    await query().click();
    await expect.poll(() => page.getByRole("cell", { name: "12345675" }).count()).toBe(2);
  });
});

describe("an ordered fault of a page", () => {
  it("swallows the first click on 查詢", async () => {
    await visit();
    portal.order({ name: "two-clicks", on: "query" });
    await openList();
    const asked: string[] = [];
    page.on("request", (request) => request.url().endsWith("/query") && asked.push(request.url()));
    await query().click();
    expect(asked).toEqual([]);
    await query().click();
    await toast("查詢成功").waitFor();
  });

  it("swallows the first click on a menu entry", async () => {
    await visit();
    portal.order({ name: "two-clicks", on: "menu" });
    await signIn(portal, page);
    const entry = page.getByRole("link", { name: "電子發票(專用)字軌號碼取號" });
    await entry.click();
    expect(page.url()).toContain("btb013w");
    await entry.click();
    await page.waitForURL(`**${SEARCH}`);
  });

  it("undoes a synthetic tick and keeps a real one", async () => {
    await visit();
    portal.order({ name: "tick-undone" });
    await openList();
    await query().click();
    await ticks().evaluate((box: HTMLElement) => box.click());
    await expect.poll(() => ticks().isChecked()).toBe(false);
    await ticks().check();
    expect(await ticks().isChecked()).toBe(true);
  });

  it("undoes the first real tick as well, where that is ordered", async () => {
    await visit();
    portal.order({ name: "tick-undone", real: true });
    await openList();
    await query().click();
    await ticks().click();
    await expect.poll(() => ticks().isChecked()).toBe(false);
    await ticks().click();
    expect(await ticks().isChecked()).toBe(true);
  });

  it("covers the table with the menu until the menu is hidden", async () => {
    await visit();
    portal.order({ name: "menu-covers-table" });
    await openList();
    await query().waitFor();
    const whatIsOnTop = (): Promise<string | undefined> =>
      query().evaluate((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2)?.closest("nav, button")?.tagName;
      });
    expect(await whatIsOnTop()).toBe("NAV");
    await page.getByRole("button", { name: "隱藏選單" }).click();
    expect(await whatIsOnTop()).toBe("BUTTON");
  });

  it("stays empty until it is rendered late", async () => {
    await visit();
    portal.order({ name: "late-render", ms: 1500, path: SEARCH });
    await openList();
    await page.getByText("資料載入中").waitFor();
    expect(await query().count()).toBe(0);
    await query().waitFor();
  });

  it("lays an announcement over the page", async () => {
    await visit();
    portal.order({ name: "announcement", text: "演練公告" });
    await signIn(portal, page);
    await page.getByRole("dialog").getByText("演練公告").waitFor();
    await page.getByRole("button", { name: "確定" }).click();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  it("ends the session at the next API call", async () => {
    await visit();
    await openList();
    await query().waitFor();
    portal.order({ name: "session-expired" });
    await query().click();
    await toast("Session has expired, please try again.").waitFor();
    await page.waitForURL("**/accounts/login");
    expect(count("session-ended")).toBe(1);
  });

  it("leads to 資料設定 instead of the dashboard", async () => {
    await visit();
    portal.order({ name: "forced-password-change" });
    await openSignIn(portal, page);
    await submitSignIn(portal, page, shop);
    await page.getByRole("heading", { name: "資料設定" }).waitFor();
    await page.goto(portal.url + SEARCH);
    await page.getByRole("heading", { name: "資料設定" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/dashboard/act/password");
  });

  it("warns of an old password and signs in all the same", async () => {
    await visit();
    portal.order({ name: "password-180-days" });
    await signIn(portal, page);
    await toast("逾180天未變更").waitFor();
    expect(new URL(page.url()).pathname).toBe("/dashboard/btb/btb013w");
  });

  it("rejects a right captcha, and a fresh one is served", async () => {
    await visit();
    portal.order({ name: "captcha-rejected" });
    await openSignIn(portal, page);
    await submitSignIn(portal, page, shop);
    await toast("圖形驗證碼驗證失敗").waitFor();
    await captchaShown(page);
    await submitSignIn(portal, page, shop);
    await page.getByRole("heading", { name: "待辦事項", level: 1 }).waitFor();
    const attempts = portal.ledger().flatMap((entry) => (entry.type === "sign-in" ? [entry] : []));
    expect(attempts.map(({ reason, captchaRight }) => [reason, captchaRight])).toEqual([
      ["captcha", true],
      [null, true],
    ]);
  });

  it("is an outage, an access challenge, or slow", async () => {
    await visit();
    portal.order({ name: "outage" });
    expect((await page.goto(`${portal.url}/accounts/login`))?.status()).toBe(503);
    await page.getByText("暫停服務").first().waitFor();
    portal.order({ name: "challenge" });
    expect((await page.goto(`${portal.url}/accounts/login`))?.status()).toBe(403);
    await page.getByRole("heading", { name: "正在執行安全驗證" }).waitFor();
    expect(await page.locator('input[name="cf-turnstile-response"]').count()).toBe(1);
    expect(await page.locator('iframe[src*="challenges.cloudflare.com"]').count()).toBe(1);
    portal.order({ name: "slow", ms: 1200, path: "captcha" });
    await openSignIn(portal, page);
    expect(portal.ledger().flatMap((entry) => (entry.type === "fault" ? [entry.name] : []))).toEqual([
      "outage",
      "challenge",
      "slow",
    ]);
  });

  it("breaks the download", async () => {
    await visit();
    await openList();
    await query().click();
    await ticks().check();
    const contents: string[] = [];
    for (const kind of ["truncated", "html", "wrong-company"] as const) {
      portal.order({ name: "download-broken", kind });
      await page.locator('button[title="下載"]', { hasText: "下載" }).click();
      const arriving = page.waitForEvent("download");
      await page.getByRole("button", { name: "是", exact: true }).click();
      contents.push(await readFile(await (await arriving).path(), "utf8"));
    }
    expect(contents[0]).not.toMatch(/\r\n$/);
    expect(contents[1]).toMatch(/^<!DOCTYPE html>/);
    expect(contents[2]).toMatch(/\r\n55667783,/);
  });
});
