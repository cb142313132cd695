import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a module itself declares and exports; a re-export declares nothing. */
const DECLARED =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) ([\w$]+)/gm;

interface Source {
  readonly file: string;
  readonly text: string;
}

/** Names that several modules declare and export, each with its files. */
function exportedTwice(sources: readonly Source[]): [name: string, files: readonly string[]][] {
  const files = new Map<string, Set<string>>();
  for (const { file, text } of sources)
    for (const [, name = ""] of text.matchAll(DECLARED)) files.set(name, (files.get(name) ?? new Set()).add(file));
  return [...files].filter(([, where]) => where.size > 1).map(([name, where]) => [name, [...where]]);
}

describe("a name", () => {
  test("is exported with one meaning in the whole product", async () => {
    const sources = (await Promise.all(["robot", "selectors", "flows"].map(sourcesIn))).flat();
    expect(sources.length).toBeGreaterThan(300);
    expect(exportedTwice(sources)).toEqual([]);
  });

  test("that two modules declare is found; one that is passed on is not", () => {
    const planted = [
      { file: "a.ts", text: "export interface Row {}\nexport const limit = 1;\nexport function open() {}" },
      { file: "b.ts", text: 'export type { Row } from "./a.ts";\nexport { limit } from "./a.ts";\nconst open = 2;' },
      { file: "c.ts", text: "export type Row = string;\nexport async function open() {}" },
    ];
    expect(exportedTwice(planted)).toEqual([
      ["Row", ["a.ts", "c.ts"]],
      ["open", ["a.ts", "c.ts"]],
    ]);
  });
});

async function sourcesIn(folder: string): Promise<Source[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && /\.m?ts$|\.mjs$/.test(entry.name))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { file: relative(ROOT, path).split(sep).join("/"), text: await readFile(path, "utf8") };
      }),
  );
}
