import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isCancel, text as ask } from "@clack/prompts";
import { PNG } from "pngjs";
import { Failure } from "../../failures/failure.ts";
import type { QuestionRow } from "../../engine/people/questions.ts";
import type { Robot } from "../../engine/workflow/robot.ts";
import { ANOTHER } from "../../login/remote-captcha-reader.ts";
import type { CaptchaReader } from "../../login/captcha/reader.ts";
import type { Output } from "./output.ts";

/** Columns of the drawing in the terminal. */
const COLUMNS = 100;

/**
 * A person reads the captchas: the picture is drawn in the terminal and lies in a file beside it, the digits are typed.
 * @throws Failure `wrong-use` where there is no terminal to ask on
 */
export function personAtTerminal(output: Output): CaptchaReader {
  if (!process.stdin.isTTY) {
    throw new Failure("wrong-use", { wanted: "--attended 要有人在終端機前", seen: "標準輸入不是終端機" });
  }
  return {
    async read(picture) {
      const typed = await typedDigits(picture, output);
      return { text: typed, confidence: typed === "" ? 0 : 1, refused: typed === "" };
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Shows a captcha in the terminal and asks for its digits.
 * @returns five digits, or "" for another picture
 * @throws Failure `cancelled`
 */
export async function typedDigits(picture: Uint8Array, output: Output): Promise<string> {
  output.settle();
  const file = await pictureFile(picture);
  try {
    process.stderr.write(`${drawing(picture)}\n${pathToFileURL(file).href}\n`);
    const typed = await ask({
      message: output.say(
        "請輸入圖中的五個數字；看不清楚直接按 Enter 換一張",
        "Type the five digits; Enter alone for another picture",
      ),
      validate: (value) =>
        value && !/^\d{5}$/.test(value) ? output.say("要剛好五個數字", "exactly five digits") : undefined,
    });
    if (isCancel(typed)) throw new Failure("cancelled");
    return typed ?? "";
  } finally {
    await rm(dirname(file), { recursive: true, force: true });
  }
}

/** Whether a person sits at a terminal and reads what is printed. */
export function isInteractive({ json }: Output): boolean {
  return process.stdin.isTTY && !json;
}

/** Shows anyone who sits at the terminal the picture of a question, and gives the answer. One that comes too late is reported and forgotten. */
export function readPicture(
  robot: Pick<Robot, "answer">,
  by: string,
  output: Output,
): (about: QuestionRow) => Promise<void> {
  return async ({ id, picture, version }) => {
    if (picture === null) return;
    const typed = await typedDigits(picture, output);
    try {
      await robot.answer(id, typed === "" ? ANOTHER : typed, by, version);
    } catch (error) {
      if (!(error instanceof Failure && error.code === "question-expired")) throw error;
      output.progress(output.say("太晚了，這張圖已經失效", "too late: the picture has expired"));
    }
  };
}

/** Puts a picture into a file that only this account can read, in its own folder. */
export async function pictureFile(picture: Uint8Array): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "einvoice-captcha-")), "captcha.png");
  await writeFile(file, picture, { mode: 0o600 });
  return file;
}

/** The picture in half blocks: two rows of pixels a line. Empty for what is no PNG. */
function drawing(picture: Uint8Array): string {
  let png: PNG;
  try {
    png = PNG.sync.read(Buffer.from(picture));
  } catch {
    return "";
  }
  const step = png.width / COLUMNS;
  const rows = Math.floor(png.height / step);
  const dark = (column: number, row: number): boolean => {
    const at = (Math.floor(row * step) * png.width + Math.floor(column * step)) * 4;
    const [red = 255, green = 255, blue = 255, alpha = 0] = png.data.subarray(at, at + 4);
    // The portal's glyphs are in the alpha channel only: what is transparent is paper.
    return ((red + green + blue) / 3) * (alpha / 255) + 255 - alpha < 128;
  };
  const lines: string[] = [];
  for (let row = 0; row + 1 < rows; row += 2) {
    const cells = Array.from(
      { length: COLUMNS },
      (_, column) => HALVES[Number(dark(column, row)) * 2 + Number(dark(column, row + 1))],
    );
    lines.push(cells.join("").trimEnd());
  }
  return lines.join("\n");
}

const HALVES = [" ", "▄", "▀", "█"];
