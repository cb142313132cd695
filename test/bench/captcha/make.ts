/**
 * Draws development captchas in given fonts.
 *
 *   node test/bench/captcha/make.ts pictures <fonts.json> <count> <seed> <folder>   PNG files and labels.json
 *   node test/bench/captcha/make.ts training <fonts.json> <count> <seed> <folder>   images.bin, labels.bin, centres.bin for train.py
 *
 * fonts.json: [{"path": "/…/Some.ttf", "family": "Some", "serif": true, "italic": false}, …]. Pictures are relatives of
 * the portal's captcha only; the training set holds all kinds.
 */
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { z } from "zod";
import { inkOf } from "../../../robot/login/captcha/decode.ts";
import { INPUT_MARGIN, networkInput } from "../../../robot/login/captcha/network-input.ts";
import { drawCaptcha, type Random, randomFrom } from "./draw.ts";

/** Columns of one picture in the training file: the widest input with its margins. */
const COLUMNS = 176;
/** How often a training picture is a relative of the portal's. */
const RELATED = 0.7;

const fontsSchema = z.array(
  z.object({ path: z.string(), family: z.string(), serif: z.boolean(), italic: z.boolean() }),
);
type Font = z.infer<typeof fontsSchema>[number];

const [mode = "", fontList = "", countText = "", seedText = "", folder = ""] = process.argv.slice(2);
const count = Number(countText);
const random = randomFrom(Number(seedText));
mkdirSync(folder, { recursive: true });
const families = byFamily(fontsSchema.parse(JSON.parse(readFileSync(fontList, "utf8"))));
if (mode === "pictures") writePictures();
else if (mode === "training") writeTraining();
else throw new Error(`the first argument is pictures or training, not "${mode}"`);

interface Family {
  serif: boolean;
  upright: string[];
  italic: string[];
}

/** Registers every font under a name of its own: families are drawn equally often, however many faces they have. */
function byFamily(fonts: Font[]): Map<string, Family> {
  const result = new Map<string, Family>();
  fonts.forEach((font, i) => {
    const alias = `font-${i}`;
    if (GlobalFonts.registerFromPath(font.path, alias) === null || !drawsDigits(alias)) return;
    const family = result.get(font.family) ?? { serif: font.serif, upright: [], italic: [] };
    (font.italic ? family.italic : family.upright).push(alias);
    result.set(font.family, family);
  });
  return result;
}

/** Some fonts claim digits that are empty. */
function drawsDigits(alias: string): boolean {
  const context = createCanvas(40, 40).getContext("2d");
  context.font = `30px "${alias}"`;
  return Array.from("0123456789").every((digit) => {
    const box = context.measureText(digit);
    return box.actualBoundingBoxAscent + box.actualBoundingBoxDescent > 8 && box.width > 3;
  });
}

/** A font picker: two of three families have serifs as the portal's has, one face of twelve is italic. */
function pickerFrom(random: Random): () => string {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
  const all = [...families.values()];
  const serif = all.filter((family) => family.serif);
  return () => {
    for (;;) {
      const family = pick(random() < 0.6 ? serif : all);
      const face = family && pick(random() < 0.08 ? family.italic : family.upright);
      if (face !== undefined) return face;
    }
  };
}

function writePictures(): void {
  const labels: Record<string, string> = {};
  const names = [...families];
  for (let i = 0; i < count; i += 1) {
    const [name = "", family] = names[i % names.length] ?? [];
    const faces = family?.upright.length ? family.upright : (family?.italic ?? []);
    const face = faces[Math.floor(random() * faces.length)] ?? "";
    const { label, canvas } = drawCaptcha(random, () => face, true);
    const file = `${String(i).padStart(4, "0")}-${name.replaceAll(/[^A-Za-z0-9]+/g, "_")}.png`;
    writeFileSync(join(folder, file), canvas.toBuffer("image/png"));
    labels[file] = label;
  }
  writeFileSync(join(folder, "labels.json"), `${JSON.stringify(labels, undefined, 1)}\n`);
}

function writeTraining(): void {
  const images = openSync(join(folder, "images.bin"), "w");
  const labels = openSync(join(folder, "labels.bin"), "w");
  const middles = openSync(join(folder, "centres.bin"), "w");
  const pick = pickerFrom(random);
  for (let i = 0; i < count; ) {
    const { label, canvas, centres } = drawCaptcha(random, pick, random() < RELATED);
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    const decoded = inkOf({ width, height, data: new Uint8Array(data.buffer) });
    if (decoded === undefined) continue;
    const input = networkInput(decoded);
    const padded = new Uint8Array(COLUMNS * input.height);
    for (let y = 0; y < input.height; y += 1) {
      padded.set(input.ink.subarray(y * input.width, (y + 1) * input.width), y * COLUMNS);
    }
    writeSync(images, padded);
    const scale = (input.width - 2 * INPUT_MARGIN) / width;
    writeSync(
      middles,
      Uint8Array.from(centres, (x) => Math.round(INPUT_MARGIN + x * scale)),
    );
    writeSync(labels, Uint8Array.from(Array.from(label).map(Number)));
    i += 1;
  }
  closeSync(images);
  closeSync(labels);
  closeSync(middles);
}
