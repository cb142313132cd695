import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createWorker, OEM, PSM, type Worker } from "tesseract.js";
import type { Raster } from "./raster.ts";

/** How Tesseract looks at a picture: as one line of text, or as one word. */
export type Layout = "line" | "word";

/** A running Tesseract that knows digits only. */
export interface Tesseract {
  /** The digits it sees, without anything else; "" when it sees none. */
  read(raster: Raster, layout: Layout): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts Tesseract with the English data of the installed package: nothing is downloaded and nothing cached.
 * Takes about half a second; keep it for many pictures.
 */
export async function startTesseract(): Promise<Tesseract> {
  const dataPackage = createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json");
  const worker: Worker = await createWorker("eng", OEM.LSTM_ONLY, {
    langPath: join(dirname(dataPackage), "4.0.0_best_int"),
    gzip: true,
    cacheMethod: "none",
    // Without a handler the library throws out of its message loop, where nobody can catch it; the call rejects as well.
    errorHandler: () => {},
  });
  // Its notes about odd pictures would go to the program's own standard error.
  await worker.setParameters({ tessedit_char_whitelist: "0123456789", debug_file: "/dev/null" });
  return {
    async read(raster, layout) {
      await worker.setParameters({
        tessedit_pageseg_mode: layout === "line" ? PSM.SINGLE_LINE : PSM.SINGLE_WORD,
      });
      const { data } = await worker.recognize(portableGreymap(raster), {}, { text: true });
      return data.text.replaceAll(/[^0-9]/g, "");
    },
    async close() {
      await worker.terminate();
    },
  };
}

/** PGM, the plainest picture file there is: black ink on white. */
function portableGreymap({ width, height, ink }: Raster): Buffer {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, "ascii"), ink.map((level) => 255 - level)]);
}
