import type { Page } from "playwright";
import type { PracticePortal } from "./portal.ts";
import { type Credentials, shop } from "./visitor.ts";

/** Opens the panel of the classic front page the way a person does, chooses 營業人, and waits for the captcha picture. */
export async function openClassicSignIn(portal: PracticePortal, page: Page): Promise<void> {
  await page.goto(`${portal.url}/index`);
  await page.locator("#loginBtn").click();
  await page.locator("#loginSelect").selectOption({ label: "營業人" });
  await page.locator("#checkPicIndex").focus();
  await page.waitForFunction(() => {
    const picture = document.querySelector("#randPicIndex");
    return picture instanceof HTMLImageElement && picture.naturalWidth > 1;
  });
}

/** Fills the panel and presses 登入, with the newest captcha's answer unless another is given. */
export async function submitClassicSignIn(
  portal: PracticePortal,
  page: Page,
  { ban, account, password }: Credentials,
  captcha = newestCaptcha(portal),
): Promise<void> {
  await page.locator("#l1_ban").fill(ban);
  await page.locator("#l1_userID").fill(account);
  await page.locator("#l1_password").fill(password);
  await page.locator("#checkPicIndex").fill(captcha);
  await page.locator("#button").click();
}

/** Signs in through the pages and waits for the page behind it. */
export async function signInClassic(portal: PracticePortal, page: Page, credentials = shop): Promise<void> {
  await openClassicSignIn(portal, page);
  await submitClassicSignIn(portal, page, credentials);
  await page.waitForURL("**/Main");
}

/** A visitor of the classic pages without a browser: a jar with one cookie. */
export class ClassicVisitor {
  private cookie = "";
  private readonly portal: PracticePortal;

  constructor(portal: PracticePortal) {
    this.portal = portal;
  }

  get(path: string): Promise<Response> {
    return this.send(path, {});
  }

  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
    return this.send(path, { method: "POST", body: new URLSearchParams(fields) });
  }

  /** One submit of the panel, with the right captcha unless another is given; answers what POST /Login answers. */
  async signInAttempt({ ban, account, password }: Credentials, captcha?: string): Promise<Response> {
    await (await this.get("/home/randNum")).arrayBuffer();
    const recaptchaValue = captcha ?? newestCaptcha(this.portal);
    return this.post("/Login", { userType: "B", ban, userID: account, password, recaptchaValue });
  }

  /** @throws when the portal refuses. */
  async signIn(credentials = shop): Promise<void> {
    const answer = await this.signInAttempt(credentials);
    if (answer.status !== 302) throw new Error(`the portal refused the sign-in: ${said(await answer.text()).join()}`);
  }

  take(request: { period: string; category?: string; books: number; extraBooks?: number }): Promise<Response> {
    const { period, category = "07", books, extraBooks = 0 } = request;
    const fields = { period, category, books: String(books), extraBooks: String(extraBooks) };
    return this.post("/APBTB/BTB004W/submit", fields);
  }

  async send(path: string, init: RequestInit): Promise<Response> {
    const headers = { Cookie: this.cookie };
    const answer = await fetch(this.portal.url + path, { ...init, headers, redirect: "manual" });
    this.cookie = /JSESSIONID=[^;]+/.exec(answer.headers.get("Set-Cookie") ?? "")?.[0] ?? this.cookie;
    return answer;
  }
}

/** What a page says with `alert()` as soon as it is shown. */
export function said(page: string): string[] {
  const texts = /data-says="([^"]*)"/.exec(page)?.[1]?.replaceAll("&quot;", '"') ?? "[]";
  return Array.from(texts.matchAll(/"([^"]+)"/g), ([, text]) => text ?? "");
}

function newestCaptcha(portal: PracticePortal): string {
  const served = portal.ledger().findLast((entry) => entry.type === "captcha-served");
  return (served?.type === "captcha-served" ? portal.captchaAnswer(served.token) : null) ?? "";
}
