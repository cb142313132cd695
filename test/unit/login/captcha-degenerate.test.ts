import { deflateSync } from "node:zlib";
import * as fc from "fast-check";
import { encode as encodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodePicture, inkOf } from "../../../robot/login/captcha/decode.ts";
import { placeOf } from "../../../robot/login/captcha/network-input.ts";
import { loadNetwork, type Network } from "../../../robot/login/captcha/network.ts";
import { atWorkingHeight, eraseShortRuns, withMargin } from "../../../robot/login/captcha/prepare.ts";
import { type CaptchaReader, createCaptchaReader } from "../../../robot/login/captcha/reader.ts";
import { digitColumns, spell } from "../../../robot/login/captcha/spell.ts";
import { setAnew } from "../../../robot/login/captcha/split.ts";
import { eraseStroke } from "../../../robot/login/captcha/stroke.ts";

type Draw = (x: number, y: number, width: number, height: number) => number;

const DRAWINGS: readonly Draw[] = [
  (x, _y, width) => (x * 255) / width,
  (x, _y, width) => 255 - (x * 255) / width,
  (x, _y, width) => (x === Math.floor(width / 2) ? 0 : 255),
  (_x, y, _width, height) => (y === Math.floor(height / 2) ? 0 : 255),
  (x, y, width, height) => (x > width * 0.9 && y > height * 0.8 ? 0 : 255),
  (x, y) => ((x + y) % 2) * 255,
  () => 0,
];

function pixels(width: number, height: number, draw: Draw): Uint8Array {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      data.fill(draw(x, y, width, height), (y * width + x) * 4, (y * width + x) * 4 + 3);
  }
  return data;
}

/** A PNG whose head claims what is wanted, of whatever data. */
function png(
  width: number,
  height: number,
  depth: number,
  colour: number,
  interlace: number,
  data: Uint8Array,
): Buffer {
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length, 0);
    head.write(type, 4, "latin1");
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(Buffer.concat([head.subarray(4), body])), 0);
    return Buffer.concat([head, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([depth, colour, 0, 0, interlace], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", size),
    chunk("IDAT", deflateSync(data)),
    chunk("IEND", new Uint8Array()),
  ]);
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe("a picture that is no captcha", () => {
  let network: Network;
  let reader: CaptchaReader;
  beforeAll(async () => {
    network = await loadNetwork();
    reader = await createCaptchaReader();
  });
  afterAll(() => reader.close());

  test("of any drawing and size goes through every step that prepares it", () => {
    const sizes: readonly (readonly [number, number])[] = [
      [120, 40],
      [40, 12],
      [41, 13],
    ];
    for (const draw of DRAWINGS) {
      for (const [width, height] of sizes) {
        const raster = inkOf({ width, height, data: pixels(width, height, draw) });
        if (raster === undefined) continue;
        const columns = network.look(raster);
        const middles = digitColumns(columns).map((column) => placeOf(column, raster));
        expect(spell(columns)).toBeInstanceOf(Array);
        const large = atWorkingHeight(raster);
        for (const where of [
          middles,
          [0, 0, 0, 0, 0],
          [0.9, 0.7, 0.5, 0.3, 0.1],
          [-1, -0.5, 0, 0.5, 2],
          [0.1, 0.11, 0.12, 0.13, 0.14],
        ]) {
          for (const one of [eraseStroke(large), eraseShortRuns(eraseStroke(large), 3), large]) {
            const line = setAnew(one, where);
            expect(line === undefined ? 1 : withMargin(line, 12).ink.length).toBeGreaterThan(0);
          }
        }
      }
    }
  });

  test("is refused by the reader, whatever bytes it is of", async () => {
    const gradient = PNG.sync.write(
      Object.assign(new PNG({ width: 120, height: 40 }), {
        data: Buffer.from(pixels(120, 40, DRAWINGS[0] ?? (() => 0))),
      }),
    );
    const jpeg = encodeJpeg(
      { width: 120, height: 40, data: Buffer.from(pixels(120, 40, DRAWINGS[2] ?? (() => 0))) },
      50,
    ).data;
    const pictures: readonly Uint8Array[] = [
      new Uint8Array(),
      Uint8Array.from([0x89, 0x50]),
      Uint8Array.from([0xff, 0xd8]),
      gradient,
      gradient.subarray(0, gradient.length / 2),
      gradient.subarray(0, 30),
      jpeg,
      jpeg.subarray(0, jpeg.length / 2),
      png(1, 1, 8, 6, 0, Uint8Array.from([0, 0, 0, 0, 255])),
      png(0, 0, 8, 6, 0, new Uint8Array()),
      png(0xffff_ffff, 0xffff_ffff, 8, 6, 0, new Uint8Array(100)),
      png(60_000, 60_000, 16, 6, 1, new Uint8Array(100)),
      png(1000, 12, 8, 0, 0, new Uint8Array(1001 * 12)),
      png(120, 40, 1, 3, 0, new Uint8Array(16 * 40)),
      png(120, 40, 16, 6, 0, new Uint8Array((120 * 8 + 1) * 40).fill(0)),
      png(120, 40, 8, 2, 1, new Uint8Array(120 * 40 * 4)),
      png(120, 40, 7, 9, 3, new Uint8Array(10)),
      png(120, 40, 8, 6, 0, new Uint8Array(5_000_000)),
    ];
    for (const picture of pictures) expect((await reader.read(picture)).refused).toBe(true);
  });

  test("of random bytes behind a right head never throws, and never takes memory for what it claims", () => {
    const before = process.memoryUsage().rss;
    fc.assert(
      fc.property(
        fc.nat({ max: 70_000 }),
        fc.nat({ max: 70_000 }),
        fc.constantFrom(1, 2, 4, 8, 16, 3),
        fc.constantFrom(0, 2, 3, 4, 6, 1),
        fc.constantFrom(0, 1, 2),
        fc.uint8Array({ maxLength: 400 }),
        fc.nat({ max: 400 }),
        (width, height, depth, colour, interlace, data, cut) => {
          const whole = png(width, height, depth, colour, interlace, data);
          const raster = decodePicture(whole.subarray(0, whole.length - (cut % 60)));
          expect(raster?.ink.length).toBe(raster && raster.width * raster.height);
          decodePicture(data);
        },
      ),
      { numRuns: 300 },
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
  });
});
