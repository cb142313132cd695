// @ts-check
import { spawnSync } from "node:child_process";
import process from "node:process";
import { findInPath } from "./find-browser.mjs";
import { quietly, say } from "./say.mjs";

/** Seconds to wait for another apt-get to finish: a server updates itself at odd times. */
const LOCK_SECONDS = 300;

let listsAreFresh = false;

/**
 * Installs packages of a Debian-like system with apt-get, as root or through a sudo that asks no password. Several
 * processes may ask at the same time.
 * @param {string[]} names
 * @returns {{ installed: true } | { installed: false, reason: string, byHand: string }} `byHand` is the command that a
 *   person with the right to do it runs instead
 */
export function installSystemPackages(names) {
  const byHand = `sudo apt-get update && sudo apt-get install -y ${names.join(" ")}`;
  const asRoot = becomingRoot();
  if (asRoot === null) {
    return {
      installed: false,
      reason: "沒有 apt-get 或沒有權限 / no apt-get, or neither root nor sudo without password",
      byHand,
    };
  }
  say(`安裝系統套件：${names.join(" ")}`, `apt-get install ${names.join(" ")}, may take a minute`);
  // apt-get waits for another one only when it installs, not when it updates; flock makes ours wait for each other.
  const oneByOne = ["flock", "-w", String(LOCK_SECONDS), "/run/lock/einvoice-robot-setup"];
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", `-oDPkg::Lock::Timeout=${LOCK_SECONDS}`];
  if (!listsAreFresh) {
    // An image often comes without package lists, or with lists so old that the versions in them are gone. Should this
    // fail, the lists that are there may still do.
    listsAreFresh = quietly([...asRoot, ...oneByOne, ...apt, "update"]);
  }
  if (!quietly([...asRoot, ...oneByOne, ...apt, "install", "-y", "--no-install-recommends", ...names])) {
    return { installed: false, reason: "apt-get 失敗，原因見上方 / apt-get failed, see above", byHand };
  }
  return { installed: true };
}

/** Whether this process may install system packages without asking a person for a password. */
export function mayInstallSystemPackages() {
  return becomingRoot() !== null;
}

/** @returns {string[] | null} what to put before a command that needs root */
function becomingRoot() {
  if (process.platform !== "linux" || !findInPath("apt-get", process.env)) {
    return null;
  }
  if (process.getuid?.() === 0) {
    return [];
  }
  const silent = findInPath("sudo", process.env) && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return silent ? ["sudo", "-n"] : null;
}
