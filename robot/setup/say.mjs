// @ts-check
import process from "node:process";

/**
 * One line of what the set-up does, on standard error: standard output belongs to the command that follows.
 * @param {string} zh Traditional Chinese
 * @param {string} en the same, short
 */
export function say(zh, en) {
  process.stderr.write(`[準備] ${zh} (${en})\n`);
}

/** The set-up can't go on; the message says what to do by hand. Ends the command with exit code 2. */
export class SetupError extends Error {
  /** @override */
  name = "SetupError";
}
