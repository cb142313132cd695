import { readFile } from "node:fs/promises";
import type { Browser, Locator, Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import { launchBrowser, shop, signIn } from "../portal/visitor.ts";
import { ENDED, lines, type Place, place, shopWith } from "./portal-blank-support.ts";

const SEARCH = "/dashboard/btb/blank/search";
const UPLOADS = "/dashboard/btb/blank/uploads";

let browser: Browser;
let at: Place;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function visit(config: PortalConfigInput = {}): Promise<void> {
  at = await place(config);
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  await signIn(at.portal, page);
}

afterEach(() => page.context().close());

const toast = (text: string): Locator => page.locator(".toast_box .toast-body", { hasText: text }).first();
const button = (name: string): Locator => page.getByRole("button", { name, exact: true });
const tab = (name: string): Locator => page.getByRole("tab", { name, exact: true });
const ticks = (): Locator => page.locator("table.list input[type=checkbox]");
const cells = (): Promise<string[]> => page.locator("table.list tbody td").allInnerTexts();

async function choose(text: string): Promise<void> {
  const file = { name: "blank.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
  await page.getByLabel("檔案上傳路徑").setInputFiles(file);
}

async function others(path: string, order: unknown): Promise<void> {
  await fetch(at.portal.controlUrl + path, { method: "POST", body: JSON.stringify(order) });
}

async function downloaded(press: Locator): Promise<{ name: string; text: string }> {
  const arriving = page.waitForEvent("download");
  await press.click();
  const download = await arriving;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

describe("a person in a real browser", () => {
  it("gets from the sample over a file that fails to one that is taken, and deletes a row again", async () => {
    await visit({ blank: { code: "BTB999W" } });
    const { portal, line, run } = at;
    await page.getByRole("link", { name: "上傳空白未使用發票號碼" }).click();
    await page.getByText("::: 營業人功能選單 / 每單月10日前應辦理事項 / 上傳空白未使用發票號碼(BTB999W)").waitFor();

    await tab("匯入字軌").click();
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    const sample = await downloaded(button("範例下載"));
    expect(sample.text).toContain("序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n");
    expect((await downloaded(button("說明檔下載"))).name).toBe("blank_guide.txt");
    await button("上傳").click();
    await toast("請選擇欲上傳之檔案").waitFor();

    await choose(sample.text);
    await button("上傳").click();
    await expect
      .poll(() => page.getByRole("dialog").locator("dd").allInnerTexts())
      .toEqual(["2026年11-12期", "blank.csv"]);
    await button("否").click();
    expect(lines(portal, "blank-upload")).toEqual([]);
    await button("上傳").click();
    await button("是").click();
    await toast("上傳成功").waitFor();
    portal.clock.advance(60);
    await tab("上傳列表").click();
    await expect.poll(cells).toEqual(["2027-01-03 09:10:00", expect.stringMatching(/\.csv$/), "處理失敗", "下載"]);
    expect((await downloaded(button("下載"))).text).toContain("統編格式錯誤須為8碼數字");

    await tab("匯入字軌").click();
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    await choose(line(0, 9) + line(20, 29));
    await button("上傳").click();
    await button("是").click();
    await tab("上傳列表").click();
    await page.getByRole("cell", { name: "處理中" }).waitFor();
    portal.clock.advance(60);
    await tab("上傳列表").click();
    await page.getByRole("cell", { name: "已完成" }).waitFor();

    await tab("查詢").click();
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    await button("查詢").click();
    const begin = (offset: number): string => String(Number(run.begin) + offset).padStart(8, "0");
    const row = (first: number, last: number): string[] => [
      "",
      "12345675",
      "一般稅額計算",
      "2026年11-12期",
      run.track,
      begin(first),
      begin(last),
    ];
    await expect.poll(cells).toEqual([...row(0, 9), ...row(20, 29)]);
    await button("全選").click();
    await button("取消全選").click();
    await button("刪除").click();
    await toast("請選擇欲刪除之資料").waitFor();
    await ticks().first().check();
    await button("刪除").click();
    await page.getByText("請確認是否刪除").waitFor();
    await button("否").click();
    expect(lines(portal, "blank-deleted")).toEqual([]);
    await button("刪除").click();
    await button("是").click();
    await toast("刪除成功").waitFor();
    await expect.poll(cells).toEqual(row(20, 29));

    await tab("新增").click();
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    await page.getByLabel("發票類別").selectOption("一般稅額計算");
    await page.getByLabel("發票字軌").fill(run.track);
    await page.getByLabel("發票起號").fill(begin(20));
    await page.getByLabel("發票迄號").fill(begin(20));
    await button("儲存").click();
    await toast("發票區間跟其他資料重疊").waitFor();
    await page.getByLabel("發票迄號").fill(begin(30));
    await page.getByLabel("發票起號").fill(begin(30));
    await button("儲存").click();
    await toast("新增成功").waitFor();
    expect(lines(portal, "blank-added").map(({ accepted }) => accepted)).toEqual([false, true]);
  });

  it("uploads without a question, and reads no page code, where that is set", async () => {
    await visit({ blank: { confirmUpload: false } });
    await page.goto(`${at.portal.url}/dashboard/btb/blank/upload`);
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    const crumbs = page.getByRole("navigation", { name: "目前位置" });
    expect(await crumbs.innerText()).toMatch(/上傳空白未使用發票號碼$/);
    await choose(at.line(0, 9));
    await button("上傳").click();
    await toast("上傳成功").waitFor();
    expect(lines(at.portal, "blank-upload")).toMatchObject([{ originalName: "blank.csv", accepted: true }]);
  });

  it("turns the pages of both lists", async () => {
    const blank = ["00000000", "00000050", "00000100"].map((begin) => ({
      period: ENDED,
      track: "ZZ",
      begin,
      end: begin.replace(/.$/, "9"),
    }));
    await visit({ companies: [shopWith({ blank })], blank: { rowsPerPage: 2, confirmUpload: false } });
    await page.goto(at.portal.url + SEARCH);
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    await button("查詢").click();
    await page.getByText("第 1 頁，共 2 頁，每頁顯示 2 筆，總筆數：3").waitFor();
    await button("下一頁").click();
    await page.getByRole("cell", { name: "00000100", exact: true }).waitFor();
    for (let n = 0; n < 3; n += 1) await others("/someone-else-uploads", { ban: shop.ban, file: "x" });
    await page.goto(at.portal.url + UPLOADS);
    await page.getByText("第 1 頁，共 2 頁，每頁顯示 2 筆，總筆數：3").waitFor();
    await button("下一頁").click();
    await page.getByText("第 2 頁").waitFor();
    expect(await page.locator("table.list tbody tr").count()).toBe(1);
  });
});

describe("an ordered fault of a page", () => {
  const companies = [shopWith({ blank: [{ period: ENDED, track: "ZZ", begin: "00000000", end: "00000049" }] })];

  async function openList(): Promise<void> {
    await page.goto(at.portal.url + SEARCH);
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
  }

  it("renders late, swallows a click on 查詢 and undoes a tick on the list of blank numbers as well", async () => {
    await visit({ companies });
    at.portal.order({ name: "late-render", ms: 800, path: SEARCH });
    at.portal.order({ name: "two-clicks", on: "query" });
    at.portal.order({ name: "tick-undone", real: true });
    await page.goto(at.portal.url + SEARCH);
    await page.getByText("資料載入中").waitFor();
    await page.getByLabel("字軌期別").selectOption("2026年11-12期");
    await button("查詢").click();
    expect(await page.getByRole("table").count()).toBe(0);
    await button("查詢").click();
    await ticks().click();
    await expect.poll(() => ticks().isChecked()).toBe(false);
    await ticks().click();
    expect(await ticks().isChecked()).toBe(true);
  });

  it.each([SEARCH, UPLOADS])("covers %s with the menu until the menu is hidden", async (path) => {
    await visit({ companies });
    at.portal.order({ name: "menu-covers-table", path });
    await page.goto(at.portal.url + path);
    const covered = page.locator(".card").first();
    await covered.waitFor();
    const whatIsOnTop = (): Promise<string | undefined> =>
      covered.evaluate((card) => {
        const { x, y, width, height } = card.getBoundingClientRect();
        return document.elementFromPoint(x + width / 4, y + height / 2)?.closest("nav, .card")?.className;
      });
    expect(await whatIsOnTop()).toBe("side");
    await button("隱藏選單").click();
    expect(await whatIsOnTop()).toBe("card");
  });

  it("deletes nothing that somebody else deleted first", async () => {
    await visit({ companies });
    await openList();
    await button("查詢").click();
    await ticks().check();
    await button("刪除").click();
    await others("/blank-delete", { ban: shop.ban });
    await button("是").click();
    await toast("資料已異動，請重新查詢").waitFor();
    expect(lines(at.portal, "blank-deleted").map(({ by }) => by)).toEqual(["someone-else"]);
  });
});
