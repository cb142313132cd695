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

/**
 * Scaled to another size. Enlarging interpolates, shrinking averages over everything that falls into a pixel, so that
 * hairlines grow paler instead of vanishing.
 */
export function resize(raster: Raster, width: number, height: number): Raster {
  const result = blank(width, height);
  const columns = weightsAlong(raster.width, width);
  const rows = weightsAlong(raster.height, height);
  const narrowed = new Float32Array(width * raster.height);
  for (let y = 0; y < raster.height; y += 1) {
    columns.forEach(({ first, weights }, x) => {
      narrowed[y * width + x] = weights.reduce((sum, weight, i) => sum + weight * inkAt(raster, first + i, y), 0);
    });
  }
  rows.forEach(({ first, weights }, y) => {
    for (let x = 0; x < width; x += 1) {
      const sum = weights.reduce((total, weight, i) => total + weight * (narrowed[(first + i) * width + x] ?? 0), 0);
      result.ink[y * width + x] = Math.round(sum);
    }
  });
  return result;
}

/** For every new pixel the old pixels it is made of: a triangle as wide as the larger of the two pixels. */
function weightsAlong(from: number, to: number): { first: number; weights: number[] }[] {
  const step = from / to;
  const reach = Math.max(step, 1);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * step - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const weights = Array.from({ length: last - first + 1 }, (_, k) => 1 - Math.abs(first + k - centre) / reach);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: weights.map((weight) => weight / total) };
  });
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
