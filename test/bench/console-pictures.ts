import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium, type Page } from "playwright";
import { type AskedDigits, askDigits, withdrawDigits } from "../../robot/engine/people/questions.ts";
import { findInPath } from "../../robot/setup/find-browser.mjs";
import { openOffice, TODAY } from "../support/kit/console.ts";
import { furnish } from "../support/kit/furnish.ts";
import { officeCompanies } from "../support/kit/office.ts";
import { drawCaptcha } from "../portal/model/captcha-picture.ts";

/**
 * Takes the pictures of every page of the console for docs/pictures/console: light and dark, wide and phone, with a made-up office.
 * `node test/bench/console-pictures.ts [--out folder] [--only name] [--companies 12] [--whole]`
 */
const { values } = parseArgs({
  options: {
    out: { type: "string", default: fileURLToPath(new URL("../../docs/pictures/console", import.meta.url)) },
    only: { type: "string" },
    companies: { type: "string", default: "12" },
    whole: { type: "boolean", default: false },
  },
});

const SIZES = { wide: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } } as const;
/** Smaller than this and the characters of a wide page can't be read; larger and the documents weigh too much. */
const QUALITY = 72;

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
  const runs = await furnish(office, TODAY, Number(values.companies) * 40);
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
      openFor: 5 * 60_000,
      mayAnswer: ["王會計"],
    });
    await page.goto(new URL(`/questions#${asked.id}`, office.console.url).href);
  };
  let asked: AskedDigits | null = null;
  const review = async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: "看要做什麼…" }).click();
    await page.getByRole("heading", { name: "會做的事" }).waitFor();
  };
  const address = async (page: Page): Promise<void> => {
    await page.getByLabel("平台網址").fill("https://proxy.example");
    await page.getByRole("button", { name: "存檔" }).first().click();
    await page.getByRole("heading", { name: "請先確認是您本人" }).waitFor();
  };
  /** Another manager saves a company while the page is open. */
  const outdated = async (page: Page): Promise<void> => {
    const [company] = office.config.companies;
    const fields = { before: company?.ubn ?? "", name: company?.name ?? "", ubn: company?.ubn ?? "", books: "7" };
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
        if (values.only !== undefined && name !== values.only) continue;
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
  if (values.only !== undefined && !name.startsWith(`${values.only}-`)) return;
  const image = await page.screenshot({ type: "jpeg", quality: QUALITY, fullPage: values.whole });
  await writeFile(join(values.out, `${name}.jpg`), image);
}
