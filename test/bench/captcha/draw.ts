/**
 * Draws captchas of many kinds to develop and train the reader on. Most are relatives of the portal's (black digits in
 * the alpha channel, tight, one thick curved stroke, a band of disturbance along the bottom); the rest is as different
 * as other captcha programs are. Everything follows from the random source: the same seed draws the same pictures.
 */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";

/** The next number in 0..1. */
export type Random = () => number;

export interface Drawing {
  readonly label: string;
  readonly canvas: Canvas;
  /** The middle of each digit, in pixels from the left. */
  readonly centres: readonly number[];
}

/** A small generator of good enough quality (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Canvases are used again: dropped ones pile up outside of the collected memory faster than they are freed. */
const canvases = new Map<string, Canvas>();

function emptyCanvas(width: number, height: number): Canvas {
  const size = `${width}×${height}`;
  const canvas = canvases.get(size) ?? createCanvas(width, height);
  canvases.set(size, canvas);
  canvas.getContext("2d").reset();
  return canvas;
}

/** One picture, good until the next one is drawn. `pickFont` gives the CSS font family of a digit; `related` keeps to the portal's own look. */
export function drawCaptcha(random: Random, pickFont: () => string, related: boolean): Drawing {
  const label = Array.from({ length: 5 }, () => Math.floor(random() * 10)).join("");
  const [width, height] = pictureSize(random, related);
  const canvas = emptyCanvas(width, height);
  const context = canvas.getContext("2d");
  const ink = related || random() < 0.6 ? "#000" : shade(random, 0, 110);
  const extent = drawDigits(context, random, pickFont, related, label, ink);
  drawStrokes(context, random, related, extent, ink);
  if (random() < 0.4) drawBand(context, random, ink);
  if (!related) {
    if (random() < 0.25) bend(canvas, random);
    if (random() < 0.25) sprinkle(context, random);
    if (random() < 0.6) layOnPaper(context, random);
  }
  if (random() < 0.15) harden(context);
  return { label, canvas, centres: extent.centres };
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

function shade(random: Random, low: number, high: number): string {
  const channel = () => Math.round(between(random, low, high));
  return `rgb(${channel()},${channel()},${channel()})`;
}

function pictureSize(random: Random, related: boolean): [number, number] {
  const kind = random();
  if (kind < 0.5) return [150, 40];
  if (kind < 0.7) return [150, 50];
  if (kind < 0.85 || related) return [200, 50];
  return [10 * Math.round(between(random, 10, 22)), 5 * Math.round(between(random, 6, 14))];
}

interface Extent {
  left: number;
  right: number;
  centres: number[];
}

/** Sets the five digits and says from where to where they reach. */
function drawDigits(
  context: SKRSContext2D,
  random: Random,
  pickFont: () => string,
  related: boolean,
  label: string,
  ink: string,
): Extent {
  const { width, height } = context.canvas;
  const mixed = random() < (related ? 0.1 : 0.25);
  const first = pickFont();
  const fonts = Array.from(label).map(() => (mixed ? pickFont() : first));
  const unrest = random() < (related ? 0.75 : 0.5) ? 0.1 : between(random, 0.2, related ? 0.5 : 1.2);
  const bold = random() < 0.12 ? between(random, 0.3, 1.4) : 0;
  const kind = random();
  const tightByInk = kind < 0.45;
  const gap = tightByInk
    ? between(random, -3.5, 2)
    : kind < 0.7
      ? between(random, -0.2, 0.02)
      : between(random, -0.05, related ? 0.2 : 0.6);
  let size = (height * between(random, 0.45, related ? 0.78 : 0.85)) / 0.7;
  let advances: number[] = [];
  let total = 0;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    advances = Array.from(label).map((digit, i) => {
      context.font = `${size}px "${fonts[i]}"`;
      const box = context.measureText(digit);
      const inked = box.actualBoundingBoxRight + box.actualBoundingBoxLeft;
      return Math.max(size * 0.2, tightByInk ? inked + gap : box.width * (1 + gap));
    });
    total = advances.reduce((sum, advance) => sum + advance, 0);
    if (total <= width - 4) break;
    size *= Math.max(0.7, (width - 5) / total);
  }
  const room = Math.max(0, width - total - 4);
  const left = 2 + (random() < 0.5 ? room / 2 + between(random, -0.2, 0.2) * room : room * random());
  const base = between(random, 0.42, 0.58) * height;
  let x = left;
  const centres: number[] = [];
  context.fillStyle = ink;
  context.strokeStyle = ink;
  context.textBaseline = "alphabetic";
  Array.from(label).forEach((digit, i) => {
    const own = size * (1 + between(random, -0.12, 0.12) * unrest);
    context.font = `${own}px "${fonts[i]}"`;
    const box = context.measureText(digit);
    const middle = (box.actualBoundingBoxRight - box.actualBoundingBoxLeft) / 2;
    const centre = tightByInk ? middle : box.width / 2;
    context.save();
    context.translate(x + (advances[i] ?? 0) / 2, base + size * 0.35 + between(random, -0.14, 0.14) * size * unrest);
    context.rotate(between(random, -0.35, 0.35) * unrest);
    context.fillText(digit, -centre, 0);
    if (bold > 0) {
      context.lineWidth = bold;
      context.strokeText(digit, -centre, 0);
    }
    context.restore();
    centres.push(x + (advances[i] ?? 0) / 2);
    x += advances[i] ?? 0;
  });
  return { left, right: left + total, centres };
}

function drawStrokes(context: SKRSContext2D, random: Random, related: boolean, extent: Extent, ink: string): void {
  const kind = random();
  if (kind < (related ? 0.04 : 0.25)) return;
  const { height } = context.canvas;
  context.strokeStyle = ink;
  context.lineCap = random() < 0.5 ? "round" : "butt";
  const single = related || random() < 0.6;
  const count = single ? 1 : 2 + Math.floor(random() * 3);
  for (let i = 0; i < count; i += 1) {
    context.lineWidth = height * (single ? between(random, 0.045, 0.125) : between(random, 0.02, 0.06));
    if (!related && random() < 0.15) context.strokeStyle = random() < 0.5 ? "#fff" : shade(random, 60, 180);
    drawStroke(context, random, extent);
  }
}

/** A curve across the digits, most often rising from the lower left; some are made of straight pieces. */
function drawStroke(context: SKRSContext2D, random: Random, extent: Extent): void {
  const { width, height } = context.canvas;
  const startX = random() < 0.6 ? between(random, -4, extent.left + 12) : between(random, 0, width * 0.2);
  const endX =
    random() < 0.5 ? between(random, extent.right - 15, width + 4) : between(random, width * 0.85, width + 4);
  const rising = random() < 0.65;
  const startY = rising ? between(random, 0.45, 1.02) * height : between(random, 0, 1) * height;
  const endY = rising ? between(random, -0.02, 0.5) * height : between(random, 0, 1) * height;
  const bendY = () => between(random, -0.1, 1.1) * height;
  const [x1, y1, x2, y2] = [
    startX + (endX - startX) * between(random, 0.05, 0.5),
    bendY(),
    startX + (endX - startX) * between(random, 0.5, 0.95),
    bendY(),
  ];
  const pieces = random() < 0.3 ? 3 + Math.floor(random() * 3) : 40;
  context.beginPath();
  for (let i = 0; i <= pieces; i += 1) {
    const t = i / pieces;
    const s = 1 - t;
    const x = s ** 3 * startX + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t ** 3 * endX;
    const y = s ** 3 * startY + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t ** 3 * endY;
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

/** The disturbance along the bottom: noise, bars, lines or a solid strip, 6 rows of 40. */
function drawBand(context: SKRSContext2D, random: Random, ink: string): void {
  const { width, height } = context.canvas;
  const rows = Math.round(height * between(random, 0.1, 0.17));
  const top = height - rows;
  const kind = Math.floor(random() * 5);
  const density = between(random, 0.15, 0.85);
  const cell = 1 + Math.floor(random() * 3);
  context.fillStyle = ink;
  if (kind === 0) context.fillRect(0, top, width, rows);
  for (let y = top; y < height; y += kind === 2 ? rows : cell) {
    const lineDrawn = random() < density;
    for (let x = 0; x < width; x += cell) {
      const drawn = kind === 3 ? lineDrawn : kind === 4 ? (x / cell + y / cell) % 2 < 1 : random() < density;
      if (drawn && kind > 0) context.fillRect(x, y, cell, kind === 2 ? rows : cell);
    }
  }
}

/** Waves through the whole picture, as some captcha programs make them. */
function bend(canvas: Canvas, random: Random): void {
  const { width, height } = canvas;
  const context = canvas.getContext("2d");
  const source = context.getImageData(0, 0, width, height);
  const target = context.createImageData(width, height);
  const [deepX, deepY] = [between(random, 0, 2.5), between(random, 0, 4)];
  const [longX, longY] = [between(random, 12, 60), between(random, 20, 90)];
  const phase = random() * 6.3;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const fromX = Math.round(x + deepX * Math.sin((y / longX) * 6.3 + phase));
      const fromY = Math.round(y + deepY * Math.sin((x / longY) * 6.3 + phase));
      if (fromX < 0 || fromY < 0 || fromX >= width || fromY >= height) continue;
      const from = (fromY * width + fromX) * 4;
      target.data.set(source.data.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  context.putImageData(target, 0, 0);
}

function sprinkle(context: SKRSContext2D, random: Random): void {
  const { width, height } = context.canvas;
  const dots = Math.round(width * height * between(random, 0.002, 0.04));
  for (let i = 0; i < dots; i += 1) {
    context.fillStyle = random() < 0.6 ? shade(random, 0, 150) : "#fff";
    const size = random() < 0.8 ? 1 : 2;
    context.fillRect(Math.floor(random() * width), Math.floor(random() * height), size, size);
  }
}

/** White, grey or shaded paper below the ink; now and then everything is turned to light on dark. */
function layOnPaper(context: SKRSContext2D, random: Random): void {
  const { width, height } = context.canvas;
  context.globalCompositeOperation = "destination-over";
  if (random() < 0.3) {
    const shading = context.createLinearGradient(0, 0, width * random(), height);
    shading.addColorStop(0, shade(random, 150, 255));
    shading.addColorStop(1, shade(random, 200, 255));
    context.fillStyle = shading;
  } else {
    context.fillStyle = random() < 0.5 ? "#fff" : shade(random, 190, 255);
  }
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = random() < 0.1 ? "difference" : "source-over";
  if (context.globalCompositeOperation === "difference") {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
  }
  context.globalCompositeOperation = "source-over";
  if (random() < 0.3) roughen(context, random);
}

function roughen(context: SKRSContext2D, random: Random): void {
  const { width, height } = context.canvas;
  const picture = context.getImageData(0, 0, width, height);
  const strength = between(random, 5, 45);
  for (let i = 0; i < picture.data.length; i += 4) {
    const change = (random() + random() + random() - 1.5) * strength;
    for (let channel = i; channel < i + 3; channel += 1) {
      picture.data[channel] = Math.min(255, Math.max(0, (picture.data[channel] ?? 0) + change));
    }
  }
  context.putImageData(picture, 0, 0);
}

/** No soft edges: each pixel is ink or paper, as old drawing libraries left it. */
function harden(context: SKRSContext2D): void {
  const { width, height } = context.canvas;
  const picture = context.getImageData(0, 0, width, height);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = (picture.data[i] ?? 0) >= 128 ? 255 : 0;
  context.putImageData(picture, 0, 0);
}
