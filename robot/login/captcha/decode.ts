import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { blank, type Raster } from "./raster.ts";

/** Red, green, blue, alpha: four bytes a pixel, not premultiplied. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Smaller than this nothing can be read: above all the 1×1 placeholder that stands on the page before the captcha comes. */
const SMALLEST = { width: 40, height: 12 };
/** Larger than this it is no captcha, and working on it would only cost time. */
const LARGEST = { width: 1000, height: 400 };
/** This many times as wide as high: no five digits are, and it grows with the height that pictures are worked on at. */
const WIDEST = 12;
/** Bytes; a captcha of that size has a few thousand. */
const LONGEST = 512 * 1024;
/** Levels between paper and ink below which a picture has nothing on it. */
const LEAST_CONTRAST = 24;

/**
 * The ink of a PNG or JPEG picture, or undefined when it is none, is broken, is too small or large to be a captcha,
 * or is empty. The portal draws its digits in the alpha channel only, with black everywhere: transparent pictures are
 * laid on white paper first.
 */
export function decodePicture(picture: Uint8Array): Raster | undefined {
  if (picture.length > LONGEST) return undefined;
  const claimed = pngSize(picture);
  if (claimed !== undefined && !isOfACaptcha(claimed)) return undefined;
  const pixels = decodePixels(picture);
  if (pixels === undefined || !isOfACaptcha(pixels)) return undefined;
  // A decoder that took a broken file for whole may give fewer pixels than it says.
  return pixels.data.length < pixels.width * pixels.height * 4 ? undefined : inkOf(pixels);
}

type Size = Pick<Pixels, "width" | "height">;

function isOfACaptcha({ width, height }: Size): boolean {
  const fits =
    width >= SMALLEST.width && height >= SMALLEST.height && width <= LARGEST.width && height <= LARGEST.height;
  return fits && width <= height * WIDEST;
}

/** What the head of a PNG says, read before anything is decoded: a small file may claim a picture that fills the memory. */
function pngSize(picture: Uint8Array): Size | undefined {
  if (picture[0] !== 0x89 || picture[1] !== 0x50 || picture.length < 24) return undefined;
  const head = new DataView(picture.buffer, picture.byteOffset, 24);
  return { width: head.getUint32(16), height: head.getUint32(20) };
}

function decodePixels(picture: Uint8Array): Pixels | undefined {
  try {
    if (picture[0] === 0x89 && picture[1] === 0x50) return PNG.sync.read(Buffer.from(picture));
    if (picture[0] === 0xff && picture[1] === 0xd8) {
      return decodeJpeg(picture, { useTArray: true, maxResolutionInMP: 2, maxMemoryUsageInMB: 64 });
    }
  } catch {
    // Both decoders throw whatever they meet in a broken file. The caller asks for another picture either way.
  }
  return undefined;
}

/**
 * Ink is distance from the paper, and paper is the most frequent brightness: light digits on dark come out the same.
 * Undefined when there is next to no contrast.
 */
export function inkOf({ width, height, data }: Pixels): Raster | undefined {
  const brightness = new Uint8Array(width * height);
  const frequency = new Uint32Array(256);
  for (let i = 0; i < brightness.length; i += 1) {
    const at = i * 4;
    const colour = 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
    const alpha = data[at + 3] ?? 255;
    const level = Math.round((colour * alpha + 255 * (255 - alpha)) / 255);
    brightness[i] = level;
    frequency[level] = (frequency[level] ?? 0) + 1;
  }
  const paper = frequency.indexOf(Math.max(...frequency));
  const distances = brightness.map((level) => Math.abs(level - paper));
  const darkest = percentile(distances, 0.98);
  if (darkest < LEAST_CONTRAST) return undefined;
  const raster = blank(width, height);
  distances.forEach((distance, i) => {
    raster.ink[i] = Math.min(255, Math.round((distance * 255) / darkest));
  });
  return raster;
}

function percentile(values: Uint8Array, share: number): number {
  const sorted = Uint8Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}
