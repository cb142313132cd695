import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { BrowserContext, Page } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { allowOnly } from "../../../robot/browser/allow-list.ts";
import { sendOnce } from "../../../robot/browser/send-once.ts";
import { closeAnnouncements } from "../../../selectors/dom/overlays/announcements.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { downloadFile } from "../../../selectors/dom/network/download.ts";
import { type CallbackError, guarded, takeCallbackError } from "../../../selectors/dom/guard.ts";
import { askMainFrame } from "../../../selectors/dom/reading/ask-page.ts";
import { PageError } from "../../../selectors/dom/page-error.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { portOf } from "../../support/servers/port.ts";

let server: Server;
let address: string;
/** How the file comes: all at once, in small pieces, or a piece and then nothing. */
let manner: "whole" | "slow" | "stalls" = "whole";
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== "/file.csv") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end('<title>p</title><body><a href="/file.csv" download>下載</a><button id="b">送出</button></body>');
      return;
    }
    response.setHeader("content-disposition", "attachment; filename=file.csv");
    response.setHeader("content-type", "text/csv");
    if (manner === "whole") return void response.end("a,b\n");
    response.write("x".repeat(100_000));
    if (manner === "stalls") return;
    let pieces = 0;
    const timer = setInterval(() => {
      response.write("y".repeat(100_000));
      if (++pieces < 12) return;
      clearInterval(timer);
      response.end();
    }, 400);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${portOf(server)}/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let context: BrowserContext;
let page: Page;
beforeEach(async () => {
  const opened = await keptBrowser({ headless: true, executable: quickBrowser() }).newContext();
  onTestFinished(() => opened.close());
  ({ context } = opened);
  page = await context.newPage();
});

/** What comes to nobody during a test: it would have ended the process. */
const uncaught: unknown[] = [];
const keep = (error: unknown): void => void uncaught.push(error);
beforeAll(() => {
  process.on("unhandledRejection", keep);
  process.on("uncaughtException", keep);
});
afterAll(() => {
  process.off("unhandledRejection", keep);
  process.off("uncaughtException", keep);
});

async function noted(): Promise<CallbackError> {
  await expect.poll(() => (last = takeCallbackError(context) ?? last), { timeout: 10_000 }).not.toBeNull();
  if (last === null) throw new Error("unreachable");
  const found = last;
  last = null;
  return found;
}
let last: CallbackError | null = null;

const thrower = (): never => {
  throw new Error("planted");
};

describe("an exception in a callback that the browser calls is noted for the run and does not end the process", () => {
  test.each(["request", "response", "requestfinished", "console", "load"] as const)(
    "a listener to %s",
    async (event) => {
      const callback = guarded(page, event, thrower);
      if (event === "request") page.on("request", callback);
      if (event === "response") page.on("response", callback);
      if (event === "requestfinished") page.on("requestfinished", callback);
      if (event === "console") page.on("console", callback);
      if (event === "load") page.on("load", callback);
      await page.goto(address);
      await page.evaluate(() => console.log("x"));
      expect((await noted()).message).toContain("planted");
      expect(uncaught).toEqual([]);
    },
  );

  test("dialogs, windows, downloads, routes, bindings, and what is thrown later", async () => {
    const late = guarded(page, "late", async () => {
      await Promise.resolve();
      thrower();
    });
    page.once("dialog", async (dialog) => {
      await dialog.dismiss();
      await late();
    });
    await page.goto(address);
    await page.evaluate(() => alert("x"));
    expect((await noted()).what).toBe("late");
    context.on("page", guarded(context, "window", thrower));
    await page.evaluate(() => void window.open("about:blank"));
    expect((await noted()).what).toBe("window");
    await page.exposeFunction("planted", guarded(page, "binding", thrower));
    await page.evaluate(() => Reflect.get(window, "planted")());
    expect((await noted()).what).toBe("binding");
    page.on("download", guarded(page, "download", thrower));
    await page.getByRole("link", { name: "下載" }).click();
    expect((await noted()).what).toBe("download");
    expect(uncaught).toEqual([]);
  });

  test("the listener to blocked hosts: the request stays blocked", async () => {
    await allowOnly(context, { hosts: ["127.0.0.1"] }, thrower);
    await page.goto(address);
    const blocked = await page.evaluate(() =>
      fetch("http://blocked.invalid/").then(
        () => "went out",
        () => "blocked",
      ),
    );
    expect(blocked).toBe("blocked");
    expect((await noted()).message).toContain("planted");
  });

  test("an announcement whose button can't be pressed", async () => {
    await page.setContent(
      '<button id="b">送出</button><div role="dialog" style="position:fixed;inset:0;background:#fff">公告 <span class="close" style="display:none"></span><button>關閉</button><button>關閉</button></div>',
    );
    await closeAnnouncements(page);
    await page
      .locator("#b")
      .click({ timeout: 4_000 })
      .catch(() => undefined);
    // Pressing 關閉 does nothing there: what lies below is not reached, and nothing of it ends the process.
    expect(await page.getByRole("dialog").isVisible()).toBe(true);
    expect(uncaught).toEqual([]);
  });

  test("a request of which a page knows too much", async () => {
    await page.goto(address);
    const result = await sendOnce(page, "http1", () =>
      page.evaluate(() => fetch("/", { method: "POST", body: "x" }).then(({ status }) => status)),
    );
    expect(result).toBe(200);
    expect(uncaught).toEqual([]);
  });
});

describe("a download", () => {
  const press = async (): Promise<void> => page.getByRole("link", { name: "下載" }).click();

  test("that begins and stalls is cancelled, retriable and holds nothing", async () => {
    manner = "stalls";
    await page.goto(address);
    const error: unknown = await downloadFile({ page, dialogs: monitorDialogs(page) }, "字軌檔", press, 1_500).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PageError);
    expect(error).toMatchObject({ state: "download-broken", seen: expect.stringContaining("沒有再收到東西") });
    manner = "whole";
    expect((await downloadFile({ page, dialogs: monitorDialogs(page) }, "字軌檔", press)).bytes.length).toBe(4);
  });

  test("that is slow but goes on is waited for", async () => {
    manner = "slow";
    await page.goto(address);
    const { bytes } = await downloadFile({ page, dialogs: monitorDialogs(page) }, "字軌檔", press, 1_500);
    expect(bytes.length).toBe(1_300_000);
  });
});

test("a page whose script never ends is slow, not waited for for ever, and can be left", async () => {
  await page.goto(address);
  expect(await askMainFrame(page, "1 + 1")).toBe(2);
  await page.evaluate(
    () =>
      void setTimeout(() => {
        for (;;);
      }, 50),
  );
  await page.waitForTimeout(200);
  const began = performance.now();
  await expect(askMainFrame(page, "1 + 1", 1_000)).rejects.toMatchObject({ state: "portal-slow" });
  await context.close();
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(uncaught).toEqual([]);
});
