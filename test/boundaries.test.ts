import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Candidate, committingParts, reversibleParts } from "../selectors/part.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OXLINT = join(ROOT, "node_modules", "oxlint", "bin", "oxlint");

/** Where a file lies, what it imports, and the words with which that is refused; null where it is allowed. */
const IMPORTS: readonly (readonly [from: string, imports: string, refusal: string | null])[] = [
  ["flows/a.ts", "../selectors/current/tracks.ts", "A flow sees the ports"],
  ["flows/b.ts", "../robot/engine/store.ts", "A flow sees the ports"],
  ["flows/c.ts", "../robot/wire.ts", "A flow sees the ports"],
  ["flows/d.ts", "../test/portal/portal.ts", "A flow sees the ports"],
  ["flows/e.ts", "playwright", "A flow knows no browser"],
  ["flows/f.ts", "node:fs", "A flow knows no browser"],
  ["flows/g.ts", "../selectors/pages.ts", null],
  ["flows/h.ts", "../robot/engine/flow.ts", null],
  ["flows/i.ts", "../robot/invoicing/period.ts", null],
  ["selectors/a.ts", "../robot/engine/lease.ts", "selectors import Playwright"],
  ["selectors/current/a.ts", "../../robot/browser/visit.ts", "selectors import Playwright"],
  ["selectors/current/b.ts", "../../flows/take-tracks.ts", "selectors import Playwright"],
  ["selectors/current/c.ts", "../../test/portal/portal.ts", "selectors import Playwright"],
  ["selectors/current/d.ts", "../../robot/invoicing/period.ts", null],
  ["selectors/current/e.ts", "playwright", null],
  ["robot/invoicing/a.ts", "../engine/lease.ts", "robot/invoicing is pure"],
  ["robot/invoicing/b.ts", "../../selectors/pages.ts", "robot/invoicing is pure"],
  ["robot/invoicing/c.ts", "./period.ts", null],
  ["robot/a.ts", "../test/portal/portal.ts", "The product knows nothing of its tests"],
  ["robot/engine/a.ts", "../../test/kit/portal.ts", "The product knows nothing of its tests"],
  ["robot/login/captcha/a.ts", "../../../test/portal/portal.ts", "The product knows nothing of its tests"],
  ["robot/engine/b.ts", "./lease.ts", null],
  ["robot/engine/pass.ts", "../../selectors/press-once.ts", "Only the engine's effects press"],
  ["robot/login/sign-in.ts", "../../selectors/press-once.ts", "Only the engine's effects press"],
  ["robot/wire.ts", "../selectors/press-once.ts", "Only the engine's effects press"],
  ["selectors/commit-form.ts", "./press-once.ts", "Only the engine's effects press"],
  ["selectors/current/e2.ts", "../press-once.ts", "Only the engine's effects press"],
  ["flows/i2.ts", "../selectors/press-once.ts", "A flow sees the ports"],
  ["robot/engine/effect.ts", "../../selectors/press-once.ts", null],
  ["test/portal/a.ts", "../../robot/invoicing/period.ts", "The practice portal imports nothing of the robot"],
  ["test/portal/model/a.ts", "../../../selectors/pages.ts", "The practice portal imports nothing of the robot"],
  ["test/portal/model/b.ts", "../../../flows/take-tracks.ts", "The practice portal imports nothing of the robot"],
  ["test/portal/model/c.ts", "./clock.ts", null],
];

describe("the linter, with the project's own rules,", () => {
  const lintSchema = z.looseObject({
    diagnostics: z.array(z.looseObject({ code: z.string(), help: z.string().optional(), filename: z.string() })),
  });
  let tree: string;
  let refused: ReadonlyMap<string, string>;

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), "einvoice-boundaries-"));
    await copyFile(join(ROOT, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
    for (const [file, imports] of IMPORTS) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), `export { a } from ${JSON.stringify(imports)};\n`);
    }
    const { diagnostics } = lintSchema.parse(JSON.parse(await lint(tree)));
    refused = new Map(
      diagnostics
        .filter(({ code }) => code.includes("no-restricted-imports"))
        .map(({ filename, help }) => [filename.replaceAll("\\", "/"), help ?? ""]),
    );
  });
  afterAll(() => rm(tree, { recursive: true, force: true }));

  test.each(IMPORTS.filter(([, , refusal]) => refusal !== null))("refuses in %s to import %s", (file, _, refusal) => {
    expect(refused.get(file)).toContain(refusal);
  });

  test.each(IMPORTS.filter(([, , refusal]) => refusal === null))("allows in %s to import %s", (file) => {
    expect(refused.has(file)).toBe(false);
  });
});

describe("the product", () => {
  test("does not know the practice portal, but for the commands that start it", async () => {
    const knowing = await filesThatSay(/practice|演練|test[/\\]portal/i, ["robot", "flows", "selectors"]);
    const allowed = /^robot\/(?:demo|setup)\/|^robot\/cli\/program\.ts$/;
    expect(knowing.filter((file) => !allowed.test(file))).toEqual([]);
    expect(knowing).toContain("robot/demo/practice.ts");
  });

  test("has no flow that touches a page or waits by the clock", async () => {
    const touch = /\blocator\(|\bgetBy[A-Z]|waitForTimeout|setTimeout|\bpage\.|\.click\(/;
    expect(await filesThatSay(touch, ["flows"])).toEqual([]);
    expect(await filesThatSay(touch, ["selectors"])).not.toEqual([]);
  });

  test("takes of npm in flows only what checks input, in selectors the browser as well", async () => {
    expect(await packagesOf("flows")).toEqual(["zod"]);
    expect(await packagesOf("selectors")).toEqual(["playwright", "zod"]);
  });
});

/** The linter ends with a failure where it finds something, so what it prints is what counts. */
function lint(folder: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [OXLINT, "--format", "json"], { cwd: folder }, (_error, stdout) => resolve(stdout));
  });
}

describe("a button that changes the portal", () => {
  test("is pressed in one place, and found in one", async () => {
    expect(await filesThatSay(/\bpressOnce\(/, ["robot", "flows", "selectors"])).toEqual([
      "robot/engine/effect.ts",
      "selectors/press-once.ts",
    ]);
    expect(await filesThatSay(/\bPRESS\b/, ["robot", "flows", "selectors"])).toEqual([
      "selectors/irreversible.ts",
      "selectors/press-once.ts",
    ]);
    expect(await filesThatSay(/\bcommits\b/, ["robot", "flows", "selectors"])).toEqual([
      "selectors/commit-form.ts",
      "selectors/part.ts",
    ]);
  });

  test("is found by no part that may be pressed at will", async () => {
    for (const { file } of await sourcesIn("selectors")) if (file.endsWith(".ts")) await import(join(ROOT, file));
    const labels = committingParts().flatMap(({ name }) => [name, ` ${name} `]);
    expect(labels.length).toBeGreaterThan(2);
    const pressing = reversibleParts().filter(({ candidates }) =>
      candidates.some((candidate) => labels.some((label) => finds(candidate, label))),
    );
    expect(pressing).toEqual([]);
  });
});

/** Whether this way to find something finds a button with these words. */
function finds(candidate: Candidate, label: string): boolean {
  const words = "text" in candidate ? candidate.text : "role" in candidate ? candidate.name : null;
  if (words === null || ("role" in candidate && !["button", "link", "menuitem"].includes(candidate.role))) return false;
  return typeof words === "string" ? words === label.trim() : words.test(label);
}

async function sourcesIn(folder: string): Promise<{ file: string; text: string }[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs|js|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      file: relative(ROOT, path).split(sep).join("/"),
      text: await readFile(path, "utf8"),
    })),
  );
}

async function filesThatSay(words: RegExp, folders: readonly string[]): Promise<string[]> {
  const sources = (await Promise.all(folders.map(sourcesIn))).flat();
  return sources.filter(({ text }) => words.test(text)).map(({ file }) => file);
}

async function packagesOf(folder: string): Promise<string[]> {
  const found = new Set<string>();
  for (const { text } of await sourcesIn(folder)) {
    for (const [, name] of text.matchAll(/^[^"]*\b(?:from|import) ?\(?"((?!\.|node:)[^"]+)"/gm))
      if (name) found.add(name);
  }
  return [...found].sort((a, b) => a.localeCompare(b));
}
