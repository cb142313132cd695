// @ts-check
import { spawnSync } from "node:child_process";
import process from "node:process";
import { findInPath } from "./find-browser.mjs";
import { say } from "./say.mjs";

/** apt-get waits this long (seconds) for another apt-get to finish: a server updates itself at odd times. */
const LOCK_SECONDS = 300;

/**
 * Installs packages of a Debian-like system with apt-get, as root or through a sudo that asks no password.
 * Shows apt-get's own output on standard error.
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
  say(`安裝系統套件：${names.join(" ")}`, "apt-get install");
  const apt = [
    ...asRoot,
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "-q",
    `-oDPkg::Lock::Timeout=${LOCK_SECONDS}`,
  ];
  // An image often comes without package lists, or with lists so old that the versions in them are gone.
  if (!succeeds([...apt, "update"]) || !succeeds([...apt, "install", "-y", "--no-install-recommends", ...names])) {
    return { installed: false, reason: "apt-get 失敗，原因見上方 / apt-get failed, see above", byHand };
  }
  return { installed: true };
}

/** Whether this process may install system packages without asking a person for a password. */
export function maySystemInstall() {
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
  return findInPath("sudo", process.env) && succeeds(["sudo", "-n", "true"]) ? ["sudo", "-n"] : null;
}

/** @param {string[]} command */
function succeeds([program = "", ...args]) {
  return spawnSync(program, args, { stdio: ["ignore", 2, 2] }).status === 0;
}
