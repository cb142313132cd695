import { type Run, verticalRuns } from "./prepare.ts";
import { DRAWN, inkAt, type Raster } from "./raster.ts";

/** Pixels a stroke may climb or fall from one column to the next, at the working height. */
const STEEPEST = 3;
/** What one pixel of climbing costs against one pixel of ink; it grows with the square. */
const STEEPNESS_COST = 0.08;

/** Thicker than this, at the working height, is no stroke but a digit. */
const THICKEST = 22;

/** A run so much longer than the stroke is thick is more than the stroke. */
const TOLERANCE = 1.5;

/** The thickness to start from; the first way through the picture tells the true one. */
const USUAL = 7;

/**
 * Follows the one stroke that crosses the picture from side to side and erases it where it runs alone. Where it lies
 * on a digit the ink stays: taking it away there would cut the digit.
 */
export function eraseStroke(raster: Raster): Raster {
  const runs = verticalRuns(raster);
  const thickness = thicknessAlong(strokePath(raster, USUAL), runs);
  const path = strokePath(raster, thickness);
  const result = { ...raster, ink: Uint8Array.from(raster.ink) };
  for (const { x, top, bottom } of runs) {
    const y = path[x] ?? -1;
    if (y < top - 1 || y > bottom || bottom - top > thickness * stretchAt(path, x) * TOLERANCE + 1) continue;
    for (let row = top; row < bottom; row += 1) result.ink[row * raster.width + x] = 0;
  }
  return result;
}

/** The middle one of the lengths of the vertical runs that the path goes through, digits left out. */
function thicknessAlong(path: Int32Array, runs: readonly Run[]): number {
  const lengths = runs
    .filter(({ x, top, bottom }) => top <= (path[x] ?? -1) && (path[x] ?? -1) < bottom && bottom - top <= THICKEST)
    .map(({ x, top, bottom }) => (bottom - top) / stretchAt(path, x))
    .sort((a, b) => a - b);
  return lengths[Math.floor(lengths.length / 2)] ?? USUAL;
}

/** A slanting stroke is cut lengthwise by a column: how much longer that makes it. */
function stretchAt(path: Int32Array, x: number): number {
  const before = Math.max(0, x - 3);
  const after = Math.min(path.length - 1, x + 3);
  return Math.hypot(1, ((path[after] ?? 0) - (path[before] ?? 0)) / (after - before));
}

/** The row of the stroke's middle in every column: the smooth way from left to right that has the most ink on it. */
function strokePath(raster: Raster, thickness: number): Int32Array {
  const { width, height } = raster;
  const gain = new Float64Array(width * height);
  const origin = new Int8Array(width * height);
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      let best = Number.NEGATIVE_INFINITY;
      for (let step = -STEEPEST; step <= STEEPEST; step += 1) {
        const from = y - step;
        if (from < 0 || from >= height) continue;
        const before = x === 0 ? 0 : (gain[(x - 1) * height + from] ?? 0);
        const reached = before - STEEPNESS_COST * step * step;
        if (reached > best) {
          best = reached;
          origin[x * height + y] = step;
        }
      }
      gain[x * height + y] = best + likeness(raster, x, y, thickness);
    }
  }
  const path = new Int32Array(width);
  const last = gain.subarray((width - 1) * height);
  let y = last.indexOf(Math.max(...last));
  for (let x = width - 1; x >= 0; x -= 1) {
    path[x] = y;
    y -= origin[x * height + y] ?? 0;
  }
  return path;
}

/** 1 on the middle of a lone stroke, less inside of thicker ink, 0 on paper. */
function likeness(raster: Raster, x: number, y: number, thickness: number): number {
  if (inkAt(raster, x, y) < DRAWN) return 0;
  const reach = Math.ceil(thickness / 2) + 1;
  const open = Number(inkAt(raster, x, y - reach) < DRAWN) + Number(inkAt(raster, x, y + reach) < DRAWN);
  return 0.4 + 0.3 * open;
}
