import process from "node:process";
import { findInPath } from "../../../robot/setup/find-browser.mjs";
import { installSystemPackages } from "../../../robot/setup/system-packages.mjs";

/** Server programs lie where an ordinary user's PATH does not look. */
const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`;

/**
 * Sees that programs of Debian packages are there, and installs them where the tests may do that.
 * @returns null when they are there, else why not, as the reason of a visible skip
 * @throws in CI, where nothing is skipped
 */
export function missingPrograms(programs: readonly string[], packages: readonly string[]): string | null {
  const isComplete = () => programs.every((program) => findInPath(program, { PATH }) !== null);
  if (isComplete()) return null;
  const attempt = installSystemPackages([...packages]);
  if (isComplete()) return null;
  const reason = attempt.installed ? `${packages.join(" ")} does not hold ${programs.join(" ")}` : attempt.byHand;
  if (process.env["CI"]) throw new Error(`These tests may not be skipped in CI: ${reason}`);
  return `needs ${packages.join(" ")}: ${reason}`;
}

/** The full path of a program that `missingPrograms` found. */
export function programPath(program: string): string {
  const found = findInPath(program, { PATH });
  if (found === null) throw new Error(`${program} is not installed`);
  return found;
}
