// @ts-check
// Writes THIRD-PARTY-NOTICES.md: every package that the product is delivered with, its licence and where its text lies. `npm run notices`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./node-runtime.mjs";

/** @type {{ packages: Record<string, { version?: string, license?: string, dev?: boolean, optional?: boolean }> }} */
const lock = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));

const rows = Object.entries(lock.packages)
  .filter(([folder, { dev }]) => folder !== "" && !dev)
  .map(([folder, { version = "", license }]) => {
    const name = folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
    const text = licenceFile(path.join(ROOT, folder));
    return `| ${name} | ${version} | ${license ?? "see its text"} | ${text === null ? "" : `\`${folder}/${text}\``} |`;
  });

writeFileSync(
  path.join(ROOT, "THIRD-PARTY-NOTICES.md"),
  `# Third-party notices

Written by \`npm run notices\` from the lock file. The texts lie in the packages themselves.

| package | version | licence | text |
| --- | --- | --- | --- |
${rows.toSorted().join("\n")}
`,
);

/**
 * @param {string} folder
 * @returns {string | null} null where the package is not installed on this machine, or has no such file
 */
function licenceFile(folder) {
  if (!existsSync(folder)) return null;
  return readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name)) ?? null;
}
