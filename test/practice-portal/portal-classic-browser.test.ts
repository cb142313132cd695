import { readFile } from "node:fs/promises";
import type { Browser, Dialog, Download, Locator, Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { launchBrowser, shop } from "../portal/visitor.ts";
import { openClassicSignIn, signInClassic, submitClassicSignIn } from "../portal/visitor-classic.ts";

const TRACKS = "/APBTB/BTB004W";

let browser: Browser;
let portal: PracticePortal;
let page: Page;
/** What the browser's own dialogs said, in order; the visitor agrees unless told otherwise. */
let dialogs: string[];
let agrees: boolean;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function visit(config: PortalConfigInput = {}): Promise<void> {
  const clock = { start: "2026-11-03T09:00:00+08:00", msPerMinute: 3_600_000 };
  portal = await startPortal({ design: "classic", clock, ...config });
  page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  page.setDefaultTimeout(15_000);
  dialogs = [];
  agrees = true;
  page.on("dialog", answerDialog);
}

function answerDialog(dialog: Dialog): void {
  dialogs.push(`${dialog.type()}: ${dialog.message()}`);
  void (agrees ? dialog.accept() : dialog.dismiss());
}

afterEach(async () => {
  await page.context().close();
  await portal.close();
});

function count(type: LedgerEntry["type"]): number {
  return portal.ledger().filter((entry) => entry.type === type).length;
}

const link = (text: string): Locator => page.getByRole("link", { name: text, exact: true });
const button = (text: string): Locator => page.locator("#content a.button", { hasText: text });
const ticks = (): Locator => page.locator("input[name=id]");

/** Through the tree, as a person goes. */
async function openQuery(): Promise<void> {
  await signInClassic(portal, page);
  await link("電子發票專用字軌號碼取號").click();
  await link("電子發票專用字軌號碼取號(營業人)").click();
  await page.getByRole("heading", { name: "查詢" }).waitFor();
}

async function openList(): Promise<void> {
  await openQuery();
  await page.locator("#yearTo").selectOption("116");
  await page.locator("#monthsTo").selectOption("01~02");
  await button("查詢").click();
  await page.getByRole("heading", { name: "列表" }).waitFor();
}

async function fillTake(): Promise<void> {
  await openQuery();
  await button("取號").first().click();
  await page.locator("#period").selectOption("116/01 ~ 116/02");
  await page.getByText("已取用本數：0").waitFor();
  await page.locator("#books").fill("3");
}

/** Presses 下載 and waits for the file that the pop-up window brings. */
async function download(): Promise<Download> {
  const arriving = page.waitForEvent("popup").then((popup) => popup.waitForEvent("download"));
  await button("下載").click();
  return arriving;
}

describe("a person in a real browser, in the classic design,", () => {
  it("gets from the panel through 取號 to the downloaded file and out again", async () => {
    await visit();
    await fillTake();
    await button("提交取號").click();
    await page.waitForURL("**/submit");
    await page.getByText("已取用本數：3").waitFor();
    await expect
      .poll(() => dialogs)
      .toEqual(["confirm: 是否確定提交取號？", "alert: 提交取號成功，申請編號：B00400000004，配號結果將以Email通知"]);
    portal.clock.advance(120);
    await button("返回").click();
    await page.locator("#yearTo").selectOption("116");
    await page.locator("#monthsTo").selectOption("01~02");
    await button("查詢").click();
    await page.getByRole("row", { name: "116/01 ~ 116/02" }).getByRole("checkbox").check();
    const file = await download();
    expect(file.suggestedFilename()).toMatch(/^invnoapply\d{14}\.csv$/);
    expect(await readFile(await file.path(), "utf8")).toMatch(/\r\n12345675,7,一般稅額計算,116\/01 ~ 116\/02,/);
    await link("登出").click();
    await page.waitForURL("**/index");
    expect([count("take-submitted"), count("download"), count("sign-out")]).toEqual([1, 1, 1]);
  });

  it("sees the captcha once its field is focused, another on demand, and reads of a wrong one in a dialog", async () => {
    await visit();
    await page.goto(`${portal.url}/index`);
    expect(await page.locator("#l0_mobile").isVisible()).toBe(false);
    await page.locator("#loginBtn").click();
    await page.locator("#loginSelect").selectOption("營業人");
    expect([await page.locator("#randPicIndex").isVisible(), count("captcha-served")]).toEqual([false, 0]);
    await openClassicSignIn(portal, page);
    expect(count("captcha-served")).toBe(1);
    await link("更換圖片").click();
    await expect.poll(() => count("captcha-served")).toBe(2);
    await submitClassicSignIn(portal, page, shop, "00000");
    await expect.poll(() => dialogs).toEqual(["alert: 圖形驗證碼輸入錯誤"]);
    await expect.poll(() => count("captcha-served")).toBe(3);
    await submitClassicSignIn(portal, page, { ...shop, password: "wrong" });
    await expect.poll(() => dialogs.at(-1)).toBe("alert: 使用者帳號或密碼錯誤");
    expect(new URL(page.url()).pathname).toBe("/Login");
  });

  it("submits nothing when the question is answered with no, or the books are no number", async () => {
    await visit();
    await fillTake();
    agrees = false;
    await button("提交取號").click();
    await expect.poll(() => dialogs).toEqual(["confirm: 是否確定提交取號？"]);
    await page.locator("#books").fill("three");
    await button("提交取號").click();
    await expect.poll(() => dialogs.at(-1)).toBe("alert: 取用本數及增加本數請輸入數字");
    expect([count("take-submitted"), new URL(page.url()).pathname]).toEqual([0, `${TRACKS}/take`]);
  });

  it("is told by an alert instead of being asked, where that is set", async () => {
    await visit({ classic: { askAtSubmit: "alert" } });
    await fillTake();
    agrees = false;
    await button("提交取號").click();
    await page.waitForURL("**/submit");
    expect(dialogs[0]).toBe("alert: 是否確定提交取號？");
    expect(count("take-submitted")).toBe(1);
  });

  it("is sent back to the front page from an address within, and when the session is dead", async () => {
    await visit();
    await page.goto(portal.url + TRACKS);
    await page.waitForURL("**/index");
    await openQuery();
    portal.order({ name: "session-expired" });
    await button("取號Email維護").click();
    await page.waitForURL("**/index");
    expect(dialogs).toEqual(Array(2).fill("alert: Session has expired, please try again."));
  });

  it("keeps the list of addresses, and deletes only after agreeing", async () => {
    await visit();
    await openQuery();
    await button("取號Email維護").click();
    await page.locator("#email").fill("new@morning-shop.test");
    await button("新增").click();
    await page.getByRole("cell", { name: "new@morning-shop.test", exact: true }).waitFor();
    agrees = false;
    await button("刪除").first().click();
    await expect.poll(() => dialogs.at(-1)).toBe("confirm: 請確認是否刪除「books@morning-shop.test」？");
    expect(count("mailbox-list")).toBe(1);
  });
});

describe("an ordered fault of a classic page", () => {
  it("swallows the first click on a menu entry, and on 查詢", async () => {
    await visit();
    portal.order({ name: "two-clicks", on: "menu" });
    portal.order({ name: "two-clicks", on: "query" });
    await signInClassic(portal, page);
    const node = page.locator("li.node", { hasText: "電子發票專用字軌號碼取號" }).first();
    await link("電子發票專用字軌號碼取號").click();
    expect(await node.getAttribute("class")).not.toContain("open");
    await link("電子發票專用字軌號碼取號").click();
    await link("電子發票專用字軌號碼取號(營業人)").click();
    await button("查詢").click();
    expect(count("page-view")).toBe(3);
    await button("查詢").click();
    await page.waitForURL("**/list");
  });

  it("undoes a synthetic tick and keeps a real one, unless that is undone once as well", async () => {
    await visit();
    portal.order({ name: "tick-undone" });
    await openList();
    await ticks().evaluate((box: HTMLInputElement) => box.click());
    await expect.poll(() => ticks().isChecked()).toBe(false);
    await ticks().check();
    expect((await download()).suggestedFilename()).toContain("invnoapply");
    portal.order({ name: "tick-undone", real: true });
    await button("返回").click();
    await button("查詢").click();
    await ticks().click();
    await expect.poll(() => ticks().isChecked()).toBe(false);
    await button("下載").click();
    await expect.poll(() => dialogs).toEqual(["alert: 請勾選欲下載之資料"]);
  });

  it("covers the table with the menu until the menu is hidden", async () => {
    await visit();
    portal.order({ name: "menu-covers-table" });
    await openList();
    await expect(ticks().click({ timeout: 1500 })).rejects.toThrow("intercepts pointer events");
    await link("隱藏選單").click();
    await ticks().check();
    expect(await ticks().isChecked()).toBe(true);
  });

  it("leaves the page 資料載入中… until it is rendered late", async () => {
    await visit();
    await openQuery();
    portal.order({ name: "late-render", ms: 2500 });
    await page.goto(`${portal.url}${TRACKS}/take`, { waitUntil: "commit" });
    await page.getByText("資料載入中…").waitFor();
    expect(await button("提交取號").count()).toBe(0);
    await button("提交取號").waitFor();
    expect(await page.getByText("資料載入中…").isVisible()).toBe(false);
  });

  it("lays an announcement over the page", async () => {
    await visit();
    portal.order({ name: "announcement", text: "年底系統維護公告" });
    await signInClassic(portal, page);
    await page.getByText("年底系統維護公告").waitFor();
    await link("關閉").click();
    expect(await page.getByText("年底系統維護公告").count()).toBe(0);
  });
});
