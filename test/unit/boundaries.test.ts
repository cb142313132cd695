import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { submitSpecs, reversibleSpecs } from "../../selectors/dom/local/known-parts.ts";
import { nameStrength } from "../../selectors/dom/reading/description.ts";
import { type Import, isAllowed, ROOMS, roomOf } from "./rooms.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Where a file lies, what it would import, and whether the table allows it. */
const PLANTED: readonly (readonly [from: string, to: string, allowed: boolean])[] = [
  ["flows/a.ts", "selectors/portal/tracks/tracks.ts", false],
  ["flows/a.ts", "robot/store/store.ts", false],
  ["flows/a.ts", "robot/app/compose.ts", false],
  ["flows/a.ts", "test/portal/portal.ts", false],
  ["flows/a.ts", "selectors/pages.ts", true],
  ["flows/a.ts", "robot/engine/flow.ts", true],
  ["flows/a.ts", "robot/engine/effects/effect.ts", false],
  ["flows/a.ts", "robot/invoicing/values/period.ts", true],
  ["flows/shared/a.ts", "selectors/submit/press-once.ts", false],
  ["selectors/portal/a.ts", "robot/store/lease.ts", false],
  ["selectors/portal/tracks/a.ts", "robot/browser/visit.ts", false],
  ["selectors/dom/a.ts", "flows/take-tracks.ts", false],
  ["selectors/dom/a.ts", "test/portal/portal.ts", false],
  ["selectors/dom/a.ts", "selectors/portal/signed-in-portal.ts", false],
  ["selectors/portal/a.ts", "robot/invoicing/values/period.ts", true],
  ["selectors/submit/submission.ts", "selectors/submit/press-once.ts", false],
  ["selectors/portal/a.ts", "selectors/submit/press-once.ts", false],
  ["robot/invoicing/a.ts", "robot/store/lease.ts", false],
  ["robot/invoicing/values/a.ts", "selectors/pages.ts", false],
  ["robot/invoicing/values/a.ts", "robot/invoicing/reading/table.ts", true],
  ["robot/lib/a.ts", "robot/failures/failure.ts", false],
  ["robot/store/a.ts", "robot/engine/flow.ts", false],
  ["robot/engine/a.ts", "robot/config/schema.ts", false],
  ["robot/engine/a.ts", "test/support/kit/installation/portal.ts", false],
  ["robot/login/captcha/a.ts", "test/portal/portal.ts", false],
  ["robot/engine/a.ts", "robot/store/lease.ts", true],
  ["robot/engine/workflow/run-execution.ts", "selectors/submit/press-once.ts", false],
  ["robot/login/sign-in.ts", "selectors/submit/press-once.ts", false],
  ["robot/app/compose.ts", "selectors/submit/press-once.ts", false],
  ["robot/engine/effects/commit.ts", "selectors/submit/press-once.ts", true],
  ["robot/engine/effects/effect.ts", "selectors/submit/press-once.ts", false],
  ["robot/console/a.ts", "robot/cli/program.ts", false],
  ["test/portal/a.ts", "robot/invoicing/values/period.ts", false],
  ["test/portal/model/a.ts", "selectors/pages.ts", false],
  ["test/portal/model/a.ts", "flows/take-tracks.ts", false],
  ["test/portal/model/a.ts", "test/portal/model/clock.ts", true],
];

describe("the table of rooms", () => {
  test.each(PLANTED)("%s imports %s: %s", (from, to, allowed) => {
    expect(isAllowed({ from, to })).toBe(allowed);
  });

  test("holds for every import of the project, types included", async () => {
    const imports = await importsIn(["robot", "flows", "selectors", "test/portal"]);
    expect(imports.length).toBeGreaterThan(1_000);
    expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
  });

  test("has no circle of rooms, but for the contract of pages, whose buttons are irreversible", () => {
    const rest = new Map(Object.entries(ROOMS).map(([room, may]) => [room, new Set(may.map((one) => roomOf(one)))]));
    rest.get("selectors/pages.ts")?.delete("selectors/submit");
    for (let removed = true; removed; ) {
      removed = false;
      for (const [room, may] of rest) {
        if ([...may].some((one) => one !== undefined && one !== room && rest.has(one))) continue;
        rest.delete(room);
        removed = true;
      }
    }
    expect([...rest.keys()]).toEqual([]);
  });

  test("is the whole house: every file of the product has a room", async () => {
    const files = (await Promise.all(["robot", "flows", "selectors"].map(sourcesIn))).flat();
    expect(files.filter(({ file }) => roomOf(file) === undefined).map(({ file }) => file)).toEqual([]);
  });
});

/** Every relative import and re-export, whether of values or of types, resolved against the root. */
async function importsIn(folders: readonly string[]): Promise<Import[]> {
  const sources = (await Promise.all(folders.map(sourcesIn))).flat();
  return sources.flatMap(({ file, text }) =>
    Array.from(text.matchAll(/(?:\bfrom|\bimport\(?)\s*"(\.[^"]+)"/g), ([, to = ""]) => ({
      from: file,
      to: posix.normalize(posix.join(posix.dirname(file), to)),
    })),
  );
}

describe("the product", () => {
  test("does not know the practice portal, but for the commands that start it", async () => {
    const knowing = await filesThatSay(/practice|演練(?:平台|信箱|入口|網站)|test[/\\]portal/i, [
      "robot",
      "flows",
      "selectors",
    ]);
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

describe("a button that changes the portal", () => {
  test("is pressed in one place, and found in one", async () => {
    expect(await filesThatSay(/\bpressOnce\(/, ["robot", "flows", "selectors"])).toEqual([
      "robot/engine/effects/commit.ts",
      "selectors/submit/press-once.ts",
    ]);
    expect(await filesThatSay(/\bPRESS\b/, ["robot", "flows", "selectors"])).toEqual([
      "selectors/submit/irreversible.ts",
      "selectors/submit/press-once.ts",
    ]);
    expect(await filesThatSay(/\bsubmitSpec\b/, ["robot", "flows", "selectors"])).toEqual([
      "selectors/submit/submission.ts",
      "selectors/dom/locator-spec.ts",
    ]);
  });

  test("is found by no part that may be pressed at will", async () => {
    for (const { file } of await sourcesIn("selectors")) if (file.endsWith(".ts")) await import(join(ROOT, file));
    // 查詢 and 下一步 lead a carrier's form to the data that are then confirmed; everywhere else they only search, and lead to the next step.
    const leading = new Set(["查詢", "下一步"]);
    const labels = submitSpecs().flatMap(({ names }) =>
      names.filter((name) => !leading.has(name)).flatMap((name) => [name, ` ${name} `]),
    );
    expect(labels.length).toBeGreaterThan(2);
    const pressing = reversibleSpecs().filter(
      (part) => ["press", "tab", "menu"].includes(part.kind) && labels.some((label) => nameStrength(part, label) > 0),
    );
    expect(pressing.map(({ id }) => id)).toEqual([]);
  });
});

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
