import { blank, crop, DRAWN, inkAt, type Raster, resize } from "./raster.ts";

/** Every preparation works at this height in pixels; the lengths below are measured at it. */
const WORKING_HEIGHT = 100;

/** The portal's disturbance band takes the bottom 6 rows of 40. */
const BAND = 6 / 40;
/** A band goes from side to side: so much of its width has ink. Digits that merely reach down there leave the sides free. */
const BAND_COVER = 0.8;
/** Pieces that the width is looked at in. */
const BAND_PIECES = 20;

/** Scaled to the working height, the disturbance band along the bottom wiped, reduced to ink or paper. */
export function atWorkingHeight(raster: Raster): Raster {
  const width = Math.round((raster.width * WORKING_HEIGHT) / raster.height);
  return drawnOnly(resize(withoutBand(raster), width, WORKING_HEIGHT));
}

/** Wipes the bottom rows when they are a band across the picture; a picture without a band stays whole. */
function withoutBand(raster: Raster): Raster {
  const first = Math.round(raster.height * (1 - BAND));
  const inked = new Set<number>();
  for (let y = first; y < raster.height; y += 1) {
    for (let x = 0; x < raster.width; x += 1) {
      if (inkAt(raster, x, y) >= DRAWN / 2) inked.add(Math.floor((x * BAND_PIECES) / raster.width));
    }
  }
  if (inked.size < BAND_PIECES * BAND_COVER) return raster;
  const result = crop(raster, 0, 0, raster.width, raster.height);
  result.ink.fill(0, first * raster.width);
  return result;
}

function drawnOnly(raster: Raster): Raster {
  return { ...raster, ink: raster.ink.map((level) => (level >= DRAWN ? 255 : 0)) };
}

/**
 * Keeps only ink in vertical runs of at least `shortest` pixels: a stroke that runs across the digits is thin from top
 * to bottom, the digits' stems are not.
 */
export function eraseShortRuns(raster: Raster, shortest: number): Raster {
  const result = blank(raster.width, raster.height);
  for (const { x, top, bottom } of verticalRuns(raster)) {
    if (bottom - top < shortest) continue;
    for (let y = top; y < bottom; y += 1) result.ink[y * raster.width + x] = 255;
  }
  return result;
}

/** An unbroken stretch of ink in column x; `bottom` is the first row below it. */
export interface Run {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** The runs of every column, from left to right and from top to bottom. */
export function verticalRuns(raster: Raster): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < raster.width; x += 1) {
    let top = -1;
    for (let y = 0; y <= raster.height; y += 1) {
      const drawn = inkAt(raster, x, y) >= DRAWN;
      if (drawn && top < 0) top = y;
      if (!drawn && top >= 0) {
        runs.push({ x, top, bottom: y });
        top = -1;
      }
    }
  }
  return runs;
}

/** Fills gaps narrower than about twice the radius. */
export function close(raster: Raster, radius: number): Raster {
  return spread(spread(raster, radius, "ink"), radius, "paper");
}

/** Lets ink (or paper) grow by a disc of the radius. */
function spread(raster: Raster, radius: number, what: "ink" | "paper"): Raster {
  const grown = what === "ink" ? 255 : 0;
  const result = { ...raster, ink: Uint8Array.from(raster.ink) };
  const disc: [number, number][] = [];
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) if (dx * dx + dy * dy <= radius * radius + 1) disc.push([dx, dy]);
  }
  for (let y = 0; y < raster.height; y += 1) {
    for (let x = 0; x < raster.width; x += 1) {
      if ((inkAt(raster, x, y) >= DRAWN ? 255 : 0) !== grown) continue;
      // Inside of an area nothing can grow: only its edge has something to do.
      const edge =
        inkAt(raster, x - 1, y) !== grown ||
        inkAt(raster, x + 1, y) !== grown ||
        inkAt(raster, x, y - 1) !== grown ||
        inkAt(raster, x, y + 1) !== grown;
      if (!edge) continue;
      for (const [dx, dy] of disc) {
        const toX = x + dx;
        const toY = y + dy;
        if (toX >= 0 && toY >= 0 && toX < raster.width && toY < raster.height)
          result.ink[toY * raster.width + toX] = grown;
      }
    }
  }
  return result;
}

/** Adds paper on every side: Tesseract misreads what touches the edge. */
export function withMargin(raster: Raster, margin: number): Raster {
  return crop(raster, -margin, -margin, raster.width + 2 * margin, raster.height + 2 * margin);
}
