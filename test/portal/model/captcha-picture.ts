import { fileURLToPath } from "node:url";
import { createCanvas, GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";

const WIDTH = 150;
const HEIGHT = 40;
const BAND_ROWS = 6;

const faces = [400, 500, 600, 700].map((weight) => {
  const family = `captcha-bodoni-${weight}`;
  const file = `@fontsource/libre-bodoni/files/libre-bodoni-latin-${weight}-normal.woff`;
  GlobalFonts.registerFromPath(fileURLToPath(import.meta.resolve(file)), family);
  return family;
});

/** Five random digits; `random` answers numbers in [0, 1). */
export function captchaDigits(random: () => number): string {
  return Array.from({ length: 5 }, () => String(Math.floor(random() * 10))).join("");
}

/**
 * Draws a captcha as the current design does (portal facts, section 3): 150×40, tight high-contrast serif digits, one thick
 * curved stroke from lower left to upper right, a disturbed band in the bottom six rows; the colour channels are all 0 and the
 * picture lives in the alpha channel alone.
 *
 * @returns PNG bytes.
 */
export function drawCaptcha(digits: string, random: () => number): Buffer {
  const canvas = createCanvas(WIDTH, HEIGHT);
  const ink = canvas.getContext("2d");
  ink.fillStyle = "#000";
  ink.strokeStyle = "#000";
  drawDigits(ink, digits, random);
  drawStroke(ink, random);
  disturbBand(ink, random);
  return canvas.toBuffer("image/png");
}

function drawDigits(ink: SKRSContext2D, digits: string, random: () => number): void {
  const face = faces[Math.floor(random() * faces.length)] ?? "serif";
  const size = 33 + random() * 4;
  ink.font = `${size}px "${face}"`;
  ink.textBaseline = "alphabetic";
  const tightness = 0.92 + random() * 0.08;
  const stretch = 0.88 + random() * 0.14;
  const advances = Array.from(digits, (digit) => ink.measureText(digit).width * tightness);
  const total = advances.reduce((sum, advance) => sum + advance, 0);
  let x = (4 + random() * Math.max(1, WIDTH - 8 - total * stretch)) / stretch;
  ink.save();
  ink.scale(stretch, 1);
  for (const [index, digit] of Array.from(digits).entries()) {
    ink.fillText(digit, x, 30 + random() * 2);
    x += advances[index] ?? 0;
  }
  ink.restore();
}

function drawStroke(ink: SKRSContext2D, random: () => number): void {
  ink.lineWidth = 2.2 + random() * 0.9;
  ink.lineCap = "round";
  ink.beginPath();
  ink.moveTo(2 + random() * 6, 27 + random() * 6);
  ink.bezierCurveTo(
    30 + random() * 25,
    12 + random() * 22,
    80 + random() * 25,
    12 + random() * 22,
    140 + random() * 8,
    4 + random() * 8,
  );
  ink.stroke();
}

function disturbBand(ink: SKRSContext2D, random: () => number): void {
  for (let y = HEIGHT - BAND_ROWS; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; ) {
      const run = 1 + Math.floor(random() * 4);
      if (random() < 0.42) ink.fillRect(x, y, run, 1);
      x += run;
    }
  }
}
