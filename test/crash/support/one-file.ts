import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { rolldown } from "rolldown";
import { afterAll } from "vitest";

/**
 * The script with all that it imports as one file, for the tests of this file: a process that processes for a moment spends most of its process on
 * loading hundreds of modules. What it does is the same.
 * @returns the path of the made file
 */
export async function inOneFile(script: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "one-file-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const bundle = await rolldown({ input: script, platform: "node", logLevel: "warn" });
  try {
    const { output } = await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
    return path.join(folder, output[0].fileName);
  } finally {
    await bundle.close();
  }
}
