import { close } from "./prepare.ts";
import { blank, crop, DRAWN, inkAt, inkBounds, type Raster } from "./raster.ts";

export const DIGITS = 5;

/** Space between digits that are set again, at the working height. */
const GAP = 14;

/** No digit is slimmer than this, at the working height. */
const SLIMMEST = 6;

/** How far the first and the last digit reach from their middles outwards, in distances between digits. */
const OUTERMOST = 0.75;

/**
 * The five digits cut apart and set again in one line with even space between them, or undefined when the ink does not
 * divide into five. Digits that touch, and equal digits side by side, are what Tesseract loses otherwise.
 * `middles` says where the digits' middles are expected, as shares of the width; unless there are five of them the ink
 * is divided evenly.
 */
export function setAnew(raster: Raster, middles: readonly number[]): Raster | undefined {
  const cuts = fivePieces(raster, middles);
  if (cuts === undefined) return undefined;
  const pieces: Raster[] = [];
  for (const [left, right] of cuts) {
    // Where the digits' middles lie all on one side, or on top of each other, nothing is left between two cuts.
    if (right <= left) return undefined;
    const piece = crop(raster, left, 0, right - left, raster.height);
    const bounds = inkBounds(piece);
    if (bounds === undefined) return undefined;
    pieces.push(crop(piece, bounds.left, 0, bounds.right - bounds.left, raster.height));
  }
  const width = pieces.reduce((sum, piece) => sum + piece.width + GAP, GAP);
  const line = blank(width, raster.height);
  let x = GAP;
  for (const piece of pieces) {
    for (let row = 0; row < raster.height; row += 1) {
      line.ink.set(piece.ink.subarray(row * piece.width, (row + 1) * piece.width), row * width + x);
    }
    x += piece.width + GAP;
  }
  return close(line, 1);
}

/** Five stretches of columns: cut where the least ink stands, near to where the digits are expected to end. */
function fivePieces(raster: Raster, middles: readonly number[]): [number, number][] | undefined {
  const bounds = inkBounds(raster);
  if (bounds === undefined || bounds.right - bounds.left < DIGITS * SLIMMEST) return undefined;
  const ideals = middles.length === DIGITS ? halfway(raster, bounds, middles) : evenly(bounds);
  const columns = columnHeights(raster);
  const edges = [Math.round(ideals[0] ?? bounds.left)];
  for (let i = 1; i < DIGITS; i += 1) {
    const ideal = ideals[i] ?? 0;
    const pitch = ((ideals[i + 1] ?? 0) - (ideals[i - 1] ?? 0)) / 2;
    let best = Math.round(ideal);
    let bestCost = Number.POSITIVE_INFINITY;
    for (let x = Math.round(ideal - pitch * 0.4); x <= ideal + pitch * 0.4; x += 1) {
      const away = (x - ideal) / pitch;
      const cost = (columns[x] ?? 0) / raster.height + 0.9 * away * away;
      if (cost < bestCost && x > (edges.at(-1) ?? 0) + pitch * 0.35) {
        best = x;
        bestCost = cost;
      }
    }
    edges.push(best);
  }
  edges.push(Math.round(ideals[DIGITS] ?? bounds.right));
  return edges.slice(1).map((right, i) => [edges[i] ?? 0, right]);
}

interface Span {
  readonly left: number;
  readonly right: number;
}

/** As if all digits were equally wide. */
function evenly({ left, right }: Span): number[] {
  return Array.from({ length: DIGITS + 1 }, (_, i) => left + ((right - left) * i) / DIGITS);
}

/** Between one middle and the next; at both ends as far out as digits reach, so that the rest of a stroke is left off. */
function halfway(raster: Raster, { left, right }: Span, middles: readonly number[]): number[] {
  const at = middles.map((middle) => middle * raster.width);
  const between = at.slice(1).map((middle, i) => (middle + (at[i] ?? 0)) / 2);
  const reach = (((at.at(-1) ?? 0) - (at[0] ?? 0)) / (DIGITS - 1)) * OUTERMOST;
  return [Math.max(left, (at[0] ?? 0) - reach), ...between, Math.min(right, (at.at(-1) ?? 0) + reach)];
}

function columnHeights(raster: Raster): Uint32Array {
  const heights = new Uint32Array(raster.width);
  for (let x = 0; x < raster.width; x += 1) {
    for (let y = 0; y < raster.height; y += 1) {
      if (inkAt(raster, x, y) >= DRAWN) heights[x] = (heights[x] ?? 0) + 1;
    }
  }
  return heights;
}
