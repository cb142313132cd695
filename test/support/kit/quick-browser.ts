import process from "node:process";
import { installSystemPackages } from "../../../robot/setup/system-packages.mjs";
import { findInPath } from "../../../robot/setup/find-browser.mjs";

/**
 * Chromium without a window's furniture: the same engine, which starts at a sixth of the processor's time of the whole browser. Tests
 * start hundreds of them; those that need a window take the whole one.
 */
const SHELL = "chromium-headless-shell";

/** Its path; undefined where it can't be had, and the whole browser does. */
export function quickBrowser(): string | undefined {
  return findInPath(SHELL, process.env) ?? undefined;
}

/** Before all tests: installs it where that can be done without asking anybody. */
export default function setup(): void {
  if (quickBrowser() === undefined) installSystemPackages([SHELL]);
}
