// @ts-check
// Plain JavaScript: the set-up runs this on an older Node, before any dependency is installed.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";

/**
 * A browser on this machine. `kind` says whose build it is: the machine's Google Chrome or Microsoft Edge,
 * Playwright's own download, or a Chromium of the operating system.
 * @typedef {{ kind: "chrome" | "msedge" | "playwright" | "chromium", executablePath: string }} FoundBrowser
 */

/** Where Chrome, Edge and Chromium put themselves on a Mac, below `/Applications` or the user's own. */
const MAC_APPS = /** @type {const} */ ({
  chrome: "Google Chrome.app/Contents/MacOS/Google Chrome",
  msedge: "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  chromium: "Chromium.app/Contents/MacOS/Chromium",
});

/** Below `%ProgramFiles%`, `%ProgramFiles(x86)%` or `%LOCALAPPDATA%`. */
const WINDOWS_PROGRAMS = /** @type {const} */ ({
  chrome: "Google\\Chrome\\Application\\chrome.exe",
  msedge: "Microsoft\\Edge\\Application\\msedge.exe",
  chromium: "Chromium\\Application\\chrome.exe",
});

/** The commands that the Linux packages put into PATH. */
const LINUX_COMMANDS = /** @type {const} */ ({
  chrome: ["google-chrome-stable", "google-chrome"],
  msedge: ["microsoft-edge-stable", "microsoft-edge"],
  chromium: ["chromium", "chromium-browser"],
});

/**
 * Finds the browser to drive: what is configured, else `EINVOICE_BROWSER`, else Chrome, Edge, Playwright's own
 * download, and last a Chromium of the system. Looks at files only and starts nothing.
 * @param {{ configured?: string | undefined, env: NodeJS.ProcessEnv }} options `configured` is the path of an executable
 * @returns {FoundBrowser | null} null when there is none at all
 * @throws {Error} when a browser is named (by configuration or environment) but is not there: another one is never
 *   taken silently in its place.
 */
export function findBrowser({ configured, env }) {
  const named = configured || env["EINVOICE_BROWSER"];
  if (named) {
    if (!existsSync(named)) {
      const source = configured ? "設定檔" : "環境變數 EINVOICE_BROWSER";
      throw new Error(
        `${source}指定的瀏覽器不存在：${named}。請改成瀏覽器執行檔的完整路徑，或拿掉這項設定讓程式自己找。` +
          ` (the configured browser does not exist)`,
      );
    }
    return { kind: kindOf(named), executablePath: named };
  }
  return firstOf("chrome", env) ?? firstOf("msedge", env) ?? playwrightsOwn() ?? firstOf("chromium", env);
}

/**
 * The full path of a command, looked up as the system would.
 * @param {string} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function findInPath(command, env) {
  // A service may be started without PATH; these are where packages put their commands.
  const folders = (env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin:/snap/bin").split(path.delimiter);
  for (const folder of folders) {
    const file = path.join(folder, command);
    if (folder !== "" && existsSync(file)) {
      return file;
    }
  }
  return null;
}

/**
 * @param {"chrome" | "msedge" | "chromium"} kind
 * @param {NodeJS.ProcessEnv} env
 * @returns {FoundBrowser | null}
 */
function firstOf(kind, env) {
  const executablePath = candidates(kind, env).find((file) => existsSync(file));
  return executablePath === undefined ? null : { kind, executablePath };
}

/**
 * @param {"chrome" | "msedge" | "chromium"} kind
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
function candidates(kind, env) {
  if (process.platform === "win32") {
    return [env["ProgramFiles"], env["ProgramFiles(x86)"], env["LOCALAPPDATA"]].flatMap((folder) =>
      folder ? [path.join(folder, WINDOWS_PROGRAMS[kind])] : [],
    );
  }
  if (process.platform === "darwin") {
    return ["/Applications", ...(env["HOME"] ? [path.join(env["HOME"], "Applications")] : [])].map((folder) =>
      path.join(folder, MAC_APPS[kind]),
    );
  }
  return LINUX_COMMANDS[kind].flatMap((command) => findInPath(command, env) ?? []);
}

/** @returns {FoundBrowser | null} */
function playwrightsOwn() {
  try {
    const { chromium } = createRequire(import.meta.url)("playwright");
    const executablePath = chromium.executablePath();
    return existsSync(executablePath) ? { kind: "playwright", executablePath } : null;
  } catch {
    return null; // Playwright itself is not installed yet, or has no build for this system
  }
}

/**
 * @param {string} executable
 * @returns {FoundBrowser["kind"]}
 */
function kindOf(executable) {
  const name = path.basename(executable).toLowerCase();
  if (name.includes("edge")) {
    return "msedge";
  }
  // Chromium on Windows is called chrome.exe too; its folder tells.
  return name.includes("chrome") && !/chromium/i.test(executable) ? "chrome" : "chromium";
}
