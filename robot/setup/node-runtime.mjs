// @ts-check
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The folder of the package, where `package.json` is. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The first Node that runs TypeScript files as they are, without a flag. The same figure is in `engines`. */
const OLDEST = { major: 22, minor: 18 };

/** @param {string} version such as "20.20.2" */
export function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/**
 * The Node that npm installed as a locked package of this project, for machines whose own Node is too old.
 * @param {string} [root]
 * @returns {string | null} null where there is none for this system
 */
export function nodeFromNpm(root = ROOT) {
  const system = process.platform === "win32" ? "win" : process.platform;
  const folder = path.join(root, "node_modules", `node-${system}-${process.arch}`);
  try {
    const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const executable = path.join(folder, bin.node);
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/** What to tell a person whose Node is too old while npm has none for the system. */
export const NODE_TOO_OLD =
  `需要 Node ${OLDEST.major}.${OLDEST.minor} 以上，這裡是 ${process.versions.node}。` +
  `請到 https://nodejs.org 安裝 Node 24 LTS 後再試一次。 (Node is too old: install Node 24 LTS)`;
