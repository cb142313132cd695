import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/**
 * `docs/reliability.md` as it stands, and as it is right with this table between two marks; written there with `EINVOICE_DOCS=write`.
 */
export async function documentWith(
  begin: string,
  end: string,
  table: string,
): Promise<{ readonly stands: string; readonly right: string }> {
  const file = fileURLToPath(new URL("../../../docs/reliability.md", import.meta.url));
  const text = await readFile(file, "utf8");
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end, from);
  expect(Math.min(from - begin.length, to)).toBeGreaterThan(0);
  const right = text.slice(0, from) + table + text.slice(to);
  if (process.env["EINVOICE_DOCS"] === "write") await writeFile(file, right);
  return { stands: await readFile(file, "utf8"), right };
}
