import { readFile } from "node:fs/promises";
import { z } from "zod";
import { networkInput } from "./network-input.ts";
import type { Raster } from "./raster.ts";

/** For every column from left to right, the probability of "nothing new" (0) and of each digit (its value plus 1). */
export type ColumnScores = readonly Float32Array[];

/** A small convolutional network for digits; test/bench/captcha/train.py made its weights from drawn pictures. */
export interface Network {
  look(raster: Raster): ColumnScores;
}

const layerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("halve-height") }),
  z.object({
    kind: z.literal("convolution"),
    outputs: z.int(),
    inputs: z.int(),
    rows: z.int(),
    columns: z.int(),
    stride: z.int(),
    padding: z.tuple([z.int(), z.int()]),
    rectified: z.boolean(),
    scale: z.array(z.number()),
    bias: z.array(z.number()),
    weights: z.base64(),
  }),
]);
const networkSchema = z.object({ layers: z.array(layerSchema) });

interface Convolution {
  readonly kind: "convolution";
  readonly outputs: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly padding: readonly [number, number];
  readonly rectified: boolean;
  readonly bias: Float32Array;
  /** One row of weights for each output, ordered by input, row, column. */
  readonly weights: Float32Array;
}
type Layer = Convolution | { readonly kind: "halve-height" };

/** Planes of numbers, one after the other, each row by row. */
interface Planes {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** Reads the weights that lie beside this file. Throws when they are missing or damaged. */
export async function loadNetwork(): Promise<Network> {
  const file = await readFile(new URL("./network-weights.json", import.meta.url), "utf8");
  const layers = networkSchema.parse(JSON.parse(file)).layers.map(unpacked);
  return {
    look(raster) {
      const { width, height, ink } = networkInput(raster);
      let planes: Planes = { count: 1, width, height, values: Float32Array.from(ink, (level) => level / 255) };
      for (const layer of layers) {
        planes = layer.kind === "convolution" ? convolve(layer, planes) : halveHeight(planes);
      }
      return probabilities(planes);
    },
  };
}

function unpacked(layer: z.infer<typeof layerSchema>): Layer {
  if (layer.kind === "halve-height") return layer;
  const bytes = new Int8Array(Buffer.from(layer.weights, "base64"));
  const perOutput = layer.inputs * layer.rows * layer.columns;
  if (bytes.length !== layer.outputs * perOutput) {
    throw new Error(
      `network-weights.json is damaged: a layer has ${bytes.length} weights, not ${layer.outputs * perOutput}. Restore the file.`,
    );
  }
  const weights = Float32Array.from(bytes, (byte, i) => byte * (layer.scale[Math.floor(i / perOutput)] ?? 0));
  return { ...layer, bias: Float32Array.from(layer.bias), weights };
}

function convolve(layer: Convolution, input: Planes): Planes {
  const width = Math.floor((input.width + 2 * layer.padding[1] - layer.columns) / layer.stride) + 1;
  const height = Math.floor((input.height + 2 * layer.padding[0] - layer.rows) / layer.stride) + 1;
  const patches = patchesOf(layer, input, width, height);
  const length = input.count * layer.rows * layer.columns;
  const area = width * height;
  const values = new Float32Array(layer.outputs * area);
  const { weights } = layer;
  // Four outputs share one walk over a patch: most of the reading time is spent in these lines.
  for (let output = 0; output < layer.outputs; output += 4) {
    const first = output * length;
    const second = Math.min(output + 1, layer.outputs - 1) * length;
    const third = Math.min(output + 2, layer.outputs - 1) * length;
    const fourth = Math.min(output + 3, layer.outputs - 1) * length;
    for (let place = 0; place < area; place += 1) {
      const patch = place * length;
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < length; k += 1) {
        const value = patches[patch + k] ?? 0;
        a += value * (weights[first + k] ?? 0);
        b += value * (weights[second + k] ?? 0);
        c += value * (weights[third + k] ?? 0);
        d += value * (weights[fourth + k] ?? 0);
      }
      [a, b, c, d].forEach((sum, i) => {
        if (output + i >= layer.outputs) return;
        const biased = sum + (layer.bias[output + i] ?? 0);
        values[(output + i) * area + place] = layer.rectified ? Math.max(0, biased) : biased;
      });
    }
  }
  return { count: layer.outputs, width, height, values };
}

/** For each place of the result everything its sums need, side by side. Outside of the picture there are zeros. */
function patchesOf(layer: Convolution, input: Planes, width: number, height: number): Float32Array {
  const patches = new Float32Array(width * height * input.count * layer.rows * layer.columns);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const left = x * layer.stride - layer.padding[1];
      const top = y * layer.stride - layer.padding[0];
      for (let plane = 0; plane < input.count; plane += 1) {
        for (let row = top; row < top + layer.rows; row += 1) {
          const start = (plane * input.height + row) * input.width;
          for (let column = left; column < left + layer.columns; column += 1) {
            const inside = row >= 0 && row < input.height && column >= 0 && column < input.width;
            patches[at] = inside ? (input.values[start + column] ?? 0) : 0;
            at += 1;
          }
        }
      }
    }
  }
  return patches;
}

/** Of two rows the stronger value. */
function halveHeight({ count, width, height, values }: Planes): Planes {
  const half = Math.floor(height / 2);
  const result = new Float32Array(count * half * width);
  for (let plane = 0; plane < count; plane += 1) {
    for (let y = 0; y < half; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = (plane * height + 2 * y) * width + x;
        result[(plane * half + y) * width + x] = Math.max(values[at] ?? 0, values[at + width] ?? 0);
      }
    }
  }
  return { count, width, height: half, values: result };
}

/** Scores to probabilities, column by column (softmax). */
function probabilities({ count, width, values }: Planes): ColumnScores {
  return Array.from({ length: width }, (_, x) => {
    const scores = Array.from({ length: count }, (_, plane) => values[plane * width + x] ?? 0);
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return Float32Array.from(powers, (power) => power / total);
  });
}
