import { decodePicture } from "./decode.ts";
import { placeOf } from "./network-input.ts";
import { loadNetwork, type Network } from "./network.ts";
import { atWorkingHeight, eraseShortRuns, withMargin } from "./prepare.ts";
import type { Raster } from "./raster.ts";
import { digitColumns, spell } from "./spell.ts";
import { setAnew } from "./split.ts";
import { eraseStroke } from "./stroke.ts";
import { type TesseractLayout, startTesseract, type Tesseract } from "./tesseract.ts";
import { type VoteResult, vote } from "./vote.ts";

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
  /** Waits for pictures being read, then ends the engine. Reading throws afterwards. */
  close(): Promise<void>;
}

const NOTHING: CaptchaReading = { text: "", confidence: 0, refused: true };

/**
 * Margin below which a reading is not submitted. Chosen on development fonts so that about nine of ten pictures are
 * answered: another picture costs a second, a wrong submit counts against the account.
 */
const MIN_CONFIDENCE = 0.55;

/** What the network says counts as much as this many readings of Tesseract. */
const NETWORK_WEIGHT = 8;

/** From this margin on further readings could hardly change the result. */
const SETTLED = 0.8;

/** Paper around what Tesseract gets to see. */
const MARGIN = 12;

interface Preparation {
  /** `middles`: where the network saw digits, as shares of the width. */
  readonly prepare: (raster: Raster, middles: readonly number[]) => Raster | undefined;
  readonly layout: TesseractLayout;
}

/** The ways a picture is cleaned before Tesseract reads it; the first ones are right most often. */
const PREPARATIONS: readonly Preparation[] = [
  { prepare: (raster, middles) => setAnew(eraseStroke(raster), middles), layout: "word" },
  { prepare: (raster) => eraseStroke(raster), layout: "line" },
  { prepare: (raster, middles) => setAnew(eraseShortRuns(eraseStroke(raster), 3), middles), layout: "line" },
];

/**
 * A reader that keeps its engines running. `minConfidence` is the margin below which it refuses.
 * Throws when the engines' own files are missing; nothing is ever downloaded.
 */
export async function createCaptchaReader(options: { minConfidence?: number } = {}): Promise<CaptchaReader> {
  const minConfidence = options.minConfidence ?? MIN_CONFIDENCE;
  const [network, tesseract] = await Promise.all([loadNetwork(), startTesseract()]);
  const running = new Set<Promise<VoteResult>>();
  let closed = false;
  return {
    async read(picture) {
      if (closed) throw new Error("The captcha reader was closed; create another one.");
      const raster = decodePicture(picture);
      if (raster === undefined) return NOTHING;
      // Whatever a picture does to the steps that prepare it, the next one is read: here it counts as unreadable.
      const deciding = decide(raster, network, tesseract).catch((error: unknown): VoteResult => {
        if (error instanceof RangeError) return { text: "", margin: 0 };
        throw error;
      });
      running.add(deciding);
      const { text, margin } = await deciding.finally(() => running.delete(deciding));
      return { text, confidence: margin, refused: text === "" || margin < minConfidence };
    },
    async close() {
      closed = true;
      await Promise.allSettled(running);
      await tesseract.close();
    },
  };
}

/** The network votes first, for every text it deems possible; then Tesseract, until the result is settled. */
async function decide(raster: Raster, network: Network, tesseract: Tesseract): Promise<VoteResult> {
  const columns = network.look(raster);
  const middles = digitColumns(columns).map((column) => placeOf(column, raster));
  // Squared: on pictures of a kind it never learned from, the network's half-sure texts are mostly wrong.
  const ballots = spell(columns).map(({ text, probability }) => ({
    text,
    weight: NETWORK_WEIGHT * probability ** 2,
  }));
  const large = atWorkingHeight(raster);
  let whole = NETWORK_WEIGHT;
  let verdict = vote(ballots, whole);
  for (const { prepare, layout } of PREPARATIONS) {
    const prepared = prepare(large, middles);
    const reading = prepared === undefined ? "" : await tesseract.read(withMargin(prepared, MARGIN), layout);
    ballots.push({ text: reading, weight: 1 });
    whole += 1;
    verdict = vote(ballots, whole);
    if (verdict.margin >= SETTLED) break;
  }
  return verdict;
}
