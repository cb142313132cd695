// @ts-check
import { spawnSync } from "node:child_process";
import process from "node:process";

/** How many of a failed program's last lines are worth showing. */
const LAST_LINES = 15;

/**
 * One line of what the set-up does, on standard error: standard output belongs to the command that follows.
 * @param {string} zh Traditional Chinese
 * @param {string} en the same, short
 */
export function say(zh, en) {
  process.stderr.write(wantsEnglish() ? `[setup] ${en}\n` : `[準備] ${zh} (${en})\n`);
}

/** Whether the command line asks for English: before anything of the program can be loaded, nothing else reads its options. */
function wantsEnglish() {
  const at = process.argv.lastIndexOf("--lang");
  return process.argv.includes("--lang=en") || (at >= 0 && process.argv[at + 1] === "en");
}

/**
 * The line that says why the set-up can't go on. Messages end with their English in brackets.
 * @param {Error} error
 */
export function whyNot({ message }) {
  const [, english] = / \(((?:[^()]|\([^()]*\))*)\)$/.exec(message) ?? [];
  return wantsEnglish() && english !== undefined ? `[setup] ${english}` : `[準備] ${message}`;
}

/**
 * Runs a program to its end and shows what it printed only if it failed.
 * @param {string[]} command program and arguments
 * @returns {boolean} whether it succeeded
 */
export function quietly([program = "", ...args]) {
  const ended = spawnSync(program, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8", maxBuffer: 2 ** 26 });
  if (ended.status === 0) {
    return true;
  }
  const printed = ended.error ? [ended.error.message] : `${ended.stdout}\n${ended.stderr}`.trimEnd().split("\n");
  process.stderr.write(`${printed.slice(-LAST_LINES).join("\n")}\n`);
  return false;
}

/** The set-up can't go on; the message says what to do by hand. Ends the command with exit code 2. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}
