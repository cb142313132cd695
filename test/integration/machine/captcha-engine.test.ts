import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import { openCaptchaReader } from "../../../robot/login/captcha/engine.ts";
import { workplace } from "../../support/kit/installation/workplace.ts";

const PICTURE = fileURLToPath(new URL("../../fixtures/captcha/simplecaptcha/000.png", import.meta.url));

const START = fileURLToPath(new URL("../../../robot/start.mjs", import.meta.url));

/** A module that counts how many bytes it was given, five digits of it. */
const COUNTS = `export function createReader() {
  return { read: (bytes) => ({ text: String(bytes.length).padStart(5, "0"), confidence: 0.5, refused: false }) };
}`;

describe("a captcha reader of the user's", () => {
  test("is named in the configuration, relative to it, and gets the picture's own bytes", async () => {
    const { configFile, put } = await workplace({ captcha: { engine: "mine.mjs" } });
    const path = await put("mine.mjs", COUNTS);
    const { captcha } = await loadConfig(configFile);
    expect(captcha.engine).toBe(path);
    const reader = await openCaptchaReader(captcha.engine);
    const picture = readFileSync(PICTURE);
    const text = String(picture.length).padStart(5, "0");
    expect(await reader.read(picture)).toEqual({ text, confidence: 0.5, refused: false });
    await reader.close();
  });

  test("can be tried on the command line", async () => {
    const { put } = await workplace();
    const path = await put("mine.mjs", COUNTS);
    const { stdout } = await promisify(execFile)(process.execPath, [
      START,
      "captcha",
      "read",
      "--engine",
      path,
      PICTURE,
    ]);
    expect(stdout).toContain('"confidence":0.5');
  });

  test("that stumbles over a picture, or reads nothing, refuses it; one that says nonsense is no reader", async () => {
    const { put } = await workplace();
    const reading = async (name: string, body: string) =>
      (await openCaptchaReader(await put(name, `export const createReader = () => ({ read() { ${body} } });`))).read(
        Uint8Array.of(1),
      );
    const refused = { text: "", confidence: 0, refused: true };
    expect(await reading("throws.mjs", 'throw new Error("boom")')).toEqual(refused);
    expect(await reading("empty.mjs", 'return { text: "", confidence: 0, refused: false }')).toEqual(refused);
    const nonsense = reading("four.mjs", 'return { text: "2037", confidence: 1, refused: false }');
    await expect(nonsense).rejects.toMatchObject({ code: "config-invalid" });
  });

  test("that can't be loaded, or is no module of that kind, is a fault of the configuration", async () => {
    const { put, folder } = await workplace();
    for (const path of [`${folder}/none.mjs`, await put("other.mjs", "export default 1;")])
      await expect(openCaptchaReader(path)).rejects.toMatchObject({ code: "config-invalid" });
  });
});
