import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { approvalQuestion } from "../../robot/engine/effects/approval.ts";
import type { Question } from "../../robot/engine/flow.ts";
import { type AskedDigits, askDigits, askPerson, withdrawDigits } from "../../robot/engine/people/questions.ts";
import { findInPath } from "../../robot/setup/find-browser.mjs";
import { openOffice, TODAY } from "../support/kit/console/console.ts";
import { seedConsole } from "../support/kit/console/seed-console.ts";
import { officeCompanies } from "../support/kit/console/office.ts";
import { drawCaptcha } from "../portal/model/captcha-picture.ts";

/**
 * Takes the pictures of every page of the console for docs/pictures/console: light and dark, wide and phone, with a made-up office.
 * `node test/bench/console-pictures.ts [--out folder] [--only name,name] [--companies 12] [--whole]`
 */
const { values } = parseArgs({
  options: {
    out: { type: "string", default: fileURLToPath(new URL("../../docs/pictures/console", import.meta.url)) },
    only: { type: "string" },
    companies: { type: "string", default: "12" },
    whole: { type: "boolean", default: false },
  },
});

/** Names of the pages that are wanted; null for all. */
const only = values.only?.split(",") ?? null;
const SIZES = { wide: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } } as const;
/** Smaller than this and the characters of a wide page can't be read; larger and the documents weigh too much. */
const QUALITY = 72;

const APPROVAL = approvalQuestion("匯入字軌", {
  digest: "3f9a61c27be4d05893aa1c4b7d2e6f10".repeat(2),
  address: "https://portal.test",
  effect: "upload-blank-numbers",
  fields: { 字軌期別: "11510", 檔案上傳路徑: "空白號碼-12345675-11510.csv", "檔案 SHA-256": "b0c4".repeat(16) },
  others: [],
  file: "b0c4".repeat(16),
  odd: [
    {
      zh: "明細最後一張發票是 2026-10-05，離期末（2026-10-31）還有 26 天。請確認之後真的沒有開發票，明細不是太早匯出的。",
      en: "",
    },
    {
      zh: "空白 188 號，比平常的 42 號多很多（115年07-08月 42／250 號、115年05-06月 40／250 號）。請確認明細沒有漏掉一段。",
      en: "",
    },
  ],
  shown: [
    {
      title: "要上傳的空白號碼，2 段",
      lines: ["12345675　AB 00000062-00000199（138 號）", "12345675　AC 00000000-00000049（50 號）"],
    },
    { title: "號碼數", lines: ["配號 250 號，使用 62 號，空白 188 號"] },
    {
      title: "明細讀到什麼",
      lines: [
        "發票明細.csv：發票明細，UTF-8，64 列",
        "欄位：發票號碼＝發票號碼、日期＝發票日期、狀態＝狀態",
        "開立 60 列",
        "作廢 2 列",
        "標題 1 列",
      ],
    },
  ],
  picture: null,
});

const COLUMNS = ["單子", "那天", "怎樣", "誰"].map((name) => ({ value: name, label: name }));
const LEDGER: Question = {
  topic: "ledger-columns",
  text: "哪一欄是發票號碼？日期？狀態？賣方？",
  choices: { teach: "就這樣讀，以後這種明細也照這樣", refuse: "不確定，先不要做" },
  form: {
    answer: "teach",
    fields: [
      { kind: "choice", id: "number", label: { zh: "發票號碼", en: "" }, options: COLUMNS },
      { kind: "choice", id: "date", label: { zh: "日期", en: "" }, options: COLUMNS },
      { kind: "choice", id: "status", label: { zh: "狀態", en: "" }, options: COLUMNS },
      { kind: "choice", id: "seller", label: { zh: "賣方", en: "" }, options: COLUMNS },
    ],
  },
  context: {
    ledger: {
      file: "九十月.csv",
      lines: ["九十月.csv：認不出的明細格式，UTF-8，31 列"],
      rows: [
        { line: 1, cells: ["單子", "那天", "怎樣", "誰"] },
        { line: 2, cells: ["AB00000000", "2026/09/01", "已結案", "12345675"] },
        { line: 3, cells: ["AB00000001", "2026/09/02", "開立", "12345675"] },
      ],
    },
  },
};

const office = await openOffice(officeCompanies(Number(values.companies)), {
  mailbox: { host: "imap.example.com", user: "invoice@example.com" },
  schedules: [
    { name: "每夜下載", flow: "download-tracks", companies: "all", cron: "0 2 * * *", input: { period: "next" } },
    {
      name: "核對空白號碼",
      flow: "verify-blank-numbers",
      companies: "all",
      cron: "30 6 8 1,3,5,7,9,11 *",
      input: { period: "previous" },
    },
  ],
});
const browser = await chromium.launch({
  executablePath: findInPath("chromium", process.env) ?? "/usr/bin/chromium",
  chromiumSandbox: process.getuid?.() !== 0,
});
try {
  const runs = await seedConsole(office, TODAY, Number(values.companies) * 40);
  const { store } = office.assembled;
  /** Somebody is asked for digits; the picture is taken while they are. */
  const captcha = async (page: Page): Promise<void> => {
    const picture = drawCaptcha("40517", () => 0.4);
    const question = {
      text: "請在期限內輸入圖中的五個數字。登入頁正開著等您。",
      choices: { another: "看不清楚，換一張" },
      picture,
    };
    asked = await askDigits(store, runs.running, "圖形驗證碼", question, {
      timeout: 5 * 60_000,
      answerers: ["王會計"],
    });
    await page.goto(new URL(`/questions#${asked.id}`, office.console.url).href);
  };
  let asked: AskedDigits | null = null;
  /** Somebody is asked to agree to an upload, or what a ledger means; the picture is taken of that question. */
  const question =
    (name: string, about: Question) =>
    async (page: Page): Promise<void> => {
      const { id } = await askPerson(store, runs.running, name, about, { timeout: 3 * 86_400_000, answerers: [] });
      await page.goto(new URL(`/questions#${id}`, office.console.url).href);
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
    };
  const review = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: "看要做什麼…" }).click();
    await page.getByRole("heading", { name: "會做的事" }).waitFor();
  };
  const address = async (page: Page): Promise<void> => {
    await page.getByLabel("平台網址").fill("https://proxy.example");
    await page.getByRole("button", { name: "存檔" }).first().click();
    await page.getByRole("heading", { name: "請先確認是您本人" }).waitFor();
  };
  let saved = 6;
  /** Another manager saves a company while the page is open, otherwise each time. */
  const outdated = async (page: Page): Promise<void> => {
    const [company] = office.config.companies;
    const fields = {
      before: company?.ubn ?? "",
      name: company?.name ?? "",
      ubn: company?.ubn ?? "",
      books: String(++saved),
    };
    const other = await office.visitor("manage");
    const version = /name="version" value="([^"]*)"/.exec((await other.get("/settings/company")).text)?.[1] ?? "";
    await other.post("/settings/company", { ...fields, version });
    await page.getByRole("button", { name: "存檔" }).first().click();
    await page.getByRole("heading", { name: "設定剛被別人改過" }).waitFor();
  };
  const pages: readonly (readonly [name: string, path: string, then?: (page: Page) => Promise<void>])[] = [
    ["overview", "/"],
    ["runs", "/runs"],
    ["run", `/runs/${runs.broken}`],
    ["live", `/runs/${runs.running}`],
    ["compare", `/runs/${runs.broken}/compare`],
    ["questions", "/questions"],
    ["captcha", "/", captcha],
    ["approval", "/", question("匯入字軌：請人同意 1", APPROVAL)],
    ["ledger", "/", question("讀懂發票明細 1", LEDGER)],
    ["start", `/start?flow=upload-blank-numbers&company=${office.config.companies[3]?.ubn ?? ""}`],
    ["start-carrier", `/start?flow=bind-carrier&company=${office.config.companies[3]?.ubn ?? ""}`],
    ["review", `/start?flow=take-tracks&company=${office.config.companies[3]?.ubn ?? ""}`, review],
    ["settings-companies", "/settings"],
    ["settings-schedules", "/settings/schedules"],
    ["settings-portal", "/settings/portal"],
    ["settings-address", "/settings/portal", address],
    ["settings-outdated", "/settings/portal", outdated],
    ["settings-secrets", "/settings/secrets"],
    ["settings-people", "/settings/people"],
    ["settings-sessions", "/settings/sessions"],
    ["settings-audit", "/settings/audit"],
  ];
  await mkdir(values.out, { recursive: true });
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ viewport, colorScheme, locale: "zh-TW", timezoneId: "Asia/Taipei" });
      const page = await context.newPage();
      const take = (name: string): Promise<void> => picture(page, `${name}-${size}-${colorScheme}`);
      await page.goto(await office.console.link("王會計"));
      await take("link");
      await page.getByRole("button", { name: "進入主控台" }).click();
      for (const [name, path, then] of pages) {
        if (only !== null && !only.includes(name)) continue;
        await page.goto(new URL(path, office.console.url).href);
        await then?.(page);
        // Live pages keep a connection open, so what is waited for are the pictures that can be seen.
        await page.waitForFunction(() =>
          Array.from(document.images).every(
            (image) => image.complete || image.offsetParent === null || image.getBoundingClientRect().top > innerHeight,
          ),
        );
        await take(name);
        if (asked !== null) await withdrawDigits(store, asked);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await office.close();
}

async function picture(page: Page, name: string): Promise<void> {
  if (only !== null && !only.some((one) => name.startsWith(`${one}-`))) return;
  const image = await page.screenshot({ type: "jpeg", quality: QUALITY, fullPage: values.whole });
  await writeFile(join(values.out, `${name}.jpg`), image);
}
