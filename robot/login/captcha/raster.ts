/**
 * A picture as the reader works on it: how much ink lies on each pixel, 0 (paper) to 255 (full ink), row by row.
 * Colour, transparency and the direction of contrast are gone by then.
 */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly ink: Uint8Array;
}

/** Ink from this level on counts as drawn when a step needs a yes or no. */
export const DRAWN = 128;

/** An empty sheet. */
export function blank(width: number, height: number): Raster {
  return { width, height, ink: new Uint8Array(width * height) };
}

/** The ink at a pixel; outside of the picture there is none. */
export function inkAt(raster: Raster, x: number, y: number): number {
  if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) return 0;
  return raster.ink[y * raster.width + x] ?? 0;
}

/** The rectangle from (left, top) on; what lies outside of the picture is paper. */
export function crop(raster: Raster, left: number, top: number, width: number, height: number): Raster {
  const result = blank(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) result.ink[y * width + x] = inkAt(raster, left + x, top + y);
  }
  return result;
}

/** Scaled by interpolating between the four neighbours. Meant for enlarging, or for shrinking to no less than half. */
export function resize(raster: Raster, width: number, height: number): Raster {
  const result = blank(width, height);
  const stepX = raster.width / width;
  const stepY = raster.height / height;
  for (let y = 0; y < height; y += 1) {
    const sourceY = Math.min(Math.max((y + 0.5) * stepY - 0.5, 0), raster.height - 1);
    const top = Math.floor(sourceY);
    const down = sourceY - top;
    const bottom = Math.min(top + 1, raster.height - 1);
    for (let x = 0; x < width; x += 1) {
      const sourceX = Math.min(Math.max((x + 0.5) * stepX - 0.5, 0), raster.width - 1);
      const left = Math.floor(sourceX);
      const across = sourceX - left;
      const right = Math.min(left + 1, raster.width - 1);
      const above = inkAt(raster, left, top) * (1 - across) + inkAt(raster, right, top) * across;
      const below = inkAt(raster, left, bottom) * (1 - across) + inkAt(raster, right, bottom) * across;
      result.ink[y * width + x] = Math.round(above * (1 - down) + below * down);
    }
  }
  return result;
}

/** Where there is drawn ink, or undefined on an empty sheet. `right` and `bottom` are the first column and row behind it. */
export function inkBounds(raster: Raster): { left: number; top: number; right: number; bottom: number } | undefined {
  let left = raster.width;
  let top = raster.height;
  let right = 0;
  let bottom = 0;
  for (let y = 0; y < raster.height; y += 1) {
    for (let x = 0; x < raster.width; x += 1) {
      if (inkAt(raster, x, y) < DRAWN) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return right > left ? { left, top, right, bottom } : undefined;
}
