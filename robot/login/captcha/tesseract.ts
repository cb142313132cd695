import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createWorker, OEM, PSM, type Worker } from "tesseract.js";
import type { Raster } from "./raster.ts";

/** How Tesseract looks at a picture: as one line of text, or as one word. */
export type TesseractLayout = "line" | "word";

/** A running Tesseract that knows digits only. */
export interface Tesseract {
  /** The digits it sees, without anything else; "" when it sees none. Never answers once it has been closed. */
  read(raster: Raster, layout: TesseractLayout): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts Tesseract with the English data of the installed package: nothing is downloaded and nothing cached.
 * Takes about half a second; keep it for many pictures. Throws when the data is not there.
 */
export async function startTesseract(): Promise<Tesseract> {
  const langPath = await dataFolder();
  const worker: Worker = await createWorker("eng", OEM.LSTM_ONLY, {
    langPath,
    gzip: true,
    cacheMethod: "none",
    // Without a handler the library throws out of its message loop, where nobody can catch it; the call rejects as well.
    errorHandler: () => {},
  });
  // Its notes about odd pictures would go to the program's own standard error.
  await worker.setParameters({ tessedit_char_whitelist: "0123456789", debug_file: "/dev/null" });
  let queue: Promise<unknown> = Promise.resolve();

  async function recognise(raster: Raster, layout: TesseractLayout): Promise<string> {
    await worker.setParameters({
      tessedit_pageseg_mode: layout === "line" ? PSM.SINGLE_LINE : PSM.SINGLE_WORD,
    });
    const { data } = await worker.recognize(portableGreymap(raster), {}, { text: true });
    return data.text.replaceAll(/[^0-9]/g, "");
  }

  return {
    read(raster, layout) {
      // One after the other: the layout is a setting of the whole worker.
      const reading = queue.then(() => recognise(raster, layout));
      queue = reading.catch(() => {});
      return reading;
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** Where the language data lies. Looked at here because the library waits for ever when the file is missing. */
async function dataFolder(): Promise<string> {
  const dataPackage = createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json");
  const folder = join(dirname(dataPackage), "4.0.0_best_int");
  const file = join(folder, "eng.traineddata.gz");
  await access(file).catch((cause: unknown) => {
    throw new Error(`Tesseract's language data is missing: ${file}. Install the dependencies again (npm ci).`, {
      cause,
    });
  });
  return folder;
}

/** PGM, the plainest picture file there is: black ink on white. */
function portableGreymap({ width, height, ink }: Raster): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "ascii"), ink.map((level) => 255 - level)]);
}
