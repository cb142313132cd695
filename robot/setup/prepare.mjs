// @ts-check
import { certificateTrouble, TRUST_REMEDY } from "./certificates.mjs";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { findBrowser, findInPath } from "./find-browser.mjs";
import { nodeFromNpm, NODE_TOO_OLD, ROOT, runsTypeScript } from "./node-runtime.mjs";
import { quietly, say, SetupError } from "./say.mjs";
import { installSystemPackages, mayInstallSystemPackages } from "./system-packages.mjs";

/**
 * Installs what is missing of the four things the robot stands on: its dependencies, a browser, fonts for Chinese and,
 * on a Linux server, a virtual display. Says what it does; looks only when nothing is missing.
 * @returns {{ node: string }} the Node to go on with
 * @throws {SetupError} when something essential can't be installed; fonts are not essential
 */
export function prepare() {
  prepareDependencies();
  const node = runsTypeScript(process.versions.node) ? process.execPath : nodeFromNpm();
  if (node === null) {
    throw new SetupError(NODE_TOO_OLD);
  }
  const browser = prepareBrowser(node);
  if (process.platform === "linux") {
    prepareChineseFonts();
    prepareDisplay();
  }
  say(`就緒：${browser.executablePath}`, `ready: ${browser.executablePath}`);
  return { node };
}

/**
 * How to start npm without a shell: npm tells its scripts where it lives and which Node it runs on. Null when the
 * set-up was started without npm.
 * @returns {[string, string] | null}
 */
export function npmCommand() {
  const cli = process.env["npm_execpath"];
  return cli ? [process.env["npm_node_execpath"] ?? process.execPath, cli] : null;
}

function prepareDependencies() {
  const installed = path.join(ROOT, "node_modules");
  const stamp = path.join(installed, ".prepared-for");
  const wanted = createHash("sha256")
    .update(readFileSync(path.join(ROOT, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return;
  }
  // `npm ci` first deletes node_modules; with an older state in it, that would include the very Node this runs on,
  // which Windows refuses. `install --no-save` brings the folder to the locked versions in place. npm writes its own
  // note last: a folder without it was broken off halfway and is not to be trusted.
  const command = existsSync(path.join(installed, ".package-lock.json")) ? ["install", "--no-save"] : ["ci"];
  const text = ["npm", ...command].join(" ");
  const npm = npmCommand();
  if (npm === null) {
    throw new SetupError(`套件尚未安裝，請執行：${text} (dependencies are missing: run ${text})`);
  }
  say(`安裝套件：${text}，第一次約一分鐘`, "installing dependencies, about a minute the first time");
  // The practice portal and the tests are development dependencies, so a NODE_ENV=production must not drop them. No
  // dependency needs its install script.
  const flags = [
    "--include=dev",
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const [program, cli] = npm;
  const done = spawnSync(program, [cli, ...command, ...flags], { cwd: ROOT, stdio: ["ignore", 2, "pipe"] });
  process.stderr.write(done.stderr ?? "");
  if (done.status !== 0) {
    const certificate = certificateTrouble(String(done.stderr ?? ""));
    if (certificate !== null) {
      const { zh, en, code } = certificate;
      throw new SetupError(
        `連不上 npm 的套件庫：${zh}（${code}）。${certificate.kind === "untrusted" ? TRUST_REMEDY.zh : ""}再執行：${text}` +
          ` (the npm registry can't be reached: ${en}. ${certificate.kind === "untrusted" ? TRUST_REMEDY.en : ""})`,
      );
    }
    throw new SetupError(
      `套件安裝失敗（原因見上方）。請確認這台機器連得到 npm 的套件庫，再手動執行：${text}` +
        ` (installing the dependencies failed: see above, then run ${text} by hand)`,
    );
  }
  writeFileSync(stamp, wanted);
}

/** @param {string} node */
function prepareBrowser(node) {
  const before = browserHere();
  if (before !== null && starts(before)) {
    return before;
  }
  const playwright = path.join(ROOT, "node_modules", "playwright", "cli.js");
  if (before === null) {
    say(
      "找不到 Chrome、Edge 或 Chromium，下載 Playwright 的瀏覽器（約 170 MB）",
      "no browser: downloading Playwright's own",
    );
    quietly([node, playwright, "install", "--no-shell", "--no-progress", "chromium"]);
  }
  const own = browserHere();
  if (own !== null && !starts(own) && mayInstallSystemPackages()) {
    say("瀏覽器缺少系統程式庫，安裝中", "the browser lacks system libraries: installing them");
    quietly([node, playwright, "install-deps", "chromium"]);
  }
  if (own !== null && starts(own)) {
    return own;
  }
  say("Playwright 的瀏覽器無法使用，改用系統套件", "Playwright's own can't be had: trying the system's package");
  const attempt = installSystemPackages(["chromium", "chromium-sandbox"]);
  const last = browserHere();
  if (last !== null && starts(last)) {
    return last;
  }
  throw new SetupError(
    `沒有可用的瀏覽器，也無法自動安裝${attempt.installed ? "" : `（${attempt.reason}）`}。請安裝 Google Chrome 或 ` +
      `Microsoft Edge，或執行：${byHand(attempt, "npx playwright install chromium")}；已裝在別處時，用環境變數 ` +
      `EINVOICE_BROWSER 指定執行檔。 (no browser could be installed: install Chrome or Edge, run ${byHand(attempt, "npx playwright install chromium")}, or name one in EINVOICE_BROWSER)`,
  );
}

function browserHere() {
  try {
    return findBrowser({ env: process.env });
  } catch (error) {
    throw new SetupError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Playwright's download comes without the libraries it needs on Linux; a browser from a package always has them.
 * @param {import("./find-browser.mjs").FoundBrowser} browser
 */
function starts(browser) {
  if (browser.kind !== "playwright" || process.platform !== "linux") {
    return true;
  }
  return spawnSync(browser.executablePath, ["--version"], { stdio: "ignore" }).status === 0;
}

function prepareChineseFonts() {
  const listed = spawnSync("fc-list", [":lang=zh", "family"], { encoding: "utf8" });
  if (listed.status === 0 && listed.stdout.trim() !== "") {
    return;
  }
  say("沒有中文字型，畫面上的中文會是方框，安裝 fonts-noto-cjk", "no Chinese fonts: installing fonts-noto-cjk");
  const attempt = installSystemPackages(["fontconfig", "fonts-noto-cjk"]);
  if (!attempt.installed) {
    say(
      `中文字型裝不起來（${attempt.reason}），先繼續；請之後手動執行：${attempt.byHand}`,
      `going on without Chinese fonts; run by hand: ${attempt.byHand}`,
    );
  }
}

function prepareDisplay() {
  if (process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"] || findInPath("Xvfb", process.env)) {
    return;
  }
  say("這台機器沒有螢幕，安裝虛擬螢幕 Xvfb", "no display: installing the virtual display Xvfb");
  const attempt = installSystemPackages(["xvfb"]);
  if (!attempt.installed) {
    throw new SetupError(
      `這台機器沒有螢幕，虛擬螢幕 Xvfb 也裝不起來（${attempt.reason}）。請手動執行：${attempt.byHand}` +
        ` (no display, and Xvfb could not be installed; run by hand: ${attempt.byHand})`,
    );
  }
}

/**
 * @param {ReturnType<typeof installSystemPackages>} attempt
 * @param {string} otherwise
 */
function byHand(attempt, otherwise) {
  return attempt.installed ? otherwise : attempt.byHand;
}
