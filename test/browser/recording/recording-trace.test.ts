import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import type { Recorder } from "../../../robot/recording/writing/recorder.ts";
import { verifyRun } from "../../../robot/recording/verification/verify.ts";
import { findBrowser } from "../../../robot/setup/find-browser.mjs";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { type Answer, serve, serveViewer } from "../../support/kit/record/trace-viewer.ts";
import { findCanary, htmlDecimal, unzip } from "../../support/recording/recording-canaries.ts";
import { eventsOf, record, temporaryRoot } from "../../support/recording/recording-support.ts";

/** One for each kind of secret, each with all the characters that encoders treat in their own ways. */
const canaries = {
  "portal password": `Pw"a&b+c%41<d>\\e'é🔑密 /f`,
  "barcode password": `Bc'é🔑密"&+%<\\x;y=z`,
  captcha: "c7Rq3X",
  "session token": `Tk.密"🔑&+%3D<é>\\'-_~`,
  "session cookie": `Ck-é%密🔑+&"<\\>'x`,
};

let browser: Browser;
beforeAll(async () => {
  const executablePath = quickBrowser() ?? findBrowser({ env: process.env })?.executablePath;
  if (executablePath === undefined) throw new Error("These tests need a Chrome, Edge or Chromium.");
  // Chromium's own sandbox does not work for root.
  const chromiumSandbox = process.getuid?.() !== 0;
  browser = await chromium.launch({ executablePath, chromiumSandbox, args: ["--disable-background-networking"] });
});
afterAll(() => browser.close());

const html = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A site that does with secrets what sites do: it echoes them, in every form, wherever it can. */
function leakySite(request: IncomingMessage, body: string): Answer {
  const password = canaries["portal password"];
  const token = canaries["session token"];
  const cookie = canaries["session cookie"];
  if (request.url === "/json") {
    const { captcha, "barcode password": barcode } = canaries;
    return {
      type: "application/json",
      body: JSON.stringify({ token, barcode, captcha, inner: JSON.stringify({ token, body }) }),
    };
  }
  const cookies = [
    `sid=${encodeURIComponent(cookie)}; Path=/`,
    `raw=${Buffer.from(cookie).toString("latin1")}; Path=/`,
  ];
  return {
    type: "text/html; charset=utf-8",
    headers: { "set-cookie": cookies },
    body: `<!doctype html><title>${html(body)} 登入</title>
      <style>.masked { -webkit-text-security: disc }</style>
      <form id="form" method="post" action="/form">
        <input id="password" name="password" class="masked">
        <input id="barcode" name="barcode" type="password">
        <input id="captcha" name="captcha">
        <input type="hidden" name="csrf" value="${html(token)}">
        <button>登入</button>
      </form>
      <p title="${html(password)}">${request.method === "POST" ? htmlDecimal(password) : ""}</p>
      <a href="/?p=${encodeURIComponent(password)}&amp;q=${new URLSearchParams({ c: cookie }).toString()}">again</a>
      <pre>${html(Buffer.from(`user:${password}`).toString("base64"))}</pre>
      <script>sessionStorage.setItem("token", ${JSON.stringify(token).replaceAll("<", "\\u003c")})</script>`,
  };
}

/** Signs in at the leaky site with tracing on, as careless as it can be done, and records all that was seen. */
async function visitLeakySite(recorder: Recorder, zip: string): Promise<string | null> {
  const address = await serve(leakySite);
  const context = await browser.newContext();
  await context.tracing.start({ snapshots: true, screenshots: false, sources: false });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(address);
  await typeText(page, "#password", canaries["portal password"]);
  await page.locator("#barcode").fill(canaries["barcode password"]);
  await typeText(page, "#captcha", canaries.captcha);
  const answer = await page.evaluate(async (password) => {
    const token = sessionStorage.getItem("token") ?? "";
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${encodeURIComponent(token)}`,
      "x-token": encodeURIComponent(token),
      "x-state": encodeURIComponent(JSON.stringify({ password })),
    };
    const body = JSON.stringify({ password, captcha: document.querySelector("input")?.value });
    const response = await fetch("/json", { method: "POST", headers, body });
    console.log("signed in with", password, { token });
    return response.text();
  }, canaries["portal password"]);
  const error: unknown = await page
    .getByText(canaries["portal password"], { exact: true })
    .nth(7)
    .click({ timeout: 50 })
    .catch((error: unknown) => error);
  await page.getByRole("button", { name: "登入" }).click();
  await page.waitForURL("**/form");
  await page.getByText("again").click();
  const picture = await page.screenshot({ type: "jpeg", quality: 50, mask: [page.locator("p, pre")] });
  await recorder.event("seen", { answer, error: String(error), url: page.url(), html: await page.content() });
  await recorder.picture(`at ${await page.title()}`, picture, { url: page.url() });
  await context.tracing.stop({ path: zip });
  await context.close();
  return recorder.trace("visit-1", zip);
}

async function typeText(page: Page, field: string, text: string): Promise<void> {
  await page.locator(field).click();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.insertText", { text });
  await session.detach();
}

/** How often each canary is found in a folder, and where. */
async function findAll(folder: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(canaries)) found[name] = await findCanary(folder, value);
  return found;
}

const nowhere = Object.fromEntries(Object.keys(canaries).map((name) => [name, []]));

describe("secrets of a real visit", () => {
  test("are in no event, picture, trace or name of the record, in no encoding", async () => {
    const root = temporaryRoot();
    const redactor = new Redactor();
    for (const [name, value] of Object.entries(canaries)) redactor.enrol(value, name);
    const recorder = await record(root, redactor);
    const kept = await visitLeakySite(recorder, join(root, "raw.zip"));
    expect(kept).toBe("traces/visit-1.zip");
    await recorder.end({ outcome: "done" });
    // The whole disk area: the run, and whatever was put beside it on the way.
    expect(await findAll(root)).toEqual(nowhere);
    expect(eventsOf(recorder.folder).at(-2)).toMatchObject({ type: "leak-scan", data: { leaks: [], unreadable: [] } });
    expect(await verifyRun(recorder.folder)).toMatchObject({ verdict: "intact", quarantined: false });
    const members = await unzip(readFileSync(join(recorder.folder, "traces/visit-1.zip")));
    expect(members.filter(({ name }) => name.endsWith("/"))).toEqual([]);
    expect(Buffer.concat(members.map(({ bytes }) => bytes)).toString()).toContain("[secret:session token]");
  });

  test("are all found by the same search when redaction is switched off", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await visitLeakySite(recorder, join(root, "raw.zip"));
    await recorder.end({ outcome: "done" });
    const found = await findAll(recorder.folder);
    const places = Object.values(found).map((hits) => ({
      events: hits.some((hit) => hit.includes("events.jsonl")),
      trace: hits.some((hit) => hit.includes("visit-1.zip!")),
    }));
    expect(places).toEqual(Object.keys(canaries).map(() => ({ events: true, trace: true })));
  });

  test("that nobody had told the redactor of are not in headers, cookies, bodies and password fields", async () => {
    const root = temporaryRoot();
    const recorder = await record(root);
    await visitLeakySite(recorder, join(root, "raw.zip"));
    await recorder.suspend();
    const members = await unzip(readFileSync(join(recorder.folder, "traces/visit-1.zip")));
    const log = members.filter(({ name }) => name.endsWith(".network")).map(({ bytes }) => bytes.toString());
    expect(log.join("")).toContain('"name":"Cookie","value":"[removed]"');
    const listed = log.join("").match(/"cookies":\[\{.*?\],"headers"/g) ?? [];
    expect(listed.length).toBeGreaterThan(2);
    expect(listed.join("").replaceAll('"value":"[removed]"', "")).not.toContain('"value"');
    expect(log.join("")).toMatch(/"name":"authorization","value":"\[removed\]"/i);
    expect(log.join("")).not.toContain("postData");
    const snapshots = members.filter(({ name }) => name.endsWith(".trace")).map(({ bytes }) => bytes.toString());
    const fields = snapshots.join("").match(/\["INPUT",\{[^}]*"type":"(?:password|hidden)"[^}]*\}/g) ?? [];
    const values = fields.flatMap((field) => field.match(/"(?:value|__playwright_value_)":"[^"]*"/g) ?? []);
    expect(values.length).toBeGreaterThan(4);
    expect(values.filter((value) => !/:"(?:\[removed\])?"$/.test(value))).toEqual([]);
  });
});

test("a scrubbed trace opens in Playwright's viewer with its actions, snapshots and requests", async () => {
  const root = temporaryRoot();
  const redactor = new Redactor();
  for (const [name, value] of Object.entries(canaries)) redactor.enrol(value, name);
  const recorder = await record(root, redactor);
  await visitLeakySite(recorder, join(root, "raw.zip"));
  await recorder.suspend();
  const address = await serveViewer(readFileSync(join(recorder.folder, "traces/visit-1.zip")));
  const page = await browser.newPage();
  await page.goto(`${address}/index.html?trace=${address}/trace.zip`);
  await page.getByRole("treeitem", { name: "Get content" }).waitFor();
  const actions = await page.getByRole("treeitem").allInnerTexts();
  const titles = actions.map((action) => action.split("\n")[0]);
  expect(titles.filter((title) => title === "Click")).toHaveLength(5);
  expect(titles).toEqual(expect.arrayContaining(["Navigate", 'Fill "[secret:barcode password]"', "Screenshot"]));
  await page.getByRole("treeitem", { name: "#captcha" }).click();
  const snapshot = page.locator("iframe").filter({ visible: true }).contentFrame();
  await snapshot.getByRole("button", { name: "登入" }).waitFor();
  expect(await snapshot.locator("#password").inputValue()).toBe("[secret:portal password]");
  expect(await snapshot.locator("#barcode").inputValue()).toBe("[removed]");
  await page.getByRole("tab", { name: "Network" }).click();
  await page.getByRole("tabpanel", { name: "Network" }).getByText("json").first().waitFor();
});
