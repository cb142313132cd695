import { createHash, randomInt, randomUUID } from "node:crypto";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { PNG } from "pngjs";

const FACE = "Outsider Bodoni";
GlobalFonts.registerFromPath(
  new URL("../../../node_modules/@fontsource/libre-bodoni/files/libre-bodoni-latin-700-normal.woff2", import.meta.url)
    .pathname,
  FACE,
);

export interface DrawnCaptcha {
  readonly token: string;
  readonly png: Buffer;
}

/** Draws captchas, knows what is on each, and lets each be used once. */
export class Captchas {
  readonly #open = new Map<string, string>();
  readonly #words = new Map<string, string>();

  draw(): DrawnCaptcha {
    const word = Array.from({ length: 5 }, () => String(randomInt(10))).join("");
    const token = `L_CAPTCHA_${randomUUID()}`;
    const png = picture(word);
    this.#open.set(token, word);
    this.#words.set(hash(png), word);
    return { token, png };
  }

  /** Whether the word is right; the picture is spent in either case. */
  spend(token: string, word: string): boolean {
    const right = this.#open.get(token);
    this.#open.delete(token);
    return right !== undefined && right === word.trim();
  }

  /** What is written on a picture that was drawn here. */
  wordOn(png: Uint8Array): string | undefined {
    return this.#words.get(hash(png));
  }
}

/** Black serif digits that stand close, one thick curve across, all of it in the alpha channel. */
function picture(word: string): Buffer {
  const canvas = createCanvas(150, 40);
  const pen = canvas.getContext("2d");
  pen.font = `700 32px "${FACE}"`;
  let x = 12 + randomInt(8);
  for (const digit of word) {
    pen.save();
    pen.translate(x, 31 + randomInt(3) - 1);
    pen.rotate((randomInt(11) - 5) / 100);
    pen.fillText(digit, 0, 0);
    pen.restore();
    x += pen.measureText(digit).width + 3;
  }
  pen.lineWidth = 2.6;
  pen.beginPath();
  pen.moveTo(4, 33 - randomInt(4));
  pen.quadraticCurveTo(70 + randomInt(20), 30 - randomInt(10), 146, 6 + randomInt(6));
  pen.stroke();
  for (let dot = 0; dot < 30; dot++) pen.fillRect(randomInt(150), 35 + randomInt(5), 1, 1);
  return canvas.toBuffer("image/png");
}

/** What a person sees of it, however it was packed: the strength of each pixel. */
function hash(png: Uint8Array): string {
  const { data } = PNG.sync.read(Buffer.from(png));
  return createHash("sha256")
    .update(data.filter((_, at) => at % 4 === 3))
    .digest("hex");
}
