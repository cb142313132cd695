import { decodePicture } from "./decode.ts";
import { atWorkingHeight, close, eraseShortRuns, open, withMargin } from "./prepare.ts";
import type { Raster } from "./raster.ts";
import { setAnew } from "./split.ts";
import { eraseStroke } from "./stroke.ts";
import { type Layout, startTesseract, type Tesseract } from "./tesseract.ts";
import { isFiveDigits, vote } from "./vote.ts";

/** What was read off one captcha picture. */
export interface CaptchaReading {
  /** The five digits of the best guess, also of a refused one; "" when there is none. */
  readonly text: string;
  /** 0..1, the margin of the vote. */
  readonly confidence: number;
  /** Too unsure: ask for another picture instead of submitting. */
  readonly refused: boolean;
}

/** Reads the portal's captchas: always five digits. Whatever engine stands behind it. */
export interface CaptchaReader {
  /** Takes the bytes of a PNG or JPEG. Never throws because of a picture: what cannot be read is refused. */
  read(picture: Uint8Array): Promise<CaptchaReading>;
  /** Ends the engine. The reader cannot be used afterwards. */
  close(): Promise<void>;
}

const NOTHING: CaptchaReading = { text: "", confidence: 0, refused: true };

/** Paper around what Tesseract gets to see. */
const MARGIN = 12;

/** The ways a picture is cleaned before it is read; the first ones are right most often. */
const PREPARATIONS: readonly { prepare(raster: Raster): Raster | undefined; layout: Layout }[] = [
  { prepare: (raster) => setAnew(eraseShortRuns(eraseStroke(raster), 4)), layout: "word" },
  { prepare: (raster) => open(raster, 3), layout: "word" },
  { prepare: (raster) => eraseStroke(raster), layout: "line" },
  { prepare: (raster) => setAnew(close(eraseShortRuns(raster, 8), 3)), layout: "line" },
  { prepare: (raster) => close(eraseShortRuns(raster, 8), 3), layout: "line" },
  { prepare: (raster) => raster, layout: "line" },
];

/** When so many first readings are the same, the others could not change the result. */
const AGREEING = 3;

/**
 * A reader that keeps one engine running. `minConfidence` is the margin below which it refuses.
 * Throws when the engine's own files are missing; nothing is ever downloaded.
 */
export async function createCaptchaReader(options: { minConfidence?: number } = {}): Promise<CaptchaReader> {
  const minConfidence = options.minConfidence ?? 0.5;
  const tesseract = await startTesseract();
  return {
    async read(picture) {
      const decoded = decodePicture(picture);
      if (decoded === undefined) return NOTHING;
      const { text, margin } = vote(await readings(tesseract, atWorkingHeight(decoded)));
      return { text, confidence: margin, refused: text === "" || margin < minConfidence };
    },
    close: () => tesseract.close(),
  };
}

async function readings(tesseract: Tesseract, raster: Raster): Promise<string[]> {
  const found: string[] = [];
  for (const { prepare, layout } of PREPARATIONS) {
    const prepared = prepare(raster);
    found.push(prepared === undefined ? "" : await tesseract.read(withMargin(prepared, MARGIN), layout));
    const [first = ""] = found;
    if (found.length === AGREEING && isFiveDigits(first) && found.every((reading) => reading === first)) break;
  }
  return found;
}
