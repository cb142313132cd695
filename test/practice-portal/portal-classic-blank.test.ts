import type { Dialog, Page } from "playwright";
import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { PortalConfigInput } from "../portal/config.ts";
import type { FaultInput } from "../portal/model/faults.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { launchBrowser, shop } from "../portal/visitor.ts";
import { ClassicVisitor, said, signInClassic } from "../portal/visitor-classic.ts";

const BLANK = "/APBTB/blank";
const ENDED = "11510";

const open: PracticePortal[] = [];

async function portalWith(config: PortalConfigInput = {}): Promise<PracticePortal> {
  const still = { start: "2026-11-03T09:00:00+08:00", msPerMinute: 3_600_000 };
  const portal = await startPortal({ design: "classic", clock: still, ...config });
  open.push(portal);
  return portal;
}

async function visitorOf(portal: PracticePortal): Promise<ClassicVisitor> {
  const visitor = new ClassicVisitor(portal);
  await visitor.signIn();
  return visitor;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((portal) => portal.close()));
});

function lines<T extends LedgerEntry["type"]>(portal: PracticePortal, type: T): Extract<LedgerEntry, { type: T }>[] {
  return portal.ledger().filter((entry): entry is Extract<LedgerEntry, { type: T }> => entry.type === type);
}

/** The company's first run of the period that just ended, without its first number: not a whole book. */
async function unused(visitor: ClassicVisitor): Promise<{ track: string; begin: string; end: string }> {
  const file = await (await visitor.get("/APBTB/BTB004W/file?id=B00400000001")).text();
  const [, track = "", begin = "", end = ""] = /,([A-Z]{2}),(\d{8}),(\d{8})\r\n/.exec(file) ?? [];
  return { track, begin: String(Number(begin) + 1).padStart(8, "0"), end };
}

const lineOf = ({ track, begin, end }: { track: string; begin: string; end: string }): string =>
  `00001,${shop.ban},${ENDED},${track},${begin},${end},07\r\n`;

function upload(visitor: ClassicVisitor, text: string, name = "blank.csv"): Promise<Response> {
  const form = new FormData();
  form.set("period", ENDED);
  form.set("file", new File([text], name));
  return visitor.send(`${BLANK}/import`, { method: "POST", body: form });
}

/** The texts of the cells of a page's list, row by row. */
function rows(page: string): string[][] {
  const table = /<table class="list">(.*?)<\/table>/s.exec(page)?.[1] ?? "";
  return Array.from(table.matchAll(/<tr>(.*?)<\/tr>/gs), ([, row]) =>
    Array.from((row ?? "").matchAll(/<td>(.*?)<\/td>/gs), ([, cell]) => (cell ?? "").replaceAll(/<[^>]*>/g, "").trim()),
  ).filter((cells) => cells.length > 0);
}

const ids = (page: string): string[] => Array.from(page.matchAll(/name="id" value="(\w+)"/g), ([, id]) => id ?? "");

async function listed(visitor: ClassicVisitor): Promise<string> {
  return (await visitor.post(`${BLANK}/list`, { period: ENDED })).text();
}

describe("上傳空白未使用發票號碼 in the classic design", () => {
  it("takes a file, lets the hourly job look at it, and lists what it held", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const run = await unused(visitor);
    expect(said(await (await upload(visitor, lineOf(run))).text())).toEqual(["上傳成功，請至上傳列表確認處理結果"]);
    const uploads = async (): Promise<string[][]> => rows(await (await visitor.get(`${BLANK}/uploads`)).text());
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}\.csv$/);
    expect(await uploads()).toEqual([["2026-11-03 09:00:00", uuid, "處理中", ""]]);
    expect(said(await listed(visitor))).toEqual(["查無資料"]);
    portal.clock.advance(60);
    expect(await uploads()).toEqual([["2026-11-03 09:00:00", uuid, "已完成", ""]]);
    expect(rows(await listed(visitor))).toEqual([
      ["", shop.ban, "一般稅額計算", "115/09~115/10", run.track, run.begin, run.end],
    ]);
  });

  it("refuses what is no file, no .csv or of a closed period, and fails a wrong line with its details", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const told = async (answer: Promise<Response>): Promise<string> => said(await (await answer).text()).join();
    expect(await told(upload(visitor, "", ""))).toBe("請選擇檔案上傳路徑");
    expect(await told(upload(visitor, "x", "blank.txt"))).toContain(".csv");
    portal.clock.set(Date.parse("2027-01-02T09:00:00+08:00"));
    expect(await told(upload(visitor, "x"))).toContain("非開放上傳期間");
    expect(lines(portal, "blank-upload").map(({ refusal }) => refusal)).toEqual([
      "no-file",
      "not-csv",
      "period-closed",
    ]);
    portal.clock.set(Date.parse("2026-11-03T09:00:00+08:00"));
    await upload(visitor, lineOf({ track: "ABC", begin: "1", end: "2" }));
    portal.clock.advance(60);
    const page = await (await visitor.get(`${BLANK}/uploads`)).text();
    expect(rows(page)).toEqual([[expect.any(String), expect.any(String), "處理失敗", "下載"]]);
    const name = /download\/([0-9a-f-]{36}\.csv)"/.exec(page)?.[1] ?? "";
    expect(await (await visitor.get(`${BLANK}/download/${name}`)).text()).toContain(`${BLANK}/file/${name}`);
    const details = await visitor.get(`${BLANK}/file/${name}`);
    expect(details.headers.get("Content-Disposition")).toContain("attachment");
    expect(await details.text()).toContain("空白字軌長度不得超過2碼");
    expect(said(await (await visitor.get(`${BLANK}/file/none.csv`)).text())).toEqual(["查無失敗明細"]);
  });

  it("adds one run by hand under the same rules, and deletes all that was ticked or nothing", async () => {
    const portal = await portalWith();
    const visitor = await visitorOf(portal);
    const run = { ban: shop.ban, period: ENDED, category: "07", ...(await unused(visitor)) };
    const save = async (cells: Record<string, string>): Promise<string> =>
      said(await (await visitor.post(`${BLANK}/save`, cells)).text()).join();
    expect(await save({ ...run, begin: "123" })).toBe("空白發票起號長度必為8碼");
    expect(await save(run)).toBe("新增成功");
    expect(await save(run)).toBe("發票區間跟其他資料重疊");
    const [id = ""] = ids(await listed(visitor));
    const remove = async (...chosen: string[]): Promise<string> => {
      const body = new URLSearchParams([["period", ENDED], ...chosen.map((one) => ["id", one])]);
      return said(await (await visitor.send(`${BLANK}/delete`, { method: "POST", body })).text()).join();
    };
    expect(await remove()).toBe("請勾選欲刪除之資料");
    expect(await remove(id, "BLK99999999")).toBe("資料已異動，請重新查詢");
    expect(ids(await listed(visitor))).toEqual([id]);
    expect(await remove(id)).toBe("刪除成功");
    expect(lines(portal, "blank-deleted").map(({ runs }) => runs.length)).toEqual([1]);
  });

  it("turns the pages of its lists", async () => {
    const runs = ["00000000", "00000050", "00000100"].map((begin) => ({
      period: "previous" as const,
      track: "ZZ",
      begin,
      end: String(Number(begin) + 9).padStart(8, "0"),
    }));
    const company = { ban: shop.ban, name: "晨光小舖有限公司", taxId: "351020001", blank: runs };
    const accounts = [{ id: shop.account, password: shop.password }];
    const portal = await portalWith({ blank: { rowsPerPage: 2 }, companies: [{ ...company, accounts }] });
    const visitor = await visitorOf(portal);
    const page = await (await visitor.post(`${BLANK}/list`, { period: ENDED, page: "2" })).text();
    expect(rows(page).map(([, , , , , begin]) => begin)).toEqual(["00000100"]);
    expect(page).toContain("每頁顯示 2 筆，總筆數: 3");
  });

  it.each([
    { fault: { name: "cut-submit", at: "upload", when: "before" }, effects: 0 },
    { fault: { name: "cut-submit", at: "upload", when: "after" }, effects: 1 },
    { fault: { name: "cut-submit", at: "add", when: "after" }, effects: 1 },
    { fault: { name: "cut-submit", at: "delete", when: "before" }, effects: 0 },
    { fault: { name: "error-500", when: "after", path: "/import" }, effects: 1 },
    { fault: { name: "someone-else-at-submit", at: "upload" }, effects: 2 },
  ] satisfies { fault: FaultInput; effects: number }[])(
    "obeys the order of $fault.name $fault.at $fault.when: $effects effects",
    async ({ fault, effects }) => {
      const portal = await portalWith();
      const visitor = await visitorOf(portal);
      const run = await unused(visitor);
      const at = "at" in fault ? fault.at : "upload";
      if (at === "delete")
        await visitor.post(`${BLANK}/save`, { ban: shop.ban, period: ENDED, category: "07", ...run });
      portal.order(fault);
      const deeds = {
        upload: () => upload(visitor, lineOf(run)),
        add: () => visitor.post(`${BLANK}/save`, { ban: shop.ban, period: ENDED, category: "07", ...run }),
        delete: () => visitor.post(`${BLANK}/delete`, { period: ENDED, id: "BLK00000001" }),
      };
      await deeds[at]().catch(() => "cut");
      const types = { upload: "blank-upload", add: "blank-added", delete: "blank-deleted" } as const;
      expect(lines(portal, types[at])).toHaveLength(effects);
    },
  );
});

describe("a person in a real browser", () => {
  it("uploads blank numbers, reads of the failure, corrects it by hand and deletes it again", async () => {
    const portal = await portalWith();
    const run = await unused(await visitorOf(portal));
    const browser = await launchBrowser();
    const dialogs: string[] = [];
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
      page.setDefaultTimeout(15_000);
      page.on("dialog", (dialog: Dialog) => {
        dialogs.push(`${dialog.type()}: ${dialog.message()}`);
        void dialog.accept();
      });
      await walk(portal, page, run);
      expect(dialogs).toEqual([
        "alert: 請選擇檔案上傳路徑",
        "confirm: 請確認是否上傳空白未使用發票檔？",
        "alert: 上傳成功，請至上傳列表確認處理結果",
        "alert: 新增成功",
        "alert: 請勾選欲刪除之資料",
        "confirm: 請確認是否刪除所選資料？",
        "alert: 刪除成功",
      ]);
      expect(lines(portal, "blank-download").map(({ what }) => what)).toEqual(["sample", "details"]);
      expect(lines(portal, "blank-deleted")).toHaveLength(1);
    } finally {
      await browser.close();
    }
  });
});

async function walk(
  portal: PracticePortal,
  page: Page,
  run: { track: string; begin: string; end: string },
): Promise<void> {
  const press = (text: string): Promise<void> =>
    page.locator("#content").getByRole("link", { name: text, exact: true }).first().click();
  const saved = async (): Promise<string> => {
    const popup = await page.waitForEvent("popup");
    const download = await popup.waitForEvent("download");
    const text = await readFile(await download.path(), "utf8");
    // Left open, the window is used again by the next download.
    await popup.close();
    return text;
  };
  await signInClassic(portal, page);
  for (const entry of ["電子發票專用字軌號碼取號", "電子發票上傳作業", "上傳空白未使用發票號碼"]) {
    await page.locator("#menu").getByRole("link", { name: entry, exact: true }).click();
  }
  await press("匯入字軌");
  const [sample] = await Promise.all([saved(), press("範例下載")]);
  expect(sample).toContain("統一編號");
  await press("上傳");
  await page
    .locator("#file")
    .setInputFiles({ name: "mine.csv", mimeType: "text/csv", buffer: Buffer.from("wrong\r\n") });
  await press("上傳");
  await page.waitForURL("**/import");
  portal.clock.advance(60);
  await press("返回");
  await press("上傳列表");
  await page.getByRole("cell", { name: "處理失敗" }).waitFor();
  const [details] = await Promise.all([saved(), press("下載")]);
  expect(details).toContain("wrong");
  await press("返回");
  await press("新增");
  await page.locator("#period").selectOption("115/09~115/10");
  for (const [field, value] of Object.entries(run)) await page.locator(`#${field}`).fill(value);
  await press("儲存");
  await page.waitForURL("**/save");
  await press("返回");
  await page.locator("#period").selectOption("115/09~115/10");
  await press("查詢");
  await page.getByRole("cell", { name: run.begin }).waitFor();
  await press("全選");
  await press("取消全選");
  await press("刪除");
  await press("全選");
  await press("刪除");
  await page.waitForURL("**/delete");
  await page.getByRole("heading", { name: "查詢" }).waitFor();
}
