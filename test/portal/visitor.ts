import { type Browser, chromium, type LaunchOptions, type Page } from "playwright";
import type { PracticePortal } from "./portal.ts";

/** A Chromium of this machine: the one without a window, which starts quickest, Chrome, Edge, the system's or Playwright's own. */
export async function launchBrowser(): Promise<Browser> {
  const places: LaunchOptions[] = [
    { executablePath: "/usr/bin/chromium-headless-shell" },
    { channel: "chrome" },
    { channel: "msedge" },
    { executablePath: "/usr/bin/chromium" },
    {},
  ];
  const args = ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  let failure: unknown;
  for (const place of places) {
    try {
      return await chromium.launch({ ...place, args });
    } catch (error) {
      failure = error;
    }
  }
  throw new Error("no Chrome, Edge or Chromium was found on this machine", { cause: failure });
}

export interface Credentials {
  readonly ban: string;
  readonly account: string;
  readonly password: string;
}

/** The first practice company's administrator. */
export const shop: Credentials = { ban: "12345675", account: "12345675", password: "Practice-1234" };

/** Opens the business tab of the sign-in page the way a person does, and waits for the captcha picture. */
export async function openSignIn(portal: PracticePortal, page: Page): Promise<void> {
  await page.goto(`${portal.url}/accounts/login`);
  await page.locator('a[href^="/accounts/login/b"]').click();
  await captchaShown(page);
}

/** Waits until the captcha picture has taken the placeholder's place. */
export async function captchaShown(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const picture = document.querySelector(".code_num img");
    return picture instanceof HTMLImageElement && picture.naturalWidth > 1;
  });
}

/** Fills the form and presses 登入, with the newest captcha's answer unless another is given. */
export async function submitSignIn(
  portal: PracticePortal,
  page: Page,
  { ban, account, password }: Credentials,
  captcha?: string,
): Promise<void> {
  const served = portal.ledger().findLast((entry) => entry.type === "captcha-served");
  const answer = captcha ?? (served?.type === "captcha-served" ? portal.captchaAnswer(served.token) : null);
  await page.locator("#ban").fill(ban);
  await page.locator("#user_id").fill(account);
  await page.locator("#user_password").fill(password);
  await page.locator("#captcha").fill(answer ?? "");
  await page.locator("#submitBtn").click();
}

/** Signs in through the pages and waits for the landing page. */
export async function signIn(portal: PracticePortal, page: Page, credentials = shop): Promise<void> {
  await openSignIn(portal, page);
  await submitSignIn(portal, page, credentials);
  await page.getByRole("table", { name: "待辦事項列表" }).waitFor();
}

/** A caller of the portal's APIs, signed in without a browser. */
export interface ApiVisitor {
  post(path: string, json: unknown): Promise<Response>;
  get(path: string): Promise<Response>;
  take(request: { period: string; category?: string; books: number; extraBooks?: number }): Promise<Response>;
  /** 匯入字軌 with a file of blank numbers; without `file` none is chosen. */
  uploadBlanks(request: { period: string; file?: string | Uint8Array<ArrayBuffer>; name?: string }): Promise<Response>;
}

/** Signs in through the APIs alone. @throws when the portal refuses. */
export async function signInByApi(portal: PracticePortal, credentials = shop): Promise<ApiVisitor> {
  const answer = await signInAttempt(portal, credentials);
  const told: unknown = await answer.json();
  const code = /code=([\w-]+)/.exec(JSON.stringify(told))?.[1];
  if (!answer.ok || code === undefined) throw new Error(`the portal refused the sign-in: ${JSON.stringify(told)}`);
  const redeemed = await send(portal, "/act/login/api/client/token", { code });
  const token = /"token":"([^"]+)"/.exec(await redeemed.text())?.[1] ?? "";
  const post = (path: string, json: unknown): Promise<Response> => send(portal, path, json, token);
  const headers = { Authorization: `Bearer ${token}` };
  return {
    post,
    get: (path) => fetch(`${portal.url}${path}`, { headers }),
    take: (request) => post("/btb/api/btb004w/apply", { category: "07", extraBooks: 0, ...request }),
    uploadBlanks: ({ period, file, name = "blank.csv" }) => {
      const body = new FormData();
      body.set("period", period);
      if (file !== undefined) body.set("file", new File([file], name));
      return fetch(`${portal.url}/btb/api/blank/upload`, { method: "POST", headers, body });
    },
  };
}

/** One submit of the sign-in form; the captcha is answered rightly unless told otherwise. */
export async function signInAttempt(
  portal: PracticePortal,
  { ban, account, password }: Credentials,
  captcha?: { token: string; answer: string },
): Promise<Response> {
  const served = captcha ?? (await freshCaptcha(portal));
  const challenge = await (await fetch(`${portal.url}/act/login/api/act002i/challenge`)).text();
  return send(portal, "/act/login/api/client/doLogin", {
    loginType: "U",
    userType: "B",
    loginChallenge: /"loginChallenge":"([^"]+)"/.exec(challenge)?.[1] ?? "",
    ban,
    customId: account,
    password,
    captchaToken: served.token,
    captcha: served.answer,
  });
}

/** Asks for a captcha and looks up its answer. */
export async function freshCaptcha(portal: PracticePortal): Promise<{ token: string; answer: string; image: string }> {
  const text = await (await fetch(`${portal.url}/act/login/api/act002i/captcha`)).text();
  const token = /"token":"([^"]+)"/.exec(text)?.[1] ?? "";
  const image = /"image":"([^"]+)"/.exec(text)?.[1] ?? "";
  return { token, image, answer: portal.captchaAnswer(token) ?? "" };
}

function send(portal: PracticePortal, path: string, json: unknown, token?: string): Promise<Response> {
  return fetch(`${portal.url}${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(json),
  });
}
