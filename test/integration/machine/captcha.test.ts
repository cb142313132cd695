import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type CaptchaReader, type CaptchaReading, createCaptchaReader } from "../../../robot/login/captcha/reader.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures", "captcha");
const labelsSchema = z.record(z.string(), z.string());

GlobalFonts.registerFromPath(
  join(import.meta.dirname, "../../../node_modules/@fontsource/libre-bodoni/files/libre-bodoni-latin-500-normal.woff2"),
  "Captcha Bodoni",
);

/** A picture as the portal draws it: black in every pixel, the text in the alpha channel, one curve across. */
function portalPicture(text: string, stroke = true): Buffer {
  const canvas = createCanvas(150, 40);
  const context = canvas.getContext("2d");
  context.font = '30px "Captcha Bodoni"';
  context.fillText(text, 20, 29);
  if (stroke) {
    context.lineWidth = 3;
    context.beginPath();
    context.moveTo(8, 34);
    context.quadraticCurveTo(70, 30, 140, 6);
    context.stroke();
  }
  return canvas.toBuffer("image/png");
}

function labelled(folder: string): { file: string; label: string; picture: Buffer }[] {
  const labels = labelsSchema.parse(JSON.parse(readFileSync(join(FIXTURES, folder, "labels.json"), "utf8")));
  return Object.entries(labels).map(([file, label]) => ({
    file,
    label,
    picture: readFileSync(join(FIXTURES, folder, file)),
  }));
}

let reader: CaptchaReader;
beforeAll(async () => {
  reader = await createCaptchaReader();
});
afterAll(() => reader.close());

async function readAll(folder: string): Promise<(CaptchaReading & { label: string })[]> {
  const results: (CaptchaReading & { label: string })[] = [];
  for (const { label, picture } of labelled(folder)) results.push({ ...(await reader.read(picture)), label });
  return results;
}

describe("reading a captcha", () => {
  test("a picture whose digits are only in the alpha channel is read", async () => {
    const picture = portalPicture("48205");
    const { data } = PNG.sync.read(picture);
    expect(data.every((level, i) => i % 4 === 3 || level === 0)).toBe(true);
    expect(await reader.read(picture)).toMatchObject({ text: "48205", refused: false });
  });

  test.each(["20037", "11552", "88800", "77777"])("repeated digits are not collapsed: %s", async (text) => {
    expect(await reader.read(portalPicture(text))).toMatchObject({ text, refused: false });
  });

  test.each(["1234", "123456"])("a text that has not five digits is refused: %s", async (text) => {
    expect(await reader.read(portalPicture(text, false))).toMatchObject({ refused: true });
  });
});

describe("what cannot be read is refused, not guessed", () => {
  const onePixelGif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
  const nothing = { text: "", confidence: 0, refused: true };

  test("the one-pixel placeholder that stands on the page before the captcha", async () => {
    expect(await reader.read(onePixelGif)).toEqual(nothing);
    expect(await reader.read(createCanvas(1, 1).toBuffer("image/png"))).toEqual(nothing);
  });

  test("a broken file, a file that is no picture, an empty file", async () => {
    const whole = portalPicture("13579");
    expect(await reader.read(whole.subarray(0, whole.length / 2))).toEqual(nothing);
    expect(await reader.read(Buffer.from("<!doctype html><title>暫停服務</title>"))).toEqual(nothing);
    expect(await reader.read(new Uint8Array())).toEqual(nothing);
  });

  test("an empty sheet, and one with a stroke but no digits", async () => {
    expect(await reader.read(createCanvas(150, 40).toBuffer("image/png"))).toEqual(nothing);
    expect(await reader.read(portalPicture(""))).toMatchObject({ refused: true });
  });

  test("a picture goes on being readable after a broken one", async () => {
    await reader.read(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    expect(await reader.read(portalPicture("90614"))).toMatchObject({ text: "90614" });
  });
});

describe("a reader that is shared and ended", () => {
  test("pictures read at the same time do not mix", async () => {
    const texts = ["31862", "70945", "55210"];
    const readings = await Promise.all(texts.map((text) => reader.read(portalPicture(text))));
    expect(readings.map((reading) => reading.text)).toEqual(texts);
  });

  test("closing waits for the picture being read; afterwards reading is an error and does not hang", async () => {
    const other = await createCaptchaReader();
    const reading = other.read(portalPicture("62804"));
    await other.close();
    expect(await reading).toMatchObject({ text: "62804" });
    await expect(other.read(portalPicture("62804"))).rejects.toThrow("closed");
  });
});

describe("on pictures of other programs, in fonts the reader was not made with", () => {
  test.each(["simplecaptcha", "drawn"])(
    "at least 9 of 10 answered readings of %s are right, most are answered",
    async (folder) => {
      const results = await readAll(folder);
      const answered = results.filter((result) => !result.refused);
      const right = answered.filter((result) => result.text === result.label);
      expect(answered.length).toBeGreaterThanOrEqual(results.length * 0.7);
      expect(right.length).toBeGreaterThanOrEqual(answered.length * 0.9);
    },
  );

  test.each(["kaptcha", "ruby-simple-captcha2"])("of %s hardly anything is submitted wrong", async (folder) => {
    const results = await readAll(folder);
    const wrong = results.filter((result) => !result.refused && result.text !== result.label);
    expect(wrong.length).toBeLessThanOrEqual(1);
  });

  test("a higher demand refuses more and never answers differently", async () => {
    const strict = await createCaptchaReader({ minConfidence: 1.01 });
    try {
      const [sample] = labelled("simplecaptcha");
      const picture = sample?.picture ?? Buffer.alloc(0);
      const usual = await reader.read(picture);
      expect(await strict.read(picture)).toEqual({ ...usual, refused: true });
    } finally {
      await strict.close();
    }
  });
});
