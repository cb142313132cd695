import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withZip } from "../../../robot/lib/zip.ts";

/** Makes fixtures of a report's pages: `npm run fixture -- <report.zip> <name>`. */

const [zip, name] = process.argv.slice(2);
if (zip === undefined || name === undefined || !/^[a-z0-9-]+$/.test(name))
  throw new Error("npm run fixture -- <report.zip> <name, in small letters>");
const folder = join(fileURLToPath(new URL("../../fixtures/pages", import.meta.url)), name);
mkdirSync(folder, { recursive: true });
await withZip(zip, async (members) => {
  for (const { name: member, read } of members) {
    if (!/^pages\/[a-z-]+\.json$/.test(member)) continue;
    const { html: _made, ...page }: { html?: string } = JSON.parse((await read()).toString("utf8"));
    const file = join(folder, basename(member));
    writeFileSync(file, `${JSON.stringify(page)}\n`);
    process.stdout.write(`${file}\n`);
  }
});
