import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { BrowserContext } from "playwright";
import { expect, onTestFinished, test } from "vitest";
import { allowOnly, type AllowList } from "../../../robot/browser/allow-list.ts";
import { type BrowserHost, browserHost } from "../../../robot/browser/launch.ts";
import { consoleSettings, isConsoleAddress } from "../../../robot/config/parts/console.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";

/**
 * A page of the portal that tries to reach somebody else, by every way that a page has. The same is tried towards a host that is allowed: once that
 * one has heard of it all, the other one had its chance, too, and must have heard nothing, not even a connection.
 */

interface Listener {
  readonly port: number;
  readonly host: string;
  /** Paths that were asked for, sockets that were opened, packets; `tcp` for a connection. */
  readonly heard: string[];
}

const SETTINGS = { headless: true, executable: quickBrowser() };
const host = browserHost(SETTINGS);
const barred = browserHost({ ...SETTINGS, proxy: "none" });

const BLANK = "<!doctype html><title>平台</title><body>";

/** Listens by TCP and by UDP on one port, and notes all that comes. */
async function listener(pages: { readonly [path: string]: string } = {}, name = "127.0.0.1"): Promise<Listener> {
  const heard: string[] = [];
  const server = createServer((asked, answer) => {
    const path = (asked.url ?? "").split("?")[0] ?? "";
    heard.push(path);
    const type = path.endsWith(".js") ? "text/javascript" : path === "/events" ? "text/event-stream" : "text/html";
    answer.writeHead(200, { "content-type": type, "access-control-allow-origin": "*" });
    answer.end(pages[path] ?? "");
  });
  server.on("connection", () => heard.push("tcp"));
  server.on("upgrade", (asked, socket) => {
    heard.push(asked.url ?? "");
    socket.destroy();
  });
  server.listen(0, name);
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  const { port } = address;
  const udp = createSocket("udp4");
  udp.on("message", () => heard.push("udp"));
  udp.bind(port, name);
  await once(udp, "listening");
  onTestFinished(() => {
    udp.close();
    server.close().closeAllConnections();
  });
  return { port, host: `${name}:${port}`, heard };
}

/** What an allowed host hears of; the rest is off for everybody. */
const HEARD = [
  "/fetch",
  "/beacon",
  "/form",
  "/image",
  "/frame",
  "/socket",
  "/events",
  "/worker-fetch",
  "/prefetch",
  "/opened",
  "/ping",
];

/** Runs in the page: tries everything towards one host; not `all`: what is a request that can be refused. */
function tryAll({ to, all }: { to: string; all: boolean }): void {
  const quietly = (attempt: () => unknown): void => {
    try {
      void Promise.resolve(attempt()).catch(() => undefined);
    } catch {
      // Where the browser has no such thing there is no such way.
    }
  };
  const add = (tag: string, about: Record<string, string>): void => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(about)) element.setAttribute(name, value);
    document.body.append(element);
  };
  const url = `http://${to}`;
  quietly(() => fetch(`${url}/fetch`, { mode: "no-cors" }));
  quietly(() => fetch(`${url}/keepalive`, { mode: "no-cors", keepalive: true, method: "POST", body: "x" }));
  quietly(() => navigator.sendBeacon(`${url}/beacon`, "x"));
  add("img", { src: `${url}/image` });
  add("iframe", { src: `${url}/frame` });
  add("link", { rel: "prefetch", href: `${url}/prefetch`, as: "document" });
  if (all) for (const rel of ["dns-prefetch", "preconnect"]) add("link", { rel, href: url });
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({
    prefetch: [{ source: "list", urls: [`${url}/speculated`], eagerness: "immediate" }],
    prerender: [{ source: "list", urls: [`${url}/prerendered`], eagerness: "immediate" }],
  });
  if (all) document.head.append(rules);
  quietly(() => new WebSocket(`ws://${to}/socket`));
  quietly(() => new EventSource(`${url}/events`));
  const code = `fetch("${url}/worker-fetch", { mode: "no-cors" }).catch(() => {}); ${all ? `new WebSocket("ws://${to}/worker-socket");` : ""}`;
  quietly(() => new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" }))));
  const shared = `onconnect = () => { fetch("${url}/shared-fetch", { mode: "no-cors" }).catch(() => {}); };`;
  if (all) quietly(() => new SharedWorker(`data:text/javascript,${encodeURIComponent(shared)}`));
  quietly(() => navigator.serviceWorker.register("/service-worker.js"));
  quietly(async () => {
    const call = new RTCPeerConnection({
      iceServers: [{ urls: `stun:${to}` }, { urls: `turn:${to}?transport=tcp`, username: "a", credential: "b" }],
    });
    call.createDataChannel("x");
    await call.setLocalDescription(await call.createOffer());
  });
  const form = document.createElement("form");
  Object.assign(form, { action: `${url}/form`, method: "post", target: "_blank" });
  document.body.append(form);
  form.submit();
  quietly(() => window.open(`${url}/opened`));
  const link = document.createElement("a");
  Object.assign(link, { href: "#here", ping: `${url}/ping`, textContent: "這裡" });
  document.body.append(link);
  link.click();
}

async function opened(on: BrowserHost, list: AllowList, blocked: string[]): Promise<BrowserContext> {
  const visit = await on.newContext(list.hosts);
  onTestFinished(() => visit.close());
  await allowOnly(visit.context, list, (one) => void blocked.push(one));
  return visit.context;
}

test("with a barrier a page reaches no other host in any way, not even by a connection", async () => {
  const elsewhere = await listener({}, "127.0.0.2");
  const friend = await listener();
  const worker = `fetch("http://${elsewhere.host}/service-fetch", { mode: "no-cors" });`;
  const portal = await listener({ "/": BLANK, "/service-worker.js": worker });
  const blocked: string[] = [];
  const context = await opened(barred, { hosts: [portal.host, friend.host] }, blocked);
  const page = await context.newPage();
  await page.goto(`http://${portal.host}/`);
  await page.evaluate(tryAll, { to: elsewhere.host, all: true });
  await page.evaluate(tryAll, { to: friend.host, all: true });
  await waitUntil("all that an allowed host hears", async () => HEARD.every((path) => friend.heard.includes(path)));
  expect(elsewhere.heard).toEqual([]);
  expect(blocked).toEqual([elsewhere.host]);
  expect(portal.heard).not.toContain("/service-worker.js");
});

test("without one it is heard of by no request, socket or packet: fetch, beacon, form, picture, frame, call, worker, prefetch, window, ping", async () => {
  const elsewhere = await listener({}, "127.0.0.2");
  const friend = await listener();
  const worker = `fetch("http://${elsewhere.host}/service-fetch", { mode: "no-cors" });`;
  const portal = await listener({ "/": BLANK, "/service-worker.js": worker });
  const blocked: string[] = [];
  const context = await opened(host, { hosts: [portal.host, friend.host] }, blocked);
  const page = await context.newPage();
  await page.goto(`http://${portal.host}/`);
  await page.evaluate(tryAll, { to: elsewhere.host, all: false });
  await page.evaluate(tryAll, { to: friend.host, all: false });
  await waitUntil("all that an allowed host hears", async () => HEARD.every((path) => friend.heard.includes(path)));
  // A call that looks for a relay may connect, and says nothing.
  expect(elsewhere.heard.filter((one) => one !== "tcp")).toEqual([]);
  expect(blocked).toEqual([elsewhere.host]);
  expect(portal.heard).not.toContain("/service-worker.js");
});

// A portal on this machine shares its host with the console. What can be refused is refused by the port; a real portal is another host altogether.
test("a page that is allowed on this machine still can't reach the console, by any of its names: nothing is agreed to by a page", async () => {
  const console = await listener();
  const friend = await listener();
  const portal = await listener({ "/": BLANK });
  const settings = consoleSettings.parse({ port: console.port });
  const blocked: string[] = [];
  const list: AllowList = { hosts: ["127.0.0.1", "localhost"], never: (url) => isConsoleAddress(settings, url) };
  const page = await (await opened(host, list, blocked)).newPage();
  await page.goto(`http://${portal.host}/`);
  for (const name of ["127.0.0.1", "localhost", "127.1.2.3", "x.localhost", "0.0.0.0"])
    await page.evaluate(tryAll, { to: `${name}:${console.port}`, all: false });
  const approve = `http://${console.host}/questions/q-1/answer`;
  const answered = await page.evaluate(
    (to) =>
      fetch(to, { method: "POST", mode: "no-cors", credentials: "include", body: "answer=agree&version=1" }).then(
        () => "reached",
        () => "blocked",
      ),
    approve,
  );
  expect(answered).toBe("blocked");
  await page.evaluate(tryAll, { to: friend.host, all: false });
  await waitUntil("all that an allowed port hears", async () => HEARD.every((path) => friend.heard.includes(path)));
  expect(console.heard.filter((one) => one !== "tcp")).toEqual([]);
});
