import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { allowOnly } from "../../../robot/browser/allow-list.ts";
import { barrierAround, BROWSER_ARGS } from "../../../robot/browser/launch.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";

/**
 * Which names a page makes the browser look up, or connect to, as the browser's own log of the network has it: a name that is looked up is told to
 * whoever answers for it, though nothing is ever sent to it.
 */

const netLog = z.object({
  constants: z.object({ logEventTypes: z.record(z.string(), z.number()) }),
  events: z.array(z.object({ type: z.number(), params: z.json().optional() })),
});

/** Ways to a name, each with one of its own. */
const WAYS = [
  "dns-prefetch",
  "preconnect",
  "link",
  "fetch",
  "speculation",
  "prerender",
  "worker-socket",
  "shared",
] as const;

/** Runs in the page. */
function tryNames(): void {
  const add = (tag: string, about: Record<string, string>): void => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(about)) element.setAttribute(name, value);
    document.head.append(element);
  };
  add("meta", { "http-equiv": "x-dns-prefetch-control", content: "on" });
  add("link", { rel: "dns-prefetch", href: "//dns-prefetch.test" });
  add("link", { rel: "preconnect", href: "http://preconnect.test" });
  add("a", { href: "http://link.test/" });
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({
    prefetch: [{ source: "list", urls: ["http://speculation.test/"], eagerness: "immediate" }],
    prerender: [{ source: "list", urls: ["http://prerender.test/"], eagerness: "immediate" }],
  });
  document.head.append(rules);
  const code = `new WebSocket("ws://worker-socket.test/");`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  worker.addEventListener("error", (event) => event.preventDefault());
  const shared = `onconnect = () => { fetch("http://shared.test/", { mode: "no-cors" }).catch(() => {}); };`;
  new SharedWorker(`data:text/javascript,${encodeURIComponent(shared)}`).port.start();
  void fetch("http://fetch.test/", { mode: "no-cors" }).catch(() => undefined);
}

/** The names that were looked up while the page did all that. */
async function lookedUp(use: "system" | "none"): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), "names-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const log = join(folder, "net.json");
  const server = createServer((asked, answer) => {
    heard.push(asked.url ?? "");
    answer.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>平台</title>");
  });
  const heard: string[] = [];
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  const executable = quickBrowser();
  const browser = await chromium.launch({
    ...(executable === undefined ? {} : { executablePath: executable }),
    chromiumSandbox: false,
    args: [...BROWSER_ARGS, `--log-net-log=${log}`, "--net-log-capture-mode=IncludeSensitive"],
  });
  const hosts = [`127.0.0.1:${address.port}`, "allowed.test"];
  const context = await browser.newContext({ serviceWorkers: "block", ...barrierAround(hosts, use) });
  await allowOnly(context, { hosts }, () => undefined);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.evaluate(tryNames);
  // Whatever the page set going before is over when the browser, told to close, has written its log.
  await page.evaluate(() => fetch("http://allowed.test/", { mode: "no-cors" }).catch(() => undefined));
  await page.evaluate(() => fetch("/last"));
  await waitUntil("the last request", () => Promise.resolve(heard.includes("/last")));
  await browser.close();
  const { constants, events } = netLog.parse(JSON.parse(readFileSync(log, "utf8")));
  const lookups = Object.entries(constants.logEventTypes)
    .filter(([name]) => /^(HOST_RESOLVER_MANAGER_JOB|HOST_RESOLVER_DNS_TASK|DNS_TRANSACTION)/.test(name))
    .map(([, type]) => type);
  const said = events.filter(({ type }) => lookups.includes(type)).map(({ params }) => JSON.stringify(params ?? {}));
  return ["allowed", ...WAYS].filter((name) => said.some((one) => one.includes(`${name}.test`)));
}

test("no name is looked up for what a page may prefetch, draw ahead or link to; what its workers open is stopped before its name is", async () => {
  expect(await lookedUp("none")).toEqual(["allowed"]);
});

test("where the machine's own proxy settings are used, only what a page's workers open is looked up", async () => {
  const names = await lookedUp("system");
  expect(names).toEqual(expect.arrayContaining(["allowed"]));
  expect(names.filter((name) => !["allowed", "worker-socket", "shared"].includes(name))).toEqual([]);
});
