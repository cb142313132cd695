import { close } from "./prepare.ts";
import { blank, crop, DRAWN, inkAt, inkBounds, type Raster } from "./raster.ts";

export const DIGITS = 5;

/** Space between digits that are set anew, at the working height. */
const GAP = 14;

/**
 * The five digits cut apart and set again in one line with even space between them, or undefined when the ink does not
 * divide into five. Digits that touch, and equal digits side by side, are what Tesseract loses otherwise.
 */
export function setAnew(raster: Raster): Raster | undefined {
  const cuts = fivePieces(raster);
  if (cuts === undefined) return undefined;
  const pieces: Raster[] = [];
  for (const [left, right] of cuts) {
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

/** Five stretches of columns: cut where the least ink stands, near to where five equal digits would end. */
function fivePieces(raster: Raster): [number, number][] | undefined {
  const bounds = inkBounds(raster);
  if (bounds === undefined || bounds.right - bounds.left < DIGITS * 6) return undefined;
  const columns = columnHeights(raster);
  const pitch = (bounds.right - bounds.left) / DIGITS;
  const edges = [bounds.left];
  for (let i = 1; i < DIGITS; i += 1) {
    const ideal = bounds.left + i * pitch;
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
  edges.push(bounds.right);
  return edges.slice(1).map((right, i) => [edges[i] ?? 0, right]);
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
