import { crop, type Raster, resize } from "./raster.ts";

/** The network sees every picture at this height in pixels. */
const INPUT_HEIGHT = 32;
/** And no wider than this, margins not counted; wider pictures are squeezed. */
const INPUT_WIDTH = 160;
/** Columns of paper on each side, so that digits at the edge are seen whole. */
export const INPUT_MARGIN = 8;

/** Pixels of its input that the network steps on from one column of its answer to the next. */
const COLUMN_STEP = 2;

/** The picture as the network was trained to see it, still with its stroke and band. */
export function networkInput(raster: Raster): Raster {
  const width = inputWidth(raster);
  return crop(resize(raster, width, INPUT_HEIGHT), -INPUT_MARGIN, 0, width + 2 * INPUT_MARGIN, INPUT_HEIGHT);
}

/** Where a column of the network's answer lies, as a share of the picture's width from the left. */
export function placeOf(column: number, raster: Raster): number {
  return (column * COLUMN_STEP - INPUT_MARGIN) / inputWidth(raster);
}

function inputWidth(raster: Raster): number {
  return Math.min(INPUT_WIDTH, Math.round((raster.width * INPUT_HEIGHT) / raster.height));
}
