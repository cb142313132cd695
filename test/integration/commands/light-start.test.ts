import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Workplace, workplace } from "../../support/kit/installation/workplace.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Notes the address of each module that a process loads. */
const NOTING = `import { registerHooks } from "node:module";
import { writeFileSync } from "node:fs";
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
process.on("exit", () => writeFileSync(process.env.LOADED_MODULES, loaded.join("\\n")));
`;

/** What a command loads, each as its place in the project. */
async function loadedBy(place: Workplace, words: readonly string[]): Promise<string[]> {
  const note = join(place.folder, "loaded.txt");
  const hook = await place.put("noting.mjs", NOTING);
  const args = ["--import", hook, join(ROOT, "robot/start.mjs"), ...words];
  const child = spawn(process.execPath, args, { cwd: place.folder, env: { ...process.env, LOADED_MODULES: note } });
  await Promise.all([text(child.stdout), text(child.stderr), new Promise((ended) => child.once("close", ended))]);
  expect(child.exitCode).toBe(0);
  return (await readFile(note, "utf8"))
    .split("\n")
    .map((url) => url.replace(/^.*?\/(?=(?:robot|flows|node_modules)\/)/, ""));
}

/** What nothing of these needs: a browser, readers of captchas, the console, mail, keys, workbooks, the engine. */
const HEAVY =
  /^node_modules\/(?:playwright|tesseract|hono|@hono|pino|imapflow|nodemailer|postal-mime|postgres|age-encryption|@napi-rs|hucre|openworkflow|pkijs|@clack)|^robot\/(?:browser|login|mail|visits|demo|console\/(?!access\/roles|view\/status))/;
const DATABASE = /^node_modules\/kysely|^robot\/store\/(?!errors)/;

test("help, checks of files and lists load neither browser, captcha reader, console, mail, keys nor the engine; help and checks no database", async () => {
  const place = await workplace({ companies: [{ name: "Morning Shop", ubn: "12345675" }] });
  const file = join(ROOT, "test/fixtures/files/track-good-tight.csv");
  const config = ["--config", place.configFile];
  const heavy: unknown[] = [];
  for (const words of [["--help"], ["files", "check", file], ["status", ...config], ["runs", ...config]]) {
    const loaded = await loadedBy(place, words);
    expect(loaded).toContain("robot/cli/program.ts");
    const isList = words[0] === "status" || words[0] === "runs";
    expect(loaded.some((one) => DATABASE.test(one))).toBe(isList);
    heavy.push(...loaded.filter((one) => HEAVY.test(one)).map((module) => ({ words: words[0], module })));
  }
  expect(heavy).toEqual([]);
});
