import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium } from "playwright";
import { here, isKnownDead, machineTag } from "../lib/process-identity.ts";
import { setDownloadFolder } from "../../selectors/dom/network/download-progress.ts";
import { Failure } from "../failures/failure.ts";
import { findBrowser } from "../setup/find-browser.mjs";
import { ensureDisplay } from "./display.ts";
import { usesNoProxy } from "./proxy-use.ts";
import { startFailure } from "./start-failure.ts";

export interface BrowserSettings {
  readonly executable?: string | undefined;
  readonly headless: boolean;
  /** Milliseconds between two actions; left out: none. */
  readonly slow?: number | undefined;
  /** How it reaches the network; see `barrierAround`. Left out: as the machine says. */
  readonly proxy?: ProxyUse | undefined;
}

/** Whether allowed hosts are reached as the machine says, or directly; `auto`: directly where it is certain that the machine says the same. */
export type ProxyUse = "auto" | "system" | "none";

/** The browser of this process: started for the first visit, closed after the last, so that idle days cost nothing. */
export interface BrowserHost {
  /**
   * A fresh context: no cookie, no storage, nothing of an earlier visit.
   * @param hosts all that it may reach; left out, it is asked for each request only
   */
  newContext(hosts?: readonly string[]): Promise<{ context: BrowserContext; version: string; close(): Promise<void> }>;
}

/** Prefix of the private folders in which the browser's traces and downloads lie until they are cleaned and kept. */
const SCRATCH = `einvoice-robot-${machineTag}-`;

/**
 * @throws Failure at the first visit: `browser-missing` when there is no browser, or no display and none can be started; `browser-forbidden`,
 *   `browser-libraries`, `browser-broken` when it is there and does not start
 */
export function browserHost(settings: BrowserSettings): BrowserHost {
  let running: Promise<Running> | null = null;
  let visits = 0;
  return {
    async newContext(hosts) {
      visits++;
      try {
        running ??= start(settings);
        const { browser, downloads } = await running;
        const context = await browser.newContext({
          locale: "zh-TW",
          timezoneId: "Asia/Taipei",
          viewport: { width: 1280, height: 900 },
          acceptDownloads: true,
          serviceWorkers: "block",
          ...barrierAround(hosts, settings.proxy ?? "system"),
        });
        setDownloadFolder(context, downloads);
        return { context, version: browser.version(), close: () => leave(context) };
      } catch (error) {
        await leave(null);
        throw error;
      }
    },
  };

  async function leave(context: BrowserContext | null): Promise<void> {
    await context?.close().catch(() => undefined);
    visits--;
    if (visits > 0 || !running) return;
    const ending = running;
    running = null;
    await ending.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  }
}

/** Where nobody listens. */
const NOWHERE = "http://127.0.0.1:1";

/**
 * What is not on the list leads nowhere, whichever way it leaves: a page's worker may open a socket and its rules may fetch a page ahead
 * without any request that could be refused. Hosts that are on the list are reached directly, so where the machine needs a proxy for that there is
 * no such barrier. Ports of one host are told apart by the requests only.
 */
export function barrierAround(
  hosts: readonly string[] | undefined,
  use: ProxyUse,
): { proxy?: { server: string; bypass: string } } {
  const isDirect = use === "none" || (use === "auto" && usesNoProxy(process.platform, process.env));
  if (hosts === undefined || !isDirect) return {};
  const names = hosts.map((host) => host.replace(/^\*/, "").replace(/:\d+$/, ""));
  return { proxy: { server: NOWHERE, bypass: ["<-loopback>", ...names].join(",") } };
}

/** Nothing of its own accord, and no way out besides the requests that the allow-list sees. */
export const BROWSER_ARGS = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--dns-prefetch-disable",
  // Calls between browsers go by UDP, past every list of hosts.
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--webrtc-ip-handling-policy=disable_non_proxied_udp",
] as const;

interface Running {
  readonly browser: Browser;
  /** Where it writes what is downloaded. */
  readonly downloads: string;
  readonly stop: () => Promise<void>;
}

async function start(settings: BrowserSettings): Promise<Running> {
  const executablePath = executable(settings);
  const display = settings.headless ? null : await display_();
  const scratch = privateFolder();
  try {
    const browser = await chromium.launch({
      executablePath,
      headless: settings.headless,
      slowMo: settings.slow ?? 0,
      // Chromium's own sandbox does not work for root; every other user gets it.
      chromiumSandbox: process.getuid?.() !== 0,
      // Told to end, the robot first records what is open and signs out; Playwright would close the browser under its hands.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      tracesDir: join(scratch, "traces"),
      downloadsPath: join(scratch, "downloads"),
      env: { ...process.env, ...(display?.display ? { DISPLAY: display.display } : {}) },
      args: [...BROWSER_ARGS],
    });
    return {
      browser,
      downloads: join(scratch, "downloads"),
      async stop() {
        await browser.close().catch(() => undefined);
        await display?.close();
        rmSync(scratch, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await display?.close();
    rmSync(scratch, { recursive: true, force: true });
    throw startFailure(executablePath, error);
  }
}

function executable(settings: BrowserSettings): string {
  try {
    const found = findBrowser({ configured: settings.executable, env: process.env });
    if (found) return found.executablePath;
  } catch (error) {
    throw new Failure(
      "browser-missing",
      { seen: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
  throw new Failure("browser-missing", { wanted: "Chrome、Edge 或 Chromium", seen: "這台電腦上都沒有" });
}

async function display_(): ReturnType<typeof ensureDisplay> {
  try {
    return await ensureDisplay();
  } catch (error) {
    throw new Failure("browser-missing", { wanted: "顯示環境", seen: String(error) }, { cause: error });
  }
}

/** Readable by nobody else, since secrets may lie in it for a moment. What a killed process left behind is wiped first. */
function privateFolder(): string {
  const base = tmpdir();
  for (const name of readdirSync(base)) {
    const pid = new RegExp(`^${SCRATCH}(\\d+)-`).exec(name)?.[1];
    if (pid && isKnownDead({ host: here.host, pid: Number(pid), born: null }))
      rmSync(join(base, name), { recursive: true, force: true });
  }
  const folder = mkdtempSync(join(base, `${SCRATCH}${process.pid}-`));
  for (const part of ["traces", "downloads"]) mkdirSync(join(folder, part), { mode: 0o700 });
  return folder;
}
