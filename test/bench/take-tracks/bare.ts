import type { Page } from "playwright";
import type { Credentials } from "../../portal/visitor.ts";

/** 取號 as somebody would script it who knows the practice portal and checks nothing. */
export interface Job {
  readonly address: string;
  readonly credentials: Credentials;
  /** What is on a captcha. */
  readonly told: (picture: Uint8Array) => Promise<string>;
  /** As a code, `11512`. */
  readonly period: string;
  readonly books: number;
}

type Script = (page: Page, job: Job) => Promise<void>;

async function current(page: Page, { address, credentials, told, period, books }: Job): Promise<void> {
  await page.goto(`${address}/accounts/login`);
  await page.locator('a[href^="/accounts/login/b"]').click();
  const captcha = page.locator(".code_num img");
  await page.waitForFunction(() => {
    const picture = document.querySelector(".code_num img");
    return picture instanceof HTMLImageElement && picture.naturalWidth > 1;
  });
  await page.locator("#ban").fill(credentials.ban);
  await page.locator("#user_id").fill(credentials.account);
  await page.locator("#user_password").fill(credentials.password);
  await page.locator("#captcha").fill(await told(await bytesOf(page, (await captcha.getAttribute("src")) ?? "")));
  await page.locator("#submitBtn").click();
  await page.getByRole("table", { name: "待辦事項列表" }).waitFor();

  await page.goto(`${address}/dashboard/btb/btb004w/search`);
  await page.getByRole("tab", { name: "＋取號" }).click();
  await page.locator("#period").selectOption(period);
  await page.locator("#category").selectOption("07");
  await page.locator("p.quota").waitFor();
  await page.locator("#books").fill(String(books));
  await page.getByRole("button", { name: "提交取號" }).click();
  await page.getByRole("button", { name: "確認" }).click();
  await page.getByText("提交取號成功").first().waitFor();

  await page.getByRole("tab", { name: "查詢" }).click();
  await page.locator("#period_from").selectOption(period);
  await page.locator("#period_to").selectOption(period);
  await page.getByRole("button", { name: "查詢" }).click();
  await page.locator("table.list tbody input[type=checkbox]").check();
  const arrived = page.waitForEvent("download");
  await page.locator(".card-head").getByRole("button", { name: "下載" }).click();
  await page.getByRole("button", { name: "是", exact: true }).click();
  await (await arrived).path();
  await page.getByRole("button", { name: "登出" }).click();
}

async function classic(page: Page, { address, credentials, told, period, books }: Job): Promise<void> {
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto(`${address}/index`);
  await page.locator("#loginBtn").click();
  await page.locator("#loginSelect").selectOption({ label: "營業人" });
  const sent = page.waitForResponse(/randNum/);
  await page.locator("#checkPicIndex").focus();
  const picture = await (await sent).body();
  await page.locator("#l1_ban").fill(credentials.ban);
  await page.locator("#l1_userID").fill(credentials.account);
  await page.locator("#l1_password").fill(credentials.password);
  await page.locator("#checkPicIndex").fill(await told(picture));
  await page.locator("#button").click();
  await page.waitForURL("**/Main");

  await page.goto(`${address}/APBTB/BTB004W`);
  await page.locator('a[href$="/take"]').click();
  await page.locator("#period").selectOption(period);
  await page.locator("#category").selectOption("07");
  await page.getByText("可取用本數").waitFor();
  await page.locator("#books").fill(String(books));
  await page.locator("#extraBooks").fill("0");
  await page.getByRole("link", { name: "提交取號" }).click();
  await page.waitForURL("**/submit");

  await page.goto(`${address}/APBTB/BTB004W`);
  await page.locator("#yearTo").selectOption(period.slice(0, 3));
  await page.locator("#monthsTo").selectOption({ index: Number(period.slice(3)) / 2 - 1 });
  await page.getByRole("link", { name: "查詢", exact: true }).click();
  await page.locator("table.list td input[type=checkbox]").first().check();
  const popup = page.waitForEvent("popup");
  await page.getByRole("link", { name: "下載", exact: true }).click();
  const window = await popup;
  const download = await window.waitForEvent("download");
  await download.path();
  await page.getByRole("link", { name: "登出" }).click();
}

/** Of a picture whose source is its own data. */
async function bytesOf(page: Page, source: string): Promise<Uint8Array> {
  const bytes = await page.evaluate(
    async (address) => [...new Uint8Array(await (await fetch(address)).arrayBuffer())],
    source,
  );
  return Uint8Array.from(bytes);
}

export const SCRIPTS: { readonly current: Script; readonly classic: Script } = { current, classic };
