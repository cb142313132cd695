import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { randomInt } from "node:crypto";
import { createRequire } from "node:module";

const WIDTH = 150;
const HEIGHT = 40;
const FONT = "Stranger Captcha";
const fontFile = createRequire(import.meta.url).resolve(
  "@fontsource/libre-bodoni/files/libre-bodoni-latin-500-normal.woff2",
);
if (!GlobalFonts.has(FONT)) GlobalFonts.registerFromPath(fontFile, FONT);

export type Captcha = { digits: string; png: string };

/** Five serif digits and one thick stroke, drawn black on nothing: the glyphs are in the alpha channel only. */
export function drawCaptcha(): Captcha {
  const digits = Array.from({ length: 5 }, () => String(randomInt(10))).join("");
  const canvas = createCanvas(WIDTH, HEIGHT);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#000";
  pen.strokeStyle = "#000";
  pen.textBaseline = "alphabetic";
  let x = 12 + randomInt(6);
  for (const digit of digits) {
    pen.font = `${30 + randomInt(3)}px "${FONT}"`;
    pen.save();
    pen.translate(x, 30 + randomInt(3));
    pen.rotate((randomInt(9) - 4) / 60);
    pen.fillText(digit, 0, 0);
    pen.restore();
    x += pen.measureText(digit).width + 5 + randomInt(3);
  }
  pen.lineWidth = 2.4;
  pen.beginPath();
  pen.moveTo(4, 30 + randomInt(4));
  pen.bezierCurveTo(45, 10 + randomInt(10), 95, 34 - randomInt(8), WIDTH - 6, 6 + randomInt(5));
  pen.stroke();
  for (let dot = 0; dot < 60; dot += 1) pen.fillRect(randomInt(WIDTH), HEIGHT - 6 + randomInt(6), 2, 1);
  return { digits, png: canvas.toBuffer("image/png").toString("base64") };
}
